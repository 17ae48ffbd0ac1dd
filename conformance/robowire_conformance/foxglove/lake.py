"""Section "Lake files": recordings of the suite's own at a self-hosted site, put into its inbox bucket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.contents import Contents, read_contents
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.inbox import Dropped, Inbox
from robowire_conformance.foxglove.instants import SECOND
from robowire_conformance.foxglove.owners import owner, site
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
    lake, inbox = str(target.need("self_hosted_site_id")), Inbox.any(target, guest)
    devices = [(str(one["id"]), str(one["name"])) for one in (guest.device("ebb"), guest.device("bore"))]
    keys = {hint: guest.name(f"lake-{hint}-key") for hint in CLIPS}
    dropped: dict[str, Dropped] = {}
    for hint, (device, clip) in CLIPS.items():
        entry = ("foxglove", {"deviceId": devices[device][0], "key": keys[hint]})
        described = Clip(clip.start, clip.tracks, metadata=(entry,), mark=clip.mark)
        dropped[hint] = inbox.drop(f"lake-{hint}", {}, described.mcap())
    inbox.settle([*dropped.values()])
    ids = {hint: _require_imported(guest.api, one, lake) for hint, one in dropped.items()}
    for hint, one in dropped.items():
        _require_owned(guest.api, one, [known for known, _ in devices], CLIPS[hint][0])
    stored = {
        hint: Stored(ids[hint], keys[hint], CLIPS[hint][0], read_contents(one.data)) for hint, one in dropped.items()
    }
    return Lake(guest.api, lake, devices, stored)


def _require_imported(api: Api, dropped: Dropped, lake: str) -> str:
    """The id of the recording that came of a file, at the site of this id."""
    found = dropped.recording
    if found is None or found.get("importStatus") != "complete":
        raise NotTested("files that are put into the inbox do not become recordings (see FOXGLOVE-MANAGE-303)")
    if (told := site(api, found, (lake,))) != lake:
        raise NotTested(f"a file from the inbox is a recording at {told}, not at {lake} (see FOXGLOVE-MANAGE-301)")
    return str(found["id"])


def _require_owned(api: Api, dropped: Dropped, devices: Sequence[str], due: int) -> None:
    told = owner(api, dropped.recording or {}, devices)
    if told != devices[due]:
        text = f"a file from the inbox is a recording of {told}, and not of {devices[due]} (see FOXGLOVE-MANAGE-332)"
        raise NotTested(text)
