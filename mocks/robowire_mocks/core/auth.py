"""Bearer tokens and their scopes, as all APIs that ask for them do (RFC 6750, section 2.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_BEARER = re.compile(r"Bearer +([\x21-\x7e]+) *", re.IGNORECASE)


def bearer_token(header: str | None) -> str | None:
    """The token in the value of an Authorization header, or None: there is no header, or it is no bearer token's.

    The scheme is recognised in any case, as those of HTTP are (RFC 9110, section 11.1).
    """
    found = _BEARER.fullmatch(header or "")
    return found[1] if found else None


def permits(scopes: Iterable[str], any_of: Iterable[str]) -> bool:
    """Whether a token with `scopes` may do what any of the scopes `any_of` is enough for.

    Scopes are compared as they are written: one that ends in `*` means nothing but itself.
    """
    return not set(scopes).isdisjoint(any_of)
