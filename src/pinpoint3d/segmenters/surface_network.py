"""The surface network behind the segmenter interface: the model that ships."""

from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from pinpoint3d.arrays import Int64
from pinpoint3d.model.backbone import STEPS
from pinpoint3d.model.surface import Surface
from pinpoint3d.model.surface_network import LOWEST, Level, SurfaceFeatures, SurfaceNetwork, Targets
from pinpoint3d.progress import track
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene, VoxelGrid
from pinpoint3d.segmenters.graph import FINEST, suitable_grid
from pinpoint3d.segmenters.masks import MaskLogits, PartLogits
from pinpoint3d.segmenters.planes import background_planes

_MOST_VOXELS = 400_000  # beyond it voxels grow
_KEPT = 64  # path costs that are remembered


@dataclass(frozen=True, eq=False)
class SurfaceEmbedding:
    """An encoded scene.

    Attributes:
        grid: its voxels.
        scene: features and borders.
        ground: i64 [G], voxels of the largest plane, what things stand on; none in a scan without a large plane.
        paths: f32 [V] cost of the paths from a set of clicked voxels, by these; the longest unused leaves first.
    """

    grid: VoxelGrid
    scene: SurfaceFeatures
    ground: Int64
    paths: OrderedDict[tuple[int, ...], Tensor] = field(default_factory=OrderedDict)


class SurfaceNetworkSegmenter:
    """Objects over the scene, then the parts of each object that has part clicks, inside its mask only.

    The largest plane of the scan is background until a positive click lies on it.

    Args:
        network: its weights are used as they are, in evaluation mode.
        name: under which `load_model` finds it.
        device: "cpu", "cuda", ...; by default CUDA where there is a GPU.
    """

    voxel_size = FINEST  # the finest it uses; a scene's own is its grid's

    def __init__(self, network: SurfaceNetwork, name: str, device: torch.device | str | None = None) -> None:
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self.network = network.to(self.device).eval()
        self.name = name

    @torch.inference_mode()
    def encode(self, scene: Scene) -> SurfaceEmbedding:
        """Voxelise a scene at the size that suits it and run the backbone; a progress bar where it takes over a second.

        Raises:
            ValueError: the scene has no finite point.
        """
        grid = suitable_grid(scene, _MOST_VOXELS)
        with track("Encoding", STEPS) as advance:
            surface = Surface.of_scene(scene, grid).to(self.device)
            features = self.network.encode([surface], advance)[0]
        position = surface.position.cpu().numpy().astype(np.float64) * grid.size
        planes = background_planes(position, surface.normal.cpu().numpy().astype(np.float64), grid.size)
        ground = planes[0].voxels if planes else np.zeros(0, dtype=np.int64)
        return SurfaceEmbedding(grid, features, ground)

    @torch.inference_mode()
    def segment(self, embedding: SurfaceEmbedding, clicks: ClickTensors) -> MaskLogits:
        """Masks of every clicked object and part. Without a positive click, everything is background."""
        ids = clicks.objects()
        logits = np.full((len(embedding.grid), 1 + len(ids)), LOWEST, dtype=np.float32)
        logits[:, 0] = 0.0
        label, part = clicks.labels()
        if len(ids):
            known = np.isin(label, ids) | (label == 0)
            targets = self._targets(clicks.voxel[known], label[known], ids)
            paths = self._paths(embedding, targets)
            rows, near = self.network.decode(embedding.scene, Level.OBJECT, targets, paths=paths)
            logits[rows.cpu().numpy()] = near.cpu().numpy()
            if not np.isin(clicks.voxel[label > 0], embedding.ground).any():
                logits[embedding.ground, 1:] = LOWEST
        masks = MaskLogits(clicks, ids, logits, status=clicks.status())
        objects = masks.labels()[0]
        parts = {}
        for object_id in ids.tolist():
            part_ids = clicks.parts(object_id)
            if len(part_ids) == 0:
                continue
            # a click on the object as a whole says nothing of its parts; a negative click on a part does
            about = (label == object_id) & (clicks.part > 0) & (objects[clicks.voxel] == object_id)
            answer = np.full((len(objects), 1 + len(part_ids)), LOWEST, dtype=np.float32)
            answer[:, 0] = 0.0
            if about.any():
                inside = objects == object_id
                targets = self._targets(clicks.voxel[about], part[about], part_ids)
                rows, near = self.network.decode(embedding.scene, Level.PART, targets, torch.from_numpy(inside))
                answer[rows.cpu().numpy()] = near.cpu().numpy()
            parts[object_id] = PartLogits(part_ids, answer)
        return MaskLogits(clicks, ids, logits, parts, masks.status)

    def _paths(self, embedding: SurfaceEmbedding, targets: Targets) -> Tensor:
        """f32 [1 + O, V], searched anew only for the objects whose clicks are new."""
        columns = [tuple(clicks.tolist()) for clicks in torch.split(targets.voxel, targets.counts)]
        new = [clicks for clicks in dict.fromkeys(columns) if clicks not in embedding.paths]
        if new:
            first = np.cumsum([0, *map(len, new)])
            wanted = Targets(torch.tensor([v for clicks in new for v in clicks]), torch.from_numpy(first))
            found = self.network.paths(embedding.scene, Level.OBJECT, wanted.to(self.device))
            embedding.paths.update(zip(new, found, strict=True))
        for clicks in columns:
            embedding.paths.move_to_end(clicks)
        paths = torch.stack([embedding.paths[clicks] for clicks in columns])
        while len(embedding.paths) > _KEPT:
            embedding.paths.popitem(last=False)
        return paths

    def _targets(self, voxel: Int64, label: Int64, ids: Int64) -> Targets:
        """The latest click on every voxel; clicks come in the order of their making."""
        newest = len(voxel) - 1 - np.unique(voxel[::-1], return_index=True)[1]
        voxel, label = voxel[newest], label[newest]
        column = np.where(label > 0, np.searchsorted(ids, label) + 1, 0)
        return Targets.of(torch.from_numpy(voxel), torch.from_numpy(column), len(ids)).to(self.device)
