"""HDF5: data sets `xyz`, and where known `rgb`, `normal`, `faces`, `origin` f64 [3] and integer columns [N].

Names of objects and parts are the attribute `names`, JSON text of `names.names_to_json`. Source: The HDF Group, HDF5.
"""

from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np

from pinpoint3d.arrays import AnyArray, Int32
from pinpoint3d.errors import FileError
from pinpoint3d.io.cloud import Cloud
from pinpoint3d.io.memory import require_memory
from pinpoint3d.io.names import names_from_json, names_to_json
from pinpoint3d.scene import Hierarchy, Scene

_XYZ = ("xyz", "points", "coord", "data")


def read(path: Path) -> Cloud:
    """Read the data sets at the root of an HDF5 file.

    Raises:
        FileError: there are no coordinates, or a data set has another shape than stated above.
    """
    with h5py.File(path, "r") as file:
        sets = {
            name: item for name, item in file.items() if isinstance(item, h5py.Dataset) and item.dtype.kind in "iuf"
        }
        name = next((name for name in _XYZ if name in sets), None)
        if name is None:
            raise FileError(path, f"has no data set xyz (found: {', '.join(file) or 'none'})")
        if sets[name].ndim != 2 or sets[name].shape[1] != 3:
            raise FileError(path, f"its {name} is {list(sets[name].shape)}, expected [N, 3]")
        count = int(sets[name].shape[0])
        require_memory(path, count, 2 * sum(int(item.size) * item.dtype.itemsize for item in sets.values()))
        arrays: dict[str, AnyArray] = {key: np.asarray(item) for key, item in sets.items()}
        names = file.attrs.get("names")
    xyz = arrays[name].astype(np.float64) if arrays[name].dtype.kind in "iu" else arrays[name]
    for key in ("rgb", "normal"):
        if key in arrays and arrays[key].shape != xyz.shape:
            raise FileError(path, f"its {key} is {list(arrays[key].shape)}, expected {list(xyz.shape)}")
    if "origin" in arrays:
        xyz = xyz + arrays["origin"].astype(np.float64).reshape(3)
    cloud = Cloud(xyz, arrays.get("rgb"), arrays.get("normal"))
    if "faces" in arrays:
        cloud.faces = arrays["faces"].astype(np.int32).reshape(-1, 3)
        if len(cloud.faces) and (cloud.faces.min() < 0 or cloud.faces.max() >= count):
            raise FileError(path, f"a face names a vertex beyond its {count:,} vertices")
    cloud.fields = {key: array for key, array in arrays.items() if array.shape == (count,) and array.dtype.kind in "iu"}
    if names is not None:
        cloud.object_names, cloud.part_names = names_from_json(path, str(names))
    return cloud


def write(path: Path, scene: Scene, fields: Mapping[str, Int32], labels: Hierarchy | None) -> None:
    """Write every array of the scene as it is, without loss, lightly compressed."""
    arrays: dict[str, AnyArray] = {"xyz": scene.xyz, "origin": scene.origin}
    optional = {"rgb": scene.rgb, "normal": scene.normal, "faces": scene.faces}
    arrays |= {name: array for name, array in optional.items() if array is not None}
    with h5py.File(path, "w", track_order=True) as file:
        for name, array in (arrays | dict(fields)).items():
            large = array.size > 1024
            file.create_dataset(
                name, data=array, compression="gzip" if large else None, compression_opts=1 if large else None
            )
        if labels is not None:
            file.attrs["names"] = names_to_json(labels)
