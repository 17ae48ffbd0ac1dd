"""Whether a JSON value is a faithful rendering of a recorded ROS value.

The document says "JSON-converted" and no more, so every usual rendering is accepted: times as objects, numbers or
text, byte arrays as lists or base64, NaN as null or text, large integers as text.
"""

import base64
import binascii
import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from robowire_conformance.bags.recording import Types

if TYPE_CHECKING:
    from numpy.typing import NDArray

BASE, NAME, ARRAY, SEQUENCE = 1, 2, 3, 4
"""The kinds of field descriptor, as rosbags numbers them."""

TIME, DURATION = "builtin_interfaces/msg/Time", "builtin_interfaces/msg/Duration"
TIME_TYPES = (TIME, DURATION)
EIGHT_BIT = ("uint8", "int8", "byte", "char", "octet")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "byte", "char", "octet")
SIGN_FREE = ("byte", "char", "octet")
"""Old names for eight bits, which some readers take as signed and others do not."""

LARGEST_EXACT = 2**53
"""Above this, JSON readers that use doubles lose integers; text or the nearest double is accepted there."""

RELATIVE = {"float32": 1e-6, "float64": 1e-9}
ABSOLUTE = {"float32": 1e-9, "float64": 1e-12}
TIME_SCALES = {10**9: 1_500, 10**6: 10**6, 10**3: 1_500, 1: 256}
"""A time as one number: nanoseconds in its unit, and how many of them a double or a cut to the unit may lose."""

NOT_FINITE = {"nan", "inf", "-inf", "+inf", "infinity", "-infinity", "+infinity"}


def mismatch(value: object, due: Any, descriptor: Any, types: Types, where: str) -> str | None:
    """Say in what `value` differs from the recorded `due`, or None where it renders it.

    `descriptor` is rosbags' description of the field, `where` the path to it for the message.
    """
    kind, detail = descriptor
    if kind == BASE:
        return _scalar(value, due, detail[0], where)
    if kind == NAME:
        return (
            _time(value, *_parts(due, detail), where)
            if detail in TIME_TYPES
            else _message(value, due, detail, types, where)
        )
    return _array(value, due, detail[0], types, where)


def _message(value: object, due: Any, kind: str, types: Types, where: str) -> str | None:
    if not isinstance(value, Mapping):
        return f"{where} is {_show(value)} and not an object"
    for name, descriptor in types.fields(kind):
        if name not in value:
            return f"{where}.{name} is missing"
        found = mismatch(value[name], getattr(due, name), descriptor, types, f"{where}.{name}")
        if found:
            return found
    return None


def _array(value: object, due: Any, element: Any, types: Types, where: str) -> str | None:
    kind, detail = element
    if kind == BASE and detail[0] in EIGHT_BIT and isinstance(value, str | Mapping):
        return None if _renders_bytes(value, bytes(due)) else f"{where} does not render the {len(due)} recorded bytes"
    if not isinstance(value, Sequence) or isinstance(value, str):
        return f"{where} is {_show(value)} and not an array"
    if len(value) != len(due):
        return f"{where} has {len(value)} elements instead of {len(due)}"
    if kind == BASE and detail[0] in (*RELATIVE, *INTEGERS) and _all_equal(value, due, detail[0]):
        return None
    for index, (item, item_due) in enumerate(zip(value, due, strict=True)):
        found = mismatch(item, item_due, element, types, f"{where}[{index}]")
        if found:
            return found
    return None


def _all_equal(value: Sequence[object], due: "NDArray[np.number[Any]]", kind: str) -> bool:
    """Compare a long array of numbers at once; False only means that a look at each element is due."""
    try:
        got = np.asarray(value)
    except (TypeError, ValueError, OverflowError):
        return False
    if kind in INTEGERS:
        return got.dtype.kind in "iu" and bool(np.array_equal(got, due))
    if got.dtype.kind not in "iuf":
        return False  # nulls or texts for values that are not finite
    with np.errstate(invalid="ignore"):
        return bool(np.all(np.abs(got - due) <= ABSOLUTE[kind] + RELATIVE[kind] * np.abs(due)))


def _scalar(value: object, due: Any, kind: str, where: str) -> str | None:
    if kind in RELATIVE:
        return _float(value, float(due), kind, where)
    if kind in INTEGERS:
        return _integer(value, int(due), kind, where)
    if kind == "bool":
        return None if value in (0, 1) and bool(value) == bool(due) else _differs(value, bool(due), where)
    return None if value == due else _differs(value, due, where)


def _float(value: object, due: float, kind: str, where: str) -> str | None:
    if not math.isfinite(due):
        large = isinstance(value, float | int) and math.isinf(due) and abs(value) > 3e38
        accepted = value is None or large or (isinstance(value, str) and value.strip().lower() in NOT_FINITE)
        return None if accepted else _differs(value, due, where)
    if isinstance(value, bool) or not isinstance(value, float | int):
        return _differs(value, due, where)
    close = abs(value - due) <= ABSOLUTE[kind] + RELATIVE[kind] * abs(due)
    return None if close else _differs(value, due, where)


def _integer(value: object, due: int, kind: str, where: str) -> str | None:
    if isinstance(value, bool):
        return _differs(value, due, where)
    if isinstance(value, int | float) and (value == due or (kind in SIGN_FREE and value % 256 == due % 256)):
        return None
    if abs(due) > LARGEST_EXACT and (value == str(due) or (isinstance(value, float | int) and value == float(due))):
        return None
    if kind in EIGHT_BIT and isinstance(value, str) and len(value) == 1 and ord(value) == due % 256:
        return None
    if isinstance(value, str) and value == str(due) and kind in ("int64", "uint64"):
        return None  # 64-bit integers as text are a usual rendering, whatever their size
    return _differs(value, due, where)


def _renders_bytes(value: object, due: bytes) -> bool:
    """Whether a text, a list, or an object that wraps one of them with its encoding's name is these bytes."""
    if isinstance(value, Mapping):
        return any(_renders_bytes(part, due) for part in value.values() if not isinstance(part, Mapping))
    if isinstance(value, list):
        return len(value) == len(due) and all(
            isinstance(x, int) and x % 256 == y for x, y in zip(value, due, strict=True)
        )
    return isinstance(value, str) and _text_renders_bytes(value, due)


def _text_renders_bytes(value: str, due: bytes) -> bool:
    text = value.partition("base64,")[2] if value.startswith("data:") else value
    renderings: tuple[Callable[[], bytes], ...] = (
        lambda: base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_" if set(text) & set("-_") else None),
        lambda: binascii.unhexlify(text),
        lambda: text.encode("latin-1"),
    )
    for rendering in renderings:
        try:
            if rendering() == due:
                return True
        except ValueError:
            continue
    return value in {due.decode(errors=how) for how in ("replace", "ignore", "backslashreplace")}


def _parts(due: Any, kind: str) -> tuple[int, int]:
    """Seconds and nanoseconds as ROS 1 means them; rosbags reads both types as ROS 2 has them."""
    seconds, nanoseconds = int(due.sec), int(due.nanosec)
    if kind == TIME:
        return seconds % 2**32, nanoseconds
    return seconds, nanoseconds - 2**32 if nanoseconds >= 2**31 else nanoseconds


def _time(value: object, seconds: int, nanoseconds: int, where: str) -> str | None:
    """Compare a time or duration with any usual rendering of its seconds and nanoseconds."""
    total = seconds * 10**9 + nanoseconds
    shown = f"{seconds} s {nanoseconds} ns"
    if isinstance(value, Mapping):
        numbers = [number for number in value.values() if isinstance(number, int)]
        parts = pairwise(numbers)
        return None if any(part == (seconds, nanoseconds) for part in parts) else _differs(value, shown, where)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return None if list(value) == [seconds, nanoseconds] else _differs(value, shown, where)
    if value is None and total == 0:
        return None
    number = _number(value)
    if number is not None:
        near = any(abs(number * scale - total) <= slack for scale, slack in TIME_SCALES.items())
        return None if near else _differs(value, shown, where)
    return None if isinstance(value, str) and _iso_near(value, total) else _differs(value, shown, where)


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _iso_near(value: str, total_ns: int) -> bool:
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return abs(zoned.timestamp() * 10**9 - total_ns) < 10**6


def _differs(value: object, due: object, where: str) -> str:
    return f"{where} is {_show(value)} instead of {_show(due)}"


def _show(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
