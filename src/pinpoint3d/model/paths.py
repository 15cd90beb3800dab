"""Cheapest paths over a surface that learn: the gradient of a path's cost goes to the edges it takes."""

from typing import Any

import numpy as np
import torch
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from torch import Tensor
from torch.autograd.function import once_differentiable

from pinpoint3d import native
from pinpoint3d.model.surface import Graph


def path_costs(
    graph: Graph,
    cost: Tensor,
    source: Tensor,
    first: Tensor,
    inside: Tensor | None = None,
    limit: float = float("inf"),
) -> Tensor:
    """Cost of the cheapest path from the nearest source of each target to every voxel, differentiable in `cost`.

    Args:
        graph: V voxels.
        cost: f32 [E], cost of each edge, positive.
        source: i64 [S], voxels: the sources of target 0, of target 1 and so on.
        first: i64 [T + 1], where those of each target begin.
        inside: bool [V], voxels that paths may enter; None for all.
        limit: dearer paths are not followed.

    Returns:
        f32 [T, V], infinite where no path leads.
    """
    return _PathCosts.apply(cost, graph, source, first, inside, limit)  # type: ignore[no-any-return, no-untyped-call]


class _PathCosts(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, cost: Tensor, graph: Graph, source: Tensor, first: Tensor, inside: Tensor | None, limit: float
    ) -> Tensor:
        on_cpu = cost.detach().float().cpu().contiguous()
        find = _native_paths if native.serves(on_cpu) else _plain_paths
        distance, ctx.paths = find(graph, on_cpu, source.cpu(), first, inside, limit, ctx.needs_input_grad[0])
        ctx.n_edges, ctx.device = len(cost), cost.device
        return distance.to(cost.device)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        if ctx.paths is None:
            return (None,) * 6
        on_cpu = gradient.float().cpu()
        by_cost = native.paths_gradient if native.serves(on_cpu) else _plain_gradient
        return by_cost(ctx.paths, on_cpu, ctx.n_edges).to(ctx.device), *(None,) * 5


Found = tuple[Tensor, native.Paths | None]


def _native_paths(
    graph: Graph, cost: Tensor, source: Tensor, first: Tensor, inside: Tensor | None, limit: float, wanted: bool
) -> Found:
    paths = native.Paths.empty(len(first) - 1, len(graph)) if wanted else None
    rows = (graph.first, graph.neighbour, graph.edge)
    return native.cheapest_paths(*rows, cost, source.int(), first, inside=inside, limit=limit, paths=paths), paths


def _plain_paths(
    graph: Graph, cost: Tensor, source: Tensor, first: Tensor, inside: Tensor | None, limit: float, wanted: bool
) -> Found:
    n, n_targets = len(graph), len(first) - 1
    tails = np.repeat(np.arange(n), np.diff(graph.first.numpy()))
    heads, edge = graph.neighbour.numpy(), graph.edge.numpy()
    if inside is not None:
        kept = inside.numpy()[heads]
        tails, heads, edge = tails[kept], heads[kept], edge[kept]
    matrix = csr_array((cost.numpy().astype(np.float64)[edge], (tails, heads)), shape=(n, n))
    number = csr_array((edge.astype(np.int64) + 1, (tails, heads)), shape=(n, n))
    distance, paths = torch.empty(n_targets, n), native.Paths.empty(n_targets, n)
    for target in range(n_targets):
        start = source[first[target] : first[target + 1]].numpy()
        if len(start) == 0:
            distance[target] = torch.inf
            paths.reached[target] = 0
            continue
        found, before, _ = dijkstra(matrix, indices=start, min_only=True, return_predecessors=True, limit=limit)
        distance[target] = torch.from_numpy(found)
        before = np.where(before < 0, -1, before)
        steps = np.flatnonzero(before >= 0)
        via = np.full(n, -1)
        if len(steps):  # SciPy answers no indices with a sparse array
            via[steps] = number[before[steps], steps] - 1
        near = np.argsort(found, kind="stable")
        paths.parent[target], paths.via[target] = torch.from_numpy(before), torch.from_numpy(via)
        paths.order[target] = torch.from_numpy(near)
        paths.reached[target] = int(np.isfinite(found).sum())
    return distance, paths if wanted else None


def _plain_gradient(paths: native.Paths, by_distance: Tensor, n_edges: int) -> Tensor:
    by_cost = np.zeros(n_edges, dtype=np.float32)
    for left, parent, via, order, reached in zip(
        by_distance.numpy().copy(), paths.parent, paths.via, paths.order, paths.reached, strict=True
    ):
        for node in reversed(order[:reached].tolist()):
            if (before := int(parent[node])) >= 0:
                by_cost[via[node]] += left[node]
                left[before] += left[node]
    return torch.from_numpy(by_cost)
