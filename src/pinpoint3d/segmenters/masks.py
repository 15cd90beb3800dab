"""What a segmenter answers: logits over voxels, and the labels they stand for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pinpoint3d.arrays import Bool, Float32, Int32, Int64, UInt16
from pinpoint3d.prompts import ClickTensors, TargetStatus

T = TypeVar("T", np.int32, np.float32)

_UNLIKELY = 1e-4  # an object's probability below which its parts are not looked for


@dataclass(frozen=True, eq=False)
class PartLogits:
    """The parts of one object.

    Attributes:
        ids: i64 [P], part ids of columns 1..P.
        logits: f32 [V, 1 + P]; column 0 is the remainder of the object and everything outside it.
    """

    ids: Int64
    logits: Float32


@dataclass(frozen=True, eq=False)
class MaskLogits:
    """Masks of all clicked targets.

    Attributes:
        clicks: the clicks that were answered.
        ids: i64 [O], object ids of columns 1..O.
        logits: f32 [R, 1 + O], of the objects; column 0 is the background.
        parts: object id -> its parts, for the objects with part clicks.
        status: (object, part) -> whether the target has a voxel of its own; part 0 is the whole object.
        row: i64 [V], the row of `logits` of every voxel; None where voxel v has row v.
    """

    clicks: ClickTensors
    ids: Int64
    logits: Float32
    parts: Mapping[int, PartLogits] = field(default_factory=dict)
    status: Mapping[tuple[int, int], TargetStatus] = field(default_factory=dict)
    row: Int64 | None = None

    @cached_property
    def object(self) -> Float32:
        """f32 [V, 1 + O]: the logits of every voxel."""
        return self._at_voxels(self.logits)

    def labels(self) -> tuple[Int32, Int32]:
        """i32 [V] object and i32 [V] part of every voxel, read only: the largest logit, clicked voxels as clicked.

        A part never leaves its object. A click on an object as a whole says nothing of the part there.
        """
        return self.object_label, self._part_label

    @cached_property
    def object_label(self) -> Int32:
        """i32 [V], read only: of `labels`, those of the objects, whatever the parts may be."""
        objects = self._at_voxels(np.append(0, self.ids).astype(np.int32)[self._winner])
        objects[self.clicks.voxel] = self.clicks.labels()[0]  # in order of time, so the latest click stands
        objects.flags.writeable = False
        return objects

    @cached_property
    def _part_label(self) -> Int32:
        parts = np.zeros_like(self.object_label)
        for object_id, answer in self.parts.items():
            inside = np.flatnonzero(self.object_label == object_id)
            parts[inside] = np.concatenate([[0], answer.ids])[answer.logits[inside].argmax(axis=1)]
        clicked_object, clicked_part = self.clicks.labels()
        voxel = self.clicks.voxel
        tells = ((self.clicks.part > 0) | ~self.clicks.positive) & (self.object_label[voxel] == clicked_object)
        parts[voxel[tells]] = clicked_part[tells]
        parts.flags.writeable = False
        return parts

    def confidence(self) -> Float32:
        """f32 [V]: probability of the winning object label, softmax over the columns."""
        # Column by column: all of them at once do not fit the cache.
        total = np.zeros_like(self._greatest)
        for column in self._columns:
            total += np.exp(column - self._greatest)
        return self._at_voxels(np.reciprocal(total, out=total))

    def expected_iou(self) -> dict[tuple[int, int], float]:
        """IoU of each mask with the true one, by (object, part), as the probabilities have it; part 0 is the whole.

        The expected intersection over the expected union, of what is shown and a mask drawn from the softmax.
        """
        objects, parts = self.labels()
        by_row = softmax(self.logits)
        expected = {}
        for column, object_id in enumerate(self.ids.tolist(), start=1):
            likely = self._at_voxels(by_row[:, column])
            expected[object_id, 0] = expected_iou(likely, objects == object_id)
            if object_id in self.parts:
                answer = self.parts[object_id]
                inside = np.flatnonzero(likely > _UNLIKELY)
                within = softmax(answer.logits[inside]) * likely[inside, None]
                for place, part_id in enumerate(answer.ids.tolist(), start=1):
                    shown = (objects[inside] == object_id) & (parts[inside] == part_id)
                    expected[object_id, part_id] = expected_iou(within[:, place], shown)
        return expected

    @cached_property
    def _columns(self) -> Float32:
        """f32 [1 + O, R]: reductions over the few columns are slow row by row."""
        return np.ascontiguousarray(self.logits.T)

    @cached_property
    def _greatest(self) -> Float32:
        return np.asarray(self._columns.max(axis=0))

    @cached_property
    def _winner(self) -> UInt16:
        """u16 [R]: the column of the greatest logit, the first of several; `argmax` takes ten times as long."""
        n_columns = len(self._columns)
        left = np.zeros(self._columns.shape[1], dtype=np.uint16)  # columns from the winner to the last
        for k, column in enumerate(self._columns):
            np.maximum(left, (column == self._greatest) * np.uint16(n_columns - k), out=left)
        return np.asarray(n_columns - left, dtype=np.uint16)

    def _at_voxels(self, values: NDArray[T]) -> NDArray[T]:
        """[R, ...] values of rows -> [V, ...] of the voxels."""
        return values if self.row is None else values[self.row]


def softmax(logits: Float32) -> Float32:
    """Probabilities f32 [N, K] of logits f32 [N, K]."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def expected_iou(likely: Float32, shown: Bool) -> float:
    """Expected intersection over expected union of a mask bool [N] and one drawn from probabilities f32 [N]."""
    both = float(likely[shown].sum())
    either = int(shown.sum()) + float(likely[~shown].sum())
    return both / either if either else 0.0
