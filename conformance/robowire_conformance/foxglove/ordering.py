"""Whether a list is in order, where the document leaves open by which order of texts a server sorts."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

_DIGITS = re.compile(r"(\d+)")


def _letters(text: str) -> str:
    """What collations compare first: letters and digits, without case and marks."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _DIGITS.split(text) if part)


TEXT_ORDERS: tuple[Callable[[str], Any], ...] = (
    lambda text: text,
    lambda text: text.casefold(),
    lambda text: text.swapcase(),
    _letters,
    _natural,
    lambda text: _natural(text.casefold()),
    lambda text: text.encode("utf-16-be", "surrogatepass"),
)
"""The orders that databases and languages sort texts by; all of them agree on lower-case words of one alphabet."""


def in_order(values: Iterable[Any], *, descending: bool = False) -> bool:
    """Whether values, of one type, come in some order that a server may reasonably sort by."""
    found = [*values]
    if descending:
        found.reverse()
    if all(isinstance(value, str) for value in found):
        return any(_rises([key(value) for value in found]) for key in TEXT_ORDERS)
    return _rises(found)


def _rises(values: Sequence[Any]) -> bool:
    return all(not later < earlier for earlier, later in pairwise(values))
