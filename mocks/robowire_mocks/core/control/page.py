"""The page for the browser: one file that asks nobody but the mock."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

from flask import Response

_INLINE = re.compile(rb"<(script|style)>(.*?)</\1>", re.DOTALL)


def page() -> Response:
    """The page, and a policy that lets nothing run or load but itself."""
    text, policy = _page()
    return Response(
        text,
        content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": policy, "Cache-Control": "no-cache"},
    )


@cache
def _page() -> tuple[bytes, str]:
    text = files("robowire_mocks.core.control").joinpath("page.html").read_bytes()
    allowed = {kind.decode(): _hash(inside) for kind, inside in _INLINE.findall(text)}
    policy = (
        f"default-src 'none'; script-src '{allowed['script']}'; style-src '{allowed['style']}'; "
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return text, policy


def _hash(inside: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(inside).digest()).decode()}"
