"""Hypothesis strategies for events: metadata full of coincidences, and queries about them in the documented forms.

The queries leave out what the document leaves open: letter case as the only difference, quotes around keys, commas and
colons in quotes, stars within words, and words that other query languages give a meaning to.
"""

from collections.abc import Mapping
from enum import StrEnum

from hypothesis import strategies as st

KEYS = ("zone", "zone2", "cause", "wheel.slip", "dock_2", "battery-low", "größe", "7")
WORDS = (
    "dock_2",
    "dockx2",
    "dock",
    "zone",
    "7",
    "07",
    "7.0",
    "7%",
    "emergency",
    "stop",
    "größe",
    "wheel.slip",
    "a/b+c@d",
)
SPACED = ("emergency stop", "emergency stop 2", "dock zone", "dock  zone", "wheel slip 7")
"""Values with spaces, which a query has to quote."""


class Form(StrEnum):
    """The documented forms of a qualifier."""

    KEY_VALUE = "key:value"
    KEY_VALUES = "key:value1,value2"
    KEY_QUOTED = 'key:"value with spaces"'
    KEY_ANY = "key:*"
    ANY_VALUE = "*:value"
    TEXT = "text"


_KEYS = st.sampled_from(KEYS)
_WORDS = st.sampled_from(WORDS)
_SPACED = st.sampled_from(SPACED)
_PARTS = (
    "do",
    "dock",
    "ock_",
    "7",
    "07",
    "7%",
    "zo",
    "one2",
    "emerg",
    "stop",
    "slip",
    "röß",
    "l.s",
    "b+c",
    "mer",
    "nothing",
)
"""Texts that are parts of keys and values, of several at once, or of none."""


def metadata() -> st.SearchStrategy[dict[str, str]]:
    """Metadata of up to four members, whose keys and values repeat one another."""
    return st.dictionaries(_KEYS, _WORDS | _SPACED, max_size=4)


def qualifiers(*forms: Form) -> st.SearchStrategy[str]:
    """Qualifiers of some documented forms, or of any."""
    return st.one_of([_FORMS[form] for form in forms or Form])


def queries(*forms: Form, least: int = 1, most: int = 3) -> st.SearchStrategy[str]:
    """Queries of one to three different qualifiers."""
    return st.lists(qualifiers(*forms), min_size=least, max_size=most, unique=True).map(" ".join)


_FORMS: Mapping[Form, st.SearchStrategy[str]] = {
    Form.KEY_VALUE: st.builds("{}:{}".format, _KEYS, _WORDS),
    Form.KEY_VALUES: st.builds(
        "{}:{}".format, _KEYS, st.lists(_WORDS, min_size=2, max_size=3, unique=True).map(",".join)
    ),
    Form.KEY_QUOTED: st.builds('{}:"{}"'.format, _KEYS, _SPACED),
    Form.KEY_ANY: _KEYS.map("{}:*".format),
    Form.ANY_VALUE: st.builds("*:{}".format, _WORDS) | st.builds('*:"{}"'.format, _SPACED),
    Form.TEXT: st.sampled_from(_PARTS),
}
