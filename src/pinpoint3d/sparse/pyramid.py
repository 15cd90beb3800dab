"""The occupied voxels of a batch of scenes at strides 1, 2, 4, ... and the kernel maps between them."""

import torch
from torch import Tensor

from pinpoint3d.sparse.kernel_map import KernelMap, neighbour_map, pooling_map

_MARGIN = 2  # free cells around the scenes, so that no step of a 5^3 kernel wraps into another row of the grid


class Level:
    """The occupied voxels at one stride.

    Attributes:
        coord: i64 [V, 4], scene and coordinate in units of this level's voxels, ascending by (scene, x, y, z).
        keys: i64 [V], ascending, one integer a voxel.
        strides: what one step in x and one in y adds to a key; one in z adds 1.

    Raises:
        ValueError: the extent does not fit an integer of 63 bits, or the rows do not strictly ascend.
    """

    def __init__(self, coord: Tensor) -> None:
        self.coord = coord
        self.keys, self.strides = _keys(coord)
        if bool((self.keys[1:] <= self.keys[:-1]).any()):
            raise ValueError("voxels must be unique and ascend by scene, x, y, z")
        self._neighbours: dict[int, KernelMap] = {}

    def __len__(self) -> int:
        return len(self.coord)

    def neighbours(self, size: int) -> KernelMap:
        """Map of the submanifold convolution with an odd kernel of `size`^3, at most 5^3; made once."""
        if size not in self._neighbours:
            if size % 2 == 0 or size > 2 * _MARGIN + 1:
                raise ValueError(f"kernel size {size}: must be 1, 3 or 5")
            self._neighbours[size] = neighbour_map(self.keys, self.strides, size)
        return self._neighbours[size]


class Pyramid:
    """Coordinates and kernel maps of a batch, made once and shared by all layers and the backward pass.

    Rows are sorted within, for neighbours in space to be neighbours in memory: bring features in by `sort`, and
    take them out by `unsort`.

    Args:
        coord: i64 [V, 4], scene number from 0 and voxel coordinate, unique, in any order.
        depth: number of levels; level i has stride 2^i.

    Attributes:
        order: i64 [V], the given row of every row of `levels[0]`.
        levels: from the finest to the coarsest.
        down: `down[i]` is the map of the 2^3 convolution of stride 2 from level i to level i + 1.
        up: `up[i]` is the map of its transposed convolution, from level i + 1 to level i.

    Raises:
        ValueError: two voxels are the same, or the extent does not fit an integer of 63 bits.
    """

    def __init__(self, coord: Tensor, depth: int) -> None:
        self.order = torch.argsort(_keys(coord)[0])
        self._rank = torch.empty_like(self.order)
        self._rank[self.order] = torch.arange(len(coord), device=coord.device)
        self.levels = [Level(coord[self.order])]
        self.down: list[KernelMap] = []
        for _ in range(depth - 1):
            coarse, pooling = _coarser(self.levels[-1])
            self.levels.append(coarse)
            self.down.append(pooling)
        self.up = [pooling.transposed for pooling in self.down]

    def sort(self, features: Tensor) -> Tensor:
        """[V, C] rows in the order of the given coordinates -> in the order of `levels[0]`."""
        return features[self.order]

    def unsort(self, features: Tensor) -> Tensor:
        """[V, C] rows in the order of `levels[0]` -> in the order of the given coordinates."""
        return features[self._rank]


def _keys(coord: Tensor) -> tuple[Tensor, tuple[int, int]]:
    """i64 [V] row-major number of every voxel in the bounding box, and the strides of x and y."""
    lower, upper = coord.amin(dim=0), coord.amax(dim=0)
    lower[1:] -= _MARGIN
    upper[1:] += _MARGIN
    scenes, nx, ny, nz = (upper - lower + 1).tolist()
    if scenes * nx * ny * nz >= 2**63:
        raise ValueError(f"an extent of {nx} x {ny} x {nz} voxels is too large")
    weight = torch.tensor([nx * ny * nz, ny * nz, nz, 1], device=coord.device)
    return ((coord - lower) * weight).sum(dim=1), (ny * nz, nz)


def _coarser(fine: Level) -> tuple[Level, KernelMap]:
    """The level of twice the stride, `floor(coordinate / 2)` also for negative ones, and the map to it."""
    halved = fine.coord.clone()
    halved[:, 1:] >>= 1
    keys, parent = torch.unique(_keys(halved)[0], return_inverse=True)
    coord = halved.new_empty(len(keys), 4)
    coord[parent] = halved  # siblings write the same row
    place = fine.coord[:, 1:] & 1
    position = place[:, 0] + 2 * place[:, 1] + 4 * place[:, 2]
    return Level(coord), pooling_map(position, parent, len(coord))
