import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinpoint3d.model.surface import Surface
from pinpoint3d.scene import Scene, VoxelGrid
from pinpoint3d.segmenters.upsampling import Borders, Shown, Upsampler

WIDE, NARROW = 0.02, 0.006


class Board:
    """A square of 0.4 m whose left is red and whose right is blue, in wide and in narrow voxels."""

    def __init__(self, colourless=False):
        rng = np.random.default_rng(0)
        xyz = np.pad(rng.uniform(0, 0.4, (40_000, 2)), ((0, 0), (0, 1))).astype(np.float32)
        rgb = np.where((xyz[:, :1] < 0.209), [200, 30, 30], [30, 30, 200]).astype(np.uint8)
        scene = Scene("board", xyz, rgb=None if colourless else rgb)
        wide, self.grid = VoxelGrid.from_scene(scene, WIDE), VoxelGrid.from_scene(scene, NARROW)
        self.surface = Surface.of_scene(scene, wide)
        self.row = wide.point_to_voxel[self.grid.voxel_to_point]
        self.right = self.grid.coord[:, 0] >= 0.209
        share = np.bincount(self.row, self.right) / np.bincount(self.row)
        self.logits = np.stack([np.zeros(len(wide)), 8 * (share - 0.5)], axis=1).astype(np.float32)

        self.upsampler = Upsampler(self.surface, self.row, self.grid, WIDE)

    def upsampled(self, logits, shown=None):
        return self.upsampler.borders(logits, np.arange(len(logits)), shown)

    def labels(self, logits, shown=None):
        labels, borders = logits.argmax(axis=1)[self.row], self.upsampled(logits, shown)
        labels[borders.voxel] = borders.logits.argmax(axis=1)
        return labels


@pytest.fixture(scope="module")
def board():
    return Board()


def wrong(board, labels):
    return int((labels != board.right).sum())


def test_the_border_follows_the_colours_within_wide_voxels(board):
    assert wrong(board, board.logits.argmax(axis=1)[board.row]) > 80
    assert wrong(board, board.labels(board.logits)) < 20


def test_without_colour_the_border_is_at_least_as_good():
    board = Board(colourless=True)
    assert wrong(board, board.labels(board.logits)) <= wrong(board, board.logits.argmax(axis=1)[board.row])


def test_away_from_borders_nothing_changes(board):
    borders = board.upsampled(board.logits)
    assert 0 < len(borders.voxel) < 0.3 * len(board.grid)
    assert np.abs(board.grid.coord[borders.voxel, 0] - 0.209).max() < 3 * WIDE
    np.testing.assert_allclose(np.exp(borders.logits).sum(axis=1), 1, rtol=1e-5)


def test_without_masks_there_is_no_border(board):
    borders = board.upsampled(board.logits[:, :1])
    assert borders.voxel.shape == (0,)
    assert borders.logits.shape == (0, 1)


@given(st.integers(0, 1000), st.integers(0, 3))
def test_a_click_moves_no_border_between_other_masks(board, seed, said):
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 4, (len(board.logits), 4)).astype(np.float32)
    was = rng.integers(0, 4, len(board.grid))
    nowhere = Borders(np.zeros(0, dtype=np.int64), np.zeros((0, 4), dtype=np.float32))
    labels = board.labels(logits, Shown(nowhere, was.__getitem__, said))
    assert ((labels == was) | (labels == said)).all()
    assert (labels != was).any()


@given(st.integers(0, 1000))
def test_borders_are_found_anew_only_near_what_changed_and_are_the_same(board, seed):
    rng = np.random.default_rng(seed)
    before = board.logits
    labels = board.labels(before)
    after, changed = before.copy(), rng.choice(len(before), 5, replace=False)
    after[changed, 1] = 6.0  # the click says 1
    shown = Shown(board.upsampled(before), labels.__getitem__, 1)
    found, anew = board.upsampler.borders(after, changed, shown), board.upsampled(after, shown)
    order = np.argsort(found.voxel)
    assert np.array_equal(found.voxel[order], np.sort(anew.voxel))
    assert np.array_equal(found.logits[order].argmax(axis=1), anew.logits[np.argsort(anew.voxel)].argmax(axis=1))
