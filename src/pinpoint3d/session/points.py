"""Sets of points as text: what a brush or a lasso took, short enough for an event log and for the wire."""

import base64
import binascii
import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pinpoint3d.arrays import Int64, UInt8
from pinpoint3d.errors import ClickError
from pinpoint3d.session.targets import Target


@dataclass(frozen=True)
class Stroke:
    """Points given to a target.

    Attributes:
        target: whose they become; (0, 0) is the background.
        points: the points, as `pack` writes them.
    """

    target: Target
    points: str


def pack(rows: Int64) -> str:
    """The rows of points as text: one bit a point, the lowest bit of the first byte first, deflated, in base64."""
    return base64.b64encode(zlib.compress(to_bits(rows, int(rows.max(initial=-1)) + 1).tobytes(), 1)).decode("ascii")


def unpack(points: str, count: int) -> Int64:
    """i64: the rows, ascending, read only; inverse of `pack`.

    Args:
        points: as `pack` writes it.
        count: how many points there are.

    Raises:
        ClickError: other text, or a point beyond the last.
    """
    # The latest few are kept: locked and imported ones are asked for with every answer.
    return _unpack(points, count)


@lru_cache(maxsize=32)
def _unpack(points: str, count: int) -> Int64:
    size = -(-count // 8)
    inflate = zlib.decompressobj()
    try:
        packed = inflate.decompress(base64.b64decode(points, validate=True), size + 1)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise ClickError(f"the painted points are damaged ({error})") from error
    if len(packed) <= size and not inflate.eof:
        raise ClickError("the painted points are damaged (cut short)")
    rows = from_bits(np.frombuffer(packed, dtype=np.uint8), min(len(packed), size) * 8)
    if len(packed) > size or (len(rows) and rows[-1] >= count):
        raise ClickError(f"a painted point lies beyond the last of {count:,} points")
    rows.flags.writeable = False
    return rows


def to_bits(rows: Int64, count: int) -> UInt8:
    """u8 [ceil(count / 8)]: one bit a point, set for `rows`."""
    mask = np.zeros(count, dtype=np.bool_)
    mask[rows] = True
    return np.packbits(mask, bitorder="little")


def from_bits(packed: UInt8, count: int) -> Int64:
    """i64: the rows of the set bits, ascending; inverse of `to_bits`."""
    return np.flatnonzero(np.unpackbits(packed, count=count, bitorder="little"))
