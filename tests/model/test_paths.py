import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pinpoint3d import native
from pinpoint3d.model.paths import path_costs
from pinpoint3d.model.surface import Graph


def random_graph(seed, n=60, m=150):
    rng = np.random.default_rng(seed)
    pairs = np.unique(np.sort(rng.integers(0, n, (m, 2)), axis=1), axis=0)
    edges = pairs[pairs[:, 0] != pairs[:, 1]]
    cost = torch.from_numpy(rng.uniform(0.1, 2.0, len(edges)).astype(np.float32))
    source, first = torch.from_numpy(rng.integers(0, n, 5)), torch.tensor([0, 0, 4, 6])
    source = torch.cat([source[:1], source])  # a voxel may be clicked twice
    return Graph.of(edges, n), edges, cost, source, first


def test_a_chain_costs_the_sum_of_its_edges():
    graph = Graph.of(np.array([[0, 1], [1, 2], [2, 3]]), 5)
    cost = torch.tensor([1.0, 2.0, 4.0], requires_grad=True)
    found = path_costs(graph, cost, torch.tensor([0, 3]), torch.tensor([0, 1, 2]))
    assert found.tolist() == [[0, 1, 3, 7, torch.inf], [7, 6, 4, 0, torch.inf]]
    found[0, :4].sum().backward()
    assert cost.grad.tolist() == [3, 2, 1]  # so many nodes lie beyond each edge


@pytest.mark.skipif(not native.available(), reason="compiled kernels were not built")
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from([1.5, float("inf")]))
def test_compiled_and_plain_paths_agree(seed, fenced, limit):
    graph, _, cost, source, first = random_graph(seed)
    inside = None
    if fenced:
        inside = torch.from_numpy(np.random.default_rng(seed).random(len(graph)) < 0.8)
        inside[source] = True
    results = []
    for plain in (False, True):
        learned = cost.clone().requires_grad_()
        with native.disabled() if plain else torch.enable_grad():
            found = path_costs(graph, learned, source, first, inside, limit)
            torch.where(found.isfinite(), found, 0.0).square().sum().backward()
        results.append((found.detach(), learned.grad))
    torch.testing.assert_close(*[found for found, _ in results])
    torch.testing.assert_close(*[gradient for _, gradient in results], rtol=1e-4, atol=1e-5)
    assert results[0][0][0].isinf().all()  # a column without clicks


def test_gradient_is_the_change_of_the_cost():
    graph, _, cost, source, first = random_graph(3)
    cost.requires_grad_()

    def total(c):
        found = path_costs(graph, c, source, first)
        return torch.where(found.isfinite(), found, 0.0).sum()

    total(cost).backward()
    for edge in (0, 7, 20):
        nudged = cost.detach().clone()
        nudged[edge] += 1e-3
        assert (total(nudged) - total(cost.detach())) / 1e-3 == pytest.approx(float(cost.grad[edge]), abs=0.05)


def test_every_node_is_reached_once_however_often_a_source_is_named():
    graph = Graph.of(np.array([[0, 1], [1, 2]]), 3)
    paths = native.Paths.empty(1, 3)
    rows, cost = (graph.first, graph.neighbour, graph.edge), torch.ones(2)
    native.cheapest_paths(*rows, cost, torch.zeros(5, dtype=torch.int32), torch.tensor([0, 5]), paths=paths)
    assert paths.reached.tolist() == [3]
    assert paths.order.tolist() == [[0, 1, 2]]
