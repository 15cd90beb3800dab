"""Files to scenes."""

from pathlib import Path
from typing import Literal

import numpy as np

from pinpoint3d.errors import FileError
from pinpoint3d.io.cloud import Cloud
from pinpoint3d.io.formats import file_format, module_of, readable
from pinpoint3d.io.sampling import sample_surface
from pinpoint3d.io.units import METRES, UP_AXES, eight_bit, metres_from_origin, unit_length, warn_of_extent, z_up
from pinpoint3d.scene import Scene

MeshMode = Literal["vertices", "sample"]


def load_scene(
    path: str | Path,
    *,
    up: str | None = None,
    unit: str = "m",
    mesh: MeshMode = "vertices",
    samples: int = 200_000,
    rng: np.random.Generator | None = None,
) -> Scene:
    """Read a scan, its format known by the suffix (`FORMATS`).

    Points stay in the order of the file, duplicates and points with NaN or infinity included. A mesh gives its
    vertices and keeps its faces, or points sampled evenly over its surface; clouds are as they are either way.

    Args:
        path: the file.
        up: the file's axis that points up, "x", "y", "z" or with a minus; None for the format's own: y in glTF, z in
            all others. The scene is rotated, never mirrored.
        unit: unit of the file's coordinates: "m", "cm", "mm", "in" or "ft".
        mesh: "vertices" or "sample".
        samples: points to sample of a mesh.
        rng: where to sample; None samples the same points every time.

    Returns:
        The scene in metres, z up. Along axes that reach beyond 4 km (UTM, say) `origin` is a whole number of metres
        and `xyz` relative to it; else it is zero and coordinates are those of the file, bit by bit.

    Raises:
        FileError: the file is missing, damaged, of an unknown kind, has no finite point or does not fit into memory.

    Warns:
        ScanWarning: the scan is over 1 km or under 5 cm across, or all its points coincide.
    """
    path = Path(path)
    return scene_from_cloud(path, read_cloud(path, up, unit, mesh, samples, rng), unit)


def read_cloud(
    path: Path, up: str | None, unit: str, mesh: MeshMode, samples: int, rng: np.random.Generator | None
) -> Cloud:
    """Read a file and turn it z up; arguments and errors as in `load_scene`."""
    if unit not in METRES:
        raise FileError(path, f"unknown unit {unit!r}; known are {', '.join(METRES)}")
    if up is not None and up not in UP_AXES:
        raise FileError(path, f"unknown up axis {up!r}; known are {', '.join(UP_AXES)}")
    if mesh == "sample" and samples < 1:
        raise FileError(path, f"cannot be sampled at {samples} points; ask for at least one")
    form = file_format(path)
    with readable(path, form):
        cloud: Cloud = module_of(form).read(path)
        if len(cloud.xyz) == 0:
            raise FileError(path, "has no points")
        if mesh == "sample" and cloud.faces is not None:
            cloud = sample_surface(cloud, samples, np.random.default_rng(0) if rng is None else rng)
        cloud.xyz = z_up(cloud.xyz, up or form.up)
        if cloud.normal is not None:
            cloud.normal = z_up(cloud.normal, up or form.up)
    return cloud


def scene_from_cloud(path: Path, cloud: Cloud, unit: str) -> Scene:
    """Settle unit, origin and colour depth; warn of an implausible extent.

    Raises:
        FileError: no point is finite.
    """
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
