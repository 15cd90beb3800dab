"""What a segmenter answered, on voxels and on points."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from pinpoint3d.arrays import Float32, Float64, Int32, Int64, UInt16
from pinpoint3d.prompts import ClickSet, TargetStatus
from pinpoint3d.scene import VoxelGrid
from pinpoint3d.segmenters import MaskLogits
from pinpoint3d.session.palette import UNSAID, Palette
from pinpoint3d.session.targets import Target

_STEPS = 256  # of confidence, where it is summed up
_KEPT_BYTES = 80_000_000  # of answers in memory; at 100,000 voxels an answer takes 1.2 MB


@dataclass(frozen=True, eq=False)
class Answer:
    """Labels of V voxels, as the segmenter gave them.

    Attributes:
        object: i32 [V], 0 background.
        part: i32 [V], 0 no part.
        confidence: f32 [V], probability of the object label.
        status: whether each clicked target could be told apart.
    """

    object: Int32
    part: Int32
    confidence: Float32
    status: Mapping[Target, TargetStatus]

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        return self.object.nbytes + self.part.nbytes + self.confidence.nbytes

    @classmethod
    def from_logits(cls, logits: MaskLogits) -> "Answer":
        """The labels of the voxels."""
        objects, parts = logits.labels()
        return cls(objects, parts, logits.confidence(), logits.status)

    def on_points(self, grid: VoxelGrid, palette: Palette) -> "Labelling":
        """From voxels to points; nothing is said of points without finite coordinates."""
        labels = palette.labels(self.object, self.part)
        return FromVoxels(grid.on_points(labels, UNSAID), self.status, labels, self.confidence, grid)


class Labelling(Protocol):
    """Labels of all N points of a scene."""

    @property
    def label(self) -> UInt16:
        """u16 [N], numbers of the session's palette."""

    @property
    def confidence(self) -> Float32:
        """f32 [N], probability of the object label; 0 where nothing is said."""

    @property
    def status(self) -> Mapping[Target, TargetStatus]:
        """Whether each clicked target could be told apart."""

    @property
    def totals(self) -> tuple[Int64, Float64]:
        """i64 [L] points and f64 [L] summed confidence of every label up to the greatest; of confidence 255 steps."""


@dataclass(frozen=True, eq=False)
class OnPoints:
    """A labelling whose points each have a label and a confidence of their own."""

    label: UInt16
    confidence: Float32
    status: Mapping[Target, TargetStatus]

    @cached_property
    def totals(self) -> tuple[Int64, Float64]:
        # One pass over pairs of label and step; weighted counting takes three times as long.
        return _totals(np.bincount(_pairs(self.label, self.confidence)))


@dataclass(frozen=True, eq=False)
class FromVoxels:
    """A labelling that points have from their voxels; voxels are counted, since there are far fewer in a dense scan."""

    label: UInt16
    status: Mapping[Target, TargetStatus]
    voxel_label: UInt16
    voxel_confidence: Float32
    grid: VoxelGrid

    @cached_property
    def confidence(self) -> Float32:
        # Carried when it is looked at: an answer to a click only needs the totals.
        return self.grid.on_points(self.voxel_confidence, 0.0)

    @cached_property
    def totals(self) -> tuple[Int64, Float64]:
        weight = self.grid.points_per_voxel
        pairs = np.bincount(_pairs(self.voxel_label, self.voxel_confidence), weights=weight).astype(np.int64)
        pairs[UNSAID] += len(self.label) - pairs.sum()  # points without a voxel
        return _totals(pairs)


def _pairs(label: UInt16, confidence: Float32) -> Int64:
    """i64: label and step of confidence in one number."""
    step = (confidence * np.float32(_STEPS - 1) + np.float32(0.5)).astype(np.int64)
    return label.astype(np.int64) * _STEPS + step


def _totals(pairs: Int64) -> tuple[Int64, Float64]:
    """Points and summed confidence of every label, from the points of every pair."""
    table = np.pad(pairs, (0, -len(pairs) % _STEPS)).reshape(-1, _STEPS)
    return table.sum(axis=1), table @ np.linspace(0.0, 1.0, _STEPS)


class AnswerCache:
    """The latest answers on voxels, so that undo is instant; the longest unused leave first.

    A click that is only considered has a place of its own: it pushes nothing out, and is at hand when it is made.
    """

    def __init__(self) -> None:
        self._answers: OrderedDict[ClickSet, Answer] = OrderedDict()
        self._considered: tuple[ClickSet, Answer] | None = None

    def get(self, clicks: ClickSet) -> Answer | None:
        if clicks in self._answers:
            self._answers.move_to_end(clicks)
            return self._answers[clicks]
        return self._considered[1] if self._considered and self._considered[0] == clicks else None

    def put(self, clicks: ClickSet, answer: Answer) -> None:
        self._answers[clicks] = answer
        while len(self._answers) > 1 and sum(kept.nbytes for kept in self._answers.values()) > _KEPT_BYTES:
            self._answers.popitem(last=False)

    def consider(self, clicks: ClickSet, answer: Answer) -> None:
        """Keep the answer to clicks that may never be made, until the next such."""
        self._considered = clicks, answer
