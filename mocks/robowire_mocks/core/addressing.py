"""How a request says which of a server's worlds it is for, whatever client sends it: by path, credentials or host."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container
    from wsgiref.types import WSGIEnvironment

PREFIX: str = "/__worlds"
"""What begins the path of a URL that names a world, as in `/__worlds/w7/v1/devices`."""

MARK: str = "~"
"""What stands between a credential and the name of a world."""

# A label of a host name, so that a world can be one; it has a letter, so that an address is none.
_NAME = re.compile(r"(?=[0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MARKED = re.compile(r"(.*)~([A-Za-z0-9-]{1,63})(?=$|[\s/:,])(.*)", re.DOTALL)
# Links that clients sign themselves have their credentials in the query.
_SIGNED = re.compile(
    r"((?:^|.*&)(?:X-Amz-Credential|X-Goog-Credential|AWSAccessKeyId)=[^&]*?)(?:~|%7[Ee])([A-Za-z0-9-]+)(.*)"
)


@dataclass(frozen=True, slots=True)
class Address:
    """The world that a request is for.

    `missing` is how it is answered if there is no such world, `rooted` whether links must name it in their path, since
    neither their host does nor a credential that is sent along.
    """

    name: str
    missing: int
    rooted: bool = True


def is_name(name: str) -> bool:
    """Whether a world can be called so: in small letters, digits and hyphens, and not in digits alone."""
    return _NAME.fullmatch(name) is not None


def prefix_of(name: str) -> str:
    """What stands before every path of a world."""
    return f"{PREFIX}/{name}"


def by_path(environ: WSGIEnvironment) -> Address | None:
    """The world that the path names, or None."""
    path = environ.get("PATH_INFO", "")
    return Address(path.split("/", 3)[2].lower(), 404) if path.startswith(f"{PREFIX}/") else None


def by_credential(environ: WSGIEnvironment) -> Address | None:
    """The world that a credential ends with, under whatever scheme, or None."""
    header = environ.get("HTTP_AUTHORIZATION")
    found = _MARKED.fullmatch(header) if header is not None else _SIGNED.fullmatch(environ.get("QUERY_STRING", ""))
    return Address(found[2].lower(), 401) if found else None


def by_host(environ: WSGIEnvironment, worlds: Container[str]) -> Address | None:
    """The world that the host's first label names, or None: most hosts name none."""
    label, dot, _ = environ.get("HTTP_HOST", "").lower().partition(".")
    return Address(label, 404, rooted=False) if dot and label in worlds else None


def mount(environ: WSGIEnvironment, name: str) -> None:
    """Let the world's prefix be where the application is: links that it gives lead back to the world."""
    root = environ.get("SCRIPT_NAME", "")
    mounted = f"{root}{prefix_of(name)}"
    path = environ.get("PATH_INFO", "")
    if path.startswith(f"{PREFIX}/"):
        environ["PATH_INFO"] = path[len(prefix_of(name)) :] or "/"
    else:
        for uri in ("REQUEST_URI", "RAW_URI"):
            if environ.get(uri, "").startswith(f"{root}/"):
                environ[uri] = mounted + environ[uri][len(root) :]
    environ["SCRIPT_NAME"] = mounted


def unmark(environ: WSGIEnvironment, name: str) -> None:
    """Let a credential of the world be as it is without its mark: the world knows it so."""
    header = environ.get("HTTP_AUTHORIZATION")
    found = _MARKED.fullmatch(header) if header is not None else None
    if found and found[2].lower() == name:
        environ["HTTP_AUTHORIZATION"] = found[1] + found[3]
