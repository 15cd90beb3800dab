import numpy as np
import pytest
import torch

from pinpoint3d.model.surface import Surface
from pinpoint3d.scene import Scene, VoxelGrid


def surface_of(xyz, rgb=None, size=0.02):
    scene = Scene("scan", xyz.astype(np.float32), rgb=rgb)
    return Surface.of_scene(scene, VoxelGrid.from_scene(scene, size))


@pytest.fixture
def tilted_plane(rng):
    uv = rng.uniform(-0.3, 0.3, (20_000, 2))
    normal = np.array([1.0, 2.0, 3.0]) / np.sqrt(14)
    u = np.cross(normal, [0, 0, 1.0])
    u /= np.linalg.norm(u)
    return uv[:, :1] * u + uv[:, 1:] * np.cross(normal, u), normal


def test_normals_of_a_plane(tilted_plane):
    xyz, normal = tilted_plane
    squares = surface_of(xyz).features[:, 6:12].numpy()
    x, y, z = normal
    expected = np.array([x * x, y * y, z * z, x * y, x * z, y * z])
    assert np.abs(squares - expected).max(axis=1).mean() < 0.03
    assert np.median(np.abs(squares - expected)) < 0.01


def test_voxels_that_touch_are_joined_once(tilted_plane):
    surface = surface_of(tilted_plane[0])
    edges = surface.edges.numpy()
    step = np.abs(surface.coord.numpy()[edges[:, 0]] - surface.coord.numpy()[edges[:, 1]])
    assert step.max() == 1
    assert len(np.unique(np.sort(edges, axis=1), axis=0)) == len(edges)
    assert len(surface.graph.neighbour) == 2 * len(edges)


def test_pieces_near_each_other_are_bridged(rng):
    square = np.pad(rng.uniform(0, 0.2, (4000, 2)), ((0, 0), (0, 1)))
    surface = surface_of(np.concatenate([square, square[:800] * 0.1 + [0.27, 0, 0]]))
    far = surface.geometry[:, 0] > 2
    assert far.any()
    ends = surface.position.numpy()[surface.edges.numpy()[far]][:, :, 0] * 0.02
    assert (ends.min(axis=1) < 0.21).all()
    assert (ends.max(axis=1) > 0.26).all()


def test_what_is_read_does_not_depend_on_the_place(tilted_plane):
    xyz = tilted_plane[0]
    here, there = surface_of(xyz), surface_of(xyz + np.array([5.12, -2.56, 1.28]))
    torch.testing.assert_close(here.features, there.features, atol=2e-3, rtol=0)
