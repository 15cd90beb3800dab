"""Files to labels. Where a file keeps them, and the conventions of a single `label` field."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from pinpoint3d.arrays import Int64
from pinpoint3d.errors import FileError
from pinpoint3d.io.cloud import Cloud
from pinpoint3d.io.load import MeshMode, read_cloud, scene_from_cloud
from pinpoint3d.scene import BACKGROUND, UNLABELLED, Hierarchy, Scene

JSON_FORMAT = "pinpoint3d labels"
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
    if path.suffix.lower() == ".json":
        return _from_json(path)
    return _labels(path, read_cloud(path, None, "m", "vertices", 1, None), convention)


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


def labels_to_json(labels: Hierarchy, scene_name: str) -> str:
    """Labels as JSON text: what there is, then runs of equal labels in the order of the points.

    `{"format", "version", "scene", "points": N, "objects": [{"id", "name", "points", "parts": [{"id", "name",
    "points"}]}], "runs": [[object, part, length], ...]}`; `name` is null where none was given.
    """
    pairs = np.stack([labels.object, labels.part], axis=1)
    starts = np.flatnonzero(np.r_[True, (pairs[1:] != pairs[:-1]).any(axis=1)]) if len(pairs) else np.empty(0, np.int64)
    lengths = np.diff(np.r_[starts, len(pairs)])
    counts: dict[int, dict[int, int]] = {}
    for (object_id, part_id), number in zip(*np.unique(pairs, axis=0, return_counts=True), strict=True):
        counts.setdefault(int(object_id), {})[int(part_id)] = int(number)
    for object_id in labels.object_names:
        counts.setdefault(object_id, {})
    for object_id, part_id in labels.part_names:
        counts.setdefault(object_id, {}).setdefault(part_id, 0)
    objects = [
        {
            "id": object_id,
            "name": labels.object_names.get(object_id),
            "points": sum(parts.values()),
            "parts": [
                {"id": part_id, "name": labels.part_names.get((object_id, part_id)), "points": number}
                for part_id, number in sorted(parts.items())
                if part_id > 0
            ],
        }
        for object_id, parts in sorted(counts.items())
        if object_id > BACKGROUND or object_id in labels.object_names
    ]
    head = {"format": JSON_FORMAT, "version": 1, "scene": scene_name, "points": len(labels), "objects": objects}
    return json.dumps(head | {"runs": np.column_stack([pairs[starts], lengths]).tolist()}, separators=(",", ":"))


def _from_json(path: Path) -> Hierarchy:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        runs = np.array(content["runs"], dtype=np.int64).reshape(-1, 3)
        whole, part = (np.repeat(runs[:, k], runs[:, 2]).astype(np.int32) for k in (0, 1))
        objects = {int(o["id"]): o["name"] for o in content["objects"] if o["name"] is not None}
        parts = {
            (int(o["id"]), int(p["id"])): p["name"]
            for o in content["objects"]
            for p in o["parts"]
            if p["name"] is not None
        }
        points = content["points"]
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise FileError(path, f"holds no labels of this program ({error!r}); write it again") from error
    if len(whole) != points:
        raise FileError(path, f"says it has {points} points, its runs make {len(whole)}; write it again")
    return Hierarchy(whole, part, objects, parts)
