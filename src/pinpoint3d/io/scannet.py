"""ScanNet: `<scene>.segs.json` gives every point a segment, `<scene>.aggregation.json` says which make up an object.

Source: A. Dai et al., ScanNet, 2017, and its data set's description of both files. Every object and part is a segment
here. ScanNet has no parts: a group's `parts` are ours, as are `object` and `unlabelled`; its readers pass them over.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from pinpoint3d.errors import FileError
from pinpoint3d.io.archive import read_archive, write_archive
from pinpoint3d.scene import BACKGROUND, UNLABELLED, Hierarchy, Scene

_SEGMENTS, _GROUPS = ".segs.json", ".aggregation.json"


def write_labels(path: Path, scene: Scene, labels: Hierarchy) -> None:
    """Write a zip of both files."""
    pairs, segment = np.unique(np.stack([labels.object, labels.part], axis=1), axis=0, return_inverse=True)
    numbers = {(int(o), int(p)): k for k, (o, p) in enumerate(pairs)}
    objects = sorted({o for o, _ in numbers if o > BACKGROUND} | {o for o in labels.object_names if o > BACKGROUND})
    groups = []
    for place, object_id in enumerate(objects):
        parts = sorted({p for o, p in [*numbers, *labels.part_names] if o == object_id and p > 0})
        own = [k for (o, _), k in numbers.items() if o == object_id]
        groups.append(
            {
                "id": place,
                "objectId": place,
                "segments": own,
                "label": labels.object_names.get(object_id),
                "object": object_id,
                "parts": [
                    {
                        "part": part_id,
                        "segments": [numbers[key] for key in [(object_id, part_id)] if key in numbers],
                        "label": labels.part_names.get((object_id, part_id)),
                    }
                    for part_id in parts
                ],
            }
        )
    head: dict[str, Any] = {"sceneId": scene.name}
    unlabelled = [k for (o, _), k in numbers.items() if o == UNLABELLED]
    segments = head | {"segIndices": segment.ravel().tolist()}
    members = {
        f"{scene.name}{_SEGMENTS}": segments,
        f"{scene.name}{_GROUPS}": head
        | {"segGroups": groups, "unlabelled": unlabelled, "segmentsFile": f"{scene.name}{_SEGMENTS}"},
    }
    write_archive(path, {name: json.dumps(content, ensure_ascii=False) for name, content in members.items()})


def read_labels(path: Path) -> Hierarchy:
    """Labels of a zip of both files, ScanNet's own too; segments of no group are background. Raises FileError."""
    segments, aggregation = (json.loads(content) for content in read_archive(path, _SEGMENTS, _GROUPS))
    numbers, segment = np.unique(np.array(segments["segIndices"], dtype=np.int64), return_inverse=True)
    place = {int(number): k for k, number in enumerate(numbers)}
    objects, parts = np.zeros((2, len(numbers)), dtype=np.int32)
    object_names: dict[int, str] = {}
    part_names: dict[tuple[int, int], str] = {}

    def places(group: dict[str, Any]) -> list[int]:
        return [place[number] for number in group["segments"] if number in place]

    for group in aggregation["segGroups"]:
        object_id = int(group.get("object", group["objectId"] + 1))
        if object_id < 1:
            raise FileError(path, f"object {object_id} must count from 1")
        objects[places(group)] = object_id
        if group.get("label") is not None:
            object_names[object_id] = str(group["label"])
        for part in group.get("parts", []):
            parts[places(part)] = int(part["part"])
            if part.get("label") is not None:
                part_names[object_id, int(part["part"])] = str(part["label"])
    for number in aggregation.get("unlabelled", []):
        objects[place[number]] = parts[place[number]] = UNLABELLED
    return Hierarchy(objects[segment.ravel()], parts[segment.ravel()], object_names, part_names)
