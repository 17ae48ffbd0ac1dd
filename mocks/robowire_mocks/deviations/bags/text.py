"""Deviations of the JSON text of a chunk, as Python's own json writes it (section "2. Get Message Chunks")."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.bags.changing import leaves, plain
from robowire_mocks.deviations.bags.registry import BAGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.bags.call import Call
    from robowire_mocks.core.answer import Answer
    from robowire_mocks.deviations.bags.changing import Answering, Json


def _text(deviation_id: str, summary: str, text_of: Callable[[Json], str | bytes]) -> None:
    """A deviation of how the body of a chunk, its messages all made, becomes text."""

    def wrapper(honest: Answering, call: Call) -> Answer:
        answer = honest(call)
        text = text_of({**answer.body, "messages": plain(list(answer.body["messages"]))})
        raw = text if isinstance(text, bytes) else text.encode()
        return replace(answer, body=raw, headers={**answer.headers, "Content-Type": "application/json"})

    BAGS.add(deviation_id, breaks="BAGS-CHUNK-013", step="chunk", summary=summary, wrapper=wrapper)


def _null_if(wrong: Callable[[float], bool], body: Json) -> Any:  # JSON
    return leaves(lambda value: None if isinstance(value, float) and wrong(value) else value, body)


def _strict(body: Json) -> str:
    return json.dumps(_null_if(lambda value: not math.isfinite(value), body), ensure_ascii=False)


def _latin_1(body: Json) -> bytes:
    """Each character that is not ASCII as one byte; those that were no UTF-8 in the bag as they may have been there."""
    text = _strict(body).replace("\N{REPLACEMENT CHARACTER}", "é")
    return b"".join(one.encode("latin-1" if one < "\u0100" else "utf-8") for one in text)


_text("nan-words", "NaN is written as the word NaN.", lambda body: json.dumps(_null_if(math.isinf, body)))
_text("infinity-words", "Infinities are written as Infinity.", lambda body: json.dumps(_null_if(math.isnan, body)))
_text("chunk-in-latin-1", "The text of a chunk is not UTF-8 but Latin-1.", _latin_1)
_text("chunk-trailing-comma", "A comma follows the last member of a chunk.", lambda body: _strict(body)[:-1] + ",}")
_text("chunk-raw-newlines", "Line breaks in strings are not escaped.", lambda body: _strict(body).replace("\\n", "\n"))
