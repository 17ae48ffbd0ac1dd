"""A link works as it was given, until its time is over."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from robowire_mocks.core.links import LinkExpired, LinkInvalid, Links


def parts_of(link: str) -> tuple[str, str, str]:
    """Path, expiry and signature of a link."""
    url = urlsplit(link)
    query = parse_qs(url.query)
    return unquote(url.path), query["expires"][0], query["signature"][0]


@pytest.mark.parametrize("path", ["/files/a.foxe", "/files/ü b?.foxe"])
def test_a_link_is_valid_until_it_expires(path: str) -> None:
    """Not at that very time any more."""
    links = Links(b"key")
    link = parts_of(links.sign(path, 100))
    assert link[0] == path
    links.check(*link, now=99)
    with pytest.raises(LinkExpired):
        links.check(*link, now=100)


def test_a_link_that_was_changed_is_none() -> None:
    """Path, time and signature, and the key that nobody knows."""
    links = Links(b"key")
    path, expires, signature = parts_of(links.sign("/files/a", 100))
    for changed in [("/files/b", expires, signature), (path, "200", signature), (path, expires, "é"), (path, "x", "")]:
        with pytest.raises(LinkInvalid):
            links.check(*changed, now=0)
    with pytest.raises(LinkInvalid):
        Links(b"other").check(path, expires, signature, now=0)
