"""Addresses: what goes out of a URL, byte for byte, and what is none."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from robowire_conformance.transport import Outgoing
from robowire_conformance.verdict import Violation

DEFAULT_PORTS: Mapping[str, int] = {"http": 80, "https": 443}
_SAFE = "/?:@!$&'()*+,;=-._~%[]"


class BadAddress(Violation, ValueError):  # noqa: N818  # as Violation
    """An address that the target gave is no http or https URL."""


def outgoing_to(method: str, url: str, content: bytes | None = None) -> Outgoing:
    """A request to `url` without header fields, its path and query as they stand.

    Raises:
        BadAddress: It is no http or https URL.
    """
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError as error:
        raise BadAddress(f"{url!r} is not a URL: {error}", expected="an http or https URL", actual=url) from None
    if scheme not in DEFAULT_PORTS or not host:
        raise BadAddress(f"{url!r} is not an http or https URL", expected="an http or https URL", actual=url)
    rest = url.split("#", 1)[0].split("://", 1)[1]
    cut = min((place for place in (rest.find("/"), rest.find("?")) if place >= 0), default=len(rest))
    target = quote(rest[cut:], safe=_SAFE)
    target = target if target.startswith("/") else "/" + target
    return Outgoing(method, scheme, host, port or DEFAULT_PORTS[scheme], target.encode("ascii"), (), content or b"")


def host_field(outgoing: Outgoing) -> str:
    """The value of the Host field."""
    name = f"[{outgoing.host}]" if ":" in outgoing.host else outgoing.host
    return name if outgoing.port == DEFAULT_PORTS[outgoing.scheme] else f"{name}:{outgoing.port}"


def join(url: str, location: str) -> str:
    """Where a redirect from `url` leads.

    Raises:
        BadAddress: Nowhere.
    """
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise BadAddress(f"a redirect leads to {location!r}, which is not a URL: {error}", actual=location) from None


def ascii_url(url: str) -> str:
    """A URL in which everything that a URL may not hold is percent-encoded."""
    return quote(url, safe=_SAFE + "#")


def under(base_url: str, path_or_url: str, params: Mapping[str, Any] | None) -> str:
    """A full URL as it stands, a path joined on to the base; parameters are added to either."""
    url = path_or_url
    if not url.lower().startswith(("http://", "https://")):
        url = f"{base_url}/{url.removeprefix('/')}"
    if params:
        url += ("&" if "?" in url else "?") + urlencode(params, doseq=True, quote_via=quote)
    return url
