import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from pinpoint3d.evaluation.scoring import BORDER, Borders, ious
from pinpoint3d.scene import Scene


@given(st.integers(0, 2**32 - 1), st.integers(0, 60), st.integers(1, 5))
def test_iou_equals_sets_of_points(seed, size, n_targets):
    rng = np.random.default_rng(seed)
    truth = rng.integers(-1, n_targets + 1, size).astype(np.int32)
    predicted = rng.integers(0, n_targets + 1, size).astype(np.int32)
    targets = [(k,) for k in range(1, n_targets + 1)] + [tuple(range(1, n_targets + 1))]
    for labels, score in zip(targets, ious(truth, predicted, targets), strict=True):
        true = {i for i in range(size) if truth[i] in labels}
        shown = {i for i in range(size) if predicted[i] in labels and truth[i] >= 0}
        assert score == pytest.approx(len(true & shown) / len(true | shown) if true | shown else 0.0)


def test_points_without_a_voxel_are_not_scored():
    truth = np.array([1, 1, -1, 0], dtype=np.int32)
    predicted = np.array([1, 0, -1, 0], dtype=np.int32)
    assert ious(truth, predicted, [(1,)]).tolist() == [0.5]


def plate(step=0.02):
    side = np.arange(0.005, 1.0, step)
    xyz = np.stack(np.meshgrid(side, side, [0.0]), axis=-1).reshape(-1, 3).astype(np.float32)
    return Scene("plate", xyz)


def test_boundary_iou_equals_the_definition():
    scene = plate()  # no two points share a cell, so nothing is thinned away
    truth = (scene.xyz[:, 0] > 0.5).astype(np.int32)
    predicted = (scene.xyz[:, 0] > 0.45).astype(np.int32)
    apart = cdist(scene.xyz, scene.xyz)

    def border(mask):
        return {i for i in np.flatnonzero(mask) if apart[i][mask == 0].min() <= BORDER}

    true, shown = border(truth), border(predicted)
    expected = len(true & shown) / len(true | shown)
    assert Borders(scene, truth, [(1,)]).mean_iou(predicted) == pytest.approx(expected)
    assert Borders(scene, truth, [(1,)]).mean_iou(truth) == 1.0


def test_boundary_iou_sees_what_iou_hardly_does():
    scene = plate(0.005)
    truth = (scene.xyz[:, 0] > 0.5).astype(np.int32)
    predicted = (scene.xyz[:, 0] > 0.46).astype(np.int32)
    assert ious(truth, predicted, [(1,)])[0] > 0.9
    assert Borders(scene, truth, [(1,)]).mean_iou(predicted) == 0.0


def test_no_target_is_lost_by_thinning():
    scene = plate(0.005)
    truth = np.zeros(len(scene), dtype=np.int32)
    truth[1234] = 1  # one point among several in its cell
    assert Borders(scene, truth, [(1,)]).mean_iou(truth) == 1.0
    assert Borders(scene, truth, [(1,)]).mean_iou(np.zeros_like(truth)) == 0.0


def test_a_target_far_from_all_else_has_no_border():
    xyz = np.concatenate([plate().xyz, plate().xyz + 5]).astype(np.float32)
    truth = np.repeat([0, 1], len(xyz) // 2).astype(np.int32)
    assert Borders(Scene("two", xyz), truth, [(1,)]).mean_iou(truth) is None
