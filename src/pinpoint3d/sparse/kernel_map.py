"""Which input row meets which output row under which kernel offset.

Offsets are numbered as in MinkowskiEngine, so that its weights fit: x varies fastest, then y, then z.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import torch
from torch import Tensor

from pinpoint3d import native


@dataclass(frozen=True, eq=False)
class KernelMap:
    """The M pairs of a sparse convolution with K offsets, grouped by offset.

    `out[output[m]] += in[input[m]] @ weight[k]` for the pairs m of every offset k. An output row occurs at most once
    an offset and in ascending order, so no two additions of one offset ever meet.

    Attributes:
        input: i32 [M], input rows.
        output: i32 [M], output rows.
        counts: number of pairs of each of the K offsets.
        n_input: number of input rows.
        n_output: number of output rows.
        centre: the offset that pairs every row with itself (submanifold convolutions), or None.
    """

    input: Tensor
    output: Tensor
    counts: tuple[int, ...]
    n_input: int
    n_output: int
    centre: int | None = None

    @cached_property
    def transposed(self) -> "KernelMap":
        """The map from output to input: that of the transposed convolution, and of the gradient."""
        return KernelMap(self.output, self.input, self.counts, self.n_output, self.n_input, self.centre)

    @cached_property
    def starts(self) -> Tensor:
        """i64 [K + 1]: the pairs of offset k are rows `starts[k]` to `starts[k + 1]`."""
        return torch.tensor([0, *accumulate(self.counts)])

    @cached_property
    def bounds(self) -> Tensor:
        """i64 [K, blocks + 1], where the pairs of each block of output rows begin, for the compiled kernels."""
        return native.block_bounds(self.output, self.starts, self.n_output)

    def offsets(self) -> Iterator[tuple[int, Tensor, Tensor]]:
        """Yield (k, input rows i64 [M_k], output rows i64 [M_k]) of every offset but the centre that has pairs."""
        counts = list(self.counts)
        pairs = zip(torch.split(self.input, counts), torch.split(self.output, counts), strict=True)
        for k, (rows_in, rows_out) in enumerate(pairs):
            if k != self.centre and len(rows_in):
                yield k, rows_in.long(), rows_out.long()


def neighbour_map(keys: Tensor, strides: tuple[int, int], size: int) -> KernelMap:
    """Pairs of a submanifold convolution: offset k joins output voxel p to the input voxel p + offset(k).

    `offset(k) = (k % size, k // size % size, k // size^2) - size // 2`. One binary search serves a whole column of
    offsets along z, since those neighbours lie next to each other among the sorted keys; columns on the far side of
    the centre are mirror images.

    Args:
        keys: i64 [V], ascending; `z` counts in ones.
        strides: what one step in x and one in y adds to a key.
        size: edge of the kernel, odd.
    """
    n, reach, volume = len(keys), size // 2, size**3
    if native.serves(keys):
        both, counts = native.neighbours(keys, strides, size)
        return KernelMap(both[0], both[1], counts, n_input=n, n_output=n, centre=volume // 2)
    rows = torch.arange(n, device=keys.device)
    pairs: list[tuple[Tensor, Tensor]] = [(rows, rows)] * volume
    centre_column = size**2 // 2
    for column in range(centre_column + 1):
        dx, dy = column % size - reach, column // size - reach
        wanted = keys + (dx * strides[0] + dy * strides[1] - reach)
        place = torch.searchsorted(keys, wanted)
        for kz in range(size):
            hit = (keys[place.clamp(max=n - 1)] == wanted) & (place < n)
            k = column + kz * size**2
            pairs[k] = (place[hit], rows[hit])
            pairs[volume - 1 - k] = (rows[hit], place[hit])
            place = place + hit
            wanted = wanted + 1
    return KernelMap(
        input=torch.cat([rows_in for rows_in, _ in pairs]).int(),
        output=torch.cat([rows_out for _, rows_out in pairs]).int(),
        counts=tuple(len(rows_in) for rows_in, _ in pairs),
        n_input=n,
        n_output=n,
        centre=volume // 2,
    )


def pooling_map(position: Tensor, parent: Tensor, n_parents: int) -> KernelMap:
    """Pairs of a 2^3 convolution of stride 2; every fine voxel meets its parent under exactly one offset.

    Args:
        position: i64 [V], place of each fine voxel within its parent, `x + 2 y + 4 z`: the number of its offset.
        parent: i64 [V], row of its parent.
        n_parents: number of coarse voxels.
    """
    order = torch.argsort(position, stable=True)
    counts = torch.bincount(position, minlength=8).tolist()
    return KernelMap(order.int(), parent[order].int(), tuple(counts), n_input=len(position), n_output=n_parents)
