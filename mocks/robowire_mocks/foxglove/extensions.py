"""Extensions of the organisation (sections "Publish an extension" to "Delete an extension").

Where the document is silent: the version that was published last is active; another displayName is refused; the names
that are shown are written as in the active version's package.json.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.answer import Answer
from robowire_mocks.foxglove import foxe
from robowire_mocks.foxglove.errors import BadRequest, Conflict, NotFound
from robowire_mocks.foxglove.rows import Extension
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.foxe import Package
    from robowire_mocks.foxglove.state import State

LINK_S: int = 15 * 60
"""How long the link to an extension's file works, in seconds: the document's time for links to downloads."""

FILES: str = "/files/extensions"
"""Where links to files lead; the API itself is elsewhere."""

_MEDIA_TYPE = "application/octet-stream"


def publish_extension(call: Call) -> dict[str, Any]:
    """Publish an extension, or a new version of one."""
    # FOXGLOVE-EXTENSIONS-001
    call.steps.media_type(call)
    package = call.steps.package(call, call.raw)
    known = call.steps.same_extension(call, package)
    if known is not None:
        call.steps.new_version(call, known, package)
    call.state.packages.put(call.raw)
    extension = call.steps.published(call, known, package)
    call.state.extensions.put(extension)  # FOXGLOVE-EXTENSIONS-301
    return {"id": extension.id}  # FOXGLOVE-EXTENSIONS-211


def list_extensions(call: Call) -> list[dict[str, Any]]:
    """All extensions."""
    # FOXGLOVE-EXTENSIONS-002
    return [call.steps.extension(call, extension) for extension in call.state.extensions]


def get_extension(call: Call) -> dict[str, Any]:
    """The extension with the path's id and a link to its file; published, though not in the saved text."""
    extension = call.steps.extension_at(call)
    shown = call.steps.extension(call, extension)
    link = call.state.links.sign(file_path(extension), call.now + LINK_S * SECOND)
    return {**shown, "foxe": f"{call.origin}{link}"}


def delete_extension(call: Call) -> dict[str, Any]:
    """Remove the extension with the path's id, all its versions included."""
    # FOXGLOVE-EXTENSIONS-003
    extension = call.steps.extension_at(call)
    call.state.extensions.remove(extension.id)  # FOXGLOVE-EXTENSIONS-315
    for digest in extension.versions.values():
        call.state.packages.remove(digest)
    return {"id": extension.id}  # FOXGLOVE-EXTENSIONS-212


def media_type(call: Call) -> None:
    """Nothing, if the request says that it has bytes.

    Raises:
        BadRequest: It says something else, or nothing.
    """
    # FOXGLOVE-EXTENSIONS-101
    said = call.headers.get("Content-Type", "")
    if said.partition(";")[0].strip().lower() != _MEDIA_TYPE:
        raise BadRequest(f"the request must have Content-Type: {_MEDIA_TYPE}")


def package(call: Call, raw: bytes) -> Package:  # noqa: ARG001  # a step gets the call
    """The package that was sent.

    Raises:
        BadRequest: It is no packaged extension.
    """
    try:
        # FOXGLOVE-EXTENSIONS-102, FOXGLOVE-EXTENSIONS-103; FOXGLOVE-EXTENSIONS-313: no scheme of versions is checked
        return foxe.read_package(raw)
    except foxe.PackageMalformed as error:
        raise BadRequest(f"the body is no extension file: {error}") from error


def same_extension(call: Call, package: Package) -> Extension | None:
    """The extension that a package is a version of, or None: it is a new one."""
    # FOXGLOVE-EXTENSIONS-308 to FOXGLOVE-EXTENSIONS-311
    known = call.state.extensions.where("identity", package.identity)
    return known[0] if known else None


def new_version(call: Call, known: Extension, package: Package) -> None:  # noqa: ARG001  # as above
    """Nothing, if a package may be published as a version of an extension.

    Raises:
        Conflict: The version is not new.
        BadRequest: It would change the displayName.
    """
    if package.version in known.versions:
        raise Conflict(f"version {package.version[:80]!r} was published before")  # FOXGLOVE-EXTENSIONS-312
    if package.display_name != known.display_name:
        raise BadRequest(f"displayName: must stay {known.display_name!r}")  # FOXGLOVE-EXTENSIONS-314


def published(call: Call, known: Extension | None, package: Package) -> Extension:
    """The extension once a package was published."""
    before = known or Extension(call.state.fresh_id("ext"), "", "", "", None, {}, None)
    return replace(
        before,
        name=package.name,
        publisher=package.publisher,
        display_name=package.display_name,
        description=package.description,
        versions={**before.versions, package.version: package.sha256},
        active_version=package.version,
    )


def extension_at(call: Call) -> Extension:
    """The extension with the path's id.

    Raises:
        NotFound: There is none.
    """
    extension = call.state.extensions.get(call.path["id"])
    if extension is None:
        raise NotFound(f"there is no extension {call.path['id'][:80]!r}")  # FOXGLOVE-EXTENSIONS-004
    return extension


def extension(call: Call, extension: Extension) -> dict[str, Any]:  # noqa: ARG001  # as above
    """An extension as answers show it: all of its active version."""
    # FOXGLOVE-EXTENSIONS-316
    version = extension.active_version
    digest = None if version is None else extension.versions[version]  # FOXGLOVE-EXTENSIONS-307
    return {
        "id": extension.id,  # FOXGLOVE-EXTENSIONS-201
        "name": extension.name,  # FOXGLOVE-EXTENSIONS-202, FOXGLOVE-EXTENSIONS-302
        "publisher": extension.publisher,  # FOXGLOVE-EXTENSIONS-203, FOXGLOVE-EXTENSIONS-303
        "displayName": extension.display_name,  # FOXGLOVE-EXTENSIONS-204, FOXGLOVE-EXTENSIONS-304
        "description": extension.description,  # FOXGLOVE-EXTENSIONS-205, FOXGLOVE-EXTENSIONS-305
        "activeVersion": version,  # FOXGLOVE-EXTENSIONS-206, FOXGLOVE-EXTENSIONS-306
        "sha256Sum": digest,  # FOXGLOVE-EXTENSIONS-207
    }


def file_path(extension: Extension) -> str:
    """The path of the file of the active version."""
    digest = extension.versions[extension.active_version or ""]
    return f"{FILES}/{extension.id}/{digest}.foxe"


def download(state: State, path: str, expires: str, signature: str, now: int) -> Answer:
    """The file behind a link.

    Raises:
        LinkInvalid: `get_extension` gave no such link.
        LinkExpired: It is over.
        NotFound: The file was deleted meanwhile.
    """
    state.links.check(path, expires, signature, now)
    raw = state.packages.get(path.rpartition("/")[2].removesuffix(".foxe"))
    if raw is None:
        raise NotFound("the extension was deleted")
    return Answer(200, raw, {"Content-Type": _MEDIA_TYPE})
