"""The attentions with and without compiled kernels."""

import pytest
import torch
from torch import Tensor

from pinpoint3d import native
from pinpoint3d.model import NetworkConfig
from pinpoint3d.model.attention import Attention, Gaze
from pinpoint3d.model.decoder import DecoderLayer, Queries

needs_kernels = pytest.mark.skipif(not native.available(), reason="the compiled kernels were not built here")


def operands(n: int, m: int, channels: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(n + m)
    return tuple(torch.randn(rows, channels, generator=generator) * 2 for rows in (n, n, m, m))  # type: ignore[return-value]


@needs_kernels
@pytest.mark.parametrize(("channels", "heads"), [(128, 8), (64, 4), (32, 2), (32, 1), (48, 3)])
@pytest.mark.parametrize("n_queries", [2, 3, 18, 70])
@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize("asked_before", [False, True])
def test_scene_looks_at_clicks_which_vote(
    channels: int, heads: int, n_queries: int, in_place: bool, asked_before: bool
) -> None:
    torch.manual_seed(0)
    layer = DecoderLayer(NetworkConfig(hidden=channels, heads=heads))
    scene, position, content, query_position = operands(1201, n_queries, channels)
    queries, masks = Queries(content, query_position, (1, n_queries - 1)), torch.randn(n_queries, channels)
    before = scene.clone()
    with torch.no_grad():
        with native.disabled():
            plain = layer.update_scene(scene, position, queries, masks, in_place=in_place)
        asked = layer.scene_to_click.ask(scene, position) if asked_before else None
        fast = layer.update_scene(scene, position, queries, masks, in_place, asked)
    assert not torch.equal(fast[0], plain[0])
    assert torch.equal(scene, fast[0] if in_place else before)
    torch.testing.assert_close(fast, plain, rtol=1e-4, atol=1e-4)


@needs_kernels
@pytest.mark.parametrize("n_queries", [1, 5, 18])
def test_clicks_look_at_the_voxels_of_their_label(n_queries: int) -> None:
    torch.manual_seed(0)
    attention = Attention(32, 2)
    x, x_position, memory, memory_position = operands(n_queries, 1500, 32)
    label = torch.randint(0, 3, (1500,))
    label[0] = 5  # a label of one voxel
    gaze = Gaze(label, torch.tensor([0, 1, 2, 5, 9])[torch.randint(0, 5, (n_queries,))])  # nothing carries label 9
    with torch.no_grad():
        fast = attention(x, x_position, memory, memory_position, gaze)
        with native.disabled():
            plain = attention(x, x_position, memory, memory_position, gaze)
    assert not torch.equal(fast, plain)
    torch.testing.assert_close(fast, plain, rtol=1e-4, atol=1e-4)


@needs_kernels
@pytest.mark.parametrize("width", native.vector_widths() if native.available() else [])
def test_every_vector_width_agrees(width: int) -> None:
    x, position, _, _ = operands(700, 1, 32)
    keys, wanted, label = torch.randn(9, 3, 32), torch.arange(9) % 3 - 1, torch.arange(700) % 2
    with native.vectors_of(width):
        seen = native.gaze(x, position, label, wanted, keys)
    for query in range(9):
        rows = torch.nonzero((label == wanted[query]) | (wanted[query] < 0))[:, 0]
        scores = torch.softmax((x + position).double()[rows] @ keys[query].double().T, dim=0)
        torch.testing.assert_close(seen[query].double(), scores.T @ x[rows].double(), rtol=1e-4, atol=1e-4)
    weight, bias = torch.randn(32, 32), torch.randn(32)
    keys, values = torch.randn(2, 2, 19, 16).unbind()
    masks, target = torch.randn(19, 32), torch.arange(19) % 3
    projections = ((weight, bias), keys, values, (weight, bias), (bias, bias, 1e-5))
    exact = [t.double() for t in (x, position, weight, bias, keys, values)]
    x64, position64, weight64, bias64, keys64, values64 = exact
    query = ((x64 + position64) @ weight64.T + bias64).view(700, 2, 16).transpose(0, 1)
    found = torch.softmax(query @ keys64.transpose(1, 2) / 4, dim=2) @ values64
    y = x64 + found.transpose(0, 1).flatten(1) @ weight64.T + bias64
    expected = torch.nn.functional.layer_norm(y, (32,), bias64, bias64)
    by_query = expected @ masks.double().T
    by_target = torch.stack([by_query[:, target == t].amax(dim=1) for t in range(3)], dim=1)
    for known in (None, native.scene_queries((x + position) @ weight.T + bias)):
        with native.vectors_of(width):
            update, votes = native.scene_update(x, position, *projections, masks, target, 3, known=known)
        torch.testing.assert_close(update.double(), expected, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(votes.double(), by_target, rtol=1e-4, atol=1e-4)
