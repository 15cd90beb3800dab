"""The two attentions of a mask decoder that pass over a whole scene, each in one pass over memory."""

import torch
from torch import Tensor
from torch.nn.functional import pad

from pinpoint3d.native.library import PANEL, library


def scene_update(
    x: Tensor,
    position: Tensor,
    query: tuple[Tensor, Tensor],
    keys: Tensor,
    values: Tensor,
    out: tuple[Tensor, Tensor],
    norm: tuple[Tensor, Tensor, float],
    width: int | None = None,
) -> Tensor:
    """`norm(x + out(attention of query(x + position) over keys and values))` for every row of a scene.

    Args:
        x: f32 [V, C].
        position: f32 [V, C].
        query: weight f32 [C, C] and bias f32 [C] of the query projection.
        keys: f32 [heads, Q, C / heads], projected; C / heads a multiple of 16.
        values: f32 [heads, Q, C / heads], projected.
        out: weight and bias of the output projection.
        norm: gain f32 [C], shift f32 [C] and epsilon of the layer norm.
        width: vector width in bits; the widest by default.

    Returns:
        f32 [V, C].
    """
    heads, n_queries, depth = keys.shape
    channels = x.shape[1]
    x, position, keys = x.contiguous(), position.contiguous(), keys * depth**-0.5
    if n_queries * heads <= channels + 2 * n_queries:  # fewer products with the projections multiplied in
        query_weight = out_weight = None
        by_head = query[0].view(heads, depth, channels)
        query_bias = pad((keys @ query[1].view(heads, depth, 1))[..., 0].T.flatten(), (0, -n_queries * heads % PANEL))
        packed_keys = _panels(torch.einsum("hqd,hdc->cqh", keys, by_head).flatten(1)[None])
        packed_values = _panels(
            torch.einsum("hqd,chd->qhc", values, out[0].view(channels, heads, depth)).flatten(0, 1)[None]
        )
    else:
        query_weight, query_bias, out_weight = _panels(query[0].T[None]), query[1], _panels(out[0].T[None])
        packed_keys, packed_values = _panels(keys.transpose(1, 2)), _panels(values)
    gain, shift, epsilon = norm
    y = torch.empty_like(x)
    library().pp_scene_update(
        x.data_ptr(),
        position.data_ptr(),
        query_weight.data_ptr() if query_weight is not None else None,
        query_bias.data_ptr(),
        packed_keys.data_ptr(),
        packed_values.data_ptr(),
        out_weight.data_ptr() if out_weight is not None else None,
        out[1].data_ptr(),
        gain.data_ptr(),
        shift.data_ptr(),
        y.data_ptr(),
        epsilon,
        len(x),
        channels,
        heads,
        n_queries,
        width or library().pp_vector_width(),
        torch.get_num_threads(),
    )
    return y


def gaze(x: Tensor, position: Tensor, rows: Tensor, keys: Tensor, width: int | None = None) -> Tensor:
    """Softmax over some scene rows of `(x + position) @ keys`, and the mean of x under each column's weights.

    Args:
        x: f32 [V, C], C a multiple of 16.
        position: f32 [V, C].
        rows: i32 [n], the scene rows to look at, at least one.
        keys: f32 [C, columns], scaled.
        width: vector width in bits; the widest by default.

    Returns:
        f32 [columns, C].
    """
    x, position = x.contiguous(), position.contiguous()
    channels, columns = keys.shape
    packed = _panels(keys[None])
    padded = -(-columns // PANEL) * PANEL
    blocks = -(-len(rows) // library().pp_gaze_rows())
    greatest, total = torch.empty(blocks, padded), torch.empty(blocks, padded)
    found = torch.empty(blocks, channels // PANEL, padded, PANEL)
    library().pp_gaze(
        x.data_ptr(),
        position.data_ptr(),
        rows.data_ptr(),
        packed.data_ptr(),
        greatest.data_ptr(),
        total.data_ptr(),
        found.data_ptr(),
        len(rows),
        channels,
        columns,
        width or library().pp_vector_width(),
        torch.get_num_threads(),
    )
    share = torch.exp(greatest - greatest.amax(dim=0))
    mean = (found * share[:, None, :, None]).sum(dim=0) / (total * share).sum(dim=0)[:, None]
    return mean[:, :columns].transpose(0, 1).flatten(1)


def _panels(matrices: Tensor) -> Tensor:
    """[n, depth, columns] -> [n, panels, depth, PANEL], the last panel padded with zeros."""
    n, depth, columns = matrices.shape
    padded = pad(matrices, (0, -columns % PANEL))
    return padded.view(n, depth, -1, PANEL).transpose(1, 2).contiguous()
