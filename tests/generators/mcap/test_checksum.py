"""CRCs are those of zlib, whichever library computes them and however the bytes are cut."""

import sys
import zlib
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from robowire_generators.mcap import checksum


@given(st.binary(), st.binary(), st.integers(0, 5000))
def test_the_sum_of_two_pieces_is_that_of_both(first: bytes, second: bytes, zeros: int) -> None:
    """Empty ones too."""
    second += bytes(zeros)
    both = checksum.combined(zlib.crc32(first), zlib.crc32(second), len(second))
    assert both == zlib.crc32(first + second) == checksum.crc32(second, checksum.crc32(first, 0))


@pytest.mark.parametrize("length", [1 << 20, (1 << 20) + 31, 3 << 20])
def test_long_pieces(length: int) -> None:
    """As long as chunks are."""
    piece = bytes(range(251)) * (length // 251) + bytes(length % 251)
    assert checksum.combined(zlib.crc32(b"before"), zlib.crc32(piece), length) == zlib.crc32(b"before" + piece)


def test_the_fastest_library_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """That which is installed."""
    monkeypatch.setitem(sys.modules, "isal", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "isal.isal_zlib", SimpleNamespace(crc32=max))
    assert checksum._fastest() is max
    monkeypatch.setitem(sys.modules, "isal.isal_zlib", None)
    assert checksum._fastest() is zlib.crc32
