"""Packaged extensions: a `.foxe` file is a ZIP archive with a package.json, unpacked here in bounded memory."""

from __future__ import annotations

import hashlib
import io
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from robowire_mocks.core import strict_json

MANIFEST: str = "package.json"
"""The file of the archive that says what the extension is."""

LIMIT: int = 64 * 1024 * 1024
"""Bytes that an archive may have."""

UNPACKED_LIMIT: int = 256 * 1024 * 1024
"""Bytes that its files may have together, unpacked: what has more is a bomb."""

MANIFEST_LIMIT: int = 1024 * 1024
"""Bytes of package.json."""

FILES_LIMIT: int = 10_000
"""Files that it may have."""

_DEPTH = 100
_BLOCK = 64 * 1024
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    OverflowError,
)
"""What the standard library raises at archives that are not as they should be."""


class PackageMalformed(ValueError):  # noqa: N818  # named for what it is: somebody else's file, not a fault
    """A file that is no packaged extension; the message says why."""


@dataclass(frozen=True, slots=True)
class Package:
    """What the package.json of an extension says, and the SHA-256 of the file as hex."""

    publisher: str
    name: str
    version: str
    display_name: str
    description: str | None
    sha256: str

    @property
    def identity(self) -> tuple[str, str]:
        """What identifies the extension, whatever its version."""
        return identity(self.publisher, self.name)


def identity(publisher: str, name: str) -> tuple[str, str]:
    """What identifies an extension: both in any case of letters."""
    return publisher.casefold(), name.casefold()  # FOXGLOVE-EXTENSIONS-309, FOXGLOVE-EXTENSIONS-310


def read_package(raw: bytes) -> Package:
    """The package in a `.foxe` file.

    Raises:
        PackageMalformed: It is no ZIP archive, damaged, encrypted or too large, or its package.json does not say what
            it must.
    """
    if raw.count(_ENTRY) > FILES_LIMIT:  # before a table of them is made
        raise PackageMalformed(f"it has more than {FILES_LIMIT} files")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            manifest = _unpack(archive)
    except PackageMalformed:
        raise
    except _BROKEN as error:
        raise PackageMalformed(f"it is no ZIP archive that can be read: {error or type(error).__name__}") from error
    return _package(_read_manifest(manifest), hashlib.sha256(raw).hexdigest())


def _unpack(archive: zipfile.ZipFile) -> bytes:
    """Unpack every file, checking its sum; gives package.json."""
    manifests = []
    left = UNPACKED_LIMIT
    for entry in archive.infolist():
        _check_entry(entry)
        kept: list[bytes] | None = [] if entry.filename == MANIFEST else None
        left = _unpack_file(archive, entry, left, kept)
        if kept is not None:
            manifests.append(b"".join(kept))
    if len(manifests) != 1:
        # FOXGLOVE-EXTENSIONS-104
        raise PackageMalformed(f"it has {len(manifests) or 'no'} files {MANIFEST} at its root")
    return manifests[0]


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise PackageMalformed(f"{entry.filename[:80]!r} is encrypted")
    if entry.compress_type not in _METHODS:
        raise PackageMalformed(f"{entry.filename[:80]!r} is compressed by a method other than deflate")
    path = PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts:
        raise PackageMalformed(f"{entry.filename[:80]!r} lies outside the archive's folder")


def _unpack_file(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, kept: list[bytes] | None) -> int:
    """Read a file, into `kept` if there is one; gives how many bytes of `left` remain."""
    most = min(left, MANIFEST_LIMIT) if kept is not None else left
    with archive.open(entry) as file:
        while block := file.read(_BLOCK):
            left -= len(block)
            most -= len(block)
            if most < 0:
                raise PackageMalformed(f"{entry.filename[:80]!r} is too large, or the archive is")
            if kept is not None:
                kept.append(block)
    return left


def _read_manifest(raw: bytes) -> dict[str, Any]:
    try:
        manifest = strict_json.loads(raw.removeprefix(b"\xef\xbb\xbf"), depth=_DEPTH)
    except strict_json.NotJSON as error:
        raise PackageMalformed(f"{MANIFEST} is not JSON that can be read: {error}") from error
    if not isinstance(manifest, dict):
        raise PackageMalformed(f"{MANIFEST} is not a JSON object")
    return manifest


def _package(manifest: dict[str, Any], sha256: str) -> Package:
    description = manifest.get("description")
    if description is not None and not isinstance(description, str):
        raise PackageMalformed(f"{MANIFEST}: description must be a string")
    return Package(
        publisher=_text(manifest, "publisher"),  # FOXGLOVE-EXTENSIONS-105
        name=_text(manifest, "name"),  # FOXGLOVE-EXTENSIONS-106
        version=_text(manifest, "version"),
        display_name=_text(manifest, "displayName"),  # FOXGLOVE-EXTENSIONS-107
        description=description,
        sha256=sha256,
    )


def _text(manifest: dict[str, Any], name: str) -> str:
    value = manifest.get(name)
    if not isinstance(value, str) or not value.strip():
        raise PackageMalformed(f"{MANIFEST}: {name} is required, a string that is not empty")
    return value
