"""Section "List coverage": the fields that ranges are sorted by."""

from collections.abc import Mapping, Sequence
from typing import Any

from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.coverage import Cover, device_of
from robowire_conformance.foxglove.instants import nanoseconds, zulu
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.shelf import Shelf
from robowire_conformance.foxglove.sorts import Sorting, judge_sorts

FIELDS = ("deviceId", "device.id", "device.name", "deviceName", "start", "end")
SORTS: Mapping[str, str] = {f"FOXGLOVE-COVERAGE-{131 + number}": field for number, field in enumerate(FIELDS)}
DIRECTIONS = {"asc": "FOXGLOVE-PAGING-314", "desc": "FOXGLOVE-PAGING-315"}

JOINING = 40
"""Seconds of tolerance by which the first device's recordings are one range that ends after another one does."""


def judge_coverage_sorts(shelf: Shelf) -> Page:
    """Judge each field in both directions."""
    page, cover = Page(), Cover(shelf)
    names = dict(shelf.devices)
    sortings = [Sorting(requirement, field, _value(field, names)) for requirement, field in SORTS.items()]

    def ask(**params: str) -> Reply:
        return cover.ask(tolerance=JOINING, **params)

    def own(reply: Reply) -> Sequence[Mapping[str, Any]]:
        return cover.own(reply)

    judge_sorts(page, sortings, DIRECTIONS, ask, own)
    return page


def _value(field: str, names: Mapping[str, str]) -> Any:
    if field in {"start", "end"}:
        return lambda item: None if (time := nanoseconds(item.get(field))) is None else zulu(time)
    if field in {"deviceId", "device.id"}:
        return device_of
    return lambda item: names.get(device_of(item) or "")
