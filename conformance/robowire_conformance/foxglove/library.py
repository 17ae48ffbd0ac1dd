"""Recordings of the suite's own, uploaded once, of which everything is known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND
from robowire_conformance.foxglove.samples import MILLI, ODOMETRY, PLAIN, ROS1, ROS2, STATE, Clip, Extra, Track
from robowire_conformance.foxglove.uploads import IMPORTED, Uploaded, Uploads
from robowire_conformance.foxglove.whole import PAGE, whole

DEVICES = ("zulu", "alpha")
"""Words in the names of the library's devices, which are in another order than they are made, and than their ids."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One recording to be: whose it is (None: nobody's), a word in its filename, its content."""

    hint: str
    device: int | None
    word: str
    clip: Clip
    keyed: bool = False
    bag: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """The log times of its first and last message, in nanoseconds since the epoch."""
        times = self.clip.times
        return times[0], times[-1]


ENTRIES: tuple[Entry, ...] = (
    Entry(
        "chunked",
        0,
        "golf",
        Clip(
            0,
            (
                Track("/odom", ODOMETRY, (3 * SECOND + 5, 0, 8 * SECOND, 8 * SECOND, 12 * SECOND + 1)),
                Track("/pose", ROS2, (8 * SECOND, 1, 8 * SECOND + 1, 15 * SECOND)),
                Track("/note", PLAIN, (8 * SECOND + 2, 20 * SECOND + 123_456_789, 2 * SECOND)),
                Track("/mixed", STATE, (4 * SECOND, 9 * SECOND)),
                Track("/mixed", ROS1, (4 * SECOND, 14 * SECOND + 999)),
                Track("/quiet", ODOMETRY),
                Track("/odometry", STATE, (10 * SECOND,)),  # whose name begins as another one
                Track("/fast", ODOMETRY, tuple(range(5 * SECOND, 6 * SECOND, 40 * MILLI))),
            ),
            attachments=(
                Extra("calibration.json", "application/json", b'{"wheel": 0.1}', 9 * SECOND + 3, SECOND + 1),
                Extra("calibration copy.json", "application/json", b'{"wheel": 0.1}', 2 * SECOND, -(100 * SECOND) - 9),
                Extra("größe.bin", "application/octet-stream", bytes(range(256)) * 3, 5 * SECOND, 5 * SECOND + 7),
                # In one second, on it and within it, after the last message; of one size, but not of one content.
                Extra("logs/Tug.TXT", 'text/plain; charset="UTF-8"', b"first", 27 * SECOND - 7, 6 * SECOND - 7),
                Extra("logs/tug.txt", "Text/Plain", b"after", 27 * SECOND + 499_999_993, 6 * SECOND + 250_000_000),
                Extra("empty.bin", "application/octet-stream", b"", 8 * SECOND, 8 * SECOND),
            ),
            metadata=(
                ("robot", {"model": "tug", "serial": "007"}),
                ("run", {"größe": "ä b", "empty": ""}),
                ("run", {}),
            ),
            chunk_size=256,
            mark="chunked",
        ),
        keyed=True,
    ),
    Entry(
        "plain",
        0,
        "bravo",
        Clip(
            50 * SECOND + 373_456_789,
            (Track("/odom", ODOMETRY, (0, 3 * SECOND, 6 * SECOND)), Track("/only", STATE, (1, 9 * SECOND + 500))),
            attachments=(Extra("plain.txt", "text/plain", b"plain", SECOND, SECOND + 1),),
            metadata=(("robot", {"model": "crane"}), ("foxglove", {"yard": "north"})),
            chunk_size=None,
            mark="plain",
        ),
    ),
    Entry(
        "overlapping",
        0,
        "hotel",
        Clip(
            55 * SECOND - 7,  # on a second
            (Track("/odom", ODOMETRY, (0, 5 * SECOND, 12 * SECOND)), Track("/pose", ROS2, (2 * SECOND,))),
            compression="lz4",
            mark="overlapping",
        ),
        keyed=True,
    ),
    Entry(  # within the times of the one before, at one of them on the same topic
        "nested",
        0,
        "foxtrot",
        Clip(
            55 * SECOND + 500 * MILLI - 7,  # within the second in which it begins; as long as "plain" in whole seconds
            (Track("/odom", ODOMETRY, (0, 4 * SECOND + 500 * MILLI, 9 * SECOND + 300 * MILLI)),),
            mark="nested",
        ),
    ),
    Entry(
        "second",
        1,
        "alpha",
        Clip(
            4 * SECOND,
            (Track("/lidar", ROS1, (0, SECOND, 30 * SECOND)), Track("/battery", PLAIN, (7, 29 * SECOND))),
            attachments=(Extra("second.bin", "application/octet-stream", b"\0second", 3 * SECOND, 3 * SECOND),),
            compression="none",
            mark="second",
        ),
        keyed=True,
    ),
    Entry(
        "bag",
        1,
        "delta",
        Clip(
            150 * SECOND,
            (Track("/odom", ROS1, (0, SECOND, 2 * SECOND + 77)), Track("/lidar", ROS1, (500, 16 * SECOND))),
            mark="bag",
        ),
        bag=True,
    ),
    Entry(
        "keyed",
        None,
        "echo",
        Clip(
            140 * SECOND,
            (Track("/odom", ODOMETRY, (0, 20 * SECOND + 50 * MILLI)),),  # of as many whole seconds as "chunked"
            metadata=(("other", {"deviceName": "nobody"}),),
            mark="keyed",
        ),
        keyed=True,
    ),
    Entry("silent", 1, "charlie", Clip(0, (Track("/quiet", ODOMETRY),), chunk_size=None, mark="silent")),
)
"""What is uploaded, in this order; the words, the starts, the ends and the durations are each in another order."""

SILENT = "silent"
BAGS = "FOXGLOVE-RECORDINGS-301"
"""What fails where MCAP files become recordings and bags do not."""


@dataclass(frozen=True, slots=True)
class Library:
    """The uploaded recordings by hint, and the devices as (id, name)."""

    api: Api
    devices: Sequence[tuple[str, str]]
    recordings: Mapping[str, Uploaded]
    entries: Mapping[str, Entry]

    def __getitem__(self, hint: str) -> Uploaded:
        """One recording."""
        return self.recordings[hint]

    @property
    def all(self) -> tuple[Uploaded, ...]:
        """All recordings, in the order in which they were uploaded."""
        return tuple(self.recordings.values())

    @property
    def hints(self) -> Mapping[str, str]:
        """The hints by the ids of recordings."""
        return {one.id: hint for hint, one in self.recordings.items()}

    @property
    def known(self) -> Mapping[str, Entry]:
        """The recordings that have messages, so that their starts and ends are known."""
        return {hint: entry for hint, entry in self.entries.items() if hint != SILENT}

    def belongs(self, uploaded: Uploaded) -> bool:
        """Whether a recording is listed as one of the device that it was uploaded for."""
        return uploaded.hint in self.own(self.ask(deviceId=uploaded.device_id).body)

    def own(self, body: JSON) -> list[str]:
        """The hints of an answer's recordings that are the library's, in its order."""
        hints, items = self.hints, body if isinstance(body, list) else []
        return [hints[one["id"]] for one in items if isinstance(one, dict) and one.get("id") in hints]

    def ask(self, **params: Any) -> Reply:
        """A whole list of recordings with these parameters; `__` in a name stands for a dot."""
        return whole(self.api, "GET /recordings", {name.replace("__", "."): value for name, value in params.items()})

    def page(self, **params: Any) -> Reply:
        """The first page of a list of recordings with these parameters."""
        return self.api.ask("GET /recordings", params={"limit": PAGE, "offset": 0, **params})


def make_library(guest: Guest) -> Library:
    """Upload the recordings: all are asked for, then all are put, then all are waited for.

    Raises:
        Violation: One of them does not become a recording.
    """
    devices = _devices(guest)
    files = {entry.hint: entry.clip.bag() if entry.bag else entry.clip.mcap() for entry in ENTRIES}
    uploads = guest.uploads
    begun = {entry.hint: uploads.begin(**_request(guest, entry, devices)) for entry in ENTRIES}
    for hint, one in begun.items():
        uploads.require_put(one, files[hint])
    outcomes = dict(zip(begun, uploads.settle(*begun.values()), strict=True))
    recordings = dict(_recordings(uploads, outcomes, files, devices))
    entries = {entry.hint: entry for entry in ENTRIES if entry.hint in recordings}
    return Library(guest.api, devices, recordings, entries)


def _devices(guest: Guest) -> list[tuple[str, str]]:
    """Two devices, whose ids are in another order than their names if a few attempts get there."""
    last, first = (_device(guest, word) for word in DEVICES)
    for number in range(8):
        if first[0] > last[0]:
            break
        first = _device(guest, f"{DEVICES[1]}-{number}")
    return [last, first]


def _device(guest: Guest, word: str) -> tuple[str, str]:
    name = f"{guest.prefix}-library-{word}"
    return str(guest.make("POST /devices", {"name": name})["id"]), name


def _request(guest: Guest, entry: Entry, devices: Sequence[tuple[str, str]]) -> dict[str, Any]:
    sent: dict[str, Any] = {"filename": f"{guest.prefix}-{entry.word}.{'bag' if entry.bag else 'mcap'}"}
    if entry.device is not None:
        sent["deviceId"] = devices[entry.device][0]
    if entry.keyed:
        sent["key"] = f"{guest.prefix}-key-{entry.word}"
    return sent


def _recordings(
    uploads: Uploads, outcomes: Mapping[str, Any], files: Mapping[str, bytes], devices: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, Uploaded]]:
    by_hint = {entry.hint: entry for entry in ENTRIES}
    for hint, outcome in outcomes.items():
        device = by_hint[hint].device
        told: tuple[str | None, str | None] = (None, None) if device is None else devices[device]
        if hint == SILENT and not outcome.imported:
            continue  # a recording tells its first and last message: a file without any need not become one
        alone = by_hint[hint].bag and any(one.imported for one in outcomes.values())
        found = uploads.imported(outcome, files[hint], hint, BAGS if alone else IMPORTED)
        yield hint, replace(found, hint=hint, device_id=told[0], device_name=told[1])
