"""Evidence: one request with its response, truncated and without secrets, and the `curl` line that repeats it."""

import base64
import json
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import quote

JSON: TypeAlias = Any
"""A JSON value: None, bool, int, float, str, list or dict."""

BODY_LIMIT = 4096
"""How many bytes of a body evidence keeps."""

REDACTED = "<redacted>"

_SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization", "x-api-key", "api-key"})
_SECRET_QUERY = re.compile(
    r"(?i)([?&](?:[a-z0-9_-]*(?:token|secret|password|signature|credential|api[_-]?key)|sig|key)=)[^&#\s\"'<>]+"
)
_USERINFO = re.compile(r"(?i)(\bhttps?://)[^/@\s\"'<>]+@")
_BEARER = re.compile(r"(?i)\b(bearer|basic)(\s+)(?!\$)[a-z0-9._~+/=-]{6,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SHORTEST_SECRET = 4  # anything shorter is no secret, and would blot out half the text


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # two hexadecimal digits


def printable(text: str) -> str:
    """`text` with control characters shown as escapes, so that none reaches the terminal."""
    return _CONTROL.sub(_escape, text)


class Redactor:
    """Takes secrets out of text: the known ones in every spelling, and what looks like one in a URL or a header."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spellings = {
            spelling for secret in secrets if len(secret) >= _SHORTEST_SECRET for spelling in _spellings(secret)
        }
        ordered = sorted(spellings, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def text(self, text: str) -> str:
        """`text` without secrets."""
        if self._known is not None:
            text = self._known.sub(REDACTED, text)
        text = _USERINFO.sub(rf"\1{REDACTED}@", text)
        text = _BEARER.sub(rf"\1\2{REDACTED}", text)
        return _SECRET_QUERY.sub(rf"\1{REDACTED}", text)

    def tree(self, value: JSON) -> JSON:
        """A JSON value with every string in it, member names included, free of secrets."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.tree(key): self.tree(member) for key, member in value.items()}
        if isinstance(value, list | tuple):
            return [self.tree(element) for element in value]
        return value

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Header fields, the values of those that carry credentials blotted out whole."""
        return tuple(
            (name, REDACTED if name.lower() in _SECRET_HEADERS else self.text(value)) for name, value in headers
        )


def _spellings(secret: str) -> set[str]:
    return {
        secret,
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        base64.b64encode(secret.encode()).decode().rstrip("="),
    }


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as evidence; `body` is at most `BODY_LIMIT` bytes of the `size` that were sent."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Received:
    """A response as evidence; `body` is at most `BODY_LIMIT` bytes of the `size` that were read."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back: a response, or `problem` where none did.

    `redirects` are the addresses that the request was sent on to, in order; `received` is the last answer.
    """

    sent: Sent
    received: Received | None = None
    redirects: tuple[str, ...] = ()
    problem: str = ""
    elapsed_s: float = 0.0
    redactor: Redactor = field(default_factory=Redactor, repr=False, compare=False)

    @property
    def curl(self) -> str:
        """A shell command that repeats the request; credentials are left as `$TOKEN`."""
        return self.redactor.text(curl(self.sent, follow=bool(self.redirects)))

    @property
    def request(self) -> dict[str, Any]:
        """The request as a JSON value."""
        sent = self.sent
        value: dict[str, Any] = {"method": sent.method, "url": sent.url, "headers": _plain_headers(sent.headers)}
        if sent.size:
            value |= {"body": _plain_body(sent.body, sent.size)}
        return self._clean(value)

    @property
    def response(self) -> dict[str, Any] | None:
        """The response as a JSON value; None if none came."""
        if self.received is None:
            return self._clean({"problem": self.problem}) if self.problem else None
        received = self.received
        value: dict[str, Any] = {
            "status": received.status,
            "headers": _plain_headers(received.headers),
            "body": _plain_body(received.body, received.size),
        }
        if self.redirects:
            value["redirects"] = list(self.redirects)
        return self._clean(value)

    def _clean(self, value: dict[str, Any]) -> dict[str, Any]:
        clean: dict[str, Any] = self.redactor.tree(value)
        return clean


def _plain_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    plain: dict[str, str] = {}
    for name, value in headers:
        plain[name] = f"{plain[name]}, {value}" if name in plain else value
    return plain


def _plain_body(body: bytes, size: int) -> str:
    text = body.decode("utf-8", errors="replace")
    return text if size <= len(body) else f"{text} … ({size} bytes in all)"


def curl(sent: Sent, *, follow: bool = False) -> str:
    """A `curl` command for a POSIX shell, quoted so that no byte of the request can leave its argument."""
    words = ["curl", "-sS", "-i", "-g", "--path-as-is"]
    if follow:
        words.append("-L")
    if sent.method == "HEAD":
        words.append("-I")
    elif sent.method != "GET":
        words += ["-X", shlex.quote(sent.method)]
    for name, value in sent.headers:
        words += ["-H", _header_word(name, value)]
    piped = ""
    if sent.body:
        piped, data = _body_words(sent.body)
        words += ["--data-binary", data]
    words.append(shlex.quote(sent.url))
    cut = "  # the body is cut short here" if sent.size > len(sent.body) else ""
    return piped + " ".join(words) + cut


def _header_word(name: str, value: str) -> str:
    if name.lower() == "authorization":
        return '"Authorization: Bearer $TOKEN"'
    # curl drops a header that ends in its colon; a semicolon sends it empty.
    return shlex.quote(f"{name}: {value}" if value else f"{name};")


def _body_words(body: bytes) -> tuple[str, str]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text or text.startswith("@"):
        return f"echo {base64.b64encode(body).decode()} | base64 -d | ", "@-"
    return "", shlex.quote(text)
