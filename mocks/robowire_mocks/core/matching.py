"""Which calls are meant: by the operation of the document, the method, the path, or any of them together."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIEnvironment

    from robowire_mocks.core.documented import Documented


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls that are meant; what is None does not matter. In a path, `*` stands for anything."""

    operation: str | None = None
    method: str | None = None
    path: str | None = None

    def include(self, method: str, path: str, operation: Callable[[], str | None]) -> bool:
        """Whether a call is one of them; `operation` is called only if it matters."""
        return (
            (self.method is None or self.method.upper() == method)
            and (self.path is None or fnmatchcase(path, self.path))
            and (self.operation is None or self.operation == operation())
        )


def path_of(environ: WSGIEnvironment) -> str:
    """The path below the application's root, decoded."""
    return str(environ.get("PATH_INFO", "")).encode("latin-1").decode("utf-8", "replace")


def target_of(environ: WSGIEnvironment) -> str:
    """The same, percent-encoded as the client sent it."""
    uri = str(environ.get("REQUEST_URI") or environ.get("RAW_URI") or "").partition("?")[0]
    root = quote(environ.get("SCRIPT_NAME") or "", encoding="latin-1")
    if uri.startswith(("/", "%")) and uri.startswith(root):
        return uri[len(root) :]
    return quote(str(environ.get("PATH_INFO", "")), encoding="latin-1")


def operation_of(environ: WSGIEnvironment, documented: Documented) -> str | None:
    """The operation of the document that a request is."""
    return documented.operation_of(environ["REQUEST_METHOD"], target_of(environ))
