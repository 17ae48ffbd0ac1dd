"""Bodies that are no JSON object."""

from robowire_conformance.foxglove.asking import JSON_BODY, Api

NO_OBJECTS: tuple[bytes, ...] = (b"", b"[]", b'"robowire"', b"7", b"true", b"null", b"{", b"name=robowire")
"""No body, JSON that is no object, and text that is no JSON."""


def require_no_object_refused(api: Api, name: str, *ids: str) -> None:
    """Make sure that an operation refuses a body that is no JSON object, or none at all.

    Raises:
        Violation: It answers otherwise.
    """
    for content in NO_OBJECTS:
        shown = content.decode() or "no body"
        reply = api.ask(name, *ids, content=content, headers=JSON_BODY)
        reply.require_refused(f"{name} is not refused with {shown}")
    api.ask(name, *ids).require_refused(f"{name} is not refused without a body")
