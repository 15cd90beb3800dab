"""The surface of a scan as a graph: voxels joined to their nearest neighbours, with position, normal and colour."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree
from scipy.spatial import cKDTree

from pinpoint3d.arrays import Bool, Float32, Float64, Int64, UInt8
from pinpoint3d.progress import track
from pinpoint3d.scene import Scene, VoxelGrid
from pinpoint3d.segmenters.planes import Plane, background_planes

FINEST, COARSEST = 0.008, 0.02  # metres; a depth camera's noise at arm's length, and the thinnest part worth clicking
_SPACINGS = 3.0  # voxels must be wider than the gaps between points, or neighbours are noise
_MOST_VOXELS = 150_000  # beyond it voxels grow, so that a click on a large scan is still answered at once
_GROWTH = 1.3
_NEIGHBOURS = 10
_NORMAL_NEIGHBOURS = 16
_ON_PLANE = 1000.0  # a voxel of a plane says more of which way is out than one anywhere else


@dataclass(frozen=True, eq=False)
class SurfaceGraph:
    """Voxels and undirected edges between neighbours, each edge once.

    Attributes:
        grid: the voxels.
        position: f64 [V, 3], mean of the voxel's points, metres.
        normal: f64 [V, 3], unit length, outward as far as it can be told.
        lab: f64 [V, 3], mean CIELAB colour, or None where the scene has none.
        edges: i64 [E, 2].
        length: f64 [E], metres.
        planes: those that are background, largest first.
    """

    grid: VoxelGrid
    position: Float64
    normal: Float64
    lab: Float64 | None
    edges: Int64
    length: Float64
    planes: tuple[Plane, ...]

    def __len__(self) -> int:
        return len(self.position)

    @classmethod
    def from_scene(cls, scene: Scene) -> "SurfaceGraph":
        """Voxelise a scene at the size that suits it and join the voxels.

        Raises:
            ValueError: the scene has no finite point.
        """
        with track("Encoding", 4) as advance:
            grid = suitable_grid(scene, _MOST_VOXELS)
            position = _voxel_means(scene.xyz, grid)
            lab = None if scene.rgb is None else _voxel_means(_cielab(scene.rgb), grid)
            advance(1)
            edges, neighbours = _join(position)
            length = np.linalg.norm(position[edges[:, 0]] - position[edges[:, 1]], axis=1)
            advance(1)
            normal = _fitted_normals(position, neighbours)
            if scene.normal is not None:
                measured = _voxel_means(np.nan_to_num(scene.normal), grid)
                norm = np.linalg.norm(measured, axis=1)
                known = norm > 0
                normal[known] = measured[known] / norm[known, None]
            advance(1)
            planes = background_planes(position, normal, grid.size)
            if scene.normal is None:
                normal = _oriented(position, normal, edges, planes)
            planes = tuple(plane for plane in planes if plane.is_seen_from_inside(normal))
            advance(1)
        return cls(grid, position, normal, lab, edges, length, planes)

    @property
    def convex(self) -> Float64:
        """f64 [E]: angle between the normals of every edge where they point away from each other, else 0; radians."""
        return self._bends[0]

    @property
    def concave(self) -> Float64:
        """f64 [E]: angle between the normals of every edge where they point towards each other, else 0; radians.

        Local convexity is that of Stein et al., Object Partitioning using Local Convexity, CVPR 2014.
        """
        return self._bends[1]

    @cached_property
    def colour_step(self) -> Float64:
        """f64 [E]: CIELAB difference across every edge; zero where the scene has no colour."""
        if self.lab is None:
            return np.zeros(len(self.edges))
        return np.asarray(np.linalg.norm(self.lab[self.edges[:, 0]] - self.lab[self.edges[:, 1]], axis=1))

    @cached_property
    def _bends(self) -> tuple[Float64, Float64]:
        a, b = self.edges.T
        turn, along = self.normal[b] - self.normal[a], self.position[b] - self.position[a]
        angle = 2 * np.arcsin(np.minimum(np.linalg.norm(turn, axis=1) / 2, 1.0))
        is_convex = (turn * along).sum(axis=1) >= 0
        return np.where(is_convex, angle, 0.0), np.where(is_convex, 0.0, angle)

    def matrix(self, weight: Float64, inside: Bool | None = None) -> csr_array:
        """Symmetric sparse matrix of edge weights, f64 [E], over the voxels `inside`, bool [V]; all by default."""
        a, b = self.edges.T
        n = len(self)
        if inside is not None:
            kept = inside[a] & inside[b]
            row = np.cumsum(inside) - 1
            a, b, weight, n = row[a[kept]], row[b[kept]], weight[kept], int(inside.sum())
        return csr_array((np.tile(weight, 2), (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(n, n))


def suitable_grid(scene: Scene, most: int) -> VoxelGrid:
    """Voxels of a suitable size, grown where the scene would have more than `most`.

    Raises:
        ValueError: the scene has no finite point.
    """
    grid = VoxelGrid.from_scene(scene, suitable_size(scene))
    while len(grid) > most:
        grid = VoxelGrid.from_scene(scene, grid.size * _GROWTH)
    return grid


def suitable_size(scene: Scene) -> float:
    """Three point spacings within bounds, in metres.

    Raises:
        ValueError: the scene has no finite point.
    """
    xyz = scene.xyz[scene.finite]
    if len(xyz) == 0:
        raise ValueError(f"{scene.name}: no finite point")
    sample = xyz[:: max(1, len(xyz) // 2000)]
    tree = cKDTree(xyz, compact_nodes=False, balanced_tree=False)  # made in half the time: few points are looked up
    spacing = 0.0 if len(xyz) < 2 else float(np.median(tree.query(sample, k=[2])[0]))
    return float(np.clip(_SPACINGS * spacing, FINEST, COARSEST))


def _voxel_means(values: Float32 | Float64, grid: VoxelGrid) -> Float64:
    """f64 [V, 3]: mean of point values, [N, 3], over every voxel."""
    known = grid.point_to_voxel >= 0
    voxel = grid.point_to_voxel[known]
    count = np.bincount(voxel, minlength=len(grid))
    sums = [np.bincount(voxel, values[known, axis], minlength=len(grid)) for axis in range(3)]
    return np.stack(sums, axis=1) / count[:, None]


def _join(position: Float64) -> tuple[Int64, Int64]:
    """Edges i64 [E, 2] to the nearest neighbours, and i64 [V, K] the neighbours a normal is fitted to."""
    n = len(position)
    wanted = np.arange(1, min(_NORMAL_NEIGHBOURS, n) + 1)
    neighbours = np.asarray(cKDTree(position).query(position, k=wanted, workers=-1)[1])
    near = neighbours[:, : _NEIGHBOURS + 1]
    source = np.repeat(np.arange(n), near.shape[1])
    low, high = np.minimum(source, near.ravel()), np.maximum(source, near.ravel())
    key = np.unique((low * n + high)[low != high])
    return np.stack([key // n, key % n], axis=1), neighbours


def _fitted_normals(position: Float64, neighbours: Int64) -> Float64:
    """f64 [V, 3]: direction of least spread among the neighbours; its sign is arbitrary."""
    centred = position[neighbours] - position[neighbours].mean(axis=1, keepdims=True)
    return np.asarray(np.linalg.eigh(np.einsum("vki,vkj->vij", centred, centred))[1][:, :, 0])


def _oriented(position: Float64, normal: Float64, edges: Int64, planes: tuple[Plane, ...]) -> Float64:
    """Turn normals to the side the surface is seen from.

    The sign spreads along the minimum spanning tree of the least bends (Hoppe et al., Surface Reconstruction from
    Unorganized Points, SIGGRAPH 1992, section 3.3), measured against the reflected normal so that it survives sharp
    creases (König and Gumhold, VMV 2009). Each connected piece is then turned to face up from the largest plane:
    a plane is scanned from the side on which things stand.
    """
    n = len(position)

    def agreement(a: Int64, b: Int64) -> Float64:
        along = position[b] - position[a]
        along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-12)
        bend = 2 * (normal[a] * along).sum(axis=1) * (normal[b] * along).sum(axis=1)
        return np.asarray((normal[a] * normal[b]).sum(axis=1) - bend)

    a, b = edges.T
    tree = minimum_spanning_tree(csr_array((1.0001 - np.abs(agreement(a, b)), (a, b)), shape=(n, n)))
    n_pieces, piece = connected_components(tree, directed=False)
    root = np.unique(piece, return_index=True)[1]
    parent = np.arange(n)
    rooted = tree.tocoo()
    hub = csr_array(
        (
            np.ones(len(rooted.data) + n_pieces),
            (np.concatenate([rooted.row, np.full(n_pieces, n)]), np.concatenate([rooted.col, root])),
        ),
        shape=(n + 1, n + 1),
    )  # one extra node above all roots, so that one traversal reaches every piece
    before = breadth_first_order(hub, n, directed=False)[1][:n]
    parent = np.where(before == n, parent, before)
    sign = np.where(agreement(np.arange(n), parent) < 0, -1.0, 1.0)
    sign[root] = 1.0
    while not np.array_equal(parent, parent[parent]):  # doubling the stride: a path of length L takes log L steps
        sign, parent = sign * sign[parent], parent[parent]
    normal = normal * sign[:, None]
    up = planes[0].normal if planes else np.array([0.0, 0.0, 1.0])
    weight = np.ones(n)
    if planes:
        weight[planes[0].voxels] = _ON_PLANE
    upward = np.bincount(piece, weight * (normal @ up), minlength=n_pieces)
    return np.asarray(normal * np.where(upward < 0, -1.0, 1.0)[piece][:, None])


def _cielab(rgb: UInt8) -> Float64:
    """f64 [N, 3]: CIELAB (D65) of sRGB colours (IEC 61966-2-1; CIE 15:2004)."""
    channel = rgb / 255.0
    linear = np.where(channel > 0.04045, ((channel + 0.055) / 1.055) ** 2.4, channel / 12.92)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ to_xyz.T / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)
