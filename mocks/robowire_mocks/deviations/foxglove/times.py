"""Deviations of timestamps (section "Timestamps")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, after, only
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call


OF_EVENTS = ("list_events", "create_event", "get_event", "update_event")

_FRACTION = re.compile(r"\.(\d+)")
_OFFSET = re.compile(r"([+-])([01]\d|2[0-3]):([0-5]\d)$")
_DURATION = re.compile(r"-?P\d*[A-Z0-9]*$|.*[/+]P[T\d]")
_TIME_WITH_TAIL = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?)\D.*")


def _refusing(refused: Callable[[str], bool]) -> Wrapper:
    """A wrapper of `moment` that refuses some texts that are right."""

    def wrapper(honest: Wrapper, call: Call, name: str, text: str) -> int:
        if refused(text):
            raise BadRequest(f"{name}: {text!r} is not liked")
        time: int = honest(call, name, text)
        return time

    return wrapper


def _rewriting(rewrite: Callable[[str], str], *, name: str = "", operation: str = "") -> Wrapper:
    """A wrapper of `moment` that reads another text in place of the one that is given."""

    def wrapper(honest: Wrapper, call: Call, given: str, text: str) -> int:
        applies = name in {"", given} and operation in {"", call.operation.name}
        time: int = honest(call, given, rewrite(text) if applies else text)
        return time

    return wrapper


def _digits(text: str) -> int:
    found = _FRACTION.search(text)
    return len(found[1]) if found else 0


def _cut(most: int) -> Callable[[str], str]:
    return lambda text: _FRACTION.sub(lambda found: f".{found[1][:most]}", text)


def _as_milliseconds(text: str) -> str:
    return _FRACTION.sub(lambda found: f".{found[1]:0>3}", text)


def _ends_in_z(written: str) -> str:
    return written.removesuffix("Z") + "+00:00"


def _an_hour_ahead(honest: Wrapper, call: Call, time: int) -> str:
    written: str = honest(call, time + 3600 * SECOND)
    return written.removesuffix("Z") + "+01:00"


add("TIME-001", "times-with-zero-offset", "zulu", "Times are answered with +00:00.", after(_ends_in_z))
add("TIME-001", "times-an-hour-ahead", "zulu", "Times are answered with +01:00.", _an_hour_ahead)
add(
    "TIME-002",
    "times-of-2023-need-a-fraction",
    "moment",
    "A time of 2023 without a fraction is refused.",
    _refusing(lambda text: text == "2023-04-06T09:15:30Z"),
)
add(
    "TIME-003",
    "times-of-2023-need-fewer-digits",
    "moment",
    "A time of 2023 with nine digits is refused.",
    _refusing(lambda text: text == "2023-04-06T18:27:45.876543210Z"),
)
for _slug, _summary, _refused in (
    ("one-digit-refused", "A fraction of one digit is refused.", lambda text: _digits(text) == 1),
    ("four-digits-refused", "A fraction of four digits is refused.", lambda text: _digits(text) == 4),
    ("five-digits-refused", "A fraction of five digits is refused.", lambda text: _digits(text) == 5),
):
    add("TIME-004", f"times-{_slug}", "moment", _summary, _refusing(_refused))


def _two_digits_as_milliseconds(text: str) -> str:
    return _as_milliseconds(text) if _digits(text) == 2 else text


add(
    "TIME-004",
    "times-two-digits-as-milliseconds",
    "moment",
    "A fraction of two digits is taken for milliseconds.",
    _rewriting(_two_digits_as_milliseconds),
)


def _coarser(unit: int) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, time: int) -> str:
        written: str = honest(call, time // unit * unit)
        return written

    return wrapper


def _through_a_double(honest: Wrapper, call: Call, time: int) -> str:
    written: str = honest(call, round(time / SECOND * 1e9))
    return written


for _slug, _summary, _wrapper in (
    ("in-milliseconds", "Times of events are answered to the millisecond.", _coarser(1_000_000)),
    ("in-microseconds", "Times of events are answered to the microsecond.", _coarser(1000)),
    ("in-tens", "The ninth digit of a time of an event is lost.", _coarser(10)),
    ("as-doubles", "Times of events go through a double on the way.", _through_a_double),
):
    add("TIME-005", f"times-{_slug}", "zulu", _summary, only(OF_EVENTS, _wrapper))
for _name, _least in (("start", 6), ("end", 6), ("end", 8)):
    add(
        "TIME-006",
        f"range-{_name}-of-{_least}-digits",
        "moment",
        f"Of the {_name} of a range only {_least} digits are looked at.",
        _rewriting(_cut(_least), name=_name, operation="list_events"),
    )


def _has_offset(text: str) -> bool:
    return bool(_TIME_WITH_TAIL.match(text)) and bool(_OFFSET.search(text))


def _ignoring_offset(text: str) -> str:
    return _OFFSET.sub("Z", text) if _has_offset(text) else text


def _turned_offset(text: str) -> str:
    turned = {"+": "-", "-": "+"}
    swapped = _OFFSET.sub(lambda found: f"{turned[found[1]]}{found[2]}:{found[3]}", text) if _has_offset(text) else text
    return swapped.replace("-00:00", "Z") if swapped.endswith("-00:00") else swapped


def _whole_hours(text: str) -> str:
    return _OFFSET.sub(lambda found: f"{found[1]}{found[2]}:00", text) if _has_offset(text) else text


add("TIME-007", "offsets-refused", "moment", "Offsets are refused.", _refusing(_has_offset))
add(
    "TIME-007",
    "offsets-behind-refused",
    "moment",
    "Offsets behind UTC are refused.",
    _refusing(lambda text: _has_offset(text) and "-" in text[10:]),
)
add(
    "TIME-007",
    "offsets-refused-where-data-are-asked-for",
    "moment",
    "Offsets are refused where coverage, topics and data are asked for.",
    only(("list_coverage", "list_topics", "stream_data"), _refusing(_has_offset)),
)
add(
    "TIME-008",
    "offsets-of-coverage-ignored",
    "moment",
    "Offsets are ignored where coverage is asked for.",
    _rewriting(_ignoring_offset, operation="list_coverage"),
)
add("TIME-008", "offsets-ignored", "moment", "Offsets are ignored.", _rewriting(_ignoring_offset))
add("TIME-008", "offsets-turned", "moment", "Offsets go the other way.", _rewriting(_turned_offset))
add("TIME-008", "offsets-of-hours", "moment", "Of an offset only the hours count.", _rewriting(_whole_hours))


def _is_duration(text: str) -> bool:
    return bool(_DURATION.match(text))


def _taking(applies: Callable[[str], bool], rewrite: Callable[[str], str], *methods: str) -> Wrapper:
    """A wrapper of `moment` that reads some texts that are wrong, in requests of these methods."""

    def wrapper(honest: Wrapper, call: Call, name: str, text: str) -> int:
        try:
            time: int = honest(call, name, text)
        except BadRequest:
            if call.operation.method not in methods or not applies(text):
                raise
            time = honest(call, name, rewrite(text))
        return time

    return wrapper


def _to_the_second(text: str) -> str:
    found = _TIME_WITH_TAIL.match(text)
    return f"{found[1]}Z" if found else "2023-04-06T09:15:30Z"


_BODIES = ("POST", "PATCH")
add(
    "TIME-009",
    "durations-alone",
    "moment",
    "A duration stands for a time.",
    _taking(lambda text: text.startswith(("P", "-P")), _to_the_second, *_BODIES),
)
add(
    "TIME-009",
    "durations-after-times",
    "moment",
    "A duration after a time is ignored.",
    _taking(lambda text: not text.startswith(("P", "-P")) and _is_duration(text), _to_the_second, *_BODIES),
)


def _odd_offset(text: str) -> bool:
    return bool(_TIME_WITH_TAIL.match(text)) and not _is_duration(text)


add(
    "TIME-010",
    "offsets-of-any-form",
    "moment",
    "What follows a time is ignored, if it is no offset.",
    _taking(_odd_offset, _to_the_second, *_BODIES),
)
add(
    "TIME-010",
    "offsets-of-any-size",
    "moment",
    "An offset may be of any size.",
    _taking(lambda text: bool(re.search(r"\d[+-]\d\d:\d\d$", text)), _to_the_second, *_BODIES),
)
add(
    "TIME-010",
    "offsets-of-one-digit",
    "moment",
    "An offset may be of one digit.",
    _taking(lambda text: bool(re.search(r"\d[+-]\d$", text)), _to_the_second, *_BODIES),
)


def _no_time(text: str) -> bool:
    return not _is_duration(text) and not _TIME_WITH_TAIL.match(text)


def _impossible(text: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text))


add("TIME-011", "words-as-times", "moment", "Any word stands for a time.", _taking(_no_time, _to_the_second, *_BODIES))
add(
    "TIME-011",
    "months-beyond-december",
    "moment",
    "A month beyond December is December.",
    _taking(_impossible, lambda text: re.sub(r"-1[3-9]-", "-12-", text), *_BODIES),
)
add(
    "TIME-011",
    "hours-beyond-23",
    "moment",
    "An hour beyond 23 is 23.",
    _taking(_impossible, lambda text: re.sub(r"T(2[4-9]|[3-9]\d)", "T23", text), *_BODIES),
)
add(
    "TIME-012",
    "words-in-queries",
    "moment",
    "What is no time in a query stands for one.",
    _taking(lambda text: True, _to_the_second, "GET"),  # noqa: ARG005  # any text
)
add(
    "TIME-012",
    "months-in-queries",
    "moment",
    "A month beyond December is December in a query.",
    _taking(_impossible, lambda text: re.sub(r"-1[3-9]-", "-12-", text), "GET"),
)
add(
    "TIME-012",
    "words-in-queries-of-recordings",
    "moment",
    "What is no time stands for one where recordings or imports are listed.",
    only(("list_recordings", "list_imports"), _taking(lambda text: True, _to_the_second, "GET")),  # noqa: ARG005  # as above
)
add(
    "TIME-012",
    "durations-in-queries-of-data",
    "moment",
    "A duration stands for a time where coverage, topics and lake files are listed.",
    only(("list_coverage", "list_topics", "list_lake_files"), _taking(_is_duration, _to_the_second, "GET")),
)
