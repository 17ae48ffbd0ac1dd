"""The addresses that section "Get Bag List" gives for downloading."""

from robowire_conformance.bags.library import Library
from robowire_conformance.verdict import proves


@proves("BAGS-DOWNLOAD-001")
def test_download_url_answers_the_file(library: Library) -> None:
    """Every download_url answers 200."""
    library.judgement.settle("BAGS-DOWNLOAD-001")


@proves("BAGS-DOWNLOAD-002")
def test_download_url_leads_to_its_own_bag(library: Library) -> None:
    """No download_url gives another entry's file."""
    library.judgement.settle("BAGS-DOWNLOAD-002", without="no bag could be downloaded (see BAGS-DOWNLOAD-001)")


@proves("BAGS-DOWNLOAD-003")
def test_the_download_is_the_whole_file(library: Library) -> None:
    """What is downloaded has all bytes of the file, unaltered."""
    library.judgement.settle("BAGS-DOWNLOAD-003", without="no bag could be downloaded (see BAGS-DOWNLOAD-001)")
