"""PartNet as points: 10,000 samples of every shape, labelled by the leaves of its tree (Mo et al., PartNet, CVPR 2019).

A folder a shape, named by its annotation id: `result.json` and in `point_sample/` either
`sample-points-all-pts-nor-rgba-10000.txt` with `sample-points-all-label-10000.txt`, or `pts-10000.txt` with
`label-10000.txt`; labels are ids of nodes. `<Category>.<split>.json` beside the shapes or in `train_val_test_split/`
gives the splits. Shapes are normalised: they get the size that things of their kind usually have.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from pinpoint3d.arrays import AnyArray
from pinpoint3d.datasets.base import Files, read_json
from pinpoint3d.errors import FileError
from pinpoint3d.io.units import z_up
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene
from pinpoint3d.synthesis.cad.partnet import read_tree
from pinpoint3d.synthesis.cad.sizes import category_of, usual_factor

_TREE = "result.json"  # labels of points are ids of this tree, not of the merged one
_SAMPLES = (
    ("sample-points-all-pts-nor-rgba-10000.txt", "sample-points-all-label-10000.txt"),
    ("pts-10000.txt", "label-10000.txt"),
)
_RGB = slice(6, 9)


class PartNet(Files):
    """`partnet:DIR`."""

    def scenes(self) -> Sequence[str]:
        if not self.folder.is_dir():
            raise FileError(self.folder, "is no folder; name the folder that holds the shapes")
        names = sorted(path.parent.name for path in self.folder.glob(f"*/{_TREE}"))
        if not names:
            raise FileError(self.folder, f"holds no shape, a folder with {_TREE}")
        return names

    def split(self, scene: str) -> str | None:
        return self._splits.get(scene)

    def load(self, scene: str) -> LabelledScene:
        folder = self.folder / scene
        category, leaves = read_tree(folder / _TREE)
        samples = folder / "point_sample"
        points, label = next((pair for pair in _SAMPLES if (samples / pair[0]).is_file()), _SAMPLES[0])
        table, code = _numbers(samples / points), _numbers(samples / label)[:, 0]
        if len(table) != len(code):
            raise FileError(samples / label, f"has {len(code):,} labels for {len(table):,} points; download it again")
        ranks = {leaf.id: rank for rank, leaf in enumerate(leaves, start=1)}
        stray = set(np.unique(code).tolist()) - ranks.keys()
        if stray:
            raise FileError(samples / label, f"has the label {min(stray):g}, which is no leaf of {_TREE}")
        part = np.array([ranks[int(c)] for c in code], dtype=np.int32)
        xyz = z_up(table[:, :3], "y")
        extent = np.ptp(xyz, axis=0).tolist()
        xyz = xyz * usual_factor(category_of(category) or category, extent) if max(extent) > 0 else xyz
        xyz = xyz - [0, 0, xyz[:, 2].min()]
        rgb = table[:, _RGB].astype(np.uint8) if table.shape[1] >= _RGB.stop else None
        labels = Hierarchy(
            object=np.ones(len(part), dtype=np.int32),
            part=part,
            object_names={1: category},
            part_names={(1, ranks[leaf.id]): leaf.names[-1] for leaf in leaves},
        )
        return LabelledScene(Scene(scene, xyz.astype(np.float32), rgb=rgb), labels)

    @cached_property
    def _splits(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for folder in (self.folder, self.folder / "train_val_test_split"):
            for split in ("train", "val", "test"):
                for path in sorted(folder.glob(f"*.{split}.json")):
                    try:
                        found |= {str(entry["anno_id"]): split for entry in read_json(path)}
                    except (KeyError, TypeError) as error:
                        raise FileError(path, f"is no list of shapes ({error!r}); download it again") from error
        return found


def _numbers(path: Path) -> AnyArray:
    """float [N, C]: a table of text."""
    try:
        table = np.loadtxt(path, ndmin=2)
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise FileError(path, f"its lines are not numbers in equal columns ({error}); download it again") from error
    if len(table) == 0:
        raise FileError(path, "is empty")
    return table
