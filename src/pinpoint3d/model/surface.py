"""A scan as the surface network reads it: voxels with normals, and edges between neighbours.

Everything is counted in voxels, so that one network serves a room at 2 cm and a table top at 8 mm.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from torch import Tensor
from torch.nn.functional import embedding, pad

from pinpoint3d import native
from pinpoint3d.arrays import Float32, Int64, UInt8
from pinpoint3d.model.backbone import DEPTH
from pinpoint3d.scene import Scene, VoxelGrid
from pinpoint3d.sparse import KernelMap, Pyramid, convolve

FEATURES = 14  # colour, place within the voxel, normal, flatness, height
GEOMETRY = 4  # of an edge: length, bend, slant, colour step
AT_ONCE = 1 << 15  # edges that are read together: fresh memory for all of them takes longer than the work
_REACH = 5  # normals are fitted to voxels of a cube of this edge
_HEIGHT = 64.0  # voxels that count as one unit of height
_BRIDGE = 16  # neighbours among which a piece of surface looks for another to hang on to


@dataclass(frozen=True, eq=False)
class Graph:
    """Neighbours of V voxels: those of voxel v are rows `first[v]` to `first[v + 1]`.

    Attributes:
        first: i64 [V + 1].
        neighbour: i32 [2 E].
        edge: i32 [2 E], number of the edge to that neighbour.
    """

    first: Tensor
    neighbour: Tensor
    edge: Tensor

    def __len__(self) -> int:
        return len(self.first) - 1

    @classmethod
    def of(cls, edges: Int64, n: int) -> "Graph":
        """The graph of undirected edges i64 [E, 2], each given once, between n voxels."""
        a, b = edges.T
        number = np.arange(len(edges))
        ends = np.concatenate([a, b]), np.concatenate([b, a])
        matrix = csr_array((np.tile(number, 2), ends), shape=(n, n))
        return cls(
            torch.from_numpy(matrix.indptr.astype(np.int64)),
            torch.from_numpy(matrix.indices.astype(np.int32)),
            torch.from_numpy(matrix.data.astype(np.int32)),
        )


@dataclass(frozen=True, eq=False)
class Surface:
    """V voxels and E edges of one scan.

    Attributes:
        coord: i64 [V, 3], voxels.
        position: f32 [V, 3], mean of each voxel's points, in voxels.
        normal: f32 [V, 3], unit length, of either sign.
        features: f32 [V, FEATURES].
        edges: i64 [E, 2].
        geometry: f32 [E, GEOMETRY].
        pyramid: of the voxels.
    """

    coord: Tensor
    position: Tensor
    normal: Tensor
    features: Tensor
    edges: Tensor
    geometry: Tensor
    pyramid: Pyramid

    def __len__(self) -> int:
        return len(self.coord)

    @classmethod
    def of_scene(cls, scene: Scene, grid: VoxelGrid) -> "Surface":
        """Read a scan that was voxelised to `grid`."""
        known = np.flatnonzero(grid.point_to_voxel >= 0)
        voxel = grid.point_to_voxel[known]
        count = np.bincount(voxel, minlength=len(grid))

        def mean(values: Float32 | UInt8) -> Float32:
            sums = [np.bincount(voxel, values[known, axis], minlength=len(grid)) for axis in range(3)]
            return np.asarray(np.stack(sums, axis=1) / count[:, None], dtype=np.float32)

        position = mean(scene.xyz) / np.float32(grid.size)
        colour = grid.feat if scene.rgb is None else mean(scene.rgb) / np.float32(255)
        return cls.of(torch.from_numpy(grid.grid_coord).long(), torch.from_numpy(position), torch.from_numpy(colour))

    @classmethod
    def of(cls, coord: Tensor, position: Tensor, colour: Tensor) -> "Surface":
        """Find normals and edges.

        Args:
            coord: i64 [V, 3], unique voxels.
            position: f32 [V, 3], mean of each voxel's points, in voxels.
            colour: f32 [V, 3], 0..1.
        """
        pyramid = Pyramid(pad(coord, (1, 0)), DEPTH)
        offset = position - coord - 0.5
        normal, flatness = _normals(pyramid.sort(offset), pyramid.levels[0].neighbours(_REACH))
        normal, flatness = pyramid.unsort(normal), pyramid.unsort(flatness)
        x, y, z = normal.T
        height = position[:, 2] - position[:, 2].kthvalue(1 + len(coord) // 100).values
        features = torch.cat(
            [
                colour - 0.5,
                offset,
                torch.stack([x * x, y * y, z * z, x * y, x * z, y * z, 3 * flatness, height / _HEIGHT], dim=1),
            ],
            dim=1,
        )
        edges = _edges(pyramid, position)
        place = torch.cat([position, normal, colour], dim=1)
        geometry = torch.cat([_geometry(place, some) for some in torch.split(edges, AT_ONCE)])
        return cls(coord, position, normal, features, edges, geometry, pyramid)

    def to(self, device: torch.device) -> "Surface":
        """The same on another device."""
        if device == self.coord.device:
            return self
        return Surface(
            coord=self.coord.to(device),
            position=self.position.to(device),
            normal=self.normal.to(device),
            features=self.features.to(device),
            edges=self.edges.to(device),
            geometry=self.geometry.to(device),
            pyramid=Pyramid(pad(self.coord.to(device), (1, 0)), DEPTH),
        )

    @property
    def colour(self) -> Tensor:
        """f32 [V, 3], 0..1: mean of each voxel's points."""
        return self.features[:, :3] + 0.5

    @cached_property
    def graph(self) -> Graph:
        """The neighbours of every voxel, on the CPU, where paths are found."""
        return Graph.of(self.edges.cpu().numpy(), len(self))


def _edges(pyramid: Pyramid, position: Tensor) -> Tensor:
    """i64 [E, 2]: voxels that touch, each pair once, and bridges from every piece of surface to others near it."""
    touching = pyramid.levels[0].neighbours(3)
    half = sum(touching.counts[: len(touching.counts) // 2])  # the other half mirrors it
    pairs = torch.stack([touching.input[:half], touching.output[:half]], dim=1).long()
    edges = pyramid.order[pairs]
    n = len(position)
    a, b = edges.numpy().T
    n_pieces, piece = connected_components(csr_array((np.ones(len(a), dtype=np.bool_), (a, b)), shape=(n, n)), False)
    if n_pieces == 1:
        return edges
    at = position.numpy()
    lesser = np.flatnonzero(piece != np.bincount(piece).argmax())
    near = np.asarray(cKDTree(at).query(at[lesser], k=np.arange(2, min(_BRIDGE, n) + 1), workers=-1)[1])
    other = piece[near] != piece[lesser][:, None]
    found = other.any(axis=1)
    ends = np.stack([lesser[found], near[found, other[found].argmax(axis=1)]], axis=1)
    bridges = np.unique(np.sort(ends, axis=1), axis=0)
    return torch.cat([edges, torch.from_numpy(bridges)])


def _geometry(place: Tensor, edges: Tensor) -> Tensor:
    """f32 [E, GEOMETRY] of edges i64 [E, 2] between voxels with position, normal and colour f32 [V, 9]."""
    a, b = embedding(edges, place).permute(1, 2, 0).contiguous()
    step = b[:3] - a[:3]
    length = _length(step)
    bend = 1 - (a[3:6] * b[3:6]).sum(dim=0).abs()
    slant = ((a[3:6] * step).sum(dim=0).abs() + (b[3:6] * step).sum(dim=0).abs()) / (2 * length.clamp(min=1e-6))
    return torch.stack([length, bend, slant, _length(a[6:] - b[6:])], dim=1)


def _normals(offset: Tensor, near: KernelMap) -> tuple[Tensor, Tensor]:
    """Direction of least spread among the voxels near each voxel, f32 [V, 3], of arbitrary sign, and its share [V].

    First and second moments of the neighbours are sums over kernel offsets, each a linear map of the neighbour's own
    moments: a sparse convolution with known weights.

    Args:
        offset: f32 [V, 3], place of each voxel's points relative to its centre, in voxels.
        near: neighbours of each voxel.
    """
    x, y, z = offset.T
    moments = torch.stack([torch.ones_like(x), x, y, z, x * x, y * y, z * z, x * y, x * z, y * z], dim=1)
    sums = convolve(moments, _moving_weights(_REACH).to(offset), near)
    count, first, second = torch.split(sums.T[:10].contiguous(), [1, 3, 6])
    mean = first / count
    axes = torch.tensor([[0, 3, 4], [3, 1, 5], [4, 5, 2]])
    return _least_axis((second / count)[axes] - mean[:, None] * mean)


def _moving_weights(size: int) -> Tensor:
    """f32 [size^3, 10, PANEL]: moments (1, x, y, z, xx, yy, zz, xy, xz, yz) about a voxel from those about a neighbour.

    Zeros behind them: the compiled convolution takes half the time for a whole panel of columns.
    """
    k = torch.arange(size**3)
    shift = torch.stack([k % size, k // size % size, k // size**2], dim=1).float() - size // 2
    weight = torch.eye(10, native.PANEL).repeat(size**3, 1, 1)
    for row, (i, j) in enumerate([(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)], start=4):
        weight[:, 0, row] = shift[:, i] * shift[:, j]
        weight[:, 1 + j, row] += shift[:, i]
        weight[:, 1 + i, row] += shift[:, j]
    weight[:, 0, 1:4] = shift
    return weight


def _least_axis(spread: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvector [V, 3] of the least eigenvalue of symmetric matrices [3, 3, V], and that eigenvalue's share [V].

    In closed form (Smith, Eigenvalues of a symmetric 3 x 3 matrix, 1961): thousands of times faster than a solver a
    matrix. Where two eigenvalues are equal the vector is any of theirs.
    """
    trace = spread[0, 0] + spread[1, 1] + spread[2, 2]
    eye = torch.eye(3, device=spread.device)[:, :, None]
    deviator = spread - trace / 3 * eye
    scale = (deviator.square().sum(dim=(0, 1)) / 6).sqrt().clamp(min=1e-9)
    x, y, z = deviator / scale
    half_determinant = (x * torch.linalg.cross(y, z, dim=0)).sum(dim=0) / 2
    angle = half_determinant.clamp(-1, 1).arccos() / 3
    least = trace / 3 + 2 * scale * torch.cos(angle + 2 * torch.pi / 3)
    x, y, z = spread - least * eye
    crossed = torch.stack([torch.linalg.cross(*rows, dim=0) for rows in ((x, y), (x, z), (y, z))])
    longest, best = _length(crossed, dim=1).max(dim=0)
    axis = crossed.gather(0, best.expand(1, 3, -1))[0] / longest.clamp(min=1e-12)
    return axis.T.contiguous(), (least / trace.clamp(min=1e-9)).clamp(0, 1 / 3)


def _length(vectors: Tensor, dim: int = 0) -> Tensor:
    """Euclidean norm; many times faster than `norm` along an axis that is not the last."""
    return vectors.square().sum(dim=dim).sqrt()
