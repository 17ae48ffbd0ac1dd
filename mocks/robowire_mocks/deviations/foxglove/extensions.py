"""Deviations of extensions (page "Extensions")."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, constant
from robowire_mocks.deviations.foxglove.resources import (
    answered,
    deletes_anything,
    listed_in_object,
    missing_members,
    other_status,
    wrong_members,
)
from robowire_mocks.foxglove import foxe
from robowire_mocks.foxglove.errors import BadRequest, Conflict

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.foxe import Package
    from robowire_mocks.foxglove.rows import Extension

JUNK = foxe.Package("nobody", "nothing", "0", "Nothing", None, hashlib.sha256(b"").hexdigest())
"""What a deviation takes a broken file for."""


def _lenient(applies: Callable[[bytes, str], bool]) -> Wrapper:
    """A wrapper of `package`: broken files of which `applies` is true are taken, whatever is in them."""

    def wrapper(honest: Wrapper, call: Call, raw: bytes) -> Package:
        try:
            package: Package = honest(call, raw)
        except BadRequest as refusal:
            if not applies(raw, str(refusal)):
                raise
            package = replace(JUNK, version=call.state.fresh_id("v"))
        return package

    return wrapper


def _lacks(name: str) -> Callable[[bytes, str], bool]:
    return lambda _, text: f": {name} is required" in text


def _shown(change: Callable[[Call, Extension, dict[str, Any]], dict[str, Any]]) -> Wrapper:
    """A wrapper of `extension`: what is shown otherwise."""

    def wrapper(honest: Wrapper, call: Call, extension: Extension) -> dict[str, Any]:
        shown = honest(call, extension)
        return {**shown, **change(call, extension, shown)}

    return wrapper


def _published(change: Callable[[Extension | None, Extension], Extension]) -> Wrapper:
    """A wrapper of `published`: from the extension before, if any, and as it should be then."""

    def wrapper(honest: Wrapper, call: Call, known: Extension | None, package: Package) -> Extension:
        return change(known, honest(call, known, package))

    return wrapper


def _ascii(text: str) -> str:
    return text.encode("ascii", "ignore").decode()


def _with(name: str, change: Callable[[Any], Any]) -> Callable[[Call, Extension, dict[str, Any]], dict[str, Any]]:
    return lambda _, __, shown: {name: change(shown[name])}


other_status("EXTENSIONS-001", "publish_extension")
add(
    "EXTENSIONS-211",
    "publish-extension-no-content",
    "answer",
    "The answer to a publication is empty.",
    answered("publish_extension", lambda _: {}),
)
listed_in_object("EXTENSIONS-002", "list_extensions", "extensions")
other_status("EXTENSIONS-003", "delete_extension", 204)
add(
    "EXTENSIONS-003",
    "delete-extension-answers-another-id",
    "answer",
    "The answer to an extension's deletion has another id.",
    answered("delete_extension", lambda body: {"id": body["id"][::-1]}),
)
add(
    "EXTENSIONS-004",
    "delete-no-extension",
    "delete_extension",
    "The deletion of an unknown extension is a success.",
    deletes_anything("delete_extension"),
)
add("EXTENSIONS-101", "any-media-type", "media_type", "Any Content-Type will do.", constant(None))


def _zip_too(honest: Wrapper, call: Call) -> None:
    if call.headers.get("Content-Type") != "application/zip":
        honest(call)


add("EXTENSIONS-101", "zip-media-type", "media_type", "The Content-Type application/zip will do.", _zip_too)
add(
    "EXTENSIONS-102",
    "empty-package",
    "package",
    "An empty body is taken for a package.",
    _lenient(lambda raw, _: not raw),
)
add(
    "EXTENSIONS-103",
    "any-file",
    "package",
    "Any file is taken for a package.",
    _lenient(lambda raw, text: bool(raw) and "ZIP" in text),
)
add(
    "EXTENSIONS-104",
    "package-without-manifest",
    "package",
    "A package needs no package.json.",
    _lenient(lambda _, text: "files package.json" in text),
)
for _number, _name in (("105", "publisher"), ("106", "name"), ("107", "displayName")):
    add(
        f"EXTENSIONS-{_number}",
        f"package-without-{'display-name' if _name == 'displayName' else _name}",
        "package",
        f"A package needs no {_name}.",
        _lenient(_lacks(_name)),
    )
wrong_members(
    "EXTENSIONS",
    "extension",
    "an extension",
    {
        "201": ("id", 7),
        "202": ("name", None),
        "203": ("publisher", {"name": "robowire"}),
        "204": ("displayName", None),
        "205": ("description", 7),
        "206": ("activeVersion", 1.0),
        "207": ("sha256Sum", ["0"]),
    },
)
missing_members(
    "EXTENSIONS",
    "extension",
    "an extension",
    {
        "201": "id",
        "202": "name",
        "203": "publisher",
        "204": "displayName",
        "205": "description",
        "206": "activeVersion",
        "207": "sha256Sum",
    },
)
for _number, _operation in (("211", "publish_extension"), ("212", "delete_extension")):
    add(
        f"EXTENSIONS-{_number}",
        f"{_operation.replace('_', '-')}-id-number",
        "answer",
        f"The answer to {_operation.replace('_', ' ')} has a number for an id.",
        answered(_operation, lambda _: {"id": 7}),
    )


def _without_last(honest: Wrapper, call: Call) -> Any:
    return honest(call)[: max(2, len(call.state.extensions) - 1)]


add(
    "EXTENSIONS-301",
    "new-extension-unlisted",
    "list_extensions",
    "The extension that was published last is not in the list.",
    _without_last,
)
add(
    "EXTENSIONS-301",
    "extension-listed-under-other-id",
    "extension",
    "Extensions are listed under other ids than publications answer.",
    _shown(lambda _, extension, __: {"id": extension.id.replace("ext_", "x_")}),
)
for _number, _name, _slug, _summary, _change in (
    ("302", "name", "name-lower", "in lower case", str.lower),
    ("303", "publisher", "publisher-lower", "in lower case", str.lower),
    ("304", "displayName", "display-name-cut", "cut to ten characters", lambda text: text[:10]),
    (
        "305",
        "description",
        "description-ascii",
        "without letters that are not ASCII",
        lambda text: text and _ascii(text),
    ),
    ("306", "activeVersion", "version-prefixed", "with a v before it", lambda text: f"v{text}"),
):
    add(
        f"EXTENSIONS-{_number}",
        f"extension-{_slug}",
        "extension",
        f"The {_name} of an extension is shown {_summary}.",
        _shown(_with(_name, _change)),
    )


add(
    "EXTENSIONS-305",
    "extension-description-made-up",
    "extension",
    "An extension without a description is described by its displayName.",
    _shown(lambda _, __, shown: {"description": shown["description"] or shown["displayName"]}),
)
add(
    "EXTENSIONS-306",
    "extension-version-constant",
    "extension",
    "The activeVersion is always 1.0.",
    _shown(lambda _, __, ___: {"activeVersion": "1.0"}),
)
add(
    "EXTENSIONS-307",
    "extension-sum-of-nothing",
    "extension",
    "The sha256Sum is that of the version.",
    _shown(lambda _, __, shown: {"sha256Sum": hashlib.sha256(shown["activeVersion"].encode()).hexdigest()}),
)


def _md5(call: Call, _: Extension, shown: dict[str, Any]) -> dict[str, Any]:
    raw = call.state.packages.get(shown["sha256Sum"]) or b""
    return {"sha256Sum": hashlib.sha1(raw, usedforsecurity=False).hexdigest()}


add("EXTENSIONS-307", "extension-sum-sha1", "extension", "The sha256Sum is a SHA-1.", _shown(_md5))


def _exact(place: int) -> Wrapper:
    """A wrapper of `same_extension` for which publisher or name has a case."""

    def wrapper(honest: Wrapper, call: Call, package: Package) -> Extension | None:
        known: Extension | None = honest(call, package)
        if known is None:
            return None
        return known if (known.publisher, known.name)[place] == (package.publisher, package.name)[place] else None

    return wrapper


def _never(honest: Wrapper, call: Call, package: Package) -> Extension | None:
    known: Extension | None = honest(call, package)
    return None if known is not None and package.version not in known.versions else known


def _any_publisher(honest: Wrapper, call: Call, package: Package) -> Extension | None:
    named = [one for one in call.state.extensions if one.name.casefold() == package.name.casefold()]
    known: Extension | None = honest(call, package) or next(iter(named), None)
    return known


add(
    "EXTENSIONS-308",
    "version-is-new-extension",
    "same_extension",
    "A new version is another extension.",
    _never,
)
add("EXTENSIONS-309", "extension-name-with-case", "same_extension", "The case of a name counts.", _exact(1))
add("EXTENSIONS-310", "publisher-with-case", "same_extension", "The case of a publisher counts.", _exact(0))
add(
    "EXTENSIONS-311",
    "extension-of-any-publisher",
    "same_extension",
    "Packages of one name are one extension, whoever publishes them.",
    _any_publisher,
)


def _version_again(when: Callable[[Extension, Package], bool]) -> Wrapper:
    """A wrapper of `new_version` that takes some versions again."""

    def wrapper(honest: Wrapper, call: Call, known: Extension, package: Package) -> None:
        try:
            honest(call, known, package)
        except Conflict:
            if not when(known, package):
                raise

    return wrapper


def _conflict_400(honest: Wrapper, call: Call, known: Extension, package: Package) -> None:
    try:
        honest(call, known, package)
    except Conflict as refusal:
        raise BadRequest(str(refusal)) from refusal


def _display_name(honest: Wrapper, call: Call, known: Extension, package: Package) -> None:
    honest(call, replace(known, display_name=package.display_name), package)


add(
    "EXTENSIONS-312",
    "version-again",
    "new_version",
    "A version may be published again.",
    _version_again(lambda _, __: True),
)
add(
    "EXTENSIONS-312",
    "version-again-same-file",
    "new_version",
    "The same file may be published again.",
    _version_again(lambda known, package: known.versions.get(package.version) == package.sha256),
)
add(
    "EXTENSIONS-312",
    "version-again-inactive",
    "new_version",
    "A version that is not active any more may be published again.",
    _version_again(lambda known, package: known.active_version != package.version),
)
add("EXTENSIONS-312", "version-again-400", "new_version", "A version of before is answered 400.", _conflict_400)


def _semantic(honest: Wrapper, call: Call, known: Extension, package: Package) -> None:
    parts = package.version.split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        raise BadRequest("version: must be three numbers")
    honest(call, known, package)


def _growing(honest: Wrapper, call: Call, known: Extension, package: Package) -> None:
    if package.version not in known.versions and package.version < (known.active_version or ""):
        raise BadRequest("version: must be higher than the active one")
    honest(call, known, package)


add("EXTENSIONS-313", "versions-semantic", "new_version", "A new version must be three numbers.", _semantic)
add("EXTENSIONS-313", "versions-grow", "new_version", "A new version must be higher than the one before.", _growing)
add("EXTENSIONS-314", "display-name-changes", "new_version", "A new version may change the displayName.", _display_name)


def _still_there(honest: Wrapper, call: Call) -> Any:
    extension = call.state.extensions.get(call.path["id"])
    answer = honest(call)
    if extension is not None and len(extension.versions) > 1:
        first = next(iter(extension.versions))
        left = {first: extension.versions[first]}
        call.state.extensions.put(replace(extension, versions=left, active_version=first))
    return answer


add(
    "EXTENSIONS-315",
    "deleted-extension-first-version",
    "delete_extension",
    "A deletion leaves the first version of an extension that has several.",
    _still_there,
)
add(
    "EXTENSIONS-316",
    "description-of-first-version",
    "published",
    "The description of an extension is that of its first version.",
    _published(lambda known, then: then if known is None else replace(then, description=known.description)),
)
add(
    "EXTENSIONS-316",
    "sum-of-first-version",
    "extension",
    "The sha256Sum of an extension is that of its first version.",
    _shown(lambda _, extension, __: {"sha256Sum": next(iter(extension.versions.values()), None)}),
)
