"""Section "Get Bag List"."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import NoReturn

import pytest
from robowire_fixtures.bags import END_FORMAT

from robowire_conformance.bags.ends import SLACK_S, ZONE_STEP_S, in_utc, is_at, moment_of, slip
from robowire_conformance.bags.library import Library
from robowire_conformance.bags.listing import judge_entries, read_list, require_bodies, require_entries
from robowire_conformance.bags.ranges import SECOND
from robowire_conformance.bags.recording import Recording
from robowire_conformance.client import Answer
from robowire_conformance.gathering import Judgement
from robowire_conformance.verdict import NotTested, Violation, proves

KIB = 1024
UNITS = {"B": 1, "KB": KIB, "MB": KIB**2, "GB": KIB**3, "TB": KIB**4}

Ended = tuple[str, Recording, dt.datetime]
"""A bag's filename, its recording, and the end that the list says."""


@pytest.fixture(scope="module")
def entries(bag_list: Answer) -> Judgement:
    """The judgement on the form of each entry."""
    judgement = Judgement()
    judge_entries(bag_list, judgement)
    return judgement


@proves("BAGS-LIST-001")
def test_the_list_is_an_array_of_objects(bag_list: Answer) -> None:
    """The list answers 200 with an array that holds one object per bag; of an empty one only the array is seen."""
    if not read_list(bag_list):
        raise NotTested("the list is empty: let the target hold at least one bag")


@proves("BAGS-LIST-002")
def test_filename_is_a_string(entries: Judgement) -> None:
    """Every entry has a filename."""
    entries.settle("BAGS-LIST-002")


@proves("BAGS-LIST-003")
def test_a_filename_is_listed_once(bag_list: Answer) -> None:
    """No two entries carry the same filename."""
    names = [entry.filename for entry in require_entries(bag_list)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        text = f"{', '.join(twice)} is listed more than once"
        raise Violation(text, expected="each filename once", actual=names, exchange=bag_list.exchange)


@proves("BAGS-LIST-004")
def test_size_is_a_number_with_its_unit(entries: Judgement) -> None:
    """Every entry has a size of the documented form."""
    entries.settle("BAGS-LIST-004")


@proves("BAGS-LIST-005")
def test_size_is_size_bytes_over_1024(bag_list: Answer) -> None:
    """Every size renders its size_bytes to one decimal."""
    seen = False
    for entry in require_entries(bag_list):
        size, count = entry.body.get("size"), entry.size_bytes
        match = re.fullmatch(r"([0-9]+(?:\.[0-9])?)([KMGT]?B)", size) if isinstance(size, str) else None
        if match is None or count is None or count < 0:
            continue
        seen = True
        if not _renders(float(match[1]), match[2], count):
            text = f"size of {entry.filename} does not render its size_bytes"
            due = f"{count / KIB:.1f}KB" if count < UNITS["MB"] else f"{count / UNITS['MB']:.1f}MB (or in KB)"
            raise Violation(text, expected=f"{due} for {count} bytes", actual=size, exchange=bag_list.exchange)
    if not seen:
        raise NotTested("no entry has both a size and a size_bytes of the documented form (see BAGS-LIST-004, -006)")


def _renders(number: float, unit: str, count: int) -> bool:
    """Whether a number of a unit is `count` bytes to one decimal, in a unit that is neither too small nor too large."""
    if unit == "B":
        return count < KIB and number == count
    scaled = count / UNITS[unit]
    # A size just under a unit may round up into it; below one KB, KB is the smallest documented unit.
    large_enough = unit == "KB" or round(scaled, 1) >= 1
    return large_enough and abs(number - scaled) <= 0.05 + 1e-6  # half of the last decimal


@proves("BAGS-LIST-006")
def test_size_bytes_is_an_integer(entries: Judgement) -> None:
    """Every entry has size_bytes."""
    entries.settle("BAGS-LIST-006")


@proves("BAGS-LIST-007")
def test_size_bytes_counts_the_bytes_of_the_file(library: Library) -> None:
    """size_bytes is the number of bytes that the download gives."""
    library.judgement.settle("BAGS-LIST-007", without="no bag could be downloaded (see BAGS-DOWNLOAD-001)")


@proves("BAGS-LIST-008")
def test_end_has_the_documented_form(entries: Judgement, bag_list: Answer) -> None:
    """Every end is a real date and time, written as documented."""
    entries.settle("BAGS-LIST-008")
    for entry in require_bodies(bag_list):
        if moment_of(entry) is None:
            text = "end is no day of the calendar"
            raise Violation(text, expected=END_FORMAT, actual=entry["end"], exchange=bag_list.exchange)


@proves("BAGS-LIST-009")
def test_end_is_when_the_bag_ended(library: Library, bag_list: Answer) -> None:
    """The ends are not the beginnings, nor the ends with a part of the date or time that is another one's."""
    told = _ends(library)
    mistake = _mistake(told)
    if mistake:
        _blame(told[0], mistake, bag_list)
    if not all(is_at(moment, recording.end_ns) for _, recording, moment in told):
        raise NotTested("the ends follow neither the first nor the last messages; the files' own times may be meant")


@proves("BAGS-LIST-011")
def test_end_is_the_time_of_the_last_message(library: Library, bag_list: Answer) -> None:
    """The ends are those of the recordings, in some time zone, and not of the files."""
    told = _ends(library)
    if _mistake(told):
        raise NotTested("the ends are mistaken (see BAGS-LIST-009)")
    for name, recording, moment in told:
        if not is_at(moment, recording.end_ns):
            _blame((name, recording, moment), "not when its last message was recorded", bag_list)


def _mistake(told: Sequence[Ended]) -> str | None:
    """What all ends are, if they are known to be something else than ends."""
    if all(is_at(moment, recording.end_ns) for _, recording, moment in told):
        return None
    if all(is_at(moment, recording.start_ns) for _, recording, moment in told):
        return "when its first message was recorded"
    part = slip([(moment, recording.end_ns) for _, recording, moment in told])
    return part and f"when its last message was recorded, but for the {part}"


def _blame(ended: Ended, what: str, bag_list: Answer) -> NoReturn:
    name, recording, moment = ended
    due = f"{in_utc(recording.end_ns)} UTC, in any time zone"
    raise Violation(
        f"end of {name} is {what}", expected=due, actual=f"{moment:{END_FORMAT}}", exchange=bag_list.exchange
    )


def _ends(library: Library) -> Sequence[Ended]:
    """The bags whose end and beginning cannot be taken for each other, in whichever time zone.

    Raises:
        NotTested: There is none.
    """
    told = []
    for stored in library.bags:
        moment, recording = moment_of(stored.entry.body), stored.recording
        if moment is not None and recording is not None and recording.messages:
            rest = (recording.end_ns - recording.start_ns) / SECOND % ZONE_STEP_S
            if min(rest, ZONE_STEP_S - rest) > 2 * SLACK_S + 1:
                told.append((stored.filename, recording, moment))
    if not told:
        raise NotTested("no bag's end can be told from its beginning")
    return told


@proves("BAGS-LIST-010")
def test_download_url_is_an_absolute_url(entries: Judgement) -> None:
    """Every entry has a download_url that a client can use as it stands."""
    entries.settle("BAGS-LIST-010")
