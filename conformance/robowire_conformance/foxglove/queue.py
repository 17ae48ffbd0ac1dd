"""Pending imports of the suite's own: of valid files, and of files that cannot be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND
from robowire_conformance.foxglove.library import Library
from robowire_conformance.foxglove.samples import ODOMETRY, ROS1, Clip, Track, small
from robowire_conformance.foxglove.uploads import EVERYTHING, Begun, Outcome, taken
from robowire_conformance.foxglove.whole import whole

LATER = 3000 * SECOND
"""When the recordings would take place whose files are broken."""


HOPELESS = frozenset({"text", "MCAP of noise"})
"""Files of which nobody can read anything."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request to upload of which the file was put: what it said, and whose device it named."""

    begun: Begun
    device: tuple[str, str] | None

    @property
    def id(self) -> str:
        """Its id."""
        return self.begun.request_id


@dataclass(frozen=True, slots=True)
class Queue:
    """The requests by id; `broken` are the outcomes of those whose files cannot be read, by what is wrong with them."""

    api: Api
    library: Library
    requests: Mapping[str, Request]
    broken: Mapping[str, Outcome]

    def ask(self, **params: Any) -> Reply:
        """A whole list of pending imports, also those that have ended; `__` in a name stands for a dot."""
        named = {name.replace("__", "."): value for name, value in params.items()}
        shown = {name: value for name, value in {**EVERYTHING, **named}.items() if value is not None}
        return whole(self.api, "GET /data/pending-imports", shown)

    def own(self, reply: Reply) -> list[dict[str, Any]]:
        """The pending imports of an answer that are the suite's, in its order."""
        items: Any = reply.body if reply.done else []
        return [one for one in items if one.get("requestId") in self.requests]

    def ids(self, reply: Reply) -> list[str]:
        """Their requestIds."""
        return [str(one["requestId"]) for one in self.own(reply)]


def broken_files(mark: str) -> dict[str, bytes]:
    """Files that nobody can read, each in another way."""
    mcap = small(mark, start=LATER).mcap()
    bag = Clip(LATER, (Track("/odom", ROS1, (0, SECOND)),), mark=mark).bag()
    return {
        "text": f"this is no recording: {mark}\n".encode() * 20,
        "cut MCAP": mcap[: len(mcap) // 2],
        "MCAP of noise": mcap[:8] + bytes((one * 167 + 13) % 256 for one in range(400)) + mark.encode(),
        "cut bag": bag[: len(bag) // 3],
        "damaged MCAP": _damaged(Clip(LATER, (Track("/odom", ODOMETRY, (0, SECOND)),), compression="none", mark=mark)),
    }


def _damaged(clip: Clip) -> bytes:
    """An MCAP file whose index is whole, while a byte of a message is not what its chunk's checksum says."""
    data = bytearray(clip.mcap())
    data[data.index(clip.mark.encode())] ^= 0x20
    return bytes(data)


def make_queue(guest: Guest, library: Library) -> Queue:
    """Put the broken files, and wait until their imports have ended one way or the other.

    Raises:
        Violation: A link is not given.
    """
    uploads = guest.uploads
    requests = {one.request_id: Request(one.begun, _device(library, one.device_id)) for one in library.all}
    outcomes: list[Outcome] = []
    names: list[str] = []
    devices = [(str(one["id"]), str(one["name"])) for one in (guest.device("broken"), guest.device("shattered"))]
    for number, (what, data) in enumerate(broken_files(guest.name("broken")).items()):
        device = devices[number % 2] if number != 2 else None
        members = {"deviceId": device[0]} if device else {}
        key = guest.name("broken-key") if device is None or number == 1 else None
        begun = uploads.begin(guest.name(f"broken-{number}.mcap"), **members, key=key)
        requests[begun.request_id] = Request(begun, device)
        if taken(uploads.put(begun, data)):  # a server may refuse it at once
            outcomes.append(Outcome(begun))
            names.append(what)
    seen = uploads.settle(*(one.begun for one in outcomes)) if outcomes else []
    return Queue(guest.api, library, requests, dict(zip(names, seen, strict=True)))


def _device(library: Library, known: str | None) -> tuple[str, str] | None:
    return next((one for one in library.devices if one[0] == known), None)


def have(items: Sequence[Mapping[str, Any]], member: str) -> dict[str, str]:
    """What items tell in a member, by their requestIds; only those that tell a text."""
    told = ((str(one["requestId"]), one.get(member)) for one in items)
    return {known: text for known, text in told if isinstance(text, str) and text}
