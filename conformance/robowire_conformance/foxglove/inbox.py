"""Page "Manage data": files that are uploaded to the inbox bucket of a self-hosted site, and what came of them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urljoin

from robowire_conformance.client import Answer
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND
from robowire_conformance.foxglove.samples import ROS1, Clip, Track, small
from robowire_conformance.foxglove.uploads import EVERYTHING, FIRST_PAUSE_S, LONGEST_PAUSE_S, status_of, taken
from robowire_conformance.foxglove.whole import whole
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested

LATER = 9000 * SECOND
ID, NAME, KEY = "foxglove_device_id", "foxglove_device_name", "foxglove_key"
"""The names of object metadata."""

Records = Sequence[tuple[str, Mapping[str, str]]]

CLOUDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "inbox_s3": ("x-amz-meta-", {}),
    "inbox_azure": ("x-ms-meta-", {"x-ms-blob-type": "BlockBlob", "x-ms-version": "2021-08-06"}),
    "inbox_google": ("x-goog-meta-", {}),
}
"""Where an inbox may be, by the key of the target profile: how metadata are named there, and what else is sent."""


@dataclass(slots=True)
class Dropped:
    """A file in the inbox, the answer to its upload, and its recording and pending import as they were seen last."""

    name: str
    data: bytes = field(repr=False)
    answer: Answer
    recording: dict[str, Any] | None = None
    pending: dict[str, Any] | None = None

    @property
    def device(self) -> str | None:
        """The id of the device that its recording tells."""
        told = (self.recording or {}).get("device")
        return told.get("id") if isinstance(told, dict) else None

    @property
    def refused(self) -> bool:
        """Whether its import has ended without success."""
        failed = self.recording is not None and self.recording.get("importStatus") == "failed"
        return failed or status_of(self.pending or {}) == "error"

    @property
    def ended(self) -> bool:
        """Whether its import has ended."""
        done = self.recording is not None and self.recording.get("importStatus") in {"complete", "failed"}
        return done or status_of(self.pending or {}) in {"complete", "error"}


@dataclass(frozen=True, slots=True)
class Inbox:
    """An inbox of the target, in one of the clouds' forms."""

    target: Target
    guest: Guest
    cloud: str

    @classmethod
    def any(cls, target: Target, guest: Guest) -> "Inbox":
        """The first inbox that the target profile gives.

        Raises:
            NotTested: It gives none.
        """
        for cloud in CLOUDS:
            if cloud in target.values:
                return cls(target, guest, cloud)
        raise NotTested("the target profile gives no inbox: add inbox_s3, inbox_azure or inbox_google to [foxglove]")

    def drop(self, hint: str, metadata: Mapping[str, str], data: bytes, *, bag: bool = False) -> Dropped:
        """Upload a file with object metadata, in one operation."""
        name = self.guest.name(f"{hint}.{'bag' if bag else 'mcap'}")
        template = str(self.target.need(self.cloud))
        url = urljoin(self.target.url + "/", template.replace("{name}", quote(name)))
        prefix, fixed = CLOUDS[self.cloud]
        headers = {"Content-Type": "application/octet-stream", **fixed}
        headers |= {f"{prefix}{key}": value for key, value in metadata.items()}
        self.guest.api.ledger.files[name] = ""
        answer = self.guest.uploads.stranger.client.request("PUT", url, headers=headers, content=data)
        if not taken(answer):
            raise NotTested(f"{self.cloud} does not take an object without further credentials: {answer.status}")
        return Dropped(name, data, answer)

    def mcap(self, hint: str, metadata: Mapping[str, str], records: Records = ()) -> Dropped:
        """Upload an MCAP file with metadata records."""
        mark = self.guest.name(hint)
        return self.drop(hint, metadata, small(mark, start=LATER, metadata=records).mcap())

    def bag(self, hint: str, metadata: Mapping[str, str]) -> Dropped:
        """Upload a ROS 1 bag."""
        mark = self.guest.name(hint)
        clip = Clip(LATER, (Track("/odom", ROS1, (0, SECOND)),), mark=mark)
        return self.drop(hint, metadata, clip.bag(), bag=True)

    def settle(self, dropped: Sequence[Dropped]) -> None:
        """Wait until the imports of all these files have ended; not longer than patience lasts."""
        until, pause = time.monotonic() + self.guest.uploads.patience_s, FIRST_PAUSE_S
        while True:
            self._look(dropped)
            if all(one.ended for one in dropped) or time.monotonic() > until:
                return
            time.sleep(pause)
            pause = min(LONGEST_PAUSE_S, pause * 1.5)

    def _look(self, dropped: Sequence[Dropped]) -> None:
        names = {one.name.lower(): one for one in dropped}
        pending: Any = whole(self.guest.api, "GET /data/pending-imports", EVERYTHING).require_done()
        recordings: Any = whole(self.guest.api, "GET /recordings").require_done()
        for item in recordings:
            if (one := names.get(base(item.get("path")))) is not None:
                one.recording = item
        for item in pending:
            if (one := names.get(base(item.get("filename")))) is not None:
                one.pending = item


def base(path: object) -> str:
    """The last part of a path: an inbox may tell its bucket or a folder too; its case is judged elsewhere."""
    return str(path).rpartition("/")[2].lower()
