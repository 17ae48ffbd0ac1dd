"""Many small recordings of one device, which fill every list of what comes of recordings."""

from collections.abc import Sequence
from dataclasses import dataclass

from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND
from robowire_conformance.foxglove.samples import EPOCH, MILLI, ODOMETRY, Clip, Extra, Track
from robowire_conformance.foxglove.uploads import Uploaded

AFTER = 10 * 24 * 3600 * SECOND
"""They begin so long after the suite's other recordings (ns)."""

APART = 60 * SECOND


@dataclass(frozen=True, slots=True)
class Many:
    """The device's id, and its recordings as they were uploaded: in another order than they begin."""

    device: str
    uploaded: Sequence[Uploaded]

    @property
    def start(self) -> int:
        """A time before the first of them."""
        return EPOCH + AFTER - APART

    @property
    def end(self) -> int:
        """A time after the last of them."""
        return EPOCH + AFTER + (len(self.uploaded) + 1) * APART


def make_many(guest: Guest, count: int) -> Many:
    """Upload the recordings; each has a topic and an attachment of its own.

    Raises:
        Violation: One of them is not imported.
    """
    device = str(guest.device("many")["id"])
    uploads, mark = guest.uploads, guest.name("many")  # what the files of another device have is not in these
    files = [_clip(number * 3 % count if count % 3 else number, mark).mcap() for number in range(count)]
    begun = [uploads.begin(guest.name("many.mcap"), deviceId=device) for _ in files]
    for one, data in zip(begun, files, strict=True):
        uploads.require_put(one, data)
    found = zip(uploads.settle(*begun), files, strict=True)
    return Many(device, [uploads.imported(outcome, data) for outcome, data in found])


def laden(count: int, mark: str) -> Clip:
    """A recording with so many topics and attachments."""
    tracks = tuple(Track(f"/robowire/{number:04}", ODOMETRY, (number * MILLI,)) for number in range(count))
    extras = tuple(Extra(f"{number:04}.txt", "text/plain", b"%d" % number, number, 0) for number in range(count))
    return Clip(2 * AFTER, tracks, attachments=extras, mark=mark)


def _clip(number: int, mark: str) -> Clip:
    return Clip(
        AFTER + number * APART,
        (Track(f"/robowire/{number:04}", ODOMETRY, (0, SECOND)),),
        attachments=(Extra(f"{number:04}.txt", "text/plain", b"%d" % number, number, 0),),
        mark=f"{mark} {number}",
    )
