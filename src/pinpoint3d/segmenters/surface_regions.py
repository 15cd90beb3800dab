"""What the surface network knows of a scan: the whole in wide voxels, and the surroundings of objects in fine ones."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from pinpoint3d.arrays import Bool, Float16, Int32, Int64
from pinpoint3d.model.backbone import STEPS
from pinpoint3d.model.surface import Surface
from pinpoint3d.model.surface_decoder import Level, SurfaceFeatures
from pinpoint3d.model.surface_network import SurfaceNetwork
from pinpoint3d.progress import track
from pinpoint3d.scene import Scene, VoxelGrid
from pinpoint3d.segmenters.masks import PartLogits
from pinpoint3d.segmenters.upsampling import Borders, Upsampler

_MARGIN = 10  # voxels of the whole that an object's surroundings reach beyond it
_LEAST_MARGIN = 4  # voxels; a mask that changes keeps its surroundings while so many are left
_MOST_ROOM = 4.0  # and while they are at most so many times as large as those it would be given
_LEAN = (
    0.3  # real surfaces are rougher and more patterned than those learned from: fewer borders of parts are seen in them
)
_MOST_VOXELS = 20_000  # of a region; beyond it voxels grow
_KEPT_REGIONS = 32
_KEPT_ANSWERS = 24

K = TypeVar("K")
T = TypeVar("T")
Prefix = tuple[tuple[int, int, int, bool], ...]  # voxel, object, part, positive of the first clicks
Box = tuple[int, ...]  # lowest and highest voxels of the whole in it, three coordinates each


@dataclass(frozen=True, eq=False)
class Region:
    """A piece of a scan in voxels of its own, M of them, for one level of targets.

    Attributes:
        scene: features and borders of these.
        costs: f32 [E], what a path pays for each edge between them.
        fine: i64 [F], voxels of the scan's own grid in the piece, ascending.
        coarse_of: i64 [F], the piece's voxel that each lies in.
        fine_of: i64 [M], a voxel of the scan's grid in each voxel of the piece.
    """

    scene: SurfaceFeatures
    costs: Tensor
    fine: Int64
    coarse_of: Int64
    fine_of: Int64

    @classmethod
    def encode(
        cls,
        network: SurfaceNetwork,
        device: torch.device,
        level: Level,
        scene: Scene,
        fine: VoxelGrid,
        size: float,
        inside: Int64,
    ) -> "Region":
        """Run the network on the points of some voxels.

        Args:
            network: in evaluation mode.
            device: of the network.
            level: what is told apart in the piece.
            scene: the scan.
            fine: its voxels.
            size: edge of a voxel of the piece, in metres.
            inside: i64 [F], voxels of the piece, ascending.
        """
        chosen = np.zeros(len(fine), dtype=np.bool_)
        chosen[inside] = True
        rows = np.flatnonzero(chosen[fine.point_to_voxel] & (fine.point_to_voxel >= 0))
        piece = Scene(scene.name, scene.xyz[rows], rgb=None if scene.rgb is None else scene.rgb[rows])
        grid = VoxelGrid.from_scene(piece, size)
        with track("Encoding", STEPS) as advance:
            lean = _LEAN if level is Level.PART else 0.0
            features = network.encode([Surface.of_scene(piece, grid).to(device)], advance, lean)[0]
        place = np.searchsorted(rows, fine.voxel_to_point[inside])
        fine_of = fine.point_to_voxel[rows[grid.voxel_to_point]]
        return cls(features, network.costs(features, level), inside, grid.point_to_voxel[place], fine_of)

    def voxels(self, mask: Bool) -> Tensor:
        """bool [M]: those in which some voxel of the scan's grid is in the mask, bool [V]."""
        found = np.zeros(len(self.fine_of), dtype=np.bool_)
        found[self.coarse_of[mask[self.fine]]] = True
        return torch.from_numpy(found)

    def voxel_of(self, fine: Int64) -> Int64:
        """i64 [Q]: the piece's voxels in which voxels of the scan's grid, i64 [Q], lie."""
        return np.asarray(self.coarse_of[np.searchsorted(self.fine, fine)])


@dataclass(frozen=True, eq=False)
class Answer:
    """What was shown after some clicks.

    Attributes:
        object: i32 [V].
        part: i32 [V].
        ids: i64 [O], of the objects.
        logits: f16 [M, 1 + O], of the objects, at the voxels of the whole.
        borders: what becomes of them where their masks meet.
        parts: object id -> its parts, for the objects with part clicks.
        boxes: object id -> the surroundings in which its parts were found.
    """

    object: Int32
    part: Int32
    ids: Int64
    logits: Float16
    borders: Borders
    parts: Mapping[int, PartLogits]
    boxes: Mapping[int, Box]


@dataclass(frozen=True, eq=False)
class SurfaceEmbedding:
    """An encoded scene.

    Attributes:
        source: the scan.
        grid: its V voxels, in which answers are given.
        whole: all of it, in wider voxels.
        size: edge of these, in metres.
        ground: i64 [G], voxels of the whole on its largest plane but for flat things; none without such a plane.
        upsampler: carries masks from the whole to the grid.
        paths: f32 [M] cost of the paths over the whole from a set of its voxels, by these.
        regions: surroundings of objects.
        answers: what was shown, by the clicks until then.

    The longest unused of what is remembered leaves first.
    """

    source: Scene
    grid: VoxelGrid
    whole: Region
    size: float
    ground: Int64
    upsampler: Upsampler
    paths: OrderedDict[tuple[int, ...], Tensor] = field(default_factory=OrderedDict)
    regions: OrderedDict[Box, Region] = field(default_factory=OrderedDict)
    answers: OrderedDict[Prefix, Answer] = field(default_factory=OrderedDict)

    def box(self, mask: Bool, before: Box | None) -> Box:
        """The surroundings of the voxels in a mask, bool [V]: those it had before where they still suit it."""
        coord = self.grid.coord[mask]
        low, high = (np.floor(end / self.size).astype(np.int64) for end in (coord.min(axis=0), coord.max(axis=0)))
        made = (low - _MARGIN, high + _MARGIN)
        if before is not None:
            least, most = np.array(before[:3]), np.array(before[3:])
            fits = (least <= low - _LEAST_MARGIN).all() and (most >= high + _LEAST_MARGIN).all()
            if fits and np.prod(most - least) <= _MOST_ROOM * np.prod(made[1] - made[0]):
                return before
        return (*made[0].tolist(), *made[1].tolist())

    def around(self, box: Box, network: SurfaceNetwork, device: torch.device) -> Region:
        """The voxels in a box, encoded where they are not yet."""
        if box not in self.regions:
            at = np.ascontiguousarray(self.grid.coord.T) / self.size
            within = [(x >= low) & (x < high + 1) for x, low, high in zip(at, box[:3], box[3:], strict=True)]
            inside = np.flatnonzero(within[0] & within[1] & within[2])
            # a surface has a quarter of the voxels when they are twice as wide
            size = self.grid.size * max(1.0, (len(inside) / _MOST_VOXELS) ** 0.5)
            self.regions[box] = Region.encode(network, device, Level.PART, self.source, self.grid, size, inside)
        return remembered(self.regions, [box], _KEPT_REGIONS)[0]

    def remember(self, prefix: Prefix, answer: Answer) -> None:
        """Keep what was shown after the first clicks."""
        self.answers[prefix] = answer
        remembered(self.answers, [prefix], _KEPT_ANSWERS)


def remembered(cache: OrderedDict[K, T], keys: Sequence[K], most: int) -> list[T]:
    """Values of the cache, which forgets what was asked for least lately beyond `most` values, or these if more."""
    for key in keys:
        cache.move_to_end(key)
    while len(cache) > max(most, len(keys)):
        cache.popitem(last=False)
    return [cache[key] for key in keys]
