"""Deviations of how versions of an extension are told apart and published (section "Publish an extension")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from robowire_mocks.deviations.foxglove.changing import Wrapper, add
from robowire_mocks.foxglove.errors import BadRequest, Conflict

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.foxe import Package
    from robowire_mocks.foxglove.rows import Extension


def _published(change: Callable[[Extension | None, Extension], Extension]) -> Wrapper:
    """A wrapper of `published`: from the extension before, if any, and as it should be then."""

    def wrapper(honest: Wrapper, call: Call, known: Extension | None, package: Package) -> Extension:
        return change(known, honest(call, known, package))

    return wrapper


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
add(
    "EXTENSIONS-316",
    "description-of-first-version",
    "published",
    "The description of an extension is that of its first version.",
    _published(lambda known, then: then if known is None else replace(then, description=known.description)),
)
