"""Who may move a mock: everyone who reaches it, but no page of another site through somebody's browser."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
"""What every answer says, so that no other site shows, frames or reads it. There are no CORS headers."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"", "same-origin", "none"})
_PORT = re.compile(r":\d*\Z")


def refusal(method: str, headers: Mapping[str, str], remote: str | None) -> str:
    """Why a request is not obeyed, or an empty string.

    Browsers say with `Origin` and `Sec-Fetch-Site` which page sends a request, and no page can make them lie.
    `remote` is the client's address.
    """
    origin, host = headers.get("Origin", ""), headers.get("Host", "").lower()
    if method in _SAFE or not (origin or headers.get("Sec-Fetch-Site")):
        return ""
    if headers.get("Sec-Fetch-Site", "") not in _OWN_SITES or (origin and urlsplit(origin).netloc.lower() != host):
        return "a page of another site may not control this mock"
    if _is_loopback(remote) and not _is_local(host):
        return (
            f"a page at {host[:100]!r} may not control a mock on its own machine, since that name may be anybody's: "
            "use localhost, or the address"
        )
    return ""


def _is_local(host: str) -> bool:
    """Whether nobody else can have made a name lead here: an address, localhost, or a name without dots."""
    name = _PORT.sub("", host).strip("[]")
    return "." not in name or name.endswith(".localhost") or _address(name)


def _is_loopback(remote: str | None) -> bool:
    return remote is None or not _address(remote) or ip_address(remote).is_loopback


def _address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
