"""Sections "Delete multiple imports" and "Delete an import": imports of the suite's own that are deleted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.imported import LIST, import_id
from robowire_conformance.foxglove.instants import SECOND
from robowire_conformance.foxglove.judging import formed
from robowire_conformance.foxglove.removal import attachments_of, data_elsewhere, data_of, streams
from robowire_conformance.foxglove.samples import Clip, Extra, small
from robowire_conformance.foxglove.uploads import Uploaded
from robowire_conformance.foxglove.whole import whole

ONE, SEVERAL = "DELETE /data/imports/{importId}", "DELETE /data/imports"
SUCCEEDS, UNLISTED = "FOXGLOVE-IMPORTS-322", "FOXGLOVE-IMPORTS-332"
LATER = 5000 * SECOND
"""When the recordings take place of which the imports are to be deleted."""


@dataclass(frozen=True, slots=True)
class Stocked:
    """A recording, and the id of its import."""

    uploaded: Uploaded
    import_id: str


def stock(guest: Guest, count: int, hint: str) -> list[Stocked]:
    """Upload some files for one device, together.

    Raises:
        Violation: One of them is not imported.
        NotTested: The id of an import is not told.
    """
    uploads, device = guest.uploads, guest.device(hint)
    names = [guest.name(f"{hint}.mcap") for _ in range(count)]
    files = [_file(name, number) for number, name in enumerate(names)]
    begun = [uploads.begin(name, deviceId=device["id"]) for name in names]
    for one, data in zip(begun, files, strict=True):
        uploads.require_put(one, data)
    outcomes = uploads.settle(*begun)
    found = [uploads.imported(one, data, hint) for one, data in zip(outcomes, files, strict=True)]
    return [Stocked(one, import_id(guest.api, one)) for one in found]


def _file(name: str, number: int) -> bytes:
    clip = small(name, start=LATER + number * 60 * SECOND)
    return Clip(clip.start, clip.tracks, (Extra("note.txt", "text/plain", name.encode(), 1, 2),), mark=name).mcap()


def delete(api: Api, *ids: str) -> Reply:
    """Delete several imports at once, each id a parameter of its own."""
    return api.ask(SEVERAL, params={"id": [*ids]})


def results(reply: Reply) -> dict[Any, Any]:
    """The results of a deletion by importId."""
    body: Any = reply.body
    found = body.get("deletionResults") if isinstance(body, dict) else None
    items = found if isinstance(found, list) else []
    return {one.get("importId"): one.get("result") for one in items if isinstance(one, dict)}


def listed(api: Api, stocked: Sequence[Stocked]) -> set[str]:
    """The ids of those of some imports that the list of imports has."""
    body: Any = formed(whole(api, LIST))
    wanted = {one.import_id for one in stocked}
    return {one["importId"] for one in body if one.get("importId") in wanted}


def require_kept_promise(api: Api, reply: Reply, stocked: Sequence[Stocked]) -> None:
    """Make sure that what a deletion of several tells as deleted is not all still there.

    Raises:
        Violation: It is, or the list shows what is gone.
    """
    told = [one for one in stocked if results(reply).get(one.import_id) == "success"]
    there = listed(api, told)
    if told and len(there) == len(told):
        require_unlisted(api, reply, told[0])
        text = "Imports whose deletion is told to be a success are still there"
        raise reply.violation(text, expected=[], actual=sorted(there), requirement=SUCCEEDS)


def require_unlisted(api: Api, reply: Reply, one: Stocked) -> None:
    """Make sure that the list does not show an import whose data are gone.

    Raises:
        Violation: It does; of the requirement that a deleted import is not listed.
    """
    if one.import_id in listed(api, [one]) and not streams(api, one.uploaded.id):
        text = "A deleted import is in the list of imports"
        raise reply.violation(text, expected=[], actual=one.import_id, requirement=UNLISTED)


def left(api: Api, one: Stocked) -> list[str]:
    """What there is of an import's data."""
    found = [what for what, there in data_of(api, one.uploaded).items() if there]
    return [*found, *(["attachments"] if attachments_of(api, one.uploaded.id) else [])]


def left_elsewhere(api: Api, one: Stocked) -> set[str]:
    """What there is of an import's data where they are asked for in other ways than by recordingId."""
    uploaded = replace(one.uploaded, pending={**one.uploaded.pending, "importId": one.import_id})
    return {what for what, there in data_elsewhere(api, uploaded).items() if there}
