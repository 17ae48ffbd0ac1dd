"""The query language of events, evaluated by the document's grammar; what its sentences leave open stays unknown."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Verdict = bool | None
"""Whether an event matches; None where reasonable readings of the document disagree, or where it says nothing."""

Metadata = Mapping[str, str]

_WORD = r"[^\W_][\w.%+/@-]*"
_QUALIFIER = re.compile(
    rf"""
    (?P<key>\*|{_WORD}) : (?: (?P<any>\*) | "(?P<quoted>{_WORD}(?:\ +{_WORD})*)" | (?P<values>{_WORD}(?:,{_WORD})*) )
    | (?P<text>{_WORD})
    """,
    re.VERBOSE,
)
_OPERATORS = frozenset({"and", "or", "not"})
"""Words that other query languages give a meaning to; the document does not."""


@dataclass(frozen=True, slots=True)
class Qualifier:
    """One piece of a query: `key` is None for bare text, and both key and values are None where any will do."""

    text: str
    key: str | None
    values: tuple[str, ...] | None
    any_key: bool = False


def parse(query: str) -> tuple[Qualifier, ...] | None:
    """The qualifiers of a query that is of one of the documented forms; None if it is of no such form.

    Not of a documented form are, say, quotes around a key or bare text, commas or colons in quotes, stars within a
    word, more than one space between qualifiers, punctuation that other languages give a meaning to, and no qualifier
    at all.
    """
    found: list[Qualifier] = []
    at = 0
    while match := _QUALIFIER.match(query, at):
        found.append(_qualifier(match))
        at = match.end()
        if at == len(query):
            return None if any(one.key is None and one.text.lower() in _OPERATORS for one in found) else tuple(found)
        if query[at] != " ":
            return None
        at += 1
    return None


def _qualifier(match: re.Match[str]) -> Qualifier:
    if match["text"]:
        return Qualifier(match[0], None, (match["text"],))
    values = None if match["any"] else (match["quoted"],) if match["quoted"] else tuple(match["values"].split(","))
    return Qualifier(match[0], None if match["key"] == "*" else match["key"], values, match["key"] == "*")


def matches(query: str, metadata: Metadata) -> Verdict:
    """Whether an event of this metadata matches a query: all of its qualifiers have to."""
    qualifiers = parse(query)
    if qualifiers is None:
        return None
    verdicts = [qualifier_matches(one, metadata) for one in qualifiers]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def qualifier_matches(qualifier: Qualifier, metadata: Metadata) -> Verdict:
    """Whether metadata fulfil one qualifier, by all readings of it."""
    verdicts = {reading(qualifier, metadata) for reading in _readings(qualifier)}
    return verdicts.pop() if len(verdicts) == 1 else None


Reading = Callable[[Qualifier, Metadata], bool]


def _readings(qualifier: Qualifier) -> Sequence[Reading]:
    if qualifier.any_key:
        if qualifier.values is None:
            return (_has_any, lambda *_: True)  # `*:*` is in no example
        return (_any_value,) if len(qualifier.values) == 1 else (_any_value, _any_value_whole)
    if qualifier.key is None:
        return (_contains, _contains_in_any_case)
    return (_key,) if qualifier.values is None else (_key_value,)


def _key(qualifier: Qualifier, metadata: Metadata) -> bool:
    return qualifier.key in metadata


def _key_value(qualifier: Qualifier, metadata: Metadata) -> bool:
    return metadata.get(qualifier.key or "") in (qualifier.values or ())


def _any_value(qualifier: Qualifier, metadata: Metadata) -> bool:
    return bool(set(qualifier.values or ()) & set(metadata.values()))


def _any_value_whole(qualifier: Qualifier, metadata: Metadata) -> bool:
    """Several values are documented after a key only, so after `*:` a comma may be a part of the value."""
    return ",".join(qualifier.values or ()) in metadata.values()


def _has_any(_: Qualifier, metadata: Metadata) -> bool:
    return bool(metadata)


def _contains(qualifier: Qualifier, metadata: Metadata) -> bool:
    text = (qualifier.values or ("",))[0]
    return any(text in one for pair in metadata.items() for one in pair)


def _contains_in_any_case(qualifier: Qualifier, metadata: Metadata) -> bool:
    """A search for text may well disregard the case of letters; a value that is equal has the same."""
    text = (qualifier.values or ("",))[0].casefold()
    return any(text in one.casefold() for pair in metadata.items() for one in pair)
