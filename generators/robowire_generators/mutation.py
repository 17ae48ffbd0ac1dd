"""JSON values that differ from a given one in a few places, by a seeded random."""

from random import Random
from typing import Any

JSON = Any

_NAMES = ("id", "name", "tags", "key", "value", "type", "$eq", "$in", "$and", "$tagKey", "other", "", "a" * 24)
_VALUES: tuple[JSON, ...] = (
    *(None, True, False, 0, 1, -1, 0.5, -0.0, 5e-324, 1e308, 2**53 + 1, -(2**63), 10**30),
    *("", "a", "A" * 24, "a" * 255, "a" * 256, "é", "\n", "\x00", "NONE", "MEAN", "asc", "2016-06-15T03:50:00.000Z"),
    *([], [None], ["a" * 24], [[]], {}, {"$eq": None}, {"$in": []}, {"type": "NONE"}, {"key": "a"}),
)


def mutate(value: JSON, random: Random, changes: int = 3) -> JSON:
    """`value` with one change, up to `changes`, anywhere within it: another value, one more, one less.

    The value itself is not touched; the result may happen to equal it.
    """
    for _ in range(random.randint(1, changes)):
        value = _changed(value, random)
    return value


def _changed(value: JSON, random: Random) -> JSON:
    """`value` with one change, mostly in one of its members, else in itself."""
    if isinstance(value, dict) and value and random.random() < 0.75:
        name = random.choice(sorted(value))
        return value | {name: _changed(value[name], random)}
    if isinstance(value, list) and value and random.random() < 0.75:
        place = random.randrange(len(value))
        return [*value[:place], _changed(value[place], random), *value[place + 1 :]]
    return random.choice([*_alike(value, random), random.choice(_VALUES)])


def _alike(value: JSON, random: Random) -> list[JSON]:
    """What resembles `value`, and may stand in its place."""
    if isinstance(value, dict):
        left = random.choice([*value, ""])
        less = {name: member for name, member in value.items() if name != left}
        return [value | {random.choice(_NAMES): random.choice(_VALUES)}, less]
    if isinstance(value, list):
        return [value[1:], value[:-1], value * 2, [*value, random.choice(_VALUES)], [value]]
    if isinstance(value, str):
        return [value[1:], value[:-1], value + random.choice("aZ9 _-$é"), value * 2, value.upper()]
    return [str(value), [value]]
