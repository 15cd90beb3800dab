"""Units, axes, colour depth and the origin: from a file's own numbers to a scene's metres, z up."""

import warnings

import numpy as np

from pinpoint3d.arrays import AnyArray, Float32, Float64, UInt8

METRES = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254, "ft": 0.3048}
# Which of the file's axes becomes x, y, z and with which sign: rotations, so that nothing is mirrored.
_ROTATIONS: dict[str, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    "z": ((0, 1, 2), (1, 1, 1)),
    "-z": ((0, 1, 2), (1, -1, -1)),
    "y": ((0, 2, 1), (1, -1, 1)),
    "-y": ((0, 2, 1), (1, 1, -1)),
    "x": ((2, 1, 0), (-1, 1, 1)),
    "-x": ((2, 1, 0), (1, 1, -1)),
}
UP_AXES = tuple(_ROTATIONS)
# Float32 steps by 0.24 mm just below 4096 m and by more beyond.
_FAR_M = 4096.0
_HUGE_M, _TINY_M = 1000.0, 0.05


class ScanWarning(UserWarning):
    """A scan that loads but looks wrong: its extent is implausible for its unit, or all its points coincide."""


def z_up(vectors: AnyArray, up: str) -> AnyArray:
    """float [N, 3] -> [N, 3]: turned so that the axis named `up` points along z; exact, coordinate by coordinate."""
    order, signs = _ROTATIONS[up]
    if up == "z":
        return vectors
    return np.asarray(vectors[:, order] * np.array(signs, dtype=vectors.dtype))


def metres_from_origin(xyz: AnyArray, unit: str) -> tuple[Float32, Float64]:
    """float [N, 3] in `unit` -> f32 [N, 3] metres and the f64 [3] origin they are relative to.

    The origin is zero along an axis unless its coordinates are too large for float32; then it is the whole metre
    nearest to the middle, which a float64 subtracts exactly.
    """
    origin = np.zeros(3)
    if METRES[unit] != 1.0:
        xyz = xyz.astype(np.float64) * METRES[unit]
    for axis in range(3):
        column = xyz[:, axis]
        column = column[np.isfinite(column)]
        if len(column) and max(abs(float(column.min())), abs(float(column.max()))) > _FAR_M:
            origin[axis] = np.rint((float(column.min()) + float(column.max())) / 2)
    with np.errstate(over="ignore"):
        local = xyz.astype(np.float32) if not origin.any() else (xyz - origin).astype(np.float32)
    return np.ascontiguousarray(local), origin


def eight_bit(rgb: AnyArray) -> UInt8:
    """[N, 3] colours of any depth -> u8 [N, 3].

    Floats reaching no further than 1 are fractions. Any other numbers are 8 bit where none exceeds 255, else 16 bit
    (255 is written as 65535 or 65280; the high byte answers both). Where a float is NaN the channel is 0.
    """
    if rgb.dtype == np.uint8:
        return rgb
    if rgb.dtype.kind == "f":
        rgb = np.nan_to_num(rgb, nan=0.0, posinf=0.0, neginf=0.0)
    top = rgb.max(initial=0)
    if rgb.dtype.kind == "f":
        rgb = np.rint(rgb * 255) if top <= 1 else np.rint(rgb)
    if top > 255:
        rgb = rgb // 256
    return np.clip(rgb, 0, 255).astype(np.uint8)


def unit_length(normal: AnyArray) -> Float32:
    """float [N, 3] -> f32 [N, 3] of length 1; zero and non-finite normals stay as they are."""
    length = np.linalg.norm(normal.astype(np.float64), axis=1, keepdims=True)
    # Normals already of unit length keep their bits.
    off = np.isfinite(length) & (length > 0) & (np.abs(length - 1) > 1e-3)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        return np.where(off, normal / length, normal).astype(np.float32)


def warn_of_extent(name: str, extent: Float32, unit: str, points: int) -> None:
    """Warn where a scan is too large or too small for a room, an object or a site, and name the likelier unit."""
    size = float(extent.max())
    if size == 0:
        what = "has a single finite point" if points == 1 else f"all {points:,} finite points coincide"
        warnings.warn(f"{name}: {what}", ScanWarning, stacklevel=3)
    elif not _TINY_M <= size <= _HUGE_M:
        in_file = size / METRES[unit]
        fits = [other for other, metres in METRES.items() if 0.3 <= in_file * metres <= 100]
        hint = f'; if its unit is another, load it with unit="{fits[0]}"' if fits else ""
        warnings.warn(f"{name}: is {size:,.4g} m across with unit={unit!r}{hint}", ScanWarning, stacklevel=3)
