"""PartNet: `result_after_merging.json` is a tree of named nodes, `label.txt` gives every point its node, a line each.

Source: K. Mo et al., PartNet, 2019, and its data set's description of both files. The root is the scene, below it
stand objects, below them their parts; the root's points are background, -1 unlabelled. `object` and `part` of a node
are ours, its readers pass them over.
"""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np

from pinpoint3d.errors import FileError
from pinpoint3d.io.archive import read_archive, write_archive
from pinpoint3d.scene import BACKGROUND, UNLABELLED, Hierarchy, Scene

_TREE, _LABELS = "result_after_merging.json", "label.txt"


def write_labels(path: Path, scene: Scene, labels: Hierarchy) -> None:
    """Write a zip of both files."""
    pairs, inverse = np.unique(np.stack([labels.object, labels.part], axis=1), axis=0, return_inverse=True)
    known = {(int(o), int(p)) for o, p in pairs} | set(labels.part_names) | {(o, 0) for o in labels.object_names}
    known = {(o, p) for o, p in known if o > BACKGROUND} | {(o, 0) for o, _ in known if o > BACKGROUND}
    numbers = {(BACKGROUND, 0): 0}
    root: dict[str, Any] = {"id": 0, "name": scene.name, "objs": [], "children": []}
    for object_id, part_id in sorted(known):
        number = numbers[object_id, part_id] = len(numbers)
        node = {"id": number, "objs": [], "object": object_id}
        if part_id:
            name = labels.part_names.get((object_id, part_id))
            root["children"][-1].setdefault("children", []).append(node | {"name": name, "part": part_id})
        else:
            root["children"].append(node | {"name": labels.object_names.get(object_id)})
    node_of = np.array([numbers.get((int(o), int(p)), UNLABELLED) for o, p in pairs])
    text = io.StringIO()
    np.savetxt(text, node_of[inverse.ravel()], fmt="%d")
    write_archive(path, {_TREE: json.dumps([root], ensure_ascii=False, indent=1), _LABELS: text.getvalue()})


def read_labels(path: Path) -> Hierarchy:
    """Inverse of `write_labels`; of PartNet's own trees the second and third level are objects and parts.

    Raises:
        FileError: a point names a node the tree lacks.
    """
    tree, text = read_archive(path, _TREE, _LABELS)
    numbers = np.loadtxt(io.BytesIO(text), dtype=np.int64, ndmin=1)
    (root,) = json.loads(tree)
    table = {UNLABELLED: (UNLABELLED, UNLABELLED), int(root["id"]): (BACKGROUND, 0)}
    object_names: dict[int, str] = {}
    part_names: dict[tuple[int, int], str] = {}
    for place, node in enumerate(root.get("children", []), start=1):
        object_id = int(node.get("object", place))
        table[int(node["id"])] = object_id, 0
        if node.get("name") is not None:
            object_names[object_id] = str(node["name"])
        for part_place, part in enumerate(node.get("children", []), start=1):
            part_id = int(part.get("part", part_place))
            if part.get("name") is not None:
                part_names[object_id, part_id] = str(part["name"])
            for below in _below(part):
                table[below] = object_id, part_id
    distinct, inverse = np.unique(numbers, return_inverse=True)
    if lacking := [int(number) for number in distinct if int(number) not in table]:
        raise FileError(path, f"a point is of node {lacking[0]}, which its tree lacks")
    objects, parts = np.array([table[int(number)] for number in distinct], dtype=np.int32).reshape(-1, 2)[inverse].T
    return Hierarchy(objects.copy(), parts.copy(), object_names, part_names)


def _below(node: dict[str, Any]) -> list[int]:
    """The ids of a node and of all below it."""
    return [int(node["id"]), *(number for child in node.get("children", []) for number in _below(child))]
