"""A moment of a mock as bytes that outlive the process; the files that it holds stay where they are."""

from __future__ import annotations

import copyreg
import io
import pickle
from collections import ChainMap
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.shelf import Held

if TYPE_CHECKING:
    from robowire_mocks.core.shelf import Shelf

_OURS = ("robowire_fixtures.", "robowire_generators.", "robowire_mocks.")
_OTHERS = frozenset(
    {
        ("builtins", "object"),
        ("builtins", "frozenset"),
        ("builtins", "set"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "time"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("numpy", "dtype"),
        ("numpy", "ndarray"),
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy.core.numeric", "_frombuffer"),
        ("numpy._core.numeric", "_frombuffer"),
        ("pathlib", "PosixPath"),
        ("pathlib", "WindowsPath"),
    }
)


class Strange(ValueError):  # noqa: N818  # named for what it is
    """The bytes are not what this version of robowire writes."""


def freeze(value: Any, shelf: Shelf) -> tuple[bytes, list[Held]]:
    """The value as bytes, and the files of the shelf that it holds."""
    out = io.BytesIO()
    pickler = _Pickler(out, shelf)
    pickler.dump(value)
    return out.getvalue(), list(pickler.held.values())


def thaw(raw: bytes, shelf: Shelf) -> Any:
    """What was frozen.

    Raises:
        Strange: It was by something else, or by another version.
    """
    try:
        return _Unpickler(io.BytesIO(raw), shelf).load()
    except Exception as error:
        raise Strange(f"{type(error).__name__}: {error}") from error


def proxy(table: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    """A table that cannot be changed: its type has no name by which pickle finds it."""
    return MappingProxyType(table)


_REDUCED: ChainMap[type, Any] = ChainMap({MappingProxyType: lambda one: (proxy, (dict(one),))}, copyreg.dispatch_table)


class _Pickler(pickle.Pickler):
    dispatch_table = _REDUCED

    def __init__(self, out: io.BytesIO, shelf: Shelf) -> None:
        super().__init__(out, protocol=5)
        self._shelf = shelf
        self.held: dict[str, Held] = {}

    def persistent_id(self, value: Any) -> str | None:
        """A file is where it is."""
        if not isinstance(value, Held):
            return None
        place = self._shelf.place(value)
        self.held[place] = value
        return place


class _Unpickler(pickle.Unpickler):
    """Makes nothing but our own values: a data folder that somebody else wrote runs no code of theirs."""

    def __init__(self, raw: io.BytesIO, shelf: Shelf) -> None:
        super().__init__(raw)
        self._shelf = shelf

    def persistent_load(self, place: str) -> Held:
        return self._shelf.at(place)

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if module.startswith(_OURS) or (module, name) in _OTHERS else None
        if found is None or (module.startswith(_OURS) and not isinstance(found, type) and found is not proxy):
            raise Strange(f"{module}.{name} is not of a mock's state")
        return found
