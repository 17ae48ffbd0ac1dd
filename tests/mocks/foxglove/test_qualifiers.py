"""Queries are read by one grammar, and what does not follow it is refused."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from robowire_mocks.foxglove.qualifiers import Qualifier, QueryMalformed, Word, parse


def has(key: str, *values: str | Word) -> Qualifier:
    """A qualifier of a bare key; values are bare unless they are words already."""
    return Qualifier(Word(key), tuple(value if isinstance(value, Word) else Word(value) for value in values))


def quoted(text: str) -> Word:
    """A word in quotes."""
    return Word(text, quoted=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   ", []),
        ("key:value", [has("key", "value")]),
        ("  key:value   other:x ", [has("key", "value"), has("other", "x")]),
        ("key:v1,v2,v3", [has("key", "v1", "v2", "v3")]),
        ("key:*", [has("key", "*")]),
        ("*:value", [has("*", "value")]),
        ("foo", [Qualifier(None, (Word("foo"),))]),
        ("foo,bar", [Qualifier(None, (Word("foo,bar"),))]),
        ('"foo: bar"', [Qualifier(None, (quoted("foo: bar"),))]),
        ('key:"value with spaces"', [has("key", quoted("value with spaces"))]),
        ('key:"a,b",c,"d"', [has("key", quoted("a,b"), "c", quoted("d"))]),
        ('key:""', [has("key", quoted(""))]),
        ('"a key":x', [Qualifier(quoted("a key"), (Word("x"),))]),
        (r'key:"a \"b\" \\ \n"', [has("key", quoted(r'a "b" \ \n'))]),
        ("time:09:15:30", [has("time", "09:15:30")]),
        ("k:a\tb\u00a0c", [has("k", "a\tb\u00a0c")]),
        ("path:/a/b?c=d&e", [has("path", "/a/b?c=d&e")]),
    ],
)
def test_a_query_is_read(text: str, expected: Sequence[Qualifier]) -> None:
    """Qualifier by qualifier, in order."""
    assert parse(text) == tuple(expected)


@pytest.mark.parametrize(
    "text",
    [
        "key:",
        ":value",
        ":",
        "key:a,",
        "key:,a",
        "key:a,,b",
        'key:"a',
        '"',
        'ke"y:a',
        'key:a"b"',
        'key:"a"b',
        '"a"b',
        "a :b",
    ],
)
def test_what_is_no_query_is_refused(text: str) -> None:
    """With a text that says where."""
    with pytest.raises(QueryMalformed):
        parse(text)


def test_only_a_bare_star_stands_for_anything() -> None:
    """In quotes it is a star, and beside other characters too."""
    words = [word for qualifier in parse('a:* a:"*" a:*b *') for word in qualifier.values]
    assert [word.anything for word in words] == [True, False, False, True]


@given(st.text(alphabet='ab:,*" \\', max_size=30))
def test_every_text_is_read_or_refused(text: str) -> None:
    """Nothing else comes of it; and what is read is what stands there, spaces aside."""
    try:
        found = parse(text)
    except QueryMalformed:
        return
    assert parse(" ".join(map(write, found))) == found


def write(qualifier: Qualifier) -> str:
    """The text of a qualifier."""
    values = ",".join(map(write_word, qualifier.values))
    return values if qualifier.key is None else f"{write_word(qualifier.key)}:{values}"


def write_word(word: Word) -> str:
    """The text of a word, in quotes if it was."""
    if not word.quoted:
        return word.text
    return '"' + word.text.replace("\\", "\\\\").replace('"', '\\"') + '"'
