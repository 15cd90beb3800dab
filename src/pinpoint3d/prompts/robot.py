"""The one robot annotator: it looks at the truth and at a prediction, and clicks where a person would.

The rule is that of AGILE3D (Yue et al., ICLR 2024, section 3.4) and PinPoint3D: wrong voxels form error regions, one
for each pair of true and predicted label; a region is as large as the largest distance from one of its voxels to the
nearest voxel outside it; the click goes to that voxel and says its true label.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from pinpoint3d.arrays import AnyArray, Float32, Float64, Int64

_FEW = 4  # voxels near a region's border mostly see across it among this many neighbours
_LOOKS = 2048  # neighbours looked at in a region before other means are tried
_SPARSE = 64  # distances to every 64th voxel outside bound the depth from above
_LARGE = 256  # voxels of a region from which on such bounds cost less than the neighbours
_ROUNDING = 1e-9  # relative; two ways to one distance may differ in the last bit


class RobotClick(NamedTuple):
    """One simulated click: a voxel, the true label there, and how deep it lies in its error region, in metres."""

    voxel: int
    label: int
    depth: float


@dataclass(frozen=True)
class ClickRule:
    """How the robot departs from the published rule; the default does not.

    Attributes:
        random_place: click a random voxel of the region instead of the deepest.
        connected: split regions into pieces whose voxels hang together by steps of at most this many metres;
            None keeps all voxels of a pair of labels one region, as published.
        jitter: standard deviation in metres of the hand's slip, a Gaussian along each axis. The slipped click lands
            on the nearest labelled voxel and carries the true label there.
    """

    random_place: bool = False
    connected: float | None = None
    jitter: float = 0.0


PUBLISHED = ClickRule()


def simulate_clicks(
    coord: Float32,
    truth: AnyArray,
    predicted: AnyArray,
    *,
    n_clicks: int | None = None,
    rule: ClickRule = PUBLISHED,
    rng: np.random.Generator | None = None,
) -> list[RobotClick]:
    """Click the largest error regions, largest first.

    Args:
        coord: f32 [V, 3], raw coordinate of every voxel's representative, metres.
        truth: integer [V], true labels: 0 background, -1 unlabelled (a border for others, never clicked).
        predicted: integer [V], labels of the same numbering; all background before the first click.
        n_clicks: how many regions to click at most; None clicks every one. The published evaluation clicks every
            region in the first round and one a round from then on; the published training as many as there are
            targets.
        rule: departures from the published rule.
        rng: source of the departures' randomness.

    Returns:
        At most `n_clicks` clicks, deepest first; fewer when fewer regions are wrong, none when all is right. Among
        equals the region of lower true, then predicted, label and the voxel of lower index come first.

    Raises:
        ValueError: the arrays differ in length, or the rule needs a generator and none is given.
    """
    if not len(coord) == len(truth) == len(predicted):
        raise ValueError(f"coord, truth and predicted differ in length: {len(coord)}, {len(truth)}, {len(predicted)}")
    if rng is None and (rule.random_place or rule.jitter):
        raise ValueError("a rule with random places or jitter needs a random generator")
    region, n_regions = _error_regions(truth, predicted)
    if rule.connected is not None:
        region, n_regions = _split(coord, region, rule.connected)
    limit = n_regions if n_clicks is None else min(n_clicks, n_regions)
    clicks = []
    for row, voxel, depth in _deepest_voxels(coord.astype(np.float64), region, n_regions, limit):
        place = voxel
        if rng is not None and rule.random_place:
            place = int(rng.choice(np.flatnonzero(region == row)))
        if rng is not None and rule.jitter:
            place = _slip(coord, truth, place, rule.jitter, rng)
        clicks.append(RobotClick(place, int(truth[place]), depth))
    return clicks


def _error_regions(truth: AnyArray, predicted: AnyArray) -> tuple[Int64, int]:
    """i64 [V] region of every voxel, -1 where nothing is wrong, and the number of regions."""
    pair = truth.astype(np.int64) * (int(predicted.max(initial=0)) + 2) + predicted + 1
    wrong = (truth != predicted) & (truth >= 0)
    region = np.full(len(truth), -1, dtype=np.int64)
    pairs, region[wrong] = np.unique(pair[wrong], return_inverse=True)
    return region, len(pairs)


def _split(coord: Float32, region: Int64, step: float) -> tuple[Int64, int]:
    """Cut regions into pieces hanging together by steps of at most `step` metres."""
    wrong = np.flatnonzero(region >= 0)
    links = cKDTree(coord[wrong]).query_pairs(step, output_type="ndarray")
    links = links[region[wrong][links[:, 0]] == region[wrong][links[:, 1]]]
    graph = coo_array((np.ones(len(links), dtype=np.bool_), (links[:, 0], links[:, 1])), shape=(len(wrong), len(wrong)))
    n_pieces, piece = connected_components(graph, directed=False)
    pieces = np.full_like(region, -1)
    pieces[wrong] = piece
    return pieces, n_pieces


def _deepest_voxels(coord: Float64, region: Int64, n_regions: int, limit: int) -> list[tuple[int, int, float]]:
    """(region, voxel, depth) of the `limit` deepest regions, deepest first.

    Every wrong voxel first gets an upper bound of its depth, cheaply: among the nearest neighbours for small regions,
    from every 64th voxel outside for large ones. Only what the bounds leave in the race is then measured.
    """
    wrong = np.flatnonzero(region >= 0)
    wrong = wrong[np.argsort(region[wrong], kind="stable")]
    starts = np.searchsorted(region[wrong], np.arange(n_regions + 1))
    tree = cKDTree(coord, balanced_tree=False, compact_nodes=False)
    bound = np.full(len(wrong), np.inf)
    small = np.repeat(np.diff(starts) < _LARGE, np.diff(starts))
    bound[small] = _among_neighbours(coord, tree, region, wrong[small], _FEW)
    sparse = np.arange(0, len(coord), _SPARSE)
    regions = []
    for r in range(n_regions):
        inside, upper = wrong[starts[r] : starts[r + 1]], bound[starts[r] : starts[r + 1]]
        unknown = np.isinf(upper)
        upper[unknown] = _distances(coord, sparse[region[sparse] != r], inside[unknown])
        regions.append((float(upper.max()), r, inside, upper))
    found: list[tuple[int, int, float]] = []
    for most, r, inside, upper in sorted(regions, key=lambda item: -item[0]):
        least = sorted(depth for *_, depth in found)[-limit] if len(found) >= limit else 0.0
        if most < least:
            break
        deepest = _deepest_voxel(coord, tree, region, inside, upper, least)
        if deepest is not None:
            found.append((r, *deepest))
    return sorted(found, key=lambda item: (-item[2], item[0]))[:limit]


def _deepest_voxel(
    coord: Float64, tree: cKDTree, region: Int64, inside: Int64, upper: Float64, least: float
) -> tuple[int, float] | None:
    """The deepest voxel of the region `inside` and its depth, which is nowhere above `upper`, f64 [len(inside)].

    None where no voxel is as deep as `least`. A region that is the whole scene has no border and is clicked at the
    voxel nearest its centre.
    """
    if len(inside) == len(coord):
        to_centre = np.linalg.norm(coord - coord.mean(axis=0), axis=1)
        return int(to_centre.argmin()), float("inf")
    if len(inside) >= _LARGE:
        best = upper.argmax()
        least = max(least, float(_depths(coord, tree, region, inside[[best]], float(upper[best]))[0]))
    left = upper >= least * (1 - _ROUNDING)
    inside, upper = inside[left], upper[left]
    if len(inside) == 0:
        return None
    depth = _among_neighbours(coord, tree, region, inside, max(_FEW, _LOOKS // len(inside)))
    unknown = np.isinf(depth)
    if unknown.any():
        depth[unknown] = _depths(coord, tree, region, inside[unknown], float(upper[unknown].max()))
    deepest = depth.argmax()
    return (int(inside[deepest]), float(depth[deepest])) if depth[deepest] >= least * (1 - _ROUNDING) else None


def _among_neighbours(coord: Float64, tree: cKDTree, region: Int64, inside: Int64, number: int) -> Float64:
    """f64 [len(inside)]: depth of voxels with one of another region among their nearest `number`, else infinite."""
    distance, neighbour = tree.query(coord[inside], k=np.arange(1, min(number, len(coord)) + 1))
    elsewhere = region[neighbour] != region[inside][:, None]
    return np.asarray(np.where(elsewhere, distance, np.inf).min(axis=1))


def _depths(coord: Float64, tree: cKDTree, region: Int64, inside: Int64, upper: float) -> Float64:
    """f64 [len(inside)]: depth of voxels of one region, none of which is above `upper`."""
    low, high = coord[inside].min(axis=0), coord[inside].max(axis=0)
    radius = float(np.linalg.norm(high - low)) / 2 + upper
    if np.isfinite(radius):
        near = np.array(tree.query_ball_point((low + high) / 2, radius * (1 + _ROUNDING)))
    else:
        near = np.arange(len(coord))
    return _distances(coord, near[region[near] != region[inside[0]]], inside)


def _distances(coord: Float64, outside: Int64, inside: Int64) -> Float64:
    """f64 [len(inside)]: distance of every voxel of `inside` to the nearest of `outside`, infinite without any."""
    if len(outside) == 0:
        return np.full(len(inside), np.inf)
    tree = cKDTree(coord[outside], balanced_tree=False, compact_nodes=False)
    return np.asarray(tree.query(coord[inside])[0])


def _slip(coord: Float32, truth: AnyArray, voxel: int, jitter: float, rng: np.random.Generator) -> int:
    labelled = np.flatnonzero(truth >= 0)
    hit = coord[voxel] + rng.normal(0.0, jitter, 3)
    return int(labelled[np.linalg.norm(coord[labelled] - hit, axis=1).argmin()])
