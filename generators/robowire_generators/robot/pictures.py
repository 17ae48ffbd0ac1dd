"""What the cameras and the map show: a small PNG writer, and frames cut from one long strip."""

import struct
import zlib
from functools import lru_cache
from random import Random

STORED_LIMIT = 65_535
"""The most bytes in a stored block of DEFLATE."""


def _stored(data: bytes) -> bytes:
    """Wrap data as a zlib stream without compressing: compressors' output differs from release to release."""
    blocks = [data[at : at + STORED_LIMIT] for at in range(0, len(data), STORED_LIMIT)]
    last = len(blocks) - 1
    framed = (struct.pack("<BHH", n == last, len(block), len(block) ^ 0xFFFF) + block for n, block in enumerate(blocks))
    return b"\x78\x01" + b"".join(framed) + zlib.adler32(data).to_bytes(4, "big")


def _piece(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def gray_png(width: int, height: int, pixels: bytes) -> bytes:
    """Write an 8-bit grey PNG.

    Args:
        width: In pixels.
        height: In pixels.
        pixels: Row by row, width * height bytes.

    Returns:
        The bytes of the file.
    """
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, width * height, width))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _piece(b"IHDR", header) + _piece(b"IDAT", _stored(rows)) + _piece(b"IEND", b"")


@lru_cache(maxsize=4)
def strip(seed: int, frame_bytes: int) -> memoryview:
    """Give a strip of film to cut frames from, two frames long: noise over broad bands.

    Frames are slices of it, so a camera costs no more than the copy into its message.
    """
    grain = Random(seed).randbytes(4096)
    shades = (bytes(64 + (band * 37 + value // 8) % 128 for value in range(256)) for band in range(32))
    bands = b"".join(map(grain.translate, shades))
    return memoryview(bands * (2 * frame_bytes // len(bands) + 1))


def frame(seed: int, frame_bytes: int, moved: int) -> memoryview:
    """Cut one frame: the strip, moved on by so many bytes.

    Args:
        seed: Chooses the strip.
        frame_bytes: Length of the frame.
        moved: How far the scene has moved; repeats after `frame_bytes`.
    """
    at = moved % frame_bytes
    return strip(seed, frame_bytes)[at : at + frame_bytes]
