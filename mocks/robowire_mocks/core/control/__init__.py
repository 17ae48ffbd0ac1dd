"""The mock's own controls over HTTP, under a path that no API uses, with a page for the browser.

They are an application of their own, made when the first of them is asked for: a mock that nobody controls pays
nothing for it, and neither journal nor faults see what is asked here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

PATH: str = "/__robowire"
"""Where the controls are."""


def is_control(path: str) -> bool:
    """Whether a path is one of the controls'."""
    return path == PATH or path.startswith(f"{PATH}/")


@cache
def application() -> Flask:
    """The controls of whatever mock a request's WSGI environment names, the same for all APIs."""
    from robowire_mocks.core.control.routes import make

    return make(PATH)
