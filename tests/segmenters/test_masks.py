import numpy as np
import pytest

from pinpoint3d.prompts import ClickTensors
from pinpoint3d.segmenters import MaskLogits, PartLogits


def clicked(*rows):
    voxel, objects, parts = np.array(rows).T
    return ClickTensors(voxel, objects, parts, np.arange(len(voxel)), np.ones(len(voxel), dtype=np.bool_))


def logits_of(probability):
    return np.log(np.array(probability, dtype=np.float32))


def test_expected_iou_of_sure_masks_is_one():
    masks = MaskLogits(clicked((0, 1, 0)), np.array([1]), logits_of([[1e-9, 1], [1e-9, 1], [1, 1e-9]]))
    assert masks.expected_iou() == {(1, 0): pytest.approx(1, abs=1e-6)}


def test_expected_iou_is_the_ratio_of_expected_sizes():
    object_ = logits_of([[0.2, 0.8], [0.4, 0.6], [0.9, 0.1]])
    part = PartLogits(np.array([2]), logits_of([[0.1, 0.9], [0.8, 0.2], [0.5, 0.5]]))
    expected = MaskLogits(clicked((0, 1, 2)), np.array([1]), object_, {1: part}).expected_iou()
    assert expected[1, 0] == pytest.approx((0.8 + 0.6) / (2 + 0.1))
    assert expected[1, 2] == pytest.approx(0.8 * 0.9 / (1 + 0.6 * 0.2 + 0.1 * 0.5), rel=1e-5)


def test_of_equal_logits_the_first_column_wins():
    rng = np.random.default_rng(0)
    logits = rng.integers(-3, 0, (500, 7)).astype(np.float32)
    logits[0] = -np.inf
    logits[0, 4] = -30
    ids = np.array([3, 5, 8, 9, 20, 400])
    masks = MaskLogits(clicked((499, 3, 0)), ids, logits)
    wanted = np.append(0, ids)[logits.argmax(axis=1)]
    wanted[499] = 3
    assert np.array_equal(masks.labels()[0], wanted)
    assert np.array_equal(masks.labels()[0], wanted), "asked again it answers the same"
    likely = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(masks.confidence(), likely.max(axis=1), rtol=1e-6)


def test_voxels_that_share_a_row_are_as_voxels_with_rows_of_their_own():
    rng = np.random.default_rng(0)
    logits, row = rng.normal(size=(40, 3)).astype(np.float32), rng.integers(0, 40, 300)
    parts = {7: PartLogits(np.array([2]), rng.normal(size=(300, 2)).astype(np.float32))}
    made, ids = clicked((5, 7, 2), (9, 3, 0)), np.array([3, 7])
    shared, own = MaskLogits(made, ids, logits, parts, row=row), MaskLogits(made, ids, logits[row], parts)
    assert np.array_equal(shared.object, own.object)
    for mine, theirs in zip(shared.labels(), own.labels(), strict=True):
        assert np.array_equal(mine, theirs)
    np.testing.assert_array_equal(shared.confidence(), own.confidence())
    assert shared.expected_iou() == pytest.approx(own.expected_iou())
