"""What a segmenter answered, kept per click set so that undo is instant."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from pinpoint3d.arrays import Float32, Int32
from pinpoint3d.prompts import ClickSet, TargetStatus
from pinpoint3d.scene import UNLABELLED, VoxelGrid
from pinpoint3d.segmenters import MaskLogits
from pinpoint3d.session.state import Target

_KEPT = 64  # answers in memory; at 100,000 voxels an answer takes 1.2 MB


@dataclass(frozen=True, eq=False)
class Answer:
    """Labels of M voxels or points.

    Attributes:
        object: i32 [M], 0 background, -1 unlabelled.
        part: i32 [M], 0 no part, -1 unlabelled.
        confidence: f32 [M], probability of the object label, 0 where unlabelled.
        status: whether each clicked target could be told apart.
    """

    object: Int32
    part: Int32
    confidence: Float32
    status: Mapping[Target, TargetStatus]

    @classmethod
    def from_logits(cls, logits: MaskLogits) -> "Answer":
        """The labels of the voxels."""
        objects, parts = logits.labels()
        return cls(objects, parts, logits.confidence(), logits.status)

    def on_points(self, grid: VoxelGrid) -> "Answer":
        """From voxels to points; points without finite coordinates are unlabelled."""
        return Answer(
            grid.on_points(self.object, UNLABELLED),
            grid.on_points(self.part, UNLABELLED),
            grid.on_points(self.confidence, 0.0),
            self.status,
        )


class AnswerCache:
    """The latest answers on voxels; the longest unused leaves first."""

    def __init__(self) -> None:
        self._answers: OrderedDict[ClickSet, Answer] = OrderedDict()

    def get(self, clicks: ClickSet) -> Answer | None:
        if clicks not in self._answers:
            return None
        self._answers.move_to_end(clicks)
        return self._answers[clicks]

    def put(self, clicks: ClickSet, answer: Answer) -> None:
        self._answers[clicks] = answer
        if len(self._answers) > _KEPT:
            self._answers.popitem(last=False)
