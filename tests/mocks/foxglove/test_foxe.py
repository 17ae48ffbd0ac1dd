"""A packaged extension is unpacked whole, in bounded memory, or refused."""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from robowire_generators.foxe import FOXE_BREAKAGES, FoxeBreakage, FoxeRecipe, archive, make_foxe, pack
from robowire_mocks.foxglove import foxe
from robowire_mocks.foxglove.foxe import Package, PackageMalformed, read_package

RECIPE = FoxeRecipe(name="panel", publisher="robots", version="1.2.3", display_name="A panel", description="Shows.")
MANIFEST: Mapping[str, Any] = RECIPE.manifest


def test_a_package_says_who_it_is() -> None:
    """And its digest is that of the file."""
    raw = make_foxe(RECIPE)
    digest = hashlib.sha256(raw).hexdigest()
    assert read_package(raw) == Package("robots", "panel", "1.2.3", "A panel", "Shows.", digest)


def test_a_description_may_be_missing() -> None:
    """Or null, or empty, which is another thing."""
    told = [read_package(pack({**MANIFEST, "description": said})).description for said in (None, "")]
    assert told == [None, ""]
    assert read_package(make_foxe(replace(RECIPE, description=None))).description is None


@pytest.mark.parametrize("name", ["Panel", "PANEL"])
def test_the_case_of_letters_makes_no_other_extension(name: str) -> None:
    """Neither of the name nor of the publisher; any other letter does."""
    assert read_package(make_foxe(replace(RECIPE, name=name, publisher="ROBOTS"))).identity == ("robots", "panel")
    assert read_package(make_foxe(replace(RECIPE, name=name + "s"))).identity != ("robots", "panel")


@pytest.mark.parametrize("breakage", FOXE_BREAKAGES.values(), ids=list(FOXE_BREAKAGES))
def test_what_is_no_package_is_refused(breakage: FoxeBreakage) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(PackageMalformed):
        read_package(breakage.make(RECIPE))


def test_a_package_is_refused_wherever_it_is_cut_off() -> None:
    """No beginning of it is a package."""
    raw = make_foxe(RECIPE)
    for length in range(len(raw)):
        with pytest.raises(PackageMalformed):
            read_package(raw[:length])


@given(st.data())
def test_damage_never_does_more_than_refuse(data: st.DataObject) -> None:
    """Any byte may be another: what is read then is what was written, or it is refused."""
    raw = bytearray(make_foxe(RECIPE))
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        package = read_package(bytes(raw))
    except PackageMalformed:
        return
    assert replace(package, sha256="") == replace(read_package(make_foxe(RECIPE)), sha256="")


def _encrypted() -> bytes:
    raw = bytearray(make_foxe(RECIPE))
    raw[6] |= 1  # the flags of the first local header
    raw[raw.index(b"PK\x01\x02") + 8] |= 1  # and of its entry in the directory
    return bytes(raw)


def _compressed(method: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as package:
        package.writestr("package.json", json.dumps(dict(MANIFEST)))
    return made.getvalue()


def _twice() -> bytes:
    raw = archive({"package.json": json.dumps(dict(MANIFEST)), "package.jsom": "{}"})
    return raw.replace(b"package.jsom", b"package.json")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (_encrypted(), "encrypted"),
        (_compressed(zipfile.ZIP_BZIP2), "method"),
        (_compressed(zipfile.ZIP_LZMA), "method"),
        (_twice(), "2 files package.json"),
        (archive({"package.json": json.dumps(dict(MANIFEST)), "../evil": ""}), "outside"),
        (archive({"package.json": json.dumps(dict(MANIFEST)), "/etc/evil": ""}), "outside"),
        (archive({"dist/package.json": json.dumps(dict(MANIFEST))}), "no files package.json"),
        (pack({**MANIFEST, "version": " "}), "version"),
        (pack({**MANIFEST, "description": 7}), "description"),
    ],
)
def test_more_ways_to_be_no_package(raw: bytes, why: str) -> None:
    """With a reason that a person can use."""
    with pytest.raises(PackageMalformed, match=why):
        read_package(raw)


def test_a_byte_order_mark_before_the_manifest_is_borne() -> None:
    """Some editors write one."""
    assert read_package(archive({"package.json": "\ufeff" + json.dumps(dict(MANIFEST))})).name == "panel"


def test_a_bomb_is_refused_before_it_goes_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the bytes that come out, not by what its headers claim."""
    monkeypatch.setattr(foxe, "UNPACKED_LIMIT", 100_000)
    small = archive({"package.json": json.dumps(dict(MANIFEST)), "zeros": b"\0" * 90_000})
    assert read_package(small).name == "panel"
    large = bytearray(archive({"zeros": b"\0" * 10_000_000, "package.json": json.dumps(dict(MANIFEST))}))
    size = (10_000_000).to_bytes(4, "little")
    lying = bytes(large).replace(size, (10).to_bytes(4, "little"))
    for raw in (bytes(large), lying):
        with pytest.raises(PackageMalformed):
            read_package(raw)


def test_too_many_files_are_refused_before_they_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of them would take memory."""
    monkeypatch.setattr(foxe, "FILES_LIMIT", 3)
    files: dict[str, str | bytes] = {str(number): "" for number in range(4)}
    with pytest.raises(PackageMalformed, match="more than 3 files"):
        read_package(archive(files))


def test_the_sums_are_checked() -> None:
    """Of every file, not of package.json alone."""
    raw = archive({"package.json": json.dumps(dict(MANIFEST)), "script": "good"})
    other = raw.replace(zlib.crc32(b"good").to_bytes(4, "little"), b"\1\2\3\4")
    with pytest.raises(PackageMalformed):
        read_package(other)
