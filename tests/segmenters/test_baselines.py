"""What every segmenter without weights promises, on any clicks and on degenerate scans."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinpoint3d.prompts import ClickTensors, TargetStatus
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters import Segmenter
from pinpoint3d.segmenters.registry import load_model

NAMES = ("geodesic", "random_walker", "region_growing", "voronoi")


def _bumpy(n: int = 400) -> Scene:
    rng = np.random.default_rng(1)
    xyz = rng.uniform(0, 0.2, (n, 3)) * [1, 1, 0.2]
    return Scene("bumpy", xyz.astype(np.float32), rgb=rng.integers(0, 256, (n, 3), dtype=np.uint8))


BUMPY = _bumpy()
NAN = np.float32(np.nan)
DEGENERATE = {
    "one point": Scene("one", np.zeros((1, 3), np.float32)),
    "all equal": Scene("equal", np.ones((9, 3), np.float32)),
    "two far apart": Scene("two", np.array([[0, 0, 0], [9, 0, 0]], np.float32)),
    "a line": Scene("line", np.linspace(0, 1, 200, dtype=np.float32)[:, None] * np.array([[1, 0, 0]], np.float32)),
    "not all finite": Scene(
        "nan",
        np.array([[NAN, 0, 0], [0, 0, 0], [0.01, 0, 0], [5, 5, 5], [np.inf, 0, 0]], np.float32),
        normal=np.full((5, 3), NAN),
    ),
}


def _clicks(rows: list[tuple[int, int, int, bool]]) -> ClickTensors:
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return ClickTensors(table[:, 0], table[:, 1], table[:, 2], np.arange(len(table)), table[:, 3].astype(np.bool_))


@cache
def _encoded(name: str) -> tuple[Segmenter[Any], Any]:
    segmenter: Segmenter[Any] = load_model(name)
    return segmenter, segmenter.encode(BUMPY)


DRAWN = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 3), st.integers(0, 2), st.booleans()), max_size=12)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40)
@given(drawn=DRAWN)
def test_clicked_voxels_targets_and_purity(name: str, drawn: list[tuple[int, int, int, bool]]) -> None:
    segmenter, embedding = _encoded(name)
    v = len(embedding.grid)
    clicks = _clicks([(voxel % v, o, p if o else 0, s or o == 0) for voxel, o, p, s in drawn])
    masks = segmenter.segment(embedding, clicks)
    objects, parts = masks.labels()

    np.testing.assert_array_equal(masks.ids, clicks.objects())
    assert masks.object.shape == (v, 1 + len(masks.ids))
    assert set(masks.parts) == {int(o) for o in masks.ids if len(clicks.parts(int(o)))}
    assert masks.status == clicks.status()
    if not len(masks.ids):
        assert not masks.object.any()
    latest = {int(voxel): row for row, voxel in enumerate(clicks.voxel)}
    wanted_object, wanted_part = clicks.labels()
    for voxel, row in latest.items():
        assert objects[voxel] == wanted_object[row]
        if clicks.part[row]:  # a click on an object as a whole says nothing of its parts
            assert parts[voxel] == wanted_part[row]
    for logits in (masks.object, *(answer.logits for answer in masks.parts.values())):
        assert np.isfinite(logits).all()
    confidence = masks.confidence()
    assert (confidence <= 1.0 + 1e-6).all()
    assert (confidence >= 1.0 / masks.object.shape[1] - 1e-6).all()
    np.testing.assert_array_equal(segmenter.segment(embedding, clicks).object, masks.object)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scene", DEGENERATE.values(), ids=DEGENERATE)
def test_degenerate_scans_are_answered(name: str, scene: Scene) -> None:
    segmenter: Segmenter[Any] = load_model(name)
    embedding = segmenter.encode(scene)
    last = len(embedding.grid) - 1
    masks = segmenter.segment(embedding, _clicks([(0, 1, 1, True), (last, 1, 2, True)]))
    objects, parts = masks.labels()
    assert (objects[[0, last]] == 1).all()
    assert parts[last] == 2
    if last == 0:
        assert masks.status[1, 1] is TargetStatus.NO_VOXEL


@pytest.mark.parametrize("name", NAMES)
def test_a_scan_without_a_point_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no finite point"):
        load_model(name).encode(Scene("empty", np.full((3, 3), NAN)))


def test_region_growing_stops_at_a_crease() -> None:
    x, y = (a.ravel() for a in np.meshgrid(np.arange(0, 0.3, 0.004), np.arange(0, 0.3, 0.004)))
    floor, wall = np.stack([x, y, 0 * x], axis=1), np.stack([0 * x, y, x], axis=1)
    scene = Scene("corner", np.concatenate([floor, wall[wall[:, 2] > 0]]).astype(np.float32))
    segmenter = load_model("region_growing")
    embedding = segmenter.encode(scene)
    coord = embedding.grid.coord
    start = int(np.linalg.norm(coord - np.array([0.15, 0.15, 0]), axis=1).argmin())
    objects = segmenter.segment(embedding, _clicks([(start, 1, 0, True)])).labels()[0]
    assert (objects[coord[:, 0] > 0.05] == 1).all()
    assert (objects[coord[:, 2] > 0.05] == 0).all()


def test_voronoi_and_random_walker_divide_halfway() -> None:
    x, y = (a.ravel() for a in np.meshgrid(np.arange(0, 0.4, 0.004), np.arange(0, 0.1, 0.004)))
    scene = Scene("strip", np.stack([x, y, 0 * x], axis=1).astype(np.float32))
    for name in ("voronoi", "random_walker"):
        segmenter = load_model(name)
        embedding = segmenter.encode(scene)
        coord = embedding.grid.coord
        ends = [int(np.linalg.norm(coord - np.array([end, 0.05, 0]), axis=1).argmin()) for end in (0.0, 0.4)]
        objects = segmenter.segment(embedding, _clicks([(ends[0], 1, 0, True), (ends[1], 2, 0, True)])).labels()[0]
        assert (objects[coord[:, 0] < 0.18] == 1).all()
        assert (objects[coord[:, 0] > 0.22] == 2).all()
