"""Packages of Foxglove extensions, `.foxe` files: ZIP archives with a package.json; whole ones, and broken ones."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

_MOMENT = (2026, 1, 1, 0, 0, 0)  # a constant, so that the same recipe gives the same bytes
_REGULAR_FILE = 0o100644 << 16

JSON = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class FoxeRecipe:
    """What an extension's package says of itself, under the document's names; `filler` makes its bytes its own."""

    name: str
    publisher: str
    version: str = "1.0.0"
    display_name: str = "A panel that shows nothing"
    description: str | None = None
    filler: str = ""

    @property
    def manifest(self) -> dict[str, JSON]:
        """The package.json; `main` names a script that does nothing, since uploaded packages are installed."""
        members = {
            "name": self.name,
            "publisher": self.publisher,
            "version": self.version,
            "displayName": self.display_name,
            "main": "./dist/extension.js",
            "license": "UNLICENSED",
        }
        return members if self.description is None else {**members, "description": self.description}


def make_foxe(recipe: FoxeRecipe) -> bytes:
    """The package of a recipe; the same bytes for the same recipe."""
    return pack(recipe.manifest, {"README.md": f"# {recipe.display_name}\n{recipe.filler}\n"})


def pack(manifest: JSON, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A package with any JSON value as its package.json, and further files beside the script."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    return archive({"package.json": text, "dist/extension.js": SCRIPT, **(more or {})})


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive of files by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _REGULAR_FILE
            package.writestr(entry, content)
    return out.getvalue()


SCRIPT = '"use strict";\nexports.activate = function () {};\n'


@dataclass(frozen=True, slots=True)
class FoxeBreakage:
    """A way to spoil a package: `make` gives the bytes of a recipe's package spoilt so."""

    name: str
    summary: str
    make: Callable[[FoxeRecipe], bytes]


def _without(member: str) -> Callable[[FoxeRecipe], bytes]:
    return lambda recipe: pack({name: value for name, value in recipe.manifest.items() if name != member})


def _with(**members: JSON) -> Callable[[FoxeRecipe], bytes]:
    return lambda recipe: pack({**recipe.manifest, **members})


def _manifest_text(text: str | bytes) -> Callable[[FoxeRecipe], bytes]:
    return lambda _: archive({"package.json": text, "dist/extension.js": SCRIPT})


def _flipped(recipe: FoxeRecipe) -> bytes:
    """A bit of the compressed package.json turned over, so that its checksum does not hold."""
    whole = bytearray(make_foxe(recipe))
    whole[len(b"package.json") + 30 + 20] ^= 0x10  # past the local header of its first entry
    return bytes(whole)


def _bomb(recipe: FoxeRecipe) -> bytes:
    """A package.json that is right but for a member that unpacks to far more than anyone writes."""
    filler = json.dumps({**recipe.manifest, "filler": "0"}).removesuffix('0"}')
    return archive({"package.json": filler + "0" * BOMB_BYTES + '"}'})


BOMB_BYTES = 32 * 1024 * 1024
"""The unpacked size of the bomb's package.json; packed it is a thousandth of that."""


def _table(*breakages: FoxeBreakage) -> Mapping[str, FoxeBreakage]:
    return MappingProxyType({breakage.name: breakage for breakage in breakages})


FOXE_BREAKAGES: Mapping[str, FoxeBreakage] = _table(
    FoxeBreakage("empty", "no bytes at all", lambda _: b""),
    FoxeBreakage("junk", "bytes that are no ZIP archive", lambda _: b"This is no package.\n" * 20),
    FoxeBreakage(
        "json", "the package.json itself instead of an archive", lambda one: json.dumps(one.manifest).encode()
    ),
    FoxeBreakage(
        "cut-off", "an archive without its last third", lambda one: make_foxe(one)[: -len(make_foxe(one)) // 3]
    ),
    FoxeBreakage("flipped-bit", "a package.json whose checksum does not hold", _flipped),
    FoxeBreakage("no-files", "an archive of nothing", lambda _: archive({})),
    FoxeBreakage("no-manifest", "an archive without package.json", lambda _: archive({"dist/extension.js": SCRIPT})),
    FoxeBreakage("manifest-no-json", "a package.json that is no JSON", _manifest_text("name = 'panel'")),
    FoxeBreakage("manifest-no-object", "a package.json that is a list", _manifest_text("[]")),
    FoxeBreakage("manifest-not-utf-8", "a package.json that is not UTF-8", _manifest_text(b'{"name": "\xff"}')),
    FoxeBreakage("no-name", "a package.json without name", _without("name")),
    FoxeBreakage("no-publisher", "a package.json without publisher", _without("publisher")),
    FoxeBreakage("no-version", "a package.json without version", _without("version")),
    FoxeBreakage("no-display-name", "a package.json without displayName", _without("displayName")),
    FoxeBreakage("null-name", "a name that is null", _with(name=None)),
    FoxeBreakage("null-publisher", "a publisher that is null", _with(publisher=None)),
    FoxeBreakage("empty-name", "a name without characters", _with(name="")),
    FoxeBreakage("empty-publisher", "a publisher without characters", _with(publisher="")),
    FoxeBreakage("null-display-name", "a displayName that is null", _with(displayName=None)),
    FoxeBreakage("number-version", "a version that is a number", _with(version=1)),
    FoxeBreakage("object-publisher", "a publisher that is an object", _with(publisher={"name": "me"})),
    FoxeBreakage("bomb", "a package.json of 32 MiB, packed to a thousandth", _bomb),
)
"""Ways to spoil a package, by name. What a server has to say to each, the document tells of few."""
