r"""The query language of devices and events: qualifiers such as `key:value`, read from the text of a query.

    query     = *SP [ qualifier *( 1*SP qualifier ) *SP ]
    qualifier = key ":" value *( "," value )  /  text
    key       = text                        ; a bare `*` stands for any
    text      = quoted / 1*( any character but SP, quotation mark and colon )
    value     = quoted / 1*( any character but SP, quotation mark and comma )       ; as with keys
    quoted    = <"> *( any character but quotation mark and backslash / "\" any character ) <">

The document gives examples, not a grammar. What it leaves open is chosen so that every key and every value can be
asked for: quotes work around keys and around a comma, and `\"` and `\\` stand for a quotation mark and a backslash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SHOWN = 40


class QueryMalformed(ValueError):  # noqa: N818  # named for what it is: somebody else's text, not a fault
    """A text that is no query; the message says where it goes wrong."""


@dataclass(frozen=True, slots=True)
class Word:
    """A key or a value as it was written; `quoted` tells whether in quotes."""

    text: str
    quoted: bool = False

    @property
    def anything(self) -> bool:
        """Whether it is the wildcard."""
        return self.text == "*" and not self.quoted


@dataclass(frozen=True, slots=True)
class Qualifier:
    """A condition: `key` has one of `values`; without a key, the one value is a text to look for."""

    key: Word | None
    values: tuple[Word, ...]


_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')
_BARE_TEXT = re.compile(r'[^ ":]+')
_BARE_VALUE = re.compile(r'[^ ",]+')


def parse(text: str) -> tuple[Qualifier, ...]:
    """The qualifiers of a query, in order; none if it is empty or has nothing but spaces.

    Raises:
        QueryMalformed: It does not follow the grammar.
    """
    found, place = [], _skip_spaces(text, 0)
    while place < len(text):
        qualifier, place = _qualifier(text, place)
        if place < len(text) and text[place] != " ":
            raise _unexpected(text, place)
        found.append(qualifier)
        place = _skip_spaces(text, place)
    return tuple(found)


def _qualifier(text: str, place: int) -> tuple[Qualifier, int]:
    word, place = _word(text, place, _BARE_TEXT)
    if text.startswith(":", place):
        return _values(text, word, place + 1)
    return Qualifier(None, (word,)), place


def _values(text: str, key: Word, place: int) -> tuple[Qualifier, int]:
    values = []
    while True:
        value, place = _word(text, place, _BARE_VALUE)
        values.append(value)
        if not text.startswith(",", place):
            return Qualifier(key, tuple(values)), place
        place += 1


def _word(text: str, place: int, bare: re.Pattern[str]) -> tuple[Word, int]:
    if text.startswith('"', place):
        quoted = _QUOTED.match(text, place)
        if quoted is None:
            raise QueryMalformed(f"a quotation mark is not closed: {text[place : place + _SHOWN]}")
        return Word(_ESCAPE.sub(r"\1", quoted[1]), quoted=True), quoted.end()
    word = bare.match(text, place)
    if word is None:
        raise _unexpected(text, place)
    return Word(word[0]), word.end()


def _skip_spaces(text: str, place: int) -> int:
    while text.startswith(" ", place):
        place += 1
    return place


def _unexpected(text: str, place: int) -> QueryMalformed:
    before = text[max(0, place - _SHOWN) : place]
    found = repr(text[place]) if place < len(text) else "the end"
    return QueryMalformed(f"{found} is not expected after {before!r}")
