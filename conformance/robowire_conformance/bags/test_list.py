"""Section "Get Bag List"."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping

import pytest
from robowire_fixtures.bags import END_FORMAT

from robowire_conformance.bags.library import Library
from robowire_conformance.bags.listing import judge_entries, read_list, require_bodies, require_entries
from robowire_conformance.bags.ranges import SECOND
from robowire_conformance.bags.recording import Recording
from robowire_conformance.client import Answer
from robowire_conformance.gathering import Judgement
from robowire_conformance.verdict import NotTested, Violation, proves

KIB = 1024
UNITS = {"B": 1, "KB": KIB, "MB": KIB**2, "GB": KIB**3, "TB": KIB**4}
ZONE_STEP_S = 15 * 60
"""The document names no time zone; all zones differ from UTC by whole quarters of an hour."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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


def moment_of(entry: Mapping[str, object]) -> dt.datetime | None:
    """The moment that an end names, in whichever zone it is meant; read without the locale's month names."""
    match = re.fullmatch(r"(\d\d)-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d)", str(entry.get("end")), re.ASCII)
    if match is None or match[2] not in MONTHS:
        return None
    try:
        month = MONTHS.index(match[2]) + 1
        day, year, hour, minute, second = (int(match[group]) for group in (1, 3, 4, 5, 6))
        return dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)
    except ValueError:
        return None


@proves("BAGS-LIST-009")
def test_end_is_when_the_bag_ended(library: Library, bag_list: Answer) -> None:
    """The ends follow the last messages, in one time zone; they must not follow the first ones instead."""
    told = [(name, recording, moment) for name, recording, moment in _ends(library) if _tells_apart(recording)]
    if not told:
        raise NotTested("no bag's end can be told from its beginning")
    if all(_is_at(moment, recording.end_ns) for _, recording, moment in told):
        return
    if all(_is_at(moment, recording.start_ns) for _, recording, moment in told):
        name, recording, moment = told[0]
        due = dt.datetime.fromtimestamp(recording.end_ns / SECOND, dt.UTC).strftime(END_FORMAT)
        text = f"end of {name} is when its first message was recorded"
        actual = moment.strftime(END_FORMAT)
        raise Violation(text, expected=f"{due} UTC, in any time zone", actual=actual, exchange=bag_list.exchange)
    raise NotTested("the ends follow neither the first nor the last messages; the files' own times may be meant")


def _ends(library: Library) -> Iterator[tuple[str, Recording, dt.datetime]]:
    for stored in library.bags:
        moment = moment_of(stored.entry.body)
        if moment is not None and stored.recording is not None and stored.recording.messages:
            yield stored.filename, stored.recording, moment


def _tells_apart(recording: Recording) -> bool:
    """Whether the bag's duration is far enough from whole quarters of an hour to tell its end from its beginning."""
    rest = (recording.end_ns - recording.start_ns) / SECOND % ZONE_STEP_S
    return min(rest, ZONE_STEP_S - rest) > 5


def _is_at(moment: dt.datetime, time_ns: int) -> bool:
    """Whether a moment is this time in some time zone, to 2 seconds."""
    rest = (moment.timestamp() - time_ns / SECOND) % ZONE_STEP_S
    return min(rest, ZONE_STEP_S - rest) <= 2


@proves("BAGS-LIST-010")
def test_download_url_is_an_absolute_url(entries: Judgement) -> None:
    """Every entry has a download_url that a client can use as it stands."""
    entries.settle("BAGS-LIST-010")
