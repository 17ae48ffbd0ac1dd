"""Doing something about a library once it is there: at once if it is loaded, else when something loads it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from importlib.machinery import ModuleSpec
    from types import ModuleType


@cache
def is_installed(library: str) -> bool:
    """Whether it can be loaded."""
    return library in sys.modules or find_spec(library) is not None


@contextmanager
def once_loaded(library: str, act: Callable[[], object]) -> Iterator[None]:
    """Call `act` as soon as `library` is loaded, unless that is after the block."""
    if library in sys.modules:
        act()
        yield
    elif is_installed(library):
        waiting = _Waiting(library, act)
        sys.meta_path.insert(0, waiting)
        try:
            yield
        finally:
            waiting.end()
    else:
        yield


class _Waiting(MetaPathFinder):
    """Looks at what is loaded, and finds nothing itself; of one library, it learns when it is there."""

    def __init__(self, library: str, act: Callable[[], object]) -> None:
        self._library, self._act = library, act

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:  # noqa: ARG002  # the protocol's
        """The library's own, as others find it, which tells when it is loaded; of anything else, nothing."""
        if fullname != self._library or self not in sys.meta_path:
            return None
        self.end()
        spec = find_spec(fullname)
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def loaded(module: ModuleType) -> None:
            load(module)
            self._act()

        spec.loader.exec_module = loaded  # type: ignore[method-assign]  # a loader is made for one module
        return spec

    def end(self) -> None:
        """Look no more."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
