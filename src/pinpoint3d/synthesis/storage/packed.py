"""A labelled scan as integers: small, and the same bytes whenever it is the same scan.

| array | holds |
|---|---|
| `origin` | f64 [3], as in `Scene` |
| `corner` | i64 [3], the least coordinates relative to the origin, in steps of 0.1 mm |
| `xyz` | u16 or u32 [N, 3], coordinates relative to the corner, in steps of 0.1 mm |
| `rgb` | u8 [N, 3]; absent where the scan has no colour |
| `object`, `part` | i16 or i32 [N], as in `Hierarchy` |
| `names` | JSON text of the names of objects and parts |
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pinpoint3d.arrays import AnyArray
from pinpoint3d.errors import FileError
from pinpoint3d.io.names import names_from_json, names_to_json
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene

STEP = 1e-4  # metres; far below the noise of any scanner
_KINDS = {"origin": "f", "corner": "i", "xyz": "u", "object": "i", "part": "i", "names": "U"}


def pack(labelled: LabelledScene) -> dict[str, AnyArray]:
    """The arrays of a cloud. Normals are left out: they are estimated from the points again.

    Raises:
        ValueError: it has no point, or one without coordinates, or faces.
    """
    scene, labels = labelled.scene, labelled.labels
    if len(scene) == 0 or not scene.finite.all() or scene.faces is not None:
        raise ValueError(f"{scene.name}: only a cloud of finite points can be packed")
    steps = np.rint(scene.xyz.astype(np.float64) / STEP).astype(np.int64)
    corner = steps.min(axis=0)
    arrays = {
        "origin": scene.origin,
        "corner": corner,
        "xyz": _narrow(steps - corner, np.uint16, np.uint32),
        "object": _narrow(labels.object, np.int16, np.int32),
        "part": _narrow(labels.part, np.int16, np.int32),
        "names": np.array(names_to_json(labels)),
    }
    return arrays if scene.rgb is None else arrays | {"rgb": scene.rgb}


def unpack(name: str, arrays: Mapping[str, AnyArray], where: Path) -> LabelledScene:
    """Inverse of `pack`, to half a step.

    Args:
        name: what to call the scan.
        arrays: what `pack` returned.
        where: the file they come from, for the message of an error.

    Raises:
        FileError: an array is missing or has another form.
    """
    try:
        for key, kind in _KINDS.items():
            if arrays[key].dtype.kind != kind:
                raise ValueError(f"{key} holds {arrays[key].dtype}")
        xyz = ((arrays["xyz"].astype(np.int64) + arrays["corner"]) * STEP).astype(np.float32)
        objects, parts = names_from_json(where, str(arrays["names"]))
        scene = Scene(name, xyz, arrays["origin"], arrays.get("rgb"))
        labels = Hierarchy(arrays["object"].astype(np.int32), arrays["part"].astype(np.int32), objects, parts)
        if len(scene) != len(labels):
            raise ValueError(f"{len(labels)} labels for {len(scene)} points")
    except (KeyError, ValueError) as error:
        raise FileError(where, f"scene {name} is damaged ({error}); make the file again") from error
    return LabelledScene(scene, labels)


def checksum(arrays: Mapping[str, AnyArray]) -> str:
    """SHA-256 of the content, in hexadecimal; how it is kept in a file does not matter."""
    digest = hashlib.sha256()
    for key in sorted(arrays):
        array = np.ascontiguousarray(arrays[key])
        digest.update(json.dumps([key, array.dtype.str, array.shape]).encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _narrow(values: AnyArray, small: type[np.integer], large: type[np.integer]) -> AnyArray:
    """The values as the smaller type where they fit."""
    bounds = np.iinfo(small)
    return values.astype(small if values.min() >= bounds.min and values.max() <= bounds.max else large)
