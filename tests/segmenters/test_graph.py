"""The surface graph: which way is out, where it folds, and its large planes."""

import numpy as np
import pytest

from pinpoint3d.arrays import Float64
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.graph import COARSEST, FINEST, SurfaceGraph
from pinpoint3d.segmenters.planes import background_planes


def _grid(half: float, step: float) -> tuple[Float64, Float64]:
    x, y = np.meshgrid(np.arange(-half, half, step), np.arange(-half, half, step))
    return x.ravel(), y.ravel()


def _ball_on_a_table() -> SurfaceGraph:
    x, y = _grid(0.4, 0.004)
    table = np.stack([x, y, 0 * x], axis=1)
    rng = np.random.default_rng(0)
    direction = rng.normal(size=(20_000, 3))
    ball = 0.1 * direction / np.linalg.norm(direction, axis=1, keepdims=True) + [0, 0, 0.06]
    ball, table = ball[ball[:, 2] > 0], table[np.hypot(x, y) > 0.08]  # what a scanner sees
    return SurfaceGraph.from_scene(Scene("ball", np.concatenate([table, ball]).astype(np.float32)))


def test_normals_point_out_and_the_foot_is_concave() -> None:
    graph = _ball_on_a_table()
    height = graph.position[:, 2]
    outward = graph.position - [0, 0, 0.06]
    ball = height > 0.03
    assert np.mean((graph.normal[ball] * outward[ball]).sum(axis=1) > 0) > 0.99
    assert np.mean(graph.normal[(height < 0.005), 2] > 0) > 0.95
    on_ball = (height[graph.edges] > 0.05).all(axis=1)
    assert graph.convex[on_ball].mean() > 3 * graph.concave[on_ball].mean()
    foot = ((height[graph.edges] > 0.003) & (height[graph.edges] < 0.02)).all(axis=1)
    assert graph.concave[foot].mean() > graph.convex[foot].mean()


def test_measured_normals_are_taken() -> None:
    x, y = _grid(0.1, 0.004)
    xyz = np.stack([x, y, 0 * x], axis=1).astype(np.float32)
    down = np.tile(np.array([[0, 0, -1]], np.float32), (len(x), 1))
    assert (SurfaceGraph.from_scene(Scene("down", xyz, normal=down)).normal[:, 2] == -1).all()
    assert (SurfaceGraph.from_scene(Scene("down", xyz)).normal[:, 2] > 0.99).all()


def test_the_table_is_the_plane_and_its_normal_points_to_what_stands_on_it() -> None:
    graph = _ball_on_a_table()
    (plane,) = graph.planes
    np.testing.assert_allclose(plane.normal, [0, 0, 1], atol=0.02)
    assert (graph.position[plane.voxels, 2] < 0.02).all()
    assert len(plane.voxels) > 0.95 * np.count_nonzero(graph.position[:, 2] < 0.005)


def test_edges_are_unique_and_colour_steps_follow_colour() -> None:
    x, y = _grid(0.1, 0.004)
    rgb = np.where(x[:, None] > 0.0005, [255, 0, 0], [0, 0, 255]).astype(np.uint8)
    graph = SurfaceGraph.from_scene(Scene("flag", np.stack([x, y, 0 * x], axis=1).astype(np.float32), rgb=rgb))
    assert len(np.unique(graph.edges, axis=0)) == len(graph.edges)
    assert (graph.edges[:, 0] < graph.edges[:, 1]).all()
    sides = graph.position[graph.edges][:, :, 0]
    apart = (sides.min(axis=1) < -0.01) & (sides.max(axis=1) > 0.01)
    same = (sides.min(axis=1) > 0.01) | (sides.max(axis=1) < -0.01)
    assert (graph.colour_step[same] < 1e-6).all()
    assert (graph.colour_step[apart] > 100).all()
    assert same.any()


@pytest.mark.parametrize(("step", "size"), [(0.001, FINEST), (0.004, 0.012), (0.05, COARSEST)])
def test_voxels_follow_the_spacing_of_points_within_bounds(step: float, size: float) -> None:
    x, y = _grid(30 * step, step)
    graph = SurfaceGraph.from_scene(Scene("sheet", np.stack([x, y, 0 * x], axis=1).astype(np.float32)))
    assert graph.grid.size == pytest.approx(size, rel=1e-3)


def test_a_large_scan_gets_larger_voxels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pinpoint3d.segmenters.graph._MOST_VOXELS", 1000)
    x, y = _grid(1.0, 0.01)
    graph = SurfaceGraph.from_scene(Scene("hall", np.stack([x, y, 0 * x], axis=1).astype(np.float32)))
    assert 300 < len(graph) <= 1000


def _sheet(low: float, high: float, at: float, axis: int) -> Float64:
    """Points 1 cm apart on the square `low`..`high` at a height `at` along one axis."""
    u, v = (a.ravel() for a in np.meshgrid(np.arange(low, high, 0.01), np.arange(low, high, 0.01)))
    return np.insert(np.stack([u, v], axis=1), axis, at, axis=1)


def test_floor_and_walls_are_background_and_a_table_top_between_is_not() -> None:
    floor, walls = _sheet(0, 3, 0.0, 2), [_sheet(0, 3, 0.0, axis) for axis in (0, 1)]
    top = _sheet(1, 2, 0.7, 2)
    graph = SurfaceGraph.from_scene(Scene("room", np.concatenate([floor, *walls, top]).astype(np.float32)))
    found = sorted(tuple(np.abs(plane.normal).round(1)) for plane in graph.planes)
    assert found == [(0, 0, 1), (0, 1, 0), (1, 0, 0)]
    assert all((plane.normal > -0.1).all() for plane in graph.planes)
    on_top = np.flatnonzero(np.abs(graph.position[:, 2] - 0.7) < 0.05)
    on_top = on_top[(graph.position[on_top, :2] > 0.5).all(axis=1)]
    assert not any(np.isin(on_top, plane.voxels).any() for plane in graph.planes)


def test_a_plane_has_the_voxels_close_to_it_that_face_its_way() -> None:
    points = np.concatenate([_sheet(0, 2, 0.0, 2), _sheet(0, 1, 0.0, 0)])
    graph = SurfaceGraph.from_scene(Scene("corner", points.astype(np.float32)))
    floor, *others = background_planes(graph.position, graph.normal, graph.grid.size)
    (alone,) = background_planes(graph.position, graph.normal, graph.grid.size, most=1)
    assert others
    np.testing.assert_array_equal(alone.voxels, floor.voxels)
    np.testing.assert_allclose(np.abs(floor.normal), [0, 0, 1], atol=0.01)
    on = (np.abs(graph.position[:, 2]) < 1.2 * graph.grid.size) & (np.abs(graph.normal[:, 2]) > 0.8)
    assert (np.isin(np.arange(len(graph)), floor.voxels) != on).mean() < 0.002


@pytest.mark.parametrize("noise", [0.0, 0.001])
def test_a_thing_that_lies_flat_is_told_from_its_plane_by_its_noise(noise: float) -> None:
    table, tray = _sheet(0, 2, 0.0, 2), _sheet(0.8, 1.2, 0.012, 2)
    under = (np.abs(table[:, :2] - 1.0) < 0.205).all(axis=1)
    points = np.concatenate([table[~under], tray])
    points[:, 2] += np.random.default_rng(0).normal(scale=noise, size=len(points))
    graph = SurfaceGraph.from_scene(Scene("tray", points.astype(np.float32)))
    (plane,) = background_planes(graph.position, graph.normal, graph.grid.size, most=1)
    on_tray = (np.abs(graph.position[:, :2] - 1.0) < 0.18).all(axis=1)
    bare = (np.abs(graph.position[:, :2] - 1.0) > 0.25).any(axis=1)
    kept = np.isin(np.arange(len(graph)), plane.without_things(graph.position, graph.grid.size))
    assert np.isin(np.flatnonzero(on_tray), plane.voxels).mean() > 0.9
    assert not kept[on_tray].any()
    assert kept[bare].mean() > 0.99


def test_the_sides_of_a_box_seen_from_outside_are_no_background() -> None:
    sides = [(_sheet(0, 1, at, axis), axis, at) for axis in range(3) for at in (0.0, 1.0)]
    outward = [np.tile(np.eye(3)[axis] * (2 * at - 1), (len(points), 1)) for points, axis, at in sides]
    xyz = np.concatenate([points for points, *_ in sides]).astype(np.float32)
    normal = np.concatenate(outward).astype(np.float32)
    assert SurfaceGraph.from_scene(Scene("box", xyz, normal=normal)).planes == ()
    assert len(SurfaceGraph.from_scene(Scene("inside of a box", xyz, normal=-normal)).planes) == 6
