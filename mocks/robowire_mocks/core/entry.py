"""One request and its answer, as the journal keeps them: bounded, without secrets, with a hint where it went wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from robowire_mocks.core.documented import Documented

KEPT: int = 64 * 1024
"""Bytes of a body that are kept."""

_NOT_THERE = frozenset({404, 405})
_TOLD = (
    *("number", "at", "answered_at", "method", "path", "query", "body_size", "status", "answer_size"),
    *("operation", "hint", "fault", "duration_ms", "cut"),
)
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "x-amz-security-token", "x-goog-api-key"})
_SHOWN = 4  # characters at the end of a secret, by which one tells it from others
_SIGNED = re.compile(
    r"(.*(?:signature=|:))(.+)", re.IGNORECASE | re.DOTALL
)  # AWS, Azure: what comes before names a key


class Headers(Mapping[str, str]):
    """Headers by their names, in whatever case; those that came several times are joined by commas."""

    def __init__(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self.pairs = pairs

    @cached_property
    def _values(self) -> dict[str, str]:
        values: dict[str, str] = {}
        for name, value in self.pairs:
            key = name.lower()
            values[key] = f"{values[key]}, {value}" if key in values else value
        return values

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for name, _ in self.pairs))

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({dict(self)!r})"


@dataclass(frozen=True, eq=False)
class Entry:
    """A request that was answered.

    `number` counts from 1 and is never used again, `at` is the mock's time when it came, in seconds since the Unix
    epoch, `answered_at` when the last of its answer was about to be sent. `path` is decoded and without the query,
    `target` percent-encoded as it was sent. Of `body` and `answer_body` the first `KEPT` bytes are there, `body_size`
    and `answer_size` tell how many there were; a body that nobody read is empty. `status` is 0 where the connection
    ended before there was one. `fault` is the id of the fault that the request met. `cut` says that the client did not
    get the whole answer: it went away, or was cut off. `route` is the mock's own rule for the path.
    """

    number: int
    at: float
    answered_at: float
    method: str
    path: str
    target: str
    query: str
    headers: Headers
    body: bytes
    body_size: int
    status: int
    answer_headers: Headers
    answer_body: bytes
    answer_size: int
    fault: str | None
    duration_ms: float
    cut: bool
    route: str | None
    documented: Documented = field(repr=False)

    @cached_property
    def operation(self) -> str | None:
        """The name of the document's operation; None if the document has no such method and path."""
        return self.documented.operation_of(self.method, self.target)

    @cached_property
    def hint(self) -> str:
        """What the document does not have of this request, and the nearest that it has; empty if there is nothing."""
        if self.operation is None:
            return self._unknown_place()
        hints = (
            self.documented.unknown_parameters(self.operation, (name for name, _ in self.pairs)),
            self.documented.unknown_members(self.operation, _read(self.body)),
        )
        return "; ".join(filter(None, hints))

    def _unknown_place(self) -> str:
        """Nothing of what the mock has besides the document, such as the places that signed links lead to."""
        beside = self.route is not None and not self.documented.has_path(self.route)
        if beside or self.status not in _NOT_THERE:
            return ""
        return self.documented.unknown_place(self.method, self.target)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The query's names and values, decoded."""
        return tuple(parse_qsl(self.query, keep_blank_values=True, errors="replace"))

    @property
    def args(self) -> dict[str, str]:
        """The same by name; of a name that came several times, the last."""
        return dict(self.pairs)

    @property
    def json(self) -> Any:
        """The JSON value in the body.

        Raises:
            ValueError: It is not JSON, or longer than what is kept.
        """
        return json.loads(self.body)

    @property
    def answer_json(self) -> Any:
        """The JSON value in the answer's body.

        Raises:
            ValueError: It is not JSON, or longer than what is kept.
        """
        return json.loads(self.answer_body)

    def __str__(self) -> str:
        query = f"?{self.query}" if self.query else ""
        name = f" {self.operation}" if self.operation else ""
        fault = f" fault={self.fault}" if self.fault else ""
        hint = f" ({self.hint})" if self.hint else ""
        end = " cut" if self.cut else ""
        return f"{self.method} {self.target}{query} -> {self.status or 'nothing'}{end}{name}{fault}{hint}"

    def told(self) -> dict[str, Any]:
        """The entry as a JSON object; bodies as text, with U+FFFD for what is not UTF-8."""
        return {
            **{name: getattr(self, name) for name in _TOLD},
            "headers": dict(self.headers),
            "body": self.body.decode(errors="replace"),
            "answer_headers": dict(self.answer_headers),
            "answer_body": self.answer_body.decode(errors="replace"),
        }


def redacted(name: str, value: str) -> str:
    """A header's value without what gives access, but for its last characters; what names the key stays."""
    if name.lower() not in _SECRET:
        return value
    scheme, space, secret = value.rpartition(" ") if "signature=" not in value.lower() else value.partition(" ")
    signed = _SIGNED.fullmatch(secret)
    kept, secret = signed.groups() if signed and scheme.lower() != "basic" else ("", secret)
    return f"{scheme}{space}{kept}{ending(secret)}"


def ending(secret: str) -> str:
    """What is shown of a secret: its last characters, if they do not give it away."""
    return f"…{secret[-_SHOWN:] if len(secret) > 2 * _SHOWN else ''}"


def _read(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None
