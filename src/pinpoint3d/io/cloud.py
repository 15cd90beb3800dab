"""What a reader hands over: the numbers as the file has them, before units, axes and colour depth are settled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pinpoint3d.arrays import AnyArray, Float64, Int32, Int64, UInt8
from pinpoint3d.errors import FileError

_AXES = ("x", "y", "z")
_COLOURS = (("red", "green", "blue"), ("r", "g", "b"), ("diffuse_red", "diffuse_green", "diffuse_blue"))
_NORMALS = (("nx", "ny", "nz"), ("normal_x", "normal_y", "normal_z"))
_PACKED = ("rgb", "rgba")


@dataclass
class Cloud:
    """Points of one file in its own units and axes.

    Attributes:
        xyz: float [N, 3].
        rgb: [N, 3] of any numeric type and depth, or None.
        normal: float [N, 3], or None.
        faces: i32 [F, 3], or None.
        fields: further integer columns [N] by name; labels are found here.
        object_names: as in `Hierarchy`.
        part_names: as in `Hierarchy`.
        surface_rgb: colour inside faces where the file has textures: (i64 [M] faces, f64 [M, 3] barycentric
            weights) -> u8 [M, 3]. None: colours are interpolated between vertices.
    """

    xyz: AnyArray
    rgb: AnyArray | None = None
    normal: AnyArray | None = None
    faces: Int32 | None = None
    fields: dict[str, AnyArray] = field(default_factory=dict)
    object_names: Mapping[int, str] = field(default_factory=dict)
    part_names: Mapping[tuple[int, int], str] = field(default_factory=dict)
    surface_rgb: Callable[[Int64, Float64], UInt8] | None = None


def cloud_from_columns(path: Path, columns: Mapping[str, AnyArray]) -> Cloud:
    """Sort named columns [N] into coordinates, colours, normals and integer fields; names are not case sensitive.

    Raises:
        FileError: there are no columns x, y and z.
    """
    table = {name.lower(): values for name, values in columns.items()}
    if not all(axis in table for axis in _AXES):
        found = ", ".join(columns) or "none"
        raise FileError(path, f"has no columns x, y, z (found: {found}); name the coordinates so")
    used = set(_AXES)

    def stacked(choices: tuple[tuple[str, str, str], ...]) -> AnyArray | None:
        for names in choices:
            if all(name in table for name in names):
                used.update(names)
                return np.stack([table[name] for name in names], axis=1)
        return None

    rgb, normal = stacked(_COLOURS), stacked(_NORMALS)
    for name in _PACKED:
        if rgb is None and name in table:
            rgb = unpack_rgb(table[name])
        used.add(name)
    fields = {name: values for name, values in table.items() if name not in used and values.dtype.kind in "iu"}
    return Cloud(np.stack([table[axis] for axis in _AXES], axis=1), rgb, normal, fields=fields)


def unpack_rgb(packed: AnyArray) -> UInt8:
    """u8 [N, 3] from 0xAARRGGBB a point.

    PCL keeps these four bytes in a float32 (pcl::PointXYZRGB). Text files hold either that float, which then is
    minute, negative or not finite, or the integer written out as a decimal number.
    """
    if packed.dtype.kind == "f":
        known = packed[np.isfinite(packed) & (packed != 0)]
        is_number = len(known) > 0 and known.min() >= 1 and known.max() < 2**24
        bits = packed.astype(np.uint32) if is_number else packed.astype(np.float32).view(np.uint32)
    else:
        bits = packed.astype(np.uint32)
    return np.stack([bits >> shift & 0xFF for shift in (16, 8, 0)], axis=1).astype(np.uint8)
