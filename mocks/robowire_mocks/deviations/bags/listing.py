"""Deviations of the bag list (section "Get Bag List")."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from robowire_mocks.bags.errors import BagCorrupted
from robowire_mocks.bags.listing import end_text, size_text
from robowire_mocks.bags.storage import NANO
from robowire_mocks.deviations.bags.changing import member, without
from robowire_mocks.deviations.bags.registry import BAGS

if TYPE_CHECKING:
    from robowire_mocks.bags.call import Call
    from robowire_mocks.bags.folder import StoredBag
    from robowire_mocks.core.answer import Answer
    from robowire_mocks.deviations.bags.changing import Answering, Describing, Json

_END = "%d-%b-%Y %H:%M:%S"
_BLOCK = 4096


@BAGS.deviation("list-in-object", breaks="BAGS-LIST-001", step="list")
def list_in_object(honest: Answering, call: Call) -> Answer:
    """The list comes as an object with a member bags."""
    answer = honest(call)
    return replace(answer, body={"bags": answer.body})


@BAGS.deviation("list-of-names", breaks="BAGS-LIST-001", step="list")
def list_of_names(honest: Answering, call: Call) -> Answer:
    """The list holds file names and not objects."""
    answer = honest(call)
    return replace(answer, body=[entry["filename"] for entry in answer.body])


@BAGS.deviation("list-201", breaks="BAGS-LIST-001", step="list")
def list_201(honest: Answering, call: Call) -> Answer:
    """The list is answered with status 201."""
    return replace(honest(call), status=201)


@BAGS.deviation("list-repeats", breaks="BAGS-LIST-003", step="list")
def list_repeats(honest: Answering, call: Call) -> Answer:
    """One bag is listed twice."""
    answer = honest(call)
    return replace(answer, body=answer.body + answer.body[-1:])


def _entry(deviation_id: str, breaks: str, summary: str, wrapper: Any) -> None:  # a wrapper of the step
    BAGS.add(deviation_id, breaks=f"BAGS-LIST-{breaks}", step="entry", summary=summary, wrapper=wrapper)


def _unit_of(size: str) -> str:
    return size.lstrip("0123456789.")


def _exact(entry: Json) -> float:
    """The size as a number of the unit that the entry uses."""
    steps = {"KB": 1, "MB": 2, "GB": 3, "TB": 4}[_unit_of(entry["size"])]
    return float(entry["size_bytes"] / 1024**steps)


def _moment(entry: Json) -> datetime:
    return datetime.strptime(entry["end"], _END).replace(tzinfo=UTC)


def _decimal(size: int) -> str:
    return f"{size / 1000:.1f}KB" if size < 10**6 else f"{size / 10**6:.1f}MB"


_entry("filename-missing", "002", "Entries have no filename.", without("filename"))
_entry("filename-empty", "002", "The filename of an entry is empty.", member("filename", lambda _: ""))
_entry("size-missing", "004", "Entries have no size.", without("size"))
_entry(
    "size-spaced",
    "004",
    "A space stands between the number and the unit of size.",
    member("size", lambda entry: entry["size"].replace(_unit_of(entry["size"]), " " + _unit_of(entry["size"]))),
)
_entry(
    "size-two-decimals",
    "004",
    "The number in size has two decimals.",
    member("size", lambda entry: f"{_exact(entry):.2f}{_unit_of(entry['size'])}"),
)
_entry(
    "size-without-unit", "004", "size has no unit.", member("size", lambda entry: f"{entry['size_bytes'] / 1024:.1f}")
)
_entry(
    "size-decimal",
    "005",
    "size counts 1000 bytes to the KB.",
    member("size", lambda entry: _decimal(entry["size_bytes"])),
)
_entry(
    "size-cut",
    "005",
    "size is cut to one decimal where it should be rounded.",
    member("size", lambda entry: f"{math.floor(_exact(entry) * 10) / 10:.1f}{_unit_of(entry['size'])}"),
)
_entry("size-bytes-missing", "006", "Entries have no size_bytes.", without("size_bytes"))
_entry(
    "size-bytes-string", "006", "size_bytes is a string.", member("size_bytes", lambda entry: str(entry["size_bytes"]))
)
_entry("end-iso", "008", "end is an ISO 8601 time.", member("end", lambda entry: _moment(entry).isoformat()))
_entry("end-lowercase", "008", "end has the month in lower case.", member("end", lambda entry: entry["end"].lower()))
_entry(
    "end-full-month",
    "008",
    "end has the month's full name.",
    member("end", lambda entry: f"{_moment(entry):%d-%B-%Y %H:%M:%S}"),
)
_entry(
    "end-twelve-hours",
    "008",
    "end has a 12-hour time with AM or PM.",
    member("end", lambda entry: f"{_moment(entry):%d-%b-%Y %I:%M:%S %p}"),
)


def _resized(honest: Describing, call: Call, stored: StoredBag, size: int) -> Json:
    return honest(call, stored) | {"size_bytes": size, "size": size_text(size)}


@BAGS.deviation("size-bytes-plus-one", breaks="BAGS-LIST-007", step="entry")
def size_bytes_plus_one(honest: Describing, call: Call, stored: StoredBag) -> Json:
    """size_bytes is one too many."""
    return _resized(honest, call, stored, stored.size + 1)


@BAGS.deviation("size-bytes-on-disk", breaks="BAGS-LIST-007", step="entry")
def size_bytes_on_disk(honest: Describing, call: Call, stored: StoredBag) -> Json:
    """size_bytes counts whole blocks of 4096 bytes, as the file takes them on disk."""
    return _resized(honest, call, stored, -(-stored.size // _BLOCK) * _BLOCK)


@BAGS.deviation("end-is-start", breaks="BAGS-LIST-009", step="entry")
def end_is_start(honest: Describing, call: Call, stored: StoredBag) -> Json:
    """End tells when the recording began."""
    entry = honest(call, stored)
    try:
        start_ns = call.storage.open(stored).start_ns
    except BagCorrupted:
        start_ns = None
    return entry if start_ns is None else entry | {"end": end_text(start_ns // NANO)}


@BAGS.deviation("end-a-year-late", breaks="BAGS-LIST-009", step="entry")
def end_a_year_late(honest: Describing, call: Call, stored: StoredBag) -> Json:
    """End is in the year after the recording's end."""
    return honest(call, stored) | {"end": end_text(call.storage.end(stored) + 365 * 86400)}


@BAGS.deviation("end-unknown", breaks="BAGS-LIST-011", step="entry")
def end_unknown(honest: Describing, call: Call, stored: StoredBag) -> Json:
    """End is the beginning of 1970 for every bag."""
    return honest(call, stored) | {"end": end_text(0)}


@BAGS.deviation("download-url-relative", breaks="BAGS-LIST-010", step="entry")
def download_url_relative(honest: Describing, call: Call, stored: StoredBag) -> Json:
    """download_url is a path without scheme and host."""
    entry = honest(call, stored)
    return entry | {"download_url": entry["download_url"].removeprefix(call.origin)}


@BAGS.deviation("download-url-without-scheme", breaks="BAGS-LIST-010", step="entry")
def download_url_without_scheme(honest: Describing, call: Call, stored: StoredBag) -> Json:
    """download_url begins with the host's name."""
    entry = honest(call, stored)
    return entry | {"download_url": entry["download_url"].split("://", 1)[1]}
