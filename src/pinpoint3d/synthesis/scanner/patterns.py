"""How the colour of a face varies over its surface."""

from collections.abc import Callable

import numpy as np

from pinpoint3d.arrays import Float64, UInt8
from pinpoint3d.synthesis.mesh import Pattern
from pinpoint3d.synthesis.scanner.noise import cell_value, smooth_noise

_JOINT = 0.004  # metres from the middle of a joint to its edge


def brightness(pattern: UInt8, at: Float64, normal: Float64, seed: int) -> Float64:
    """What to multiply colours with.

    Args:
        pattern: u8 [N], values of `Pattern`.
        at: f64 [N, 3], metres, in the coordinates of the object.
        normal: f64 [N, 3], in the same coordinates.
        seed: of the scene; another seed gives other grain.

    Returns:
        f64 [N], about 1.
    """
    result = np.ones(len(at))
    for kind, draw in _DRAW.items():
        rows = np.flatnonzero(pattern == kind.value)
        if len(rows):
            result[rows] = draw(at[rows], normal[rows], seed)
    return result


def _flat(at: Float64, normal: Float64) -> Float64:
    """f64 [N, 2]: coordinates along the surface, the axis nearest to its normal left out."""
    across = np.abs(normal).argmax(axis=1)
    first, second = np.array([1, 0, 0])[across], np.array([2, 2, 1])[across]
    rows = np.arange(len(at))
    return np.stack([at[rows, first], at[rows, second]], axis=1)


def _wood(at: Float64, normal: Float64, seed: int) -> Float64:
    along = _flat(at, normal)
    warp = 0.02 * smooth_noise(along * (3, 9), seed)
    grain = smooth_noise(np.stack([along[:, 0] * 2.5, (along[:, 1] + warp) * 70], axis=1), seed + 1)
    broad = smooth_noise(np.stack([along[:, 0] * 1.2, (along[:, 1] + warp) * 14], axis=1), seed + 2)
    return np.asarray(0.8 + 0.14 * grain + 0.26 * broad)


def _fabric(at: Float64, normal: Float64, seed: int) -> Float64:
    thread = cell_value(np.floor(at / 0.006).astype(np.int64), seed)
    return np.asarray(0.89 + 0.06 * thread + 0.16 * smooth_noise(at * 6, seed))


def _speckle(at: Float64, normal: Float64, seed: int) -> Float64:
    return np.asarray(0.88 + 0.24 * cell_value(np.floor(at / 0.008).astype(np.int64), seed))


def _tiles(at: Float64, normal: Float64, seed: int) -> Float64:
    edge = (0.15, 0.2, 0.3)[seed % 3]
    place = _flat(at, normal) / edge
    cell = np.floor(place)
    joint = (np.abs(place - cell - 0.5) > 0.5 - _JOINT / edge).any(axis=1)
    return np.where(joint, 0.62, 0.93 + 0.12 * cell_value(cell.astype(np.int64), seed))


def _boards(at: Float64, normal: Float64, seed: int) -> Float64:
    wide, long = (0.09, 0.14, 0.19)[seed % 3], 1.3
    along = _flat(at, normal)
    row = np.floor(along[:, 1] / wide)
    shift = cell_value(row.astype(np.int64)[:, None], seed) * long
    column = np.floor((along[:, 0] + shift) / long)
    board = np.stack([row, column], axis=1).astype(np.int64)
    edge = np.minimum(along[:, 1] - row * wide, (row + 1) * wide - along[:, 1])
    end = np.abs(along[:, 0] + shift - np.rint((along[:, 0] + shift) / long) * long)
    joint = np.where(np.minimum(edge, end) < _JOINT / 2, 0.7, 1.0)
    tone = 0.86 + 0.28 * cell_value(board, seed + 1)
    grain = 0.9 + 0.2 * smooth_noise(np.stack([along[:, 0] * 3, along[:, 1] * 60], axis=1), seed)
    return np.asarray(joint * tone * grain)


def _stripes(at: Float64, normal: Float64, seed: int) -> Float64:
    wide = (0.03, 0.05, 0.09)[seed % 3]
    return np.where(np.floor(_flat(at, normal)[:, 0] / wide) % 2 == 0, 1.0, 0.72)


def _metal(at: Float64, normal: Float64, seed: int) -> Float64:
    return np.asarray(0.75 + 0.55 * smooth_noise(at * 5, seed))


def _plaster(at: Float64, normal: Float64, seed: int) -> Float64:
    along = _flat(at, normal)
    fine = smooth_noise(along * (7, 4), seed + 1)
    uneven = 0.95 + 0.06 * smooth_noise(along * 0.9, seed) + 0.04 * fine
    return np.asarray(uneven - 0.14 * fine * np.exp(-np.maximum(at[:, 2], 0) / 0.25))


def _print(at: Float64, normal: Float64, seed: int) -> Float64:
    along = _flat(at, normal)
    field = cell_value(np.floor(along / (0.11, 0.07)).astype(np.int64), seed)
    line = np.floor(along / (0.03, 0.012)).astype(np.int64)
    written = (field > 0.55) & (line[:, 1] % 2 == 0) & (cell_value(line, seed + 1) > 0.35)
    return np.where(written, 0.55, 0.75 + 0.45 * field)


_DRAW: dict[Pattern, Callable[[Float64, Float64, int], Float64]] = {
    Pattern.WOOD: _wood,
    Pattern.FABRIC: _fabric,
    Pattern.SPECKLE: _speckle,
    Pattern.TILES: _tiles,
    Pattern.BOARDS: _boards,
    Pattern.STRIPES: _stripes,
    Pattern.METAL: _metal,
    Pattern.PLASTER: _plaster,
    Pattern.PRINT: _print,
}
