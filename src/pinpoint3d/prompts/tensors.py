"""Clicks as flat arrays over voxels, the form every segmenter takes."""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from pinpoint3d.arrays import Bool, Int64
from pinpoint3d.prompts.click import ClickSet
from pinpoint3d.prompts.locator import PointLocator
from pinpoint3d.scene import VoxelGrid


class TargetStatus(Enum):
    """Whether a target can be told apart at the voxel size in use."""

    OK = "ok"
    NO_VOXEL = "no voxel"
    """No voxel carries the target: it is smaller than a voxel, or later clicks of others took its voxels."""


@dataclass(frozen=True, eq=False)
class ClickTensors:
    """Q clicks, one row each, in the order of their making.

    Attributes:
        voxel: i64 [Q], the clicked voxel.
        object: i64 [Q], object id, 0 for the background.
        part: i64 [Q], part id within the object, 0 for a click on the object as a whole.
        order: i64 [Q], time of the click, counted over all clicks of the scene.
        positive: bool [Q].

    Raises:
        ValueError: the arrays differ in length.
    """

    voxel: Int64
    object: Int64
    part: Int64
    order: Int64
    positive: Bool

    def __post_init__(self) -> None:
        shapes = {a.shape for a in (self.voxel, self.object, self.part, self.order, self.positive)}
        if len(shapes) != 1 or self.voxel.ndim != 1:
            raise ValueError(f"ClickTensors need five arrays of one length, got shapes {sorted(shapes)}")

    def __len__(self) -> int:
        return len(self.voxel)

    @classmethod
    def from_clicks(cls, clicks: ClickSet, grid: VoxelGrid, locator: PointLocator) -> "ClickTensors":
        """Snap every click to the voxel of its nearest point.

        Raises:
            ClickError: a click is off the cloud.
        """
        voxel = [int(grid.point_to_voxel[locator.point_of(click)]) for click in clicks]
        return cls(
            voxel=np.array(voxel, dtype=np.int64),
            object=np.array([c.object for c in clicks], dtype=np.int64),
            part=np.array([c.part or 0 for c in clicks], dtype=np.int64),
            order=np.arange(len(clicks), dtype=np.int64),
            positive=np.array([c.positive for c in clicks], dtype=np.bool_),
        )

    def select(self, mask: Bool) -> "ClickTensors":
        """The rows where `mask`, bool [Q], holds."""
        return ClickTensors(self.voxel[mask], self.object[mask], self.part[mask], self.order[mask], self.positive[mask])

    def objects(self) -> Int64:
        """Ids of the objects that have a positive click, ascending."""
        return np.unique(self.object[(self.object > 0) & self.positive])

    def parts(self, object_id: int) -> Int64:
        """Ids of the parts of one object that have a positive click, ascending."""
        return np.unique(self.part[(self.object == object_id) & (self.part > 0) & self.positive])

    def labels(self) -> tuple[Int64, Int64]:
        """i64 [Q] object and part that each clicked voxel is known to have.

        A negative click on a part leaves the object's remainder (part 0); a negative click on an object, the
        background.
        """
        negative_object = ~self.positive & (self.part == 0)
        return (
            np.where(negative_object, 0, self.object),
            np.where(self.positive, self.part, 0),
        )

    def status(self) -> dict[tuple[int, int], TargetStatus]:
        """Status of every clicked target, keyed by (object, part); part 0 is the object as a whole.

        Where two clicks meet in one voxel the later one owns it; a target left without a voxel is `NO_VOXEL`.
        """
        owner = {int(v): i for i, v in zip(np.argsort(self.order), self.voxel[np.argsort(self.order)], strict=True)}
        owned = {(int(self.object[i]), int(self.part[i])) for i in owner.values() if self.positive[i]}
        owned |= {(o, 0) for o, _ in owned}
        targets = {(int(o), 0) for o in self.objects()}
        targets |= {(o, int(p)) for o, _ in targets for p in self.parts(o)}
        return {t: TargetStatus.OK if t in owned else TargetStatus.NO_VOXEL for t in sorted(targets)}
