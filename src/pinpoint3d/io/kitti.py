"""SemanticKITTI: u32 a point, the kind in the lower 16 bits, the object in the upper 16; parts have no place.

Source: J. Behley et al., SemanticKITTI, 2019, and its data set's description of `.label` files. Kinds are 0 unlabelled,
1 background, then the names of objects without their number, in the order of their first object.
"""

from pathlib import Path

import numpy as np

from pinpoint3d.errors import FileError
from pinpoint3d.io.categories import categories
from pinpoint3d.scene import BACKGROUND, UNLABELLED, Hierarchy, Scene

_UNLABELLED_KIND, _BACKGROUND_KIND, _FIRST_KIND = 0, 1, 2
_MOST = 65_535


def write_labels(path: Path, scene: Scene, labels: Hierarchy) -> None:
    """Write the file. Raises FileError where an id needs more than 16 bits."""
    if int(labels.object.max(initial=0)) > _MOST:
        raise FileError(path, f"SemanticKITTI ends at object {_MOST}")
    _, kind = categories(labels)
    kind = np.where(labels.object > BACKGROUND, kind + _FIRST_KIND, _BACKGROUND_KIND)
    kind[labels.object == UNLABELLED] = _UNLABELLED_KIND
    whole = kind.astype(np.uint32) | (np.maximum(labels.object, 0).astype(np.uint32) << 16)
    whole.astype("<u4").tofile(path)


def read_labels(path: Path) -> Hierarchy:
    """Objects of a `.label` file; points of a kind without an object are background, those of kind 0 unlabelled.

    Raises:
        FileError: its size is no multiple of four bytes.
    """
    if path.stat().st_size % 4:
        raise FileError(path, "is no .label file: it is not four bytes a point")
    whole = np.fromfile(path, dtype="<u4")
    instance = (whole >> 16).astype(np.int32)
    objects = np.where((whole & 0xFFFF) == _UNLABELLED_KIND, UNLABELLED, instance).astype(np.int32)
    return Hierarchy(objects, np.minimum(objects, 0))
