import struct
import zlib

import pytest
from robowire_generators.robot.pictures import frame, gray_png


@pytest.mark.parametrize(("width", "height"), [(1, 1), (48, 32), (300, 300)])
def test_a_picture_is_a_valid_png(width: int, height: int) -> None:
    """Its pieces have right sums, and decompress to the rows that were put in."""
    pixels = bytes(at % 251 for at in range(width * height))
    png = gray_png(width, height, pixels)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, pieces = 8, {}
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length) == (zlib.crc32(kind + data),)
        pieces[kind] = data
        at += 12 + length
    assert struct.unpack(">IIBBBBB", pieces[b"IHDR"]) == (width, height, 8, 0, 0, 0, 0)
    rows = zlib.decompress(pieces[b"IDAT"])
    assert b"".join(rows[row + 1 : row + 1 + width] for row in range(0, len(rows), width + 1)) == pixels


def test_frames_move_with_the_scene() -> None:
    """A frame that has moved on by a step starts where the former one had it."""
    still, moved = frame(1, 9000, 0), frame(1, 9000, 300)
    assert len(still) == len(moved) == 9000
    assert still[300:] == moved[:-300]
