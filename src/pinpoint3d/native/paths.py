"""Cheapest paths over a graph from the clicks of several targets, and the gradient of their lengths."""

from dataclasses import dataclass

import torch
from torch import Tensor

from pinpoint3d.native.library import library


@dataclass(frozen=True, eq=False)
class Paths:
    """The paths that led to T x n distances.

    Attributes:
        parent: i32 [T, n], the node before each node, -1 at sources and where no path leads.
        via: i32 [T, n], the edge from there.
        order: i32 [T, n], the reached nodes, nearest first; filled as far as `reached` says.
        reached: i32 [T].
    """

    parent: Tensor
    via: Tensor
    order: Tensor
    reached: Tensor

    @classmethod
    def empty(cls, n_targets: int, n: int) -> "Paths":
        parent, via, order = torch.empty(3, n_targets, n, dtype=torch.int32)
        return cls(parent, via, order, torch.empty(n_targets, dtype=torch.int32))


def cheapest_paths(
    rows: Tensor,
    neighbour: Tensor,
    edge: Tensor,
    cost: Tensor,
    source: Tensor,
    first: Tensor,
    *,
    inside: Tensor | None = None,
    limit: float = float("inf"),
    paths: Paths | None = None,
) -> Tensor:
    """f32 [T, n]: cost of the cheapest path from the sources of each target, infinite beyond `limit`.

    Args:
        rows: i64 [n + 1], where the neighbours of each node begin.
        neighbour: i32 [2 E].
        edge: i32 [2 E], number of the edge to that neighbour.
        cost: f32 [E], not negative.
        source: i32 [S], the sources of target 0, of target 1 and so on.
        first: i64 [T + 1], where those of each target begin.
        inside: bool [n], nodes that paths may enter; None for all.
        limit: dearer paths are not followed.
        paths: filled with the paths, where given.
    """
    n, targets = len(rows) - 1, len(first) - 1
    distance = torch.empty(targets, n)
    kept = [t.data_ptr() for t in (paths.parent, paths.via, paths.order, paths.reached)] if paths else [None] * 4
    library().pp_paths(
        *(t.data_ptr() for t in (rows, neighbour, edge, cost)),
        inside.data_ptr() if inside is not None else None,
        n,
        source.data_ptr(),
        first.data_ptr(),
        targets,
        limit,
        distance.data_ptr(),
        *kept,
        torch.get_num_threads(),
    )
    return distance


def paths_gradient(paths: Paths, by_distance: Tensor, n_edges: int) -> Tensor:
    """f32 [E]: gradient by the edges' costs, from that by the distances, f32 [T, n]."""
    left, by_cost = by_distance.clone(memory_format=torch.contiguous_format), torch.zeros(n_edges)
    targets, n = left.shape
    kept = (paths.order, paths.reached, paths.parent, paths.via, left)
    library().pp_paths_gradient(*(t.data_ptr() for t in kept), n, targets, by_cost.data_ptr())
    return by_cost
