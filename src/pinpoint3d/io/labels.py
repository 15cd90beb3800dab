"""Files to labels. Where a file keeps them, and the conventions of a single `label` field."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from pinpoint3d.arrays import Int64
from pinpoint3d.errors import FileError
from pinpoint3d.io.cloud import Cloud
from pinpoint3d.io.formats import label_format, module_of, readable
from pinpoint3d.io.load import MeshMode, read_cloud, scene_from_cloud
from pinpoint3d.scene import BACKGROUND, UNLABELLED, Hierarchy, Scene

_MOSD_TABLE, _MOSD_OBJECTS = 1, 20


def objects_only(label: Int64) -> Hierarchy:
    """Every label is an object, without parts; 0 background, negative unlabelled."""
    whole = np.maximum(label, UNLABELLED).astype(np.int32)
    return Hierarchy(object=whole, part=np.minimum(whole, 0))


def mosd(label: Int64) -> Hierarchy:
    """Modified Object Segmentation Database: 0 not measured, 1 to 9 the table, from 20 on object = label // 10.

    Disjoint pieces of an object are one object here, and the table is background. Source: the data set's README
    (A. Richtsfeld, modified by S. Alexandrov), "Merging object parts".
    """
    whole = np.where(label >= _MOSD_OBJECTS, label // 10, np.where(label >= _MOSD_TABLE, BACKGROUND, UNLABELLED))
    return objects_only(whole)


CONVENTIONS: dict[str, Callable[[Int64], Hierarchy]] = {
    "partscan": Hierarchy.from_codes,
    "objects": objects_only,
    "mosd": mosd,
}


def load_labelled(
    path: str | Path,
    *,
    convention: str = "partscan",
    up: str | None = None,
    unit: str = "m",
    mesh: MeshMode = "vertices",
    samples: int = 200_000,
    rng: np.random.Generator | None = None,
) -> tuple[Scene, Hierarchy]:
    """Read a scan together with its labels, reading the file once.

    Labels are the integer fields `object` and `part` of a point (`part` may be missing), or the one field `label`.

    Args:
        path: a PLY, PCD, LAS, LAZ, NPZ or text file with such fields.
        convention: what `label` means: "partscan" (object * 100 + part, -1 unlabelled), "objects" or "mosd".
        up: as in `load_scene`, like all that follow.
        unit: see `load_scene`.
        mesh: see `load_scene`; a sampled point has the label of the nearest corner of its face.
        samples: see `load_scene`.
        rng: see `load_scene`.

    Raises:
        FileError: as `load_scene`, and where the file has no labels or the convention is unknown.
    """
    path = Path(path)
    cloud = read_cloud(path, up, unit, mesh, samples, rng)
    return scene_from_cloud(path, cloud, unit), _labels(path, cloud, convention)


def load_labels(path: str | Path, *, convention: str = "partscan") -> Hierarchy:
    """Read labels alone, from whatever `save_labels` wrote or `load_labelled` reads.

    Raises:
        FileError: as in `load_labelled`.
    """
    path = Path(path)
    form = label_format(path)
    if form is None:
        return _labels(path, read_cloud(path, None, "m", "vertices", 1, None), convention)
    if not path.is_file():
        raise FileError(path, "no such file")
    with readable(path, form):
        labels: Hierarchy = module_of(form).read_labels(path)
    return labels


def _labels(path: Path, cloud: Cloud, convention: str) -> Hierarchy:
    if convention not in CONVENTIONS:
        raise FileError(path, f"unknown label convention {convention!r}; known are {', '.join(CONVENTIONS)}")
    fields = cloud.fields
    if "object" in fields:
        whole = fields["object"].astype(np.int32)
        part = fields["part"].astype(np.int32) if "part" in fields else np.minimum(whole, 0)
    elif "label" in fields:
        labels = CONVENTIONS[convention](fields["label"].astype(np.int64))
        whole, part = labels.object, labels.part
    else:
        found = ", ".join(sorted(fields)) or "none"
        raise FileError(path, f"has no labels: no integer field object or label (integer fields: {found})")
    return Hierarchy(whole, part, dict(cloud.object_names), dict(cloud.part_names))
