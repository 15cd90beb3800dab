"""A sample as the robot sees it: one label a point, one a voxel, and what a click on each of them says."""

from dataclasses import dataclass

import numpy as np

from pinpoint3d.arrays import Bool, Int32
from pinpoint3d.evaluation.samples import Level, Sample
from pinpoint3d.scene import UNLABELLED, Hierarchy

OUTSIDE = 0
REMAINDER = 1  # of the object, hierarchical level only

Meaning = tuple[int, int, bool]
"""Object, part and sign of a click, as in `ClickTensors`."""


@dataclass(frozen=True, eq=False)
class Task:
    """The labels of one sample, numbered as its level needs.

    - object: 0 background, k the k-th target.
    - part: 0 all else, k the k-th target. As published, whatever is no target is background, be it of the object.
    - hierarchical: 0 outside the object, 1 its remainder, 1 + k its k-th part.

    Attributes:
        level: what is cut out.
        truth: i32 [N] on the points; -1 where unlabelled, which is never scored.
        targets: the labels that make up each target.
    """

    level: Level
    truth: Int32
    targets: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, sample: Sample, labels: Hierarchy, finite: Bool) -> "Task":
        """The task of a sample in a scene with these labels; only `finite` points, bool [N], are ever scored."""
        unlabelled = (labels.object == UNLABELLED) | ~finite
        truth = np.full(len(labels), OUTSIDE, dtype=np.int32)
        if sample.level is not Level.OBJECT:
            whole = labels.object == sample.targets[0][0]
            unlabelled |= whole & (labels.part == UNLABELLED)
            if sample.level is Level.HIERARCHICAL:
                truth[whole] = REMAINDER
        for label, (object_id, part_id) in enumerate(sample.targets, start=1):
            if part_id:
                truth[(labels.object == object_id) & (labels.part == part_id)] = label
            elif sample.level is Level.OBJECT:
                truth[labels.object == object_id] = label
        truth[unlabelled] = UNLABELLED
        labels_used = tuple(range(1, len(sample.targets) + 1))
        numbers: tuple[tuple[int, ...], ...] = tuple((label,) for label in labels_used)
        if sample.level is Level.HIERARCHICAL:
            numbers = (labels_used, *numbers[1:])
        return cls(sample.level, truth, numbers)

    def predicted(self, objects: Int32, parts: Int32) -> Int32:
        """i32 [V] in the task's numbering, from a segmenter's object and part labels, i32 [V]."""
        if self.level is Level.OBJECT:
            return objects
        inside = objects == 1
        return np.where(inside, parts + (self.level is Level.HIERARCHICAL), OUTSIDE).astype(np.int32)

    def meaning(self, label: int, predicted: int) -> Meaning:
        """What the robot says when it clicks where `label` is true and `predicted` was shown."""
        if self.level is Level.OBJECT:
            return label, 0, True
        if label == OUTSIDE:
            return 0, 0, True
        if self.level is Level.PART:
            return 1, label, True
        if label != REMAINDER:
            return 1, label - 1, True
        if predicted > REMAINDER:
            return 1, predicted - 1, False
        return 1, 0, True
