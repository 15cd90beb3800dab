"""Files to scenes."""

from pathlib import Path

import numpy as np

from pinpoint3d.errors import FileError
from pinpoint3d.io.cloud import Cloud
from pinpoint3d.io.formats import readable, reader
from pinpoint3d.io.units import METRES, UP_AXES, eight_bit, metres_from_origin, unit_length, warn_of_extent, z_up
from pinpoint3d.scene import Scene


def load_scene(path: str | Path, *, up: str | None = None, unit: str = "m") -> Scene:
    """Read a scan."""
    return _scene(Path(path), _read(Path(path), up, unit), unit)


def _read(path: Path, up: str | None, unit: str) -> Cloud:
    """Read a file and turn it z up."""
    if unit not in METRES:
        raise FileError(path, f"unknown unit {unit!r}; known are {', '.join(METRES)}")
    if up is not None and up not in UP_AXES:
        raise FileError(path, f"unknown up axis {up!r}; known are {', '.join(UP_AXES)}")
    form, read = reader(path)
    with readable(path, form):
        cloud = read(path)
        if len(cloud.xyz) == 0:
            raise FileError(path, "has no points")
        cloud.xyz = z_up(cloud.xyz, up or form.up)
        if cloud.normal is not None:
            cloud.normal = z_up(cloud.normal, up or form.up)
    return cloud


def _scene(path: Path, cloud: Cloud, unit: str) -> Scene:
    xyz, origin = metres_from_origin(cloud.xyz, unit)
    scene = Scene(
        name=path.stem,
        xyz=xyz,
        origin=origin,
        rgb=None if cloud.rgb is None else eight_bit(cloud.rgb),
        normal=None if cloud.normal is None else unit_length(cloud.normal),
        faces=cloud.faces,
    )
    finite = int(np.count_nonzero(scene.finite))
    if finite == 0:
        raise FileError(path, f"none of its {len(scene):,} points has finite coordinates")
    warn_of_extent(str(path), scene.extent, unit, finite)
    return scene
