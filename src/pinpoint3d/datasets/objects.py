"""CAD objects with authored parts, each placed on a floor and made to look scanned.

A folder of `<source>__<name>.npz` with `points` f32 [M, 3] (metres, z up), `colors` u8 [M, 3], `part` i32 [M] and
`part_names` (JSON), and `objects.json` that says of each where its parts come from.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pinpoint3d.datasets.base import Files
from pinpoint3d.errors import FileError
from pinpoint3d.scene import BACKGROUND, Hierarchy, LabelledScene, Scene, VoxelGrid

NOISE = 0.003  # metres, standard deviation along each axis
SPACING = 0.02  # metres; one point a cell of this size is kept
MARGIN = 0.5  # metres of floor around the object
CHOSEN = 40
_SEED = 0
_DENSITY = 4  # floor points a cell before thinning
_FLOOR_COLOUR = (120, 104, 88)
_UNAUTHORED = "loose mesh pieces"  # how objects.json begins for parts that no person made


@dataclass(frozen=True)
class Objects(Files):
    """`objects:DIR`: a fixed choice of 40 objects with at least two authored parts; fewer where there are fewer."""

    def scenes(self) -> Sequence[str]:
        index = self.folder / "objects.json"
        try:
            entries = json.loads(index.read_text(encoding="utf-8"))
            names = sorted(
                f"{entry['source']}__{entry['name']}"
                for entry in entries
                if not entry["parts"].startswith(_UNAUTHORED) and entry["parts_n"] > 1
            )
        except OSError as error:
            raise FileError(index, f"cannot be read: {error.strerror}; it lists the objects") from error
        except (ValueError, KeyError, TypeError) as error:
            raise FileError(index, f"is no list of objects ({error!r}); download it again") from error
        rng = np.random.default_rng(_SEED)
        return sorted(rng.choice(names, min(CHOSEN, len(names)), replace=False).tolist())

    def load(self, scene: str) -> LabelledScene:
        path = self.folder / f"{scene}.npz"
        try:
            with np.load(path) as arrays:
                xyz, rgb, part = arrays["points"], arrays["colors"], arrays["part"]
                part_names = json.loads(str(arrays["part_names"]))
        except OSError as error:
            raise FileError(path, f"cannot be read: {error.strerror or error}") from error
        except (KeyError, ValueError) as error:
            raise FileError(path, f"is no labelled object ({error}); download it again") from error
        rng = np.random.default_rng([_SEED, zlib.crc32(scene.encode())])
        low, high = xyz.min(axis=0), xyz.max(axis=0)
        area = float(np.prod(high[:2] - low[:2] + 2 * MARGIN))
        floor = rng.uniform(low - MARGIN, high + MARGIN, (round(_DENSITY * area / SPACING**2), 3))
        floor[:, 2] = low[2]
        points = np.concatenate([xyz, floor]) + rng.normal(0, NOISE, (len(xyz) + len(floor), 3))
        colours = np.concatenate([rgb, np.full((len(floor), 3), _FLOOR_COLOUR)]).astype(np.uint8)
        labels = np.concatenate([part + 1, np.full(len(floor), BACKGROUND)]).astype(np.int32)
        order = rng.permutation(len(points))  # so that the point kept in a cell is any of it
        dense = Scene(name=scene, xyz=points[order].astype(np.float32), rgb=colours[order])
        kept = VoxelGrid.from_scene(dense, SPACING).voxel_to_point
        part_of = labels[order][kept]
        category = scene.partition("__")[2].split("_")[0].lower()
        hierarchy = Hierarchy(
            object=(part_of > 0).astype(np.int32),
            part=part_of,
            object_names={1: category},
            part_names={(1, row): name for row, name in enumerate(part_names, start=1)},
        )
        return LabelledScene(Scene(name=scene, xyz=dense.xyz[kept], rgb=colours[order][kept]), hierarchy)
