"""E57 (ASTM E2807): all scans of a file in one cloud, each moved by its pose.

Points marked invalid keep their place as NaN.
"""

from pathlib import Path

import numpy as np
import pye57
from pye57 import libe57
from scipy.spatial.transform import Rotation

from pinpoint3d.arrays import AnyArray, Bool, Float64
from pinpoint3d.errors import FileError
from pinpoint3d.io.cloud import Cloud
from pinpoint3d.io.memory import require_memory

_CARTESIAN = ("cartesianX", "cartesianY", "cartesianZ")
_SPHERICAL = ("sphericalRange", "sphericalAzimuth", "sphericalElevation")
_COLOUR = ("colorRed", "colorGreen", "colorBlue")
_GREY = 0.5
_BYTES_PER_POINT = 200  # up to eight float64 columns, their stacks, and the merged cloud


def read(path: Path) -> Cloud:
    """Read every scan; one without colour is grey where another has colour.

    Raises:
        FileError: a scan has neither cartesian nor spherical coordinates.
    """
    with pye57.E57(str(path)) as file:
        headers = [file.get_header(index) for index in range(file.scan_count)]
        points = sum(header.point_count for header in headers)
        require_memory(path, points, points * _BYTES_PER_POINT)
        scans = [_read_scan(path, file, header) for header in headers if header.point_count]
    if not scans:
        raise FileError(path, "has no points: its scans are empty")
    xyz = np.concatenate([xyz for xyz, _ in scans])
    if all(rgb is None for _, rgb in scans):
        return Cloud(xyz)
    return Cloud(xyz, np.concatenate([np.full(xyz.shape, _GREY) if rgb is None else rgb for xyz, rgb in scans]))


def _read_scan(path: Path, file: pye57.E57, header: pye57.ScanHeader) -> tuple[Float64, Float64 | None]:
    """f64 [N, 3] coordinates in the file's frame and f64 [N, 3] colours 0..1."""
    present = set(header.point_fields)
    wanted = {*_CARTESIAN, *_SPHERICAL, *_COLOUR, "cartesianInvalidState", "sphericalInvalidState"}
    columns = {name: np.empty(header.point_count) for name in sorted(present & wanted)}
    buffers = libe57.VectorSourceDestBuffer()
    for name, column in columns.items():
        buffers.append(libe57.SourceDestBuffer(file.image_file, name, column, len(column), True, True))
    header.points.reader(buffers).read()

    invalid: Bool | None = None
    if present.issuperset(_CARTESIAN):
        xyz = _stacked(columns, _CARTESIAN)
        if "cartesianInvalidState" in columns:
            invalid = columns["cartesianInvalidState"] != 0
    elif present.issuperset(_SPHERICAL):
        distance, azimuth, elevation = _stacked(columns, _SPHERICAL).T
        flat = distance * np.cos(elevation)
        xyz = np.stack([flat * np.cos(azimuth), flat * np.sin(azimuth), distance * np.sin(elevation)], axis=1)
        if "sphericalInvalidState" in columns:
            invalid = columns["sphericalInvalidState"] != 0
    else:
        raise FileError(path, f"a scan has neither x, y, z nor range and angles (found: {', '.join(sorted(present))})")
    if header.has_pose():
        xyz = _moved(xyz, header)
    if invalid is not None:
        xyz[invalid] = np.nan
    if not present.issuperset(_COLOUR):
        return xyz, None
    rgb = _stacked(columns, _COLOUR)
    return xyz, rgb / _colour_top(header, float(rgb.max(initial=0)))


def _stacked(columns: dict[str, AnyArray], names: tuple[str, str, str]) -> Float64:
    return np.stack([columns[name] for name in names], axis=1)


def _moved(xyz: Float64, header: pye57.ScanHeader) -> Float64:
    """A pose is a unit quaternion and a translation, either of which may be left out."""
    pose = header["pose"]
    if pose.isDefined("rotation"):
        quaternion = [pose["rotation"][axis].value() for axis in "xyzw"]
        if np.linalg.norm(quaternion) > 0 and quaternion != [0, 0, 0, 1]:
            xyz = Rotation.from_quat(quaternion).apply(xyz)
    if pose.isDefined("translation"):
        xyz = xyz + [pose["translation"][axis].value() for axis in "xyz"]
    return xyz


def _colour_top(header: pye57.ScanHeader, seen: float) -> float:
    """The greatest value a channel can have: the scan's colour limits, else 8 bit, else 16 bit."""
    if "colorLimits" in header.scan_fields and header["colorLimits"].isDefined("colorRedMaximum"):
        limit = float(header["colorLimits"]["colorRedMaximum"].value())
        if limit >= max(seen, 1):
            return limit
    return 1 if seen <= 1 else 255 if seen <= 255 else 65535
