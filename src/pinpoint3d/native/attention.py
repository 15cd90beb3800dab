"""The two attentions of a mask decoder that pass over a whole scene, each in one pass over memory."""

import math

import torch
from torch import Tensor
from torch.nn.functional import pad

from pinpoint3d.native.library import PANEL, library, vector_width

_CHUNKS = 32  # at most so many pieces of a scene are looked at apart, for any number of threads
_LEAST_CHUNK = 504  # scene rows in a piece
_LOG2_E = math.log2(math.e)  # the kernels take e^s as 2^(s log2 e)


def scene_update(
    x: Tensor,
    position: Tensor,
    query: tuple[Tensor, Tensor],
    keys: Tensor,
    values: Tensor,
    out: tuple[Tensor, Tensor],
    norm: tuple[Tensor, Tensor, float],
    masks: Tensor,
    target: Tensor,
    n_targets: int,
    *,
    in_place: bool = False,
    known: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """`y = norm(x + out(attention of query(x + position) over keys and values))` for every row of a scene, and votes.

    Args:
        x: f32 [V, C].
        position: f32 [V, C].
        query: weight f32 [C, C] and bias f32 [C] of the query projection.
        keys: f32 [heads, Q, C / heads], projected; C / heads a multiple of 16.
        values: f32 [heads, Q, C / heads], projected.
        out: weight and bias of the output projection.
        norm: gain f32 [C], shift f32 [C] and epsilon of the layer norm.
        masks: f32 [Q, C], what each query votes by.
        target: i64 [Q], the column 0..T - 1 each query votes for.
        n_targets: T.
        in_place: whether y is written over x.
        known: `scene_queries(query(x + position))`, where that was computed before; it may save a third of the time.

    Returns:
        y f32 [V, C], and f32 [V, T] the greatest `y . mask` among the queries of each target, -inf where it has none.
    """
    heads, n_queries, depth = keys.shape
    channels = x.shape[1]
    x, position, keys = x.contiguous(), position.contiguous(), keys * (depth**-0.5 * _LOG2_E)
    few = n_queries * heads <= channels + 2 * n_queries  # fewer products with the projections multiplied in
    query_weight, query_bias, out_weight = None, query[1], None
    value_by_head = out[0].view(channels, heads, depth)
    if few and known is not None:
        packed_keys = keys.transpose(1, 2).contiguous()
        packed_values = _panels(torch.einsum("hqd,chd->hqc", values, value_by_head).flatten(0, 1)[None])
    elif few and heads & (heads - 1) == 0:
        by_head = query[0].view(heads, depth, channels)
        query_bias = pad((keys @ query[1].view(heads, depth, 1))[..., 0].T.flatten(), (0, -n_queries * heads % PANEL))
        packed_keys = _panels(torch.einsum("hqd,hdc->cqh", keys, by_head).flatten(1)[None])
        packed_values = _panels(torch.einsum("hqd,chd->qhc", values, value_by_head).flatten(0, 1)[None])
    else:
        known, query_weight, out_weight = None, _panels(query[0].T[None]), _panels(out[0].T[None])
        packed_keys, packed_values = _panels(keys.transpose(1, 2)), _panels(values)
    packed_masks = _panels(masks.T[None])
    gain, shift, epsilon = norm
    y, votes = x if in_place else torch.empty_like(x), torch.empty(len(x), n_targets)
    library().pp_scene_update(
        x.data_ptr(),
        position.data_ptr(),
        known.data_ptr() if known is not None else None,
        query_weight.data_ptr() if query_weight is not None else None,
        query_bias.data_ptr(),
        packed_keys.data_ptr(),
        packed_values.data_ptr(),
        out_weight.data_ptr() if out_weight is not None else None,
        out[1].data_ptr(),
        gain.data_ptr(),
        shift.data_ptr(),
        packed_masks.data_ptr(),
        target.data_ptr(),
        y.data_ptr(),
        votes.data_ptr(),
        epsilon,
        len(x),
        channels,
        heads,
        n_queries,
        n_targets,
        vector_width(),
        torch.get_num_threads(),
    )
    return y, votes


def scene_queries(projected: Tensor) -> Tensor:
    """Projected queries f32 [V, C] of a scene as `scene_update` takes them, in blocks of rows: f32 [B, C, PANEL]."""
    rows = pad(projected, (0, 0, 0, -len(projected) % PANEL))
    return rows.view(-1, PANEL, rows.shape[1]).transpose(1, 2).contiguous()


def gaze(x: Tensor, position: Tensor, label: Tensor, wanted: Tensor, keys: Tensor) -> Tensor:
    """Softmax over some scene rows of `(x + position) @ keys`, and the mean of x under each key's weights.

    Args:
        x: f32 [V, C], C a multiple of 16.
        position: f32 [V, C].
        label: i64 [V].
        wanted: i64 [Q], the label of the rows that each query looks at, at least one; all rows where it is negative.
        keys: f32 [Q, heads, C], scaled.

    Returns:
        f32 [Q, heads, C].
    """
    x, position = x.contiguous(), position.contiguous()
    heads, channels = keys.shape[1:]
    looks_for, first, column = _columns_by_label(wanted, heads)
    columns = int(first[-1]) * PANEL
    by_column = torch.zeros(columns, channels)
    by_column[column] = keys.flatten(0, 1) * _LOG2_E
    packed = by_column.view(-1, PANEL, channels).transpose(1, 2).contiguous()
    chunk = max(-(-len(x) // _CHUNKS), _LEAST_CHUNK)
    chunks = -(-len(x) // chunk)
    greatest, total = torch.empty(chunks, columns), torch.empty(chunks, columns)
    found, seen = torch.empty(chunks, channels // PANEL, columns, PANEL), torch.empty(columns, channels)
    library().pp_gaze(
        x.data_ptr(),
        position.data_ptr(),
        label.data_ptr(),
        looks_for.data_ptr(),
        first.data_ptr(),
        packed.data_ptr(),
        greatest.data_ptr(),
        total.data_ptr(),
        found.data_ptr(),
        seen.data_ptr(),
        len(x),
        chunk,
        channels,
        columns,
        len(looks_for),
        vector_width(),
        torch.get_num_threads(),
    )
    return seen[column].view_as(keys)


def _columns_by_label(wanted: Tensor, heads: int) -> tuple[Tensor, Tensor, Tensor]:
    """Queries of one label share panels: the labels, the first panel of each, and those of queries and heads."""
    asked, place, first = wanted.tolist(), [0] * len(wanted), [0]
    for label in sorted(set(asked)):
        queries = [query for query, other in enumerate(asked) if other == label]
        for number, query in enumerate(queries):
            place[query] = first[-1] * PANEL + number * heads
        first.append(first[-1] + -(-len(queries) * heads // PANEL))
    columns = torch.tensor(place)[:, None] + torch.arange(heads)
    return torch.tensor(sorted(set(asked))), torch.tensor(first), columns.flatten()


def _panels(matrices: Tensor) -> Tensor:
    """[n, depth, columns] -> [n, panels, depth, PANEL], the last panel padded with zeros."""
    n, depth, columns = matrices.shape
    padded = pad(matrices, (0, -columns % PANEL))
    return padded.view(n, depth, -1, PANEL).transpose(1, 2).contiguous()
