"""Deviations of the data behind links (page "Download data")."""

from __future__ import annotations

import gzip
import tempfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from robowire_mocks.core.answer import Refusal
from robowire_mocks.core.links import LinkInvalid
from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only
from robowire_mocks.foxglove.errors import BadRequest, Unauthorized
from robowire_mocks.foxglove.streams import LINK_S, STREAMS
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from robowire_mocks.formats.recorded import Recorded, RecordedMessage
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.links import Download
    from robowire_mocks.foxglove.streaming import StreamRequest

# ---- the link


def _living(seconds: int) -> Wrapper:
    """A wrapper of `stream_link` that signs for another time."""

    def wrapper(_: Wrapper, call: Call, request: StreamRequest) -> str:
        stream_id = call.state.fresh_id("str")
        expires = call.now + seconds * SECOND
        call.state.reading.streams.put(stream_id, request, expires, call.now)
        suffix = ".bag" if request.bag else ".mcap"
        return f"{call.origin}{call.state.links.sign(f'{STREAMS}/{stream_id}{suffix}', expires)}"

    return wrapper


def _unsigned(honest: Wrapper, call: Call) -> StreamRequest:
    """Whatever the signature is, as long as the link's time is not over."""
    name, expires = call.path["name"], call.query.get("expires", "")
    request = call.state.reading.streams.get(name.rpartition(".")[0])
    fresh = expires.isdigit() and call.now < int(expires)
    found: StreamRequest = request if request is not None and fresh and "signature" in call.query else honest(call)
    return found


class _Broken(Refusal):
    status: ClassVar[int] = 500


def _broken_by_alteration(honest: Wrapper, call: Call) -> StreamRequest:
    try:
        request: StreamRequest = honest(call)
    except LinkInvalid:
        raise _Broken("the signature is of another link") from None
    return request


def _with_key(honest: Wrapper, call: Call) -> StreamRequest:
    if "Authorization" not in call.headers:
        raise Unauthorized("an API key is needed")
    request: StreamRequest = honest(call)
    return request


add("STREAM-302", "stream-link-short", "stream_link", "Links work for 10 seconds.", _living(LINK_S - 5))
add("STREAM-302", "stream-link-long", "stream_link", "Links work for an hour.", _living(3600))
add("STREAM-303", "stream-link-unsigned", "stream_at", "The signature of a link is not looked at.", _unsigned)


def _without_key(honest: Wrapper, call: Call) -> StreamRequest:
    """As the links of object stores do."""
    if "Authorization" in call.headers:
        raise BadRequest("only one way to authenticate is allowed")
    request: StreamRequest = honest(call)
    return request


add("STREAM-311", "stream-link-without-key", "stream_at", "Links bear no Authorization header.", _without_key)
add(
    "STREAM-303",
    "stream-link-breaks-when-altered",
    "stream_at",
    "A link that was altered is answered 500.",
    _broken_by_alteration,
)
add("STREAM-304", "stream-link-with-key", "stream_at", "Links need an API key.", _with_key)

# ---- how the data are answered


def _downloaded(change: Callable[[Download], Download]) -> Wrapper:
    return only("download_stream", lambda honest, call, pieces: change(honest(call, pieces)))


def _zipped(download: Download) -> Download:
    headers = {**download.headers, "Content-Encoding": "gzip"}
    return replace(download, headers=headers, pieces=iter([gzip.compress(b"".join(download.pieces), 1)]))


add(
    "STREAM-002",
    "stream-data-203",
    "download",
    "The data are answered 203.",
    _downloaded(lambda download: replace(download, status=203)),
)
add("STREAM-307", "stream-data-zipped", "download", "The data are encoded with gzip.", _downloaded(_zipped))

# ---- the data

Messages = list["RecordedMessage"]


def _changed(change: Callable[[Messages], Iterable[RecordedMessage]], *, defined_last: bool = False) -> Wrapper:
    """A wrapper of `stream_pieces` that changes the messages of MCAP data."""

    def wrapper(honest: Wrapper, call: Call, request: StreamRequest) -> Iterator[bytes]:
        pieces: Iterator[bytes] = honest(call, request)
        if request.bag:
            return pieces
        from robowire_mocks.formats.opening import open_recorded

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "data.mcap")
            path.write_bytes(b"".join(pieces))
            recorded = open_recorded(path)
            messages = [one._replace(data=bytes(one.data)) for one in recorded.messages()]
            return iter([_written(recorded, change(messages), defined_last=defined_last)])

    return wrapper


def _written(recorded: Recorded, messages: Iterable[RecordedMessage], *, defined_last: bool) -> bytes:
    """The recording with these messages, not in chunks, without a summary; attachments and metadata go with it."""
    from robowire_mocks.formats.mcap_pieces import Pieces, record
    from robowire_mocks.formats.mcap_records import HEAD, MAGIC, MESSAGE, U32, U64, Op

    made = Pieces(recorded.profile)
    begin = made.begin(recorded.channels)
    header = len(MAGIC) + HEAD.size + HEAD.unpack_from(begin, len(MAGIC))[1]
    head, definitions = begin[:header], begin[header:]
    data = b"".join(
        record(
            Op.MESSAGE,
            MESSAGE.pack(one.channel.id, one.sequence, one.log_time_ns, one.publish_time_ns),
            bytes(one.data),
        )
        for one in messages
    )
    others = [made.metadata(*one) for one in recorded.metadata()]
    for one in recorded.attachments:
        others += made.attachment(one, recorded.attachment_data(one))
    footer = record(Op.FOOTER, U64.pack(0), U64.pack(0), U32.pack(0))
    body = [data, definitions] if defined_last else [definitions, data]
    return b"".join([head, *body, *others, record(Op.DATA_END, U32.pack(0)), footer, MAGIC])


def _swapped(messages: Messages) -> Messages:
    """The first two that have different times and channels stand in the wrong order."""
    for place, (one, other) in enumerate(pairwise(messages)):
        if one.log_time_ns != other.log_time_ns:
            return [*messages[:place], other, one, *messages[place + 2 :]]
    return messages


def _altered(messages: Messages) -> Messages:
    """The last byte of the last message is another one."""
    for place in range(len(messages) - 1, -1, -1):
        if data := bytes(messages[place].data):
            changed = messages[place]._replace(data=data[:-1] + bytes([data[-1] ^ 1]))
            return [*messages[:place], changed, *messages[place + 1 :]]
    return messages


def _middle(messages: Messages) -> int:
    return len(messages) // 2


for _slug, _summary, _change in (
    (
        "one-missing",
        "One message in the middle is missing.",
        lambda messages: [*messages[: _middle(messages)], *messages[_middle(messages) + 1 :]],
    ),
    (
        "one-twice",
        "One message in the middle is there twice.",
        lambda messages: [*messages[: _middle(messages) + 1], *messages[_middle(messages) :]],
    ),
    ("one-altered", "A byte of the last message is another one.", _altered),
):
    add("STREAM-301", f"stream-{_slug}", "stream_pieces", _summary, _changed(_change))
add("STREAM-306", "stream-two-swapped", "stream_pieces", "Two messages are in the wrong order.", _changed(_swapped))
add(
    "STREAM-308",
    "stream-defined-last",
    "stream_pieces",
    "Schemas and channels stand behind the messages.",
    _changed(list, defined_last=True),
)
