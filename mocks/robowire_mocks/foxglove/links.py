"""Links to data: absolute, without credentials, for a while by the mock's clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from robowire_mocks.core.answer import NO_STORE
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call


def signed(call: Call, path: str, seconds: int) -> str:
    """The absolute link to a path of this server that works for so many seconds."""
    # FOXGLOVE-STREAM-305, FOXGLOVE-ATTACHMENTS-323
    return f"{call.origin}{call.state.links.sign(path, call.now + seconds * SECOND)}"


def check(call: Call, path: str) -> None:
    """Nothing, if the call came by a link that `signed` gave for this path.

    Raises:
        LinkInvalid: It was never given, or was changed.
        LinkExpired: Its time is over.
    """
    # FOXGLOVE-STREAM-303, FOXGLOVE-STREAM-304, FOXGLOVE-ATTACHMENTS-324: the signature stands for credentials
    # FOXGLOVE-STREAM-311, FOXGLOVE-ATTACHMENTS-326: which may be there
    call.state.links.check(path, call.query.get("expires", ""), call.query.get("signature", ""), call.now)


@dataclass(frozen=True, slots=True)
class Download:
    """An answer whose body is made while it is sent."""

    status: int
    headers: Mapping[str, str]
    pieces: Iterator[bytes]


def download(call: Call, pieces: Iterator[bytes]) -> Download:  # noqa: ARG001  # a step gets the call
    """How data are answered: as they are, with no encoding around them."""
    # FOXGLOVE-STREAM-002, FOXGLOVE-STREAM-307
    return Download(200, {"Content-Type": "application/octet-stream", **NO_STORE}, pieces)
