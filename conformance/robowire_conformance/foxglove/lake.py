"""Section "Lake files": recordings of the suite's own at a self-hosted site, put into its inbox bucket."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import OCTETS, Api, Reply
from robowire_conformance.foxglove.contents import Contents, read_contents
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND
from robowire_conformance.foxglove.samples import ODOMETRY, PLAIN, ROS2, STATE, Clip, Track
from robowire_conformance.foxglove.spans import Span
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested

NAME = "GET /lake-files"
HOUR = 3600 * SECOND

CLIPS: Mapping[str, tuple[int, Clip]] = {
    "early": (
        0,
        Clip(
            0,
            (
                Track("/odom", ODOMETRY, (0, 7 * SECOND + 3)),
                Track("/pose", ROS2, (3, 9 * SECOND + 1)),
                Track("/note", PLAIN, (5,)),
            ),
            mark="lake early",
        ),
    ),
    "late": (0, Clip(2 * HOUR, (Track("/odom", ODOMETRY, (0, 4 * SECOND)), Track("/late", STATE, (1,))), mark="late")),
    "other": (1, Clip(SECOND, (Track("/odom", ODOMETRY, (0, SECOND)), Track("/other", STATE, (2,))), mark="other")),
}
"""What is put into the inbox: the number of its device, and its content."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A recording at a self-hosted site."""

    id: str
    key: str
    device: int
    contents: Contents

    @property
    def span(self) -> Span:
        """The times of its first and its last message."""
        return self.contents.span or (0, 0)


@dataclass(frozen=True, slots=True)
class Lake:
    """The site, the devices as (id, name), and the recordings by hint."""

    api: Api
    site: str
    devices: Sequence[tuple[str, str]]
    stored: Mapping[str, Stored]

    def ask(self, **params: JSON) -> Reply:
        """A list of the site's lake files, or of another site's."""
        given = {"siteId": self.site, **params}
        return self.api.ask(NAME, params={name: value for name, value in given.items() if value is not None})

    def of(self, device: int) -> list[Stored]:
        """The recordings of a device."""
        return [one for one in self.stored.values() if one.device == device]


def make_lake(target: Target, guest: Guest) -> Lake:
    """Put the recordings into the inbox, and wait until they are imported.

    Raises:
        NotTested: The target profile tells no self-hosted site or no way into its inbox, or nothing comes of it.
    """
    site, inbox = str(target.need("self_hosted_site_id")), urljoin(f"{target.url}/", str(target.need("inbox_s3")))
    devices = [(str(one["id"]), str(one["name"])) for one in (guest.device("ebb"), guest.device("bore"))]
    names = {hint: guest.name(f"lake-{hint}.mcap") for hint in CLIPS}
    files = {}
    for hint, (device, clip) in CLIPS.items():
        entry = ("foxglove", {"deviceId": devices[device][0], "key": f"{names[hint]}-key"})
        described = Clip(clip.start, clip.tracks, metadata=(entry,), mark=clip.mark)
        files[hint] = described.mcap()
        guest.api.ledger.files[names[hint]] = ""
        _put(guest.api, inbox.replace("{name}", names[hint]), files[hint])
    ids = _imported(guest, names, site, devices)
    stored = {
        hint: Stored(ids[hint], f"{names[hint]}-key", CLIPS[hint][0], read_contents(data))
        for hint, data in files.items()
    }
    return Lake(guest.api, site, devices, stored)


def _put(api: Api, url: str, data: bytes) -> None:
    answer = api.with_token("").client.request("PUT", url, headers=OCTETS, content=data)
    if not 200 <= answer.status < 300:
        raise NotTested(f"a file that is put into the inbox is answered {answer.status}")


def _imported(guest: Guest, names: Mapping[str, str], site: str, devices: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The ids of the recordings that came of the files."""
    until = time.monotonic() + guest.uploads.patience_s
    while time.monotonic() < until:
        listed = guest.api.get("/recordings", limit=1000, offset=0, sortBy="createdAt", sortOrder="desc")
        found = {one.get("path"): one for one in listed if one.get("importStatus") == "complete"}
        own = {hint: found[name] for hint, name in names.items() if name in found}
        if len(own) == len(names):
            _require_at(own.values(), site)
            _require_owned(own, devices)
            return {hint: str(one["id"]) for hint, one in own.items()}
        time.sleep(0.01)
    raise NotTested("files that are put into the inbox do not become recordings (see FOXGLOVE-MANAGE-*)")


def _require_owned(recordings: Mapping[str, Mapping[str, Any]], devices: Sequence[tuple[str, str]]) -> None:
    for hint, one in recordings.items():
        told, due = one.get("device"), devices[CLIPS[hint][0]][0]
        if not isinstance(told, dict) or told.get("id") != due:
            raise NotTested(f"a file from the inbox is a recording of {told}, and not of {due} (see FOXGLOVE-MANAGE-*)")


def _require_at(recordings: Iterable[Mapping[str, Any]], site: str) -> None:
    for one in recordings:
        at = one.get("site")
        if not isinstance(at, dict) or at.get("id") != site:
            raise NotTested(f"a file from the inbox became a recording at the site {at}, and not at {site}")
