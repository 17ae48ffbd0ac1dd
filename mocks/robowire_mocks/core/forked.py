"""Dictionaries that fork: two begin as one, and share what neither of them has changed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import chain
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_OWN_PART = 4  # what was changed is put together with the rest once it is more than one in so many


class ForkedDict(Generic[K, V]):
    """A dictionary whose fork costs what was changed lately, however much there is; no value may be None.

    Keys come in the order in which they were added, as they do from a `dict`. One that is never changed again may be
    read and forked by any number of threads; else it is not safe for them.
    """

    __slots__ = ("_base", "_gone", "_own", "_replaced")

    def __init__(self) -> None:
        self._base: dict[K, V] = {}  # perhaps that of others too: never changed
        self._own: dict[K, V] = {}
        self._gone: set[K] = set()  # of the base
        self._replaced = 0  # how many of our own stand in the place of one of the base

    def __len__(self) -> int:
        return len(self._base) - len(self._gone) + len(self._own) - self._replaced

    def __contains__(self, key: object) -> bool:
        return key in self._own or (key in self._base and key not in self._gone)

    def __iter__(self) -> Iterator[K]:
        if not self._replaced and not self._gone:
            return chain(self._base, self._own)
        return chain(
            (key for key in self._base if key not in self._gone),
            (key for key in self._own if key not in self._base or key in self._gone),
        )

    def __getitem__(self, key: K) -> V:
        value = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key: K, value: V) -> None:
        if key not in self._own and key in self._base and key not in self._gone:
            self._replaced += 1
        self._own[key] = value

    def __delitem__(self, key: K) -> None:
        if key not in self:
            raise KeyError(key)
        mine = self._own.pop(key, None) is not None
        if key in self._base and key not in self._gone:
            self._gone.add(key)
            self._replaced -= mine

    def get(self, key: K) -> V | None:
        """The value of a key, or None."""
        value = self._own.get(key)
        if value is None and key not in self._gone:
            return self._base.get(key)
        return value

    def values(self) -> Iterator[V]:
        """The values, in the order of their keys."""
        if not self._replaced and not self._gone:
            return chain(self._base.values(), self._own.values())
        return chain(
            (self._own.get(key, value) for key, value in self._base.items() if key not in self._gone),
            (value for key, value in self._own.items() if key not in self._base or key in self._gone),
        )

    def fork(self) -> ForkedDict[K, V]:
        """Another one with the same content: what is changed in one of them is not seen in the other."""
        if (len(self._own) + len(self._gone)) * _OWN_PART > len(self._base):
            self._put_together()
        fork: ForkedDict[K, V] = ForkedDict()
        fork._base = self._base
        fork._own = self._own.copy()
        fork._gone = self._gone.copy()
        fork._replaced = self._replaced
        return fork

    def changes_to(self, other: ForkedDict[K, V]) -> Iterator[tuple[K, V | None]]:
        """What to put under which keys, None to remove them, so that this one becomes `other`.

        It costs what they differ in, if one is a fork of the other or both are of a third.
        """
        if self._base is other._base:
            keys = dict.fromkeys(chain(self._own, self._gone, other._own, other._gone))
        else:
            keys = dict.fromkeys(chain(self, other))
        for key in keys:
            value = other.get(key)
            if value is not self.get(key):
                yield key, value

    def _put_together(self) -> None:
        self._base = dict(zip(self, self.values(), strict=True)) if self._base else self._own
        self._own, self._gone, self._replaced = {}, set(), 0
