"""Packages of extensions, read back with the standard library's reader."""

import io
import json
import zipfile
import zlib

import pytest
from robowire_generators.foxe import FOXE_BREAKAGES, FoxeRecipe, make_foxe

RECIPE = FoxeRecipe(name="Panel", publisher="Robo-Wire", display_name="A panel", description="Shows ünicode")


def read_manifest(package: bytes) -> dict[str, object]:
    """The package.json of a package, all checksums verified."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.testzip() is None
        manifest: dict[str, object] = json.loads(archive.read("package.json"))
    return manifest


def test_a_package_says_what_its_recipe_says() -> None:
    """All members stand in package.json at the archive's root, under the document's names."""
    manifest = read_manifest(make_foxe(RECIPE))
    assert (
        manifest.items()
        >= {
            "name": "Panel",
            "publisher": "Robo-Wire",
            "version": "1.0.0",
            "displayName": "A panel",
            "description": "Shows ünicode",
        }.items()
    )


def test_a_package_has_the_script_that_it_names() -> None:
    """`main` names a file of the archive."""
    with zipfile.ZipFile(io.BytesIO(make_foxe(RECIPE))) as archive:
        assert "dist/extension.js" in archive.namelist()


def test_the_same_recipe_gives_the_same_bytes() -> None:
    """Nothing of the clock or the machine is in a package."""
    assert make_foxe(RECIPE) == make_foxe(RECIPE)
    assert make_foxe(RECIPE) != make_foxe(FoxeRecipe(name="Panel", publisher="Robo-Wire", filler="x"))


@pytest.mark.parametrize("name", [name for name in FOXE_BREAKAGES if name != "bomb"])
def test_a_broken_package_cannot_be_read_or_lacks_what_is_required(name: str) -> None:
    """Each breakage leaves no package that a reader could take for whole."""
    try:
        manifest = read_manifest(FOXE_BREAKAGES[name].make(RECIPE))
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError):
        return
    required = ("name", "publisher", "version", "displayName")
    whole = isinstance(manifest, dict) and all(isinstance(manifest.get(one), str) and manifest[one] for one in required)
    assert not whole


def test_a_bomb_unpacks_to_a_thousand_times_its_size() -> None:
    """Its package.json is valid, and far larger than anyone writes."""
    package = FOXE_BREAKAGES["bomb"].make(RECIPE)
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.getinfo("package.json").file_size > 500 * len(package)
