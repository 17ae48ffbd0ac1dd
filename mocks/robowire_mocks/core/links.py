"""Links that work without credentials for a while: a path with a time of expiry, and a signature of both."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import quote, urlencode

from robowire_mocks.core.answer import Refusal


class LinkInvalid(Refusal):
    """A link that was never given, or was changed."""

    status = 403


class LinkExpired(Refusal):
    """A link whose time is over."""

    status = 410


class Links:
    """Signs links with `key`, which nobody else need know: the same key gives the same links."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, path: str, expires: int) -> str:
        """The path, percent-encoded, with what makes it valid until `expires` (a time in any unit)."""
        return f"{quote(path)}?{urlencode({'expires': expires, 'signature': self._signature(path, str(expires))})}"

    def check(self, path: str, expires: str, signature: str, now: int) -> None:
        """Nothing, if `sign` gave this and it is not over.

        Raises:
            LinkInvalid: It is no link of ours.
            LinkExpired: It was valid before `now`.
        """
        if not hmac.compare_digest(self._signature(path, expires).encode(), signature.encode(errors="replace")):
            raise LinkInvalid("the link is not valid")
        if now >= int(expires):
            raise LinkExpired("the link has expired")

    def _signature(self, path: str, expires: str) -> str:
        text = f"{expires}\n{path}".encode(errors="surrogatepass")
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()
