"""Labels as JSON: runs of equal labels in the order of the points, with names."""

import json
from pathlib import Path

import numpy as np

from pinpoint3d.errors import FileError
from pinpoint3d.scene import BACKGROUND, Hierarchy, Scene

_FORMAT = "pinpoint3d labels"


def write_labels(path: Path, scene: Scene, labels: Hierarchy) -> None:
    """Write the text of `labels_to_json`."""
    path.write_text(labels_to_json(labels, scene.name) + "\n", encoding="utf-8")


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
    head = {"format": _FORMAT, "version": 1, "scene": scene_name, "points": len(labels), "objects": objects}
    return json.dumps(head | {"runs": np.column_stack([pairs[starts], lengths]).tolist()}, separators=(",", ":"))


def read_labels(path: Path) -> Hierarchy:
    """Inverse of `write_labels`. Raises FileError."""
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
