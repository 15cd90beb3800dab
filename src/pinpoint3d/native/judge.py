"""Voxels weighed against all clicks in one pass: what is known of a voxel and a column never leaves the cache."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import pad

from pinpoint3d.native.convolution import pack
from pinpoint3d.native.library import PANEL, library, vector_width


class Scales(NamedTuple):
    """Numbers that evidence is made with: `log(1 + by_cost * cost)` up to `reach`, and so on.

    Attributes:
        reach: greatest cost of a path.
        by_cost: what costs are multiplied by.
        farthest: greatest distance; also that to a column without clicks.
        by_distance: what distances are multiplied by.
        unlike: likeness to a column without clicks.
        lowest: logits of columns that have no chance.
    """

    reach: float
    by_cost: float
    farthest: float
    by_distance: float
    unlike: float
    lowest: float


@dataclass(frozen=True, eq=False)
class Sight:
    """V voxels of which some are asked about.

    Attributes:
        features: f32 [V, C].
        position: f32 [V, 3].
        rows: i64 [M], the voxels asked about.
        key: weight f32 [heads * depth, C] and bias f32 [heads * depth] of what voxels are compared by.
    """

    features: Tensor
    position: Tensor
    rows: Tensor
    key: tuple[Tensor, Tensor]


@dataclass(frozen=True, eq=False)
class Spoken:
    """Q clicks that speak for K columns, two at least, sorted by these.

    Attributes:
        position: f32 [Q, 3].
        first: i64 [K + 1], where those of each column begin.
        paths: f32 [K, V], cost of the cheapest path from the clicks of each column.
        number: f32 [K], evidence that the number of clicks is.
        queries: f32 [negatives + Q, heads, depth], scaled; the first are of column 0.
    """

    position: Tensor
    first: Tensor
    paths: Tensor
    number: Tensor
    queries: Tensor


@dataclass(frozen=True, eq=False)
class Newest:
    """The newest click, and what was shown before it.

    Attributes:
        column: i64 [V], what was shown.
        said: the column the click speaks for.
        place: f32 [4], its position, and the evidence that its clearance is.
    """

    column: Tensor
    said: int
    place: Tensor


@dataclass(frozen=True, eq=False)
class Weigher:
    """`out(relu(inner(relu(pair(e) + voxel(x) + column)))) + plain(e)` of evidence e and features x, packed.

    Attributes:
        packed: weights, one after another.
        column: f32 [K, H], what each column adds, biases with it.
    """

    packed: Tensor
    column: Tensor

    @classmethod
    def of(
        cls,
        pair: Tensor,
        voxel: Tensor,
        inner: tuple[Tensor, Tensor],
        out: Tensor,
        plain: Tensor,
        bias: Tensor,
        column: Tensor,
    ) -> "Weigher":
        """From weights f32 [H, E], [H, C], [H, H] with bias [H], [1, H], [1, E], bias [1] and f32 [K, H]."""
        rest = -pair.shape[1] % PANEL
        matrices = [pack(weight.T[None]).flatten() for weight in (voxel, pad(pair, (0, rest)), inner[0])]
        return cls(torch.cat([*matrices, inner[1], out[0], pad(plain[0], (0, rest)), bias]), column.contiguous())


def judge(
    sight: Sight,
    spoken: Spoken,
    newest: Newest | None,
    background: Weigher,
    target: Weigher,
    nearest: int,
    scales: Scales,
) -> Tensor:
    """Logits of the background and of the `nearest` targets at every voxel asked about, `scales.lowest` elsewhere.

    Evidence for a column at a voxel, in this order: cost, that of the rival, and their difference; the same of
    distance; the number of clicks; likeness by head; that of the rival by head; whether the column was shown, whether
    it has the newest click, and how far and how deep that is. Of equally near targets the first ones are weighed.

    Args:
        sight: what is asked about.
        spoken: the clicks.
        newest: the last of them; None where the clicks come all at once.
        background: weighs column 0.
        target: weighs the others.
        nearest: how many of these, 8 at most and no more than there are.
        scales: of the evidence.

    Returns:
        f32 [M, K], bit-equal for any number of threads.
    """
    n_queries, heads, depth = spoken.queries.shape
    features, position = sight.features.contiguous(), sight.position.contiguous()
    rows, paths = sight.rows.contiguous(), spoken.paths.contiguous()
    logits = torch.empty(len(rows), len(paths))
    library().pp_judge(
        features.data_ptr(),
        position.data_ptr(),
        paths.data_ptr(),
        rows.data_ptr(),
        newest.column.data_ptr() if newest is not None else None,
        newest.place.data_ptr() if newest is not None else None,
        spoken.position.data_ptr(),
        spoken.first.data_ptr(),
        spoken.number.data_ptr(),
        sight.key[0].data_ptr(),
        sight.key[1].data_ptr(),
        spoken.queries.data_ptr(),
        background.packed.data_ptr(),
        background.column.data_ptr(),
        target.packed.data_ptr(),
        target.column.data_ptr(),
        logits.data_ptr(),
        *scales,
        len(features),
        len(logits),
        features.shape[1],
        heads,
        depth,
        background.column.shape[1],
        len(paths),
        n_queries - len(spoken.position),
        newest.said if newest is not None else 0,
        nearest,
        vector_width(),
        torch.get_num_threads(),
    )
    return logits
