"""Deviations of the player's errors (section "Error Responses")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_fixtures.bags import CACHE_CONTROL

from robowire_mocks.bags.errors import BadRange, BagCorrupted, BagNotFound, ReversedRange
from robowire_mocks.core.answer import Answer, Refusal
from robowire_mocks.deviations.bags.changing import asks_chunk
from robowire_mocks.deviations.bags.registry import BAGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.bags.call import Call
    from robowire_mocks.bags.query import TimeRange
    from robowire_mocks.deviations.bags.changing import Answering

    Refusing = Callable[[Call, Refusal], Answer]
    Ranging = Callable[[Call], TimeRange | None]

_NOTHING = {"total_messages": 0, "start_time": 0, "end_time": 0}
_CACHED = {"Cache-Control": CACHE_CONTROL}
_LONGEST_S = 10.0


def _as_metadata(_: Answer) -> Answer:
    return Answer(200, _NOTHING, _CACHED)


def _as_chunk(_: Answer) -> Answer:
    return Answer(200, {**_NOTHING, "messages": []}, _CACHED)


def _as_status(status: int) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, status=status)


def _on(kind: type[Refusal], deviation_id: str, breaks: str, summary: str, change: Callable[[Answer], Answer]) -> None:
    """A deviation of how the player answers one kind of error: to metadata if `breaks` is so, to chunks otherwise."""
    chunk = breaks in {"002", "005"}

    def wrapper(honest: Refusing, call: Call, refusal: Refusal) -> Answer:
        answer = honest(call, refusal)
        played = answer.status == Refusal.status  # and not a download
        return change(answer) if played and isinstance(refusal, kind) and asks_chunk(call) == chunk else answer

    BAGS.add(deviation_id, breaks=f"BAGS-ERROR-{breaks}", step="error", summary=summary, wrapper=wrapper)


_on(BagNotFound, "metadata-unknown-404", "001", "Metadata of an unknown bag are 404.", _as_status(404))
_on(BagNotFound, "metadata-unknown-200", "001", "Metadata of an unknown bag are 200 with the error.", _as_status(200))
_on(BagNotFound, "metadata-unknown-zeros", "001", "Metadata of an unknown bag are zeros.", _as_metadata)
_on(BagNotFound, "chunk-unknown-404", "002", "A chunk of an unknown bag is 404.", _as_status(404))
_on(BagNotFound, "chunk-unknown-empty", "002", "A chunk of an unknown bag has no messages.", _as_chunk)
_on(BagCorrupted, "metadata-corrupted-zeros", "004", "Metadata of a corrupted bag are zeros.", _as_metadata)
_on(BagCorrupted, "metadata-corrupted-500", "004", "Metadata of a corrupted bag are 500.", _as_status(500))
_on(BagCorrupted, "chunk-corrupted-empty", "005", "A chunk of a corrupted bag has no messages.", _as_chunk)
_on(BagCorrupted, "chunk-corrupted-500", "005", "A chunk of a corrupted bag is 500.", _as_status(500))


def _explained(deviation_id: str, summary: str, body: Callable[[str], Any], headers: dict[str, str]) -> None:
    """A deviation of the body of every error that is answered with 400."""

    def wrapper(honest: Refusing, call: Call, refusal: Refusal) -> Answer:
        answer = honest(call, refusal)
        return replace(answer, body=body(str(refusal)), headers=headers) if answer.status == Refusal.status else answer

    BAGS.add(deviation_id, breaks="BAGS-ERROR-003", step="error", summary=summary, wrapper=wrapper)


_explained("error-plain-text", "Errors are plain text.", lambda text: text.encode(), {"Content-Type": "text/plain"})
_explained("error-empty-body", "Errors have no body.", lambda _: b"", {})
_explained("error-named-message", "The text of an error is in message.", lambda text: {"message": text}, {})
_explained("error-object", "error is an object.", lambda text: {"error": {"code": 400, "message": text}}, {})


def _lenient(deviation_id: str, breaks: str, summary: str, change: Callable[[Call], Call]) -> None:
    """A deviation that takes a malformed range for what `change` makes of the call."""

    def wrapper(honest: Ranging, call: Call) -> TimeRange | None:
        try:
            return honest(call)
        except BadRange:
            return honest(change(call))

    BAGS.add(deviation_id, breaks=f"BAGS-ERROR-{breaks}", step="range", summary=summary, wrapper=wrapper)


def _filled(name: str, text: str) -> Callable[[Call], Call]:
    """A change of the call: `text` for `name` if that is missing."""
    return lambda call: call if name in call.args else replace(call, args={**call.args, name: (text,)})


def _is_number(texts: tuple[str, ...]) -> bool:
    try:
        return len(texts) == 1 and float(texts[0]) == float(texts[0])
    except ValueError:
        return False


def _corrected(name: str, text: str) -> Callable[[Call], Call]:
    """A change of the call: `text` for `name` if that is given and no number."""
    return lambda call: (
        call
        if name not in call.args or _is_number(call.args[name])
        else replace(call, args={**call.args, name: (text,)})
    )


def _dropped(name: str) -> Callable[[Call], Call]:
    """A change of the call: both bounds left out if `name` is missing."""
    return lambda call: call if name in call.args else replace(call, args={})


def _ignored(name: str) -> Callable[[Call], Call]:
    """A change of the call: both bounds left out if `name` is given and no number."""
    return lambda call: call if name not in call.args or _is_number(call.args[name]) else replace(call, args={})


_EVER = "4294967296"
_lenient("start-alone-metadata", "006", "start_time alone gives metadata.", _dropped("end_time"))
_lenient("start-alone-open", "006", "start_time alone gives all from there on.", _filled("end_time", _EVER))
_lenient("end-alone-metadata", "007", "end_time alone gives metadata.", _dropped("start_time"))
_lenient("end-alone-open", "007", "end_time alone gives all until then.", _filled("start_time", "0"))
_lenient("start-no-number-metadata", "008", "A start_time that is no number gives metadata.", _ignored("start_time"))
_lenient("start-no-number-zero", "008", "A start_time that is no number counts as 0.", _corrected("start_time", "0"))
_lenient("end-no-number-metadata", "009", "An end_time that is no number gives metadata.", _ignored("end_time"))
_lenient("end-no-number-open", "009", "An end_time that is no number counts as the end.", _corrected("end_time", _EVER))


@BAGS.deviation("chunk-empty-404", breaks="BAGS-ERROR-010", step="chunk")
def chunk_empty_404(honest: Answering, call: Call) -> Answer:
    """A range that holds no message is answered 404."""
    if any(True for _ in call.steps.within(call)):
        return honest(call)
    return Answer(404, {"error": "there are no messages in the range"})


@BAGS.deviation("chunk-long-413", breaks="BAGS-ERROR-010", step="chunk")
def chunk_long_413(honest: Answering, call: Call) -> Answer:
    """A range of more than ten seconds is answered 413."""
    if call.asked.end - call.asked.start <= _LONGEST_S:
        return honest(call)
    return Answer(413, {"error": "the range is too long"})


@BAGS.deviation("range-reversed-416", breaks="BAGS-ERROR-010", step="error")
def range_reversed_416(honest: Refusing, call: Call, refusal: Refusal) -> Answer:
    """A range that ends before it starts is answered 416."""
    answer = honest(call, refusal)
    return replace(answer, status=416) if isinstance(refusal, ReversedRange) else answer
