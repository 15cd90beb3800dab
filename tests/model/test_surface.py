import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from pinpoint3d.model import SurfaceConfig, create_network
from pinpoint3d.model.surface import Surface
from pinpoint3d.scene import Scene, VoxelGrid


def surface_of(xyz, rgb=None, size=0.02):
    scene = Scene("scan", xyz.astype(np.float32), rgb=rgb)
    return Surface.of_scene(scene, VoxelGrid.from_scene(scene, size))


def scattered(seed, most=60, width=5):
    """Voxels here and there in a small cube, each with a mean of its points: lone ones, lines and clumps."""
    rng = np.random.default_rng(seed)
    cells = np.stack(np.unravel_index(rng.choice(width**3, rng.integers(1, most), replace=False), (width,) * 3), axis=1)
    coord = torch.from_numpy(cells * rng.integers(1, 3)) + 5
    position = coord + torch.from_numpy(rng.random(cells.shape))
    return Surface.of(coord, position.float(), torch.from_numpy(rng.random(cells.shape).astype(np.float32)))


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


def test_normals_of_a_sphere(rng):
    outward = rng.normal(size=(60_000, 3))
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    surface = surface_of(outward * 0.5)
    centred = torch.nn.functional.normalize(surface.position, dim=1)
    off = 1 - (surface.normal * centred).sum(dim=1).abs()
    assert off.max() < 0.03
    torch.testing.assert_close(surface.normal.norm(dim=1), torch.ones(len(surface)))


@given(st.integers(0, 10_000))
def test_normals_are_directions_of_least_spread(seed):
    surface = scattered(seed)
    coord, at = surface.coord.numpy(), surface.position.numpy().astype(np.float64)
    for voxel, normal, flatness in zip(coord, surface.normal.numpy(), surface.features[:, 12].numpy(), strict=True):
        near = at[np.abs(coord - voxel).max(axis=1) <= 2]
        spread = np.cov(near.T, bias=True) if len(near) > 1 else np.zeros((3, 3))
        least, middle, _ = np.linalg.eigvalsh(spread)
        assert flatness == pytest.approx(3 * max(least, 0) / max(np.trace(spread), 1e-9), abs=2e-3)
        if middle > 0.02:  # of a line or a lone voxel every direction across is as good
            assert np.linalg.norm(normal) == pytest.approx(1, abs=1e-4)
            assert normal @ spread @ normal == pytest.approx(least, abs=1e-3)


def test_voxels_that_touch_are_joined_once(tilted_plane):
    surface = surface_of(tilted_plane[0])
    edges = surface.edges.numpy()
    step = np.abs(surface.coord.numpy()[edges[:, 0]] - surface.coord.numpy()[edges[:, 1]])
    assert step.max() == 1
    assert len(np.unique(np.sort(edges, axis=1), axis=0)) == len(edges)
    assert len(surface.graph.neighbour) == 2 * len(edges)


@given(st.integers(0, 10_000))
def test_edges_are_all_that_touch_and_bridges_between_pieces(seed):
    surface = scattered(seed)
    coord, n = surface.coord.numpy(), len(surface)
    pairs = {tuple(sorted(pair)) for pair in surface.edges.tolist()}
    assert len(pairs) == len(surface.edges)
    touch = np.abs(coord[:, None] - coord).max(axis=2) == 1
    assert {pair for pair in pairs if touch[pair]} == {(a, b) for a, b in np.argwhere(touch).tolist() if a < b}
    piece = connected_components(touch, directed=False)[1]
    bridges = [pair for pair in pairs if not touch[pair]]
    assert all(piece[a] != piece[b] for a, b in bridges)
    largest = np.bincount(piece).argmax()
    for voxel in np.flatnonzero(piece != largest):
        near = cKDTree(surface.position).query(surface.position[voxel], k=np.arange(2, min(16, n) + 1))[1]
        other = near[piece[near] != piece[voxel]]
        assert len(other) == 0 or tuple(sorted((voxel, other[0]))) in pairs


def test_edges_are_read_alike_whichever_are_read_together(tilted_plane, rng, monkeypatch):
    xyz = tilted_plane[0][:3000]
    rgb = rng.integers(0, 256, xyz.shape, dtype=np.uint8)
    head = create_network(SurfaceConfig(), rng).edges
    whole = surface_of(xyz, rgb)
    features = torch.from_numpy(rng.normal(size=(len(whole), 32)).astype(np.float32))
    borders = head(features, whole)
    for module in "surface", "surface_network":
        monkeypatch.setattr(f"pinpoint3d.model.{module}.AT_ONCE", 100)
    pieces = surface_of(xyz, rgb)
    torch.testing.assert_close(pieces.geometry, whole.geometry)
    torch.testing.assert_close(head(features, pieces), borders)
    a, b = whole.edges.T
    step = whole.position[b] - whole.position[a]
    along = torch.nn.functional.normalize(step, dim=1)
    slant = ((whole.normal[a] * along).sum(dim=1).abs() + (whole.normal[b] * along).sum(dim=1).abs()) / 2
    colour = whole.features[:, :3]
    expected = [step.norm(dim=1), 1 - (whole.normal[a] * whole.normal[b]).sum(dim=1).abs(), slant]
    torch.testing.assert_close(whole.geometry, torch.stack([*expected, (colour[a] - colour[b]).norm(dim=1)], dim=1))


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
