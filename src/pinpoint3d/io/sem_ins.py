"""One NumPy array a question, in a zip: `sem.npy` the kind, `ins.npy` the object, `part.npy` the part of every point.

All i32 [N], -1 unlabelled; 0 is background in `sem` and `ins`, and no part in `part`. `names.json` holds the names of
objects and parts (`names.names_to_json`), and the kinds from 1 as `categories`. Kinds are names without their number.
"""

import io
import json
from pathlib import Path

import numpy as np

from pinpoint3d.arrays import AnyArray, Int32
from pinpoint3d.errors import FileError
from pinpoint3d.io.archive import read_archive, write_archive
from pinpoint3d.io.categories import categories
from pinpoint3d.io.names import names_from_json, names_to_json
from pinpoint3d.scene import Hierarchy, Scene


def write_labels(path: Path, scene: Scene, labels: Hierarchy) -> None:
    """Write the four files."""
    kinds, kind = categories(labels)
    arrays = {"sem": np.where(labels.object > 0, kind + 1, labels.object), "ins": labels.object, "part": labels.part}
    members: dict[str, str | bytes] = {f"{name}.npy": _bytes(array.astype(np.int32)) for name, array in arrays.items()}
    names = json.loads(names_to_json(labels)) | {"scene": scene.name, "categories": kinds}
    write_archive(path, members | {"names.json": json.dumps(names, ensure_ascii=False)})


def read_labels(path: Path) -> Hierarchy:
    """Inverse of `write_labels`. Raises FileError."""
    ins, part, names = read_archive(path, "ins.npy", "part.npy", "names.json")
    objects, parts = _array(path, ins), _array(path, part)
    if objects.shape != parts.shape or objects.ndim != 1:
        raise FileError(path, "its arrays are not one label a point")
    return Hierarchy(objects, parts, *names_from_json(path, names.decode("utf-8")))


def _bytes(array: AnyArray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _array(path: Path, content: bytes) -> Int32:
    array = np.load(io.BytesIO(content), allow_pickle=False)
    if array.dtype.kind not in "iu":
        raise FileError(path, f"its labels are {array.dtype}, expected integers")
    return np.asarray(array, dtype=np.int32)
