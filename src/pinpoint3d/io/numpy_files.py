"""NPY and NPZ.

NPY: one array [N, 3] of coordinates or [N, 6] of coordinates and colours. NPZ: `xyz` (or `points`, `coord`, `coords`,
`pos`), and where known `rgb` (`colors`, `color`), `normal` (`normals`), `faces`, `origin` f64 [3], to be added to the
coordinates, and integer columns [N] such as `object` and `part`; `names` is the JSON text of `names.names_to_json`.
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pinpoint3d.arrays import AnyArray, Int32
from pinpoint3d.errors import FileError
from pinpoint3d.io.cloud import Cloud
from pinpoint3d.io.memory import require_memory
from pinpoint3d.io.names import names_from_json, names_to_json
from pinpoint3d.scene import Hierarchy, Scene

_XYZ = ("xyz", "points", "coord", "coords", "pos")
_RGB = ("rgb", "colors", "color")
_NORMAL = ("normal", "normals")


def read(path: Path) -> Cloud:
    """Read an NPY or NPZ file; pickled objects are refused.

    Raises:
        FileError: there are no coordinates, or an array has another shape than stated above.
    """
    return _read_npy(path) if path.suffix.lower() == ".npy" else _read_npz(path)


def _read_npy(path: Path) -> Cloud:
    table = np.load(path, mmap_mode="r", allow_pickle=False)
    if table.ndim != 2 or table.shape[1] not in (3, 6) or table.dtype.kind not in "iuf":
        raise FileError(path, f"holds {table.dtype} {list(table.shape)}, expected numbers [N, 3] or [N, 6]")
    require_memory(path, len(table), 2 * table.nbytes)
    return Cloud(_floats(table[:, :3]), np.array(table[:, 3:]) if table.shape[1] == 6 else None)


def _read_npz(path: Path) -> Cloud:
    with zipfile.ZipFile(path) as archive:
        size = sum(member.file_size for member in archive.infolist())
    with np.load(path, allow_pickle=False) as archive:
        require_memory(path, size // 16, 2 * size)
        arrays: dict[str, AnyArray] = dict(archive)
    xyz = _first(arrays, _XYZ)
    if xyz is None:
        raise FileError(path, f"has no array xyz or points (found: {', '.join(arrays) or 'none'})")
    if xyz.ndim != 2 or xyz.shape[1] != 3 or xyz.dtype.kind not in "iuf":
        raise FileError(path, f"its coordinates are {xyz.dtype} {list(xyz.shape)}, expected numbers [N, 3]")
    cloud = Cloud(_floats(xyz), _first(arrays, _RGB), _first(arrays, _NORMAL))
    for name, array in (("rgb", cloud.rgb), ("normal", cloud.normal)):
        if array is not None and (array.shape != xyz.shape or array.dtype.kind not in "iuf"):
            raise FileError(path, f"{name} is {array.dtype} {list(array.shape)}, expected numbers {list(xyz.shape)}")
    if "origin" in arrays:
        cloud.xyz = cloud.xyz + arrays["origin"].astype(np.float64).reshape(3)
    if "faces" in arrays:
        faces = arrays["faces"].astype(np.int32).reshape(-1, 3)
        if len(faces) and (faces.min() < 0 or faces.max() >= len(xyz)):
            raise FileError(path, f"a face names a vertex beyond its {len(xyz):,} vertices")
        cloud.faces = faces
    cloud.fields = {
        name: array for name, array in arrays.items() if array.shape == (len(xyz),) and array.dtype.kind in "iu"
    }
    if "names" in arrays:
        cloud.object_names, cloud.part_names = names_from_json(path, str(arrays["names"]))
    return cloud


def _first(arrays: Mapping[str, AnyArray], names: tuple[str, ...]) -> AnyArray | None:
    return next((arrays[name] for name in names if name in arrays), None)


def _floats(xyz: AnyArray) -> AnyArray:
    return np.array(xyz) if xyz.dtype in (np.float32, np.float64) else xyz.astype(np.float64)


def write(path: Path, scene: Scene, fields: Mapping[str, Int32], labels: Hierarchy | None) -> None:
    """Write every array of the scene as it is, without loss."""
    arrays: dict[str, AnyArray] = {"xyz": scene.xyz, "origin": scene.origin}
    optional = {"rgb": scene.rgb, "normal": scene.normal, "faces": scene.faces}
    arrays |= {name: array for name, array in optional.items() if array is not None}
    arrays |= fields
    if labels is not None:
        arrays["names"] = np.array(names_to_json(labels))
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
