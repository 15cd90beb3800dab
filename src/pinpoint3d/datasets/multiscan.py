"""MultiScan as its authors release it: meshes whose faces say object and part (Mao et al., MultiScan, NeurIPS 2022).

A folder a scan, `scene_00000_00/scene_00000_00.ply` with the face properties `objectId` and `partId`, and
`scene_00000_00.annotations.json` with `objects: [{objectId, label, partIds}]` and `parts: [{partId, label}]`, labels
as `door.1` and `door.1:door_frame.1`. `scans_split.csv` of the benchmark, lines `scanId,split`, gives the splits.
"""

import csv
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from pinpoint3d.arrays import AnyArray, Int32, Int64
from pinpoint3d.datasets.base import Files, read_json
from pinpoint3d.errors import FileError
from pinpoint3d.io import load_scene
from pinpoint3d.io.ply_elements import Lists, read_element, read_header
from pinpoint3d.scene import UNLABELLED, Hierarchy, LabelledScene

_SPLITS = "scans_split.csv"
_STRUCTURE = ("wall", "floor", "ceiling")  # background of every click
_REMOVED = "remove"  # what the annotators call faults of the reconstruction


class MultiScan(Files):
    """`multiscan:DIR`."""

    def scenes(self) -> Sequence[str]:
        return list(self._folders)

    def split(self, scene: str) -> str | None:
        return self._splits.get(scene)

    def load(self, scene: str) -> LabelledScene:
        folder = self._folders[scene]
        path = folder / f"{scene}.ply"
        scan = load_scene(path)
        if scan.faces is None:
            raise FileError(path, "has no faces, but faces carry the labels; download it again")
        object_ids, part_ids = _face_labels(path)
        annotations = folder / f"{scene}.annotations.json"
        labels = _Annotations(annotations, read_json(annotations)).on_faces(path, object_ids, part_ids)
        corners = np.asarray(scan.faces, dtype=np.int64)
        whole, part = _on_vertices(len(scan), corners, labels)
        return LabelledScene(scan, Hierarchy(whole, part, labels.object_names, labels.part_names))

    @cached_property
    def _folders(self) -> dict[str, Path]:
        return self.folders(".annotations.json", "scenes", "scans")

    @cached_property
    def _splits(self) -> dict[str, str]:
        path = self.folder / _SPLITS
        if not path.is_file():
            return {}
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if rows and not {"scanId", "split"} <= rows[0].keys():
            raise FileError(path, "has no columns scanId and split; download it again")
        return {row["scanId"]: row["split"] for row in rows if row["split"]}


def _face_labels(path: Path) -> tuple[Int64, Int64]:
    """The properties objectId and partId of every face, i64 [F] each."""
    with path.open("rb") as file:
        order, elements, _ = read_header(path, file)
        for element in elements:
            columns = read_element(path, file, order, element)
            if element.name == "face":
                if "vertex_indices" in columns and isinstance(columns["vertex_indices"], Lists):
                    lengths = columns["vertex_indices"].lengths
                    if (lengths != 3).any():
                        raise FileError(path, "has faces that are no triangles; download it again")
                found = [columns.get(name) for name in ("objectId", "partId")]
                if any(column is None or isinstance(column, Lists) for column in found):
                    raise FileError(path, "its faces have no objectId and partId; download the annotated mesh")
                whole, part = (np.asarray(column, dtype=np.int64) for column in found)
                return whole, part
    raise FileError(path, "has no faces")


class _Annotations:
    """What an annotations file says."""

    def __init__(self, path: Path, content: Any) -> None:
        self.path = path
        try:
            parts = {int(part["partId"]): str(part["label"]) for part in content["parts"]}
            self.objects: dict[int, str] = {}
            self.part_of: dict[int, tuple[int, int]] = {}
            self.part_names: dict[tuple[int, int], str] = {}
            for entry in content["objects"]:
                number = int(entry["objectId"])
                self.objects[number] = str(entry["label"]).partition(".")[0]
                named = [p for p in sorted(map(int, entry["partIds"])) if ":" in parts.get(p, "")]
                for rank, part in enumerate(named, start=1):
                    self.part_of[part] = (number, rank)
                    self.part_names[number, rank] = parts[part].partition(":")[2].partition(".")[0]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise FileError(path, f"is no MultiScan annotation ({error!r}); download it again") from error

    def on_faces(self, path: Path, object_ids: Int64, part_ids: Int64) -> Hierarchy:
        """Labels of faces instead of points; faces without an object are unlabelled."""
        whole = np.full(len(object_ids), UNLABELLED, dtype=np.int32)
        part = np.full(len(object_ids), UNLABELLED, dtype=np.int32)
        for number in np.unique(object_ids[object_ids > 0]).tolist():
            if number not in self.objects:
                raise FileError(path, f"a face has objectId {number}, which {self.path.name} does not know")
            rows, name = object_ids == number, self.objects[number]
            if name != _REMOVED:
                whole[rows] = 0 if name in _STRUCTURE else number
                part[rows] = 0
        for number, (owner, rank) in self.part_of.items():
            rows = (part_ids == number) & (whole > 0)
            if (object_ids[rows] != owner).any():
                raise FileError(path, f"a face has partId {number}, which is no part of its object in {self.path.name}")
            part[rows] = rank
        names = {n: name for n, name in self.objects.items() if name not in (*_STRUCTURE, _REMOVED)}
        kept = {key: name for key, name in self.part_names.items() if key[0] in names}
        return Hierarchy(whole, part, names, kept)


def _on_vertices(count: int, corners: Int64, labels: Hierarchy) -> tuple[Int32, Int32]:
    """Object and part of every vertex, i32 [count] each: those of most of its faces, of equally many the lower."""
    pair = np.stack([labels.object, labels.part], axis=1)
    kinds, kind = np.unique(pair, axis=0, return_inverse=True)
    votes, number = np.unique(
        np.stack([corners.ravel(), np.repeat(kind.reshape(-1), 3)], axis=1), axis=0, return_counts=True
    )
    order = np.lexsort((votes[:, 1], -number, votes[:, 0]))
    vertex, first = np.unique(votes[order, 0], return_index=True)
    chosen: AnyArray = np.full((count, 2), UNLABELLED, dtype=np.int32)
    chosen[vertex] = kinds[votes[order, 1][first]]
    return chosen[:, 0].copy(), chosen[:, 1].copy()
