"""CRC-32 as fast as it can be had, and that of two pieces from their own, so that no byte is gone through twice."""

import zlib
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import import_module

Crc32 = Callable[[bytes, int], int]
"""Takes bytes and the CRC of what stands before them."""


def _fastest() -> Crc32:
    """Give that of `isal` where it is installed; many a system's zlib is three times as slow."""
    try:
        found: Crc32 = import_module("isal.isal_zlib").crc32
    except ImportError:
        return zlib.crc32
    return found


crc32 = _fastest()

POLYNOMIAL = 0xEDB88320
"""That of CRC-32, its bits from the right to the left."""

ONE = 1 << 31
"""The polynomial 1, likewise."""


def combined(first: int, second: int, length: int) -> int:
    """Give the CRC-32 of bytes with the CRC `first` and, behind them, `length` bytes with the CRC `second`."""
    return _product(_power(length), first) ^ second


def _product(a: int, b: int) -> int:
    """Multiply two polynomials modulo that of the CRC."""
    product = 0
    while a:
        if a & ONE:
            product ^= b
        a = a << 1 & 0xFFFF_FFFF
        b = b >> 1 ^ (POLYNOMIAL if b & 1 else 0)
    return product


@cache
def _square(times: int) -> int:
    """Give x to the power of 8, squared so many times: what 2**times bytes multiply a CRC by."""
    if not times:
        return ONE >> 8
    root = _square(times - 1)
    return _product(root, root)


@lru_cache(1024)
def _power(length: int) -> int:
    """Give what `length` bytes multiply a CRC by."""
    power = ONE
    for times in range(length.bit_length()):
        if length >> times & 1:
            power = _product(_square(times), power)
    return power
