"""Links whose signature is another one, which nothing may be given for or put to."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

_SIGNATURE = re.compile("sig|hmac|token|mac$|auth|jwt|key", re.IGNORECASE)


def forged(link: str) -> Iterable[str]:
    """The link with another signature: with one character of it altered in its midst, and cut short."""
    parts = urlsplit(link)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    named = [name for name, value in pairs if _SIGNATURE.search(name) and len(value) >= 8]
    chosen = named[-1] if named else max((pair for pair in pairs), key=lambda one: len(one[1]), default=("", ""))[0]
    if not pairs or len(dict(pairs)[chosen]) < 8:
        segment = max(parts.path.split("/"), key=len)
        yield parts._replace(path=parts.path.replace(segment, _other(segment))).geturl()
        return
    for change in (_other, lambda value: value[: len(value) // 2]):
        query = urlencode([(name, change(value) if name == chosen else value) for name, value in pairs])
        yield parts._replace(query=query).geturl()


def _other(text: str) -> str:
    """A text with another character in its midst, of the same kind."""
    middle = len(text) // 2
    sign = text[middle : middle + 1]
    other = ("1" if sign != "1" else "2") if sign.isdigit() else ("b" if sign not in "bB" else "c")
    return f"{text[:middle]}{other}{text[middle + 1 :]}"
