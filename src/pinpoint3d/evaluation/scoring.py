"""Intersection over union on the full-resolution points, of masks and of their borders."""

from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree

from pinpoint3d.arrays import Bool, Float64, Int32, Int64
from pinpoint3d.scene import Scene, VoxelGrid

BORDER = 0.03  # metres


def ious(truth: Int32, predicted: Int32, targets: Sequence[Sequence[int]]) -> Float64:
    """f64 [T]: intersection over union of every target; 0 where neither truth nor prediction has a point of it.

    Args:
        truth: i32 [N], -1 where unlabelled, which takes no part.
        predicted: i32 [N], not negative where the truth is not.
        targets: the labels that make up each target.
    """
    known = truth >= 0
    n_labels = 1 + max((int(a.max(initial=0)) for a in (truth, predicted)), default=0)
    code = truth[known].astype(np.int64) * n_labels + predicted[known]
    together = np.bincount(code, minlength=n_labels**2).reshape(n_labels, n_labels)
    scores = np.zeros(len(targets))
    for row, labels in enumerate(targets):
        chosen = [label for label in labels if label < n_labels]
        both = together[np.ix_(chosen, chosen)].sum()
        either = together[chosen].sum() + together[:, chosen].sum() - both
        scores[row] = both / either if either else 0.0
    return scores


class Borders:
    """Boundary IoU (Cheng et al., CVPR 2021) on points: IoU of the two masks' borders.

    The border of a mask are its points within 3 cm of a labelled point outside it. Points are thinned to one a cell of
    1.5 cm and true label, so that it costs milliseconds, does not depend on the density, and loses no target.

    Args:
        scene: the scene.
        truth: i32 [N], -1 where unlabelled.
        targets: the labels that make up each target.
    """

    def __init__(self, scene: Scene, truth: Int32, targets: Sequence[Sequence[int]]) -> None:
        cell = VoxelGrid.from_scene(scene, BORDER / 2).point_to_voxel
        known = np.flatnonzero((truth >= 0) & (cell >= 0))
        key = cell[known] * (int(truth.max(initial=0)) + 1) + truth[known]
        self._rows: Int64 = known[np.unique(key, return_index=True)[1]]
        self._pairs = cKDTree(scene.xyz[self._rows]).query_pairs(BORDER, output_type="ndarray")
        self._targets = targets
        self._truth = [self._border(np.isin(truth[self._rows], labels)) for labels in targets]

    def mean_iou(self, predicted: Int32) -> float | None:
        """Mean over the targets for a prediction i32 [N].

        Targets without a border, in truth as in prediction, do not count; None where no target has one.
        """
        scores = []
        for labels, true in zip(self._targets, self._truth, strict=True):
            shown = self._border(np.isin(predicted[self._rows], labels))
            either = np.count_nonzero(true | shown)
            if either:
                scores.append(np.count_nonzero(true & shown) / either)
        return float(np.mean(scores)) if scores else None

    def _border(self, mask: Bool) -> Bool:
        crossing = self._pairs[mask[self._pairs[:, 0]] != mask[self._pairs[:, 1]]]
        border = np.zeros(len(mask), dtype=np.bool_)
        border[crossing.ravel()] = True
        return border & mask
