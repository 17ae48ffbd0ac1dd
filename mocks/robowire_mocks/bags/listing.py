"""The bag list and the download (section "Get Bag List")."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from robowire_fixtures.bags import END_FORMAT

from robowire_mocks.core.answer import Answer, FileBody
from robowire_mocks.core.clock import moment

if TYPE_CHECKING:
    from robowire_mocks.bags.call import Call
    from robowire_mocks.bags.folder import StoredBag

STEP: int = 1024
"""Bytes per kilobyte, kilobytes per megabyte and so on, as the list counts them."""

UNITS: tuple[str, ...] = ("KB", "MB", "GB", "TB")

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def bag_list(call: Call) -> Answer:
    """Every bag of the folder, by name."""
    entries = [call.steps.entry(call, stored) for stored in call.storage.bags()]
    return Answer(200, entries)  # BAGS-LIST-001


def entry(call: Call, stored: StoredBag) -> dict[str, Any]:
    """What the list says of one bag."""
    return {
        "filename": stored.name,  # BAGS-LIST-002
        "size": size_text(stored.size),  # BAGS-LIST-004
        "size_bytes": stored.size,  # BAGS-LIST-006, BAGS-LIST-007
        "end": end_text(call.storage.end(stored)),  # BAGS-LIST-009, BAGS-LIST-011
        # BAGS-LIST-010, BAGS-DOWNLOAD-002
        "download_url": f"{call.origin}/bags/{quote(stored.name, safe='')}/download",
    }


def download(call: Call) -> Answer:
    """A bag's file."""
    stored = call.steps.find(call)
    return Answer(200, FileBody(Path(stored.path), stored.name))  # BAGS-DOWNLOAD-001, BAGS-DOWNLOAD-003


def size_text(size: int) -> str:
    """A size in bytes as the list writes it: 6922 is `6.8KB`. The document shows no smaller unit, so 512 is `0.5KB`."""
    number = size / STEP  # BAGS-LIST-005
    for unit in UNITS[:-1]:
        if round(number, 1) < STEP:
            return f"{number:.1f}{unit}"
        number /= STEP
    return f"{number:.1f}{UNITS[-1]}"


def end_text(seconds: int) -> str:
    """A time as the list writes it, in UTC: the document names no zone."""
    date = moment(seconds)
    form = END_FORMAT.replace("%b", _MONTHS[date.month - 1])  # BAGS-LIST-008: English whatever the locale
    return date.strftime(form)
