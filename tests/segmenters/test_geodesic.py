"""What the default segmenter does on shapes whose answer is plain, and how it bears degenerate scans."""

from pathlib import Path

import numpy as np
import pytest

from pinpoint3d.arrays import Bool, Float32
from pinpoint3d.io import load_labelled
from pinpoint3d.prompts import ClickTensors, TargetStatus, simulate_clicks
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.geodesic import GeodesicEmbedding, GeodesicSegmenter

NOISE = 0.0005
TABLE, LEFT, RIGHT = 0, 1, 2


def board(low: tuple[float, float, float], high: tuple[float, float, float], step: float = 0.003) -> Float32:
    """Points on the faces of a box, f32 [N, 3], without the underside of what stands at height 0."""
    points = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        across, along = np.meshgrid(np.arange(low[u], high[u], step), np.arange(low[v], high[v], step))
        hidden = axis == 2 and low[2] == 0
        for side in (high[axis],) if hidden else (low[axis], high[axis]):
            face = np.empty((across.size, 3))
            face[:, axis], face[:, u], face[:, v] = side, across.ravel(), along.ravel()
            points.append(face)
    return np.concatenate(points).astype(np.float32)


def level(half: float, step: float = 0.003) -> Float32:
    x, y = np.meshgrid(np.arange(-half, half, step), np.arange(-half, half, step))
    return np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], axis=1).astype(np.float32)


def scene_of(*pieces: Float32) -> tuple[Scene, np.ndarray]:
    rng = np.random.default_rng(0)
    xyz = np.concatenate(pieces) + rng.normal(0, NOISE, (sum(map(len, pieces)), 3))
    truth = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
    return Scene("made", xyz.astype(np.float32)), truth


def clicks_at(embedding: GeodesicEmbedding, *rows: tuple[tuple[float, float, float], int, int, bool]) -> ClickTensors:
    """Clicks (place, object, part, positive) on the voxels nearest to the places."""
    voxel = [int(np.linalg.norm(embedding.grid.coord - np.array(place), axis=1).argmin()) for place, *_ in rows]
    return clicks_on(*((v, *row[1:]) for v, row in zip(voxel, rows, strict=True)))


def clicks_on(*rows: tuple[int, int, int, bool]) -> ClickTensors:
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return ClickTensors(table[:, 0], table[:, 1], table[:, 2], np.arange(len(table)), table[:, 3].astype(np.bool_))


def iou(a: Bool, b: Bool) -> float:
    return float(np.count_nonzero(a & b) / np.count_nonzero(a | b))


@pytest.fixture(scope="module")
def boxes() -> tuple[GeodesicEmbedding, np.ndarray]:
    """A table with two boxes in a scanner's view, so without what they hide; truth i64 [V]."""
    left, right = board((-0.1, -0.05, 0.0), (0.0, 0.05, 0.12)), board((0.02, -0.05, 0.0), (0.12, 0.05, 0.06))
    table = level(0.3)
    x, y = table[:, 0], table[:, 1]
    hidden = (np.abs(y) < 0.05) & ((np.abs(x + 0.05) < 0.05) | (np.abs(x - 0.07) < 0.05))
    scene, truth = scene_of(table[~hidden], left, right)
    embedding = GeodesicSegmenter().encode(scene)
    return embedding, truth[embedding.grid.voxel_to_point]


def test_one_click_takes_the_box_and_leaves_table_and_neighbour(boxes: tuple[GeodesicEmbedding, np.ndarray]) -> None:
    embedding, truth = boxes
    masks = GeodesicSegmenter().segment(embedding, clicks_at(embedding, ((-0.05, 0, 0.12), 7, 0, True)))
    objects, _ = masks.labels()
    assert iou(objects == 7, truth == LEFT) > 0.85
    assert np.mean(objects[truth == TABLE] == 0) > 0.95


def test_boxes_side_by_side_are_told_apart(boxes: tuple[GeodesicEmbedding, np.ndarray]) -> None:
    embedding, truth = boxes
    clicks = clicks_at(embedding, ((-0.09, 0, 0.12), 1, 0, True), ((0.07, 0, 0.06), 2, 0, True))
    objects, _ = GeodesicSegmenter().segment(embedding, clicks).labels()
    assert iou(objects == 1, truth == LEFT) > 0.8
    assert iou(objects == 2, truth == RIGHT) > 0.8


def test_a_plane_opened_by_a_click_is_no_background(boxes: tuple[GeodesicEmbedding, np.ndarray]) -> None:
    embedding, truth = boxes
    assert len(embedding.graph.planes) == 1
    objects, _ = GeodesicSegmenter().segment(embedding, clicks_at(embedding, ((0.25, 0.25, 0), 1, 0, True))).labels()
    assert np.mean(objects[truth == TABLE] == 1) > 0.9


def test_a_negative_click_gives_back_what_was_taken(boxes: tuple[GeodesicEmbedding, np.ndarray]) -> None:
    embedding, _ = boxes
    opened = ((0.25, 0.25, 0.0), 1, 0, True)
    corner = (-0.28, -0.28, 0.0)
    near = np.linalg.norm(embedding.grid.coord - np.array(corner), axis=1) < 0.05
    before = GeodesicSegmenter().segment(embedding, clicks_at(embedding, opened)).labels()[0]
    after = GeodesicSegmenter().segment(embedding, clicks_at(embedding, opened, (corner, 1, 0, False))).labels()[0]
    assert (before[near] == 1).all()
    assert (after[near] == 0).all()


@pytest.fixture(scope="module")
def stool() -> tuple[GeodesicEmbedding, np.ndarray]:
    """A seat, part 1, on two posts, parts 2 and 3, far above a floor; truth i64 [V]."""
    seat = board((-0.25, -0.2, 0.5), (0.25, 0.2, 0.53))
    posts = [board((x - 0.02, -0.02, 0.02), (x + 0.02, 0.02, 0.5)) for x in (-0.2, 0.2)]
    scene, truth = scene_of(level(0.5, 0.006), seat, *posts)
    embedding = GeodesicSegmenter().encode(scene)
    return embedding, truth[embedding.grid.voxel_to_point]


SEAT, POST = ((0.0, 0.0, 0.53), 1, 1, True), ((-0.2, 0.02, 0.25), 1, 2, True)


def test_one_click_on_the_seat_gives_the_seat_and_a_remainder(stool: tuple[GeodesicEmbedding, np.ndarray]) -> None:
    embedding, truth = stool
    whole = ((0.2, 0.02, 0.2), 1, 0, True)
    masks = GeodesicSegmenter().segment(embedding, clicks_at(embedding, SEAT, whole))
    objects, parts = masks.labels()
    foot = (truth > 1) & (embedding.grid.coord[:, 2] < 0.25)
    assert iou((objects == 1) & (parts == 1), truth == 1) > 0.8
    assert np.mean(parts[foot] == 0) > 0.9
    assert masks.status == {(1, 0): TargetStatus.OK, (1, 1): TargetStatus.OK}


def test_parts_divide_the_object(stool: tuple[GeodesicEmbedding, np.ndarray]) -> None:
    embedding, truth = stool
    masks = GeodesicSegmenter().segment(embedding, clicks_at(embedding, SEAT, POST))
    _, parts = masks.labels()
    assert iou(parts == 1, truth == 1) > 0.8
    assert iou(parts == 2, truth == 2) > 0.7


def test_a_negative_part_click_leaves_the_remainder(stool: tuple[GeodesicEmbedding, np.ndarray]) -> None:
    embedding, _ = stool
    end = (0.24, 0.0, 0.53)
    near = np.linalg.norm(embedding.grid.coord - np.array(end), axis=1) < 0.03
    segmenter = GeodesicSegmenter()
    before = segmenter.segment(embedding, clicks_at(embedding, SEAT)).labels()
    after = segmenter.segment(embedding, clicks_at(embedding, SEAT, (end, 1, 1, False))).labels()
    assert (before[1][near] == 1).all()
    assert (after[0][near] == 1).all()
    assert np.mean(after[1][near] == 0) > 0.9


def test_the_click_is_sure_and_the_border_is_not(boxes: tuple[GeodesicEmbedding, np.ndarray]) -> None:
    embedding, _ = boxes
    clicks = clicks_at(embedding, ((0.28, 0.28, 0), 1, 0, True), ((-0.28, 0.28, 0), 2, 0, True))
    confidence = GeodesicSegmenter().segment(embedding, clicks).confidence()
    middle = int(np.linalg.norm(embedding.grid.coord - np.array([0, 0.28, 0]), axis=1).argmin())
    assert confidence[clicks.voxel].min() > 0.9
    assert confidence[middle] < 0.8


def test_a_mask_stays_on_its_side_of_a_gap() -> None:
    scene, truth = scene_of(board((0, 0, 0), (0.1, 0.1, 0.1)), board((1, 0, 0), (1.1, 0.1, 0.1)))
    embedding = GeodesicSegmenter().encode(scene)
    clicks = clicks_at(embedding, ((0.05, 0.05, 0.1), 1, 0, True))
    objects = embedding.grid.on_points(GeodesicSegmenter().segment(embedding, clicks).labels()[0], outside=-1)
    assert (objects[truth == 0] == 1).all()
    assert (objects[truth == 1] == 0).all()


@pytest.mark.slow
def test_one_click_an_object_on_a_real_table(shared: Path) -> None:
    scene, labels = load_labelled(shared / "data/scans/mosd/test43.pcd", convention="mosd", up="-y")
    segmenter = GeodesicSegmenter()
    embedding = segmenter.encode(scene)
    truth = labels.object[embedding.grid.voxel_to_point]
    first = simulate_clicks(embedding.grid.coord, truth, np.zeros_like(truth))
    objects, _ = segmenter.segment(embedding, clicks_on(*((c.voxel, c.label, 0, True) for c in first))).labels()
    scores = [iou(objects == target, truth == target) for target in labels.objects()]
    assert np.mean(scores) > 0.85
