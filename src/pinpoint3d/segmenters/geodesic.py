"""Growth from the clicks along the surface: the segmenter that needs no weights.

Objects are told apart where the surface folds inwards. A path over the surface costs its length, more where it
bends, most where it bends inwards (convexity: Stein et al., Object Partitioning using Local Convexity, CVPR 2014;
geodesic segmentation from strokes: Bai and Sapiro, ICCV 2007). A voxel goes to the click with the cheapest path. The
large planes of the scan (table, floor, walls) compete as background without being clicked.

Inside an object parts compete in the same way, with colour, and with a price for leaving the plane or line that the
surface around the click suggests: a board or a bar reaches far along itself.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from pinpoint3d.arrays import Bool, Float64, Int64
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene, VoxelGrid
from pinpoint3d.segmenters.graph import FINEST, SurfaceGraph
from pinpoint3d.segmenters.levels import Seeds, answer
from pinpoint3d.segmenters.masks import MaskLogits

# Objects. Lengths in voxels; a step that bends by so many radians costs as much again as its length.
CONVEX, CONCAVE = 0.09, 0.03
HEAD_START = 30.0  # a click's lead over a plane, which is everywhere, in voxels of level surface
FARTHEST = 2500.0  # dearer than this, a voxel belongs to no clicked object; one right angle inwards is too far

# Parts. Lengths in metres.
BEND, COLOUR = 0.2, 10.0  # radians and CIELAB units by which a step costs as much again as its length
OFF_SHAPE = 20.0  # price of a metre away from the click's plane or line
REACH = 0.10  # what surrounds a click within it suggests the shape at first
FAR_REACH = 0.30  # and of what it then wins, this
ROUGHNESS = 0.01  # unevenness of what still counts as a plane
REFINEMENTS = 2
REMAINDER = 3.0  # dearer than this, a voxel belongs to no clicked part: 0.2 m off its shape, or as good as that
DOUBT = 0.1  # difference in cost at which two parts are about three to one

_FEWEST = 6  # points a plane or line can be fitted to
_UNLINKED = 10.0  # metres; a piece of the mask that no path reaches goes by shape alone, after all that is linked


@dataclass(frozen=True, eq=False)
class GeodesicEmbedding:
    """A scene as a graph with prices.

    Attributes:
        graph: the surface.
        object_costs: f64 [V + planes, V + planes], sparse; each plane is a further node, from which its voxels are
            reached at the price of a click's head start.
        part_costs: f64 [E], metres.
    """

    graph: SurfaceGraph
    object_costs: csr_array
    part_costs: Float64

    @property
    def grid(self) -> VoxelGrid:
        return self.graph.grid


class GeodesicSegmenter:
    """Shortest paths from the clicks; deterministic, on the CPU, without weights."""

    name = "geodesic"
    voxel_size = FINEST  # the finest it uses; a scene's own is its grid's

    def encode(self, scene: Scene) -> GeodesicEmbedding:
        """Join the voxels of a scene and price every step.

        Raises:
            ValueError: the scene has no finite point.
        """
        graph = SurfaceGraph.from_scene(scene)
        convex, concave = graph.convex, graph.concave
        bends = (convex / CONVEX) ** 2 + (concave / CONCAVE) ** 2
        between = graph.length / graph.grid.size * (1 + bends)
        inner = graph.length * (1 + (convex + concave) / BEND + graph.colour_step / COLOUR)
        return GeodesicEmbedding(graph, _with_planes(graph, between), inner)

    def segment(self, embedding: GeodesicEmbedding, clicks: ClickTensors) -> MaskLogits:
        """Masks of every clicked object and part. Without a positive click, everything is background."""
        return answer(
            clicks,
            len(embedding.grid),
            lambda seeds: _object_costs(embedding, seeds),
            lambda inside, seeds: _part_costs(embedding, inside, seeds),
        )


def _with_planes(graph: SurfaceGraph, costs: Float64) -> csr_array:
    a, b = graph.edges.T
    sources, targets, prices = [a, b], [b, a], [costs, costs]
    for node, plane in enumerate(graph.planes, start=len(graph)):
        sources.append(np.full(len(plane.voxels), node))
        targets.append(plane.voxels)
        prices.append(np.full(len(plane.voxels), HEAD_START))
    n = len(graph) + len(graph.planes)
    return csr_array((np.concatenate(prices), (np.concatenate(sources), np.concatenate(targets))), shape=(n, n))


def _object_costs(embedding: GeodesicEmbedding, seeds: Seeds) -> Float64:
    """f64 [V, 1 + O] in head starts.

    One search from all seeds finds the winner everywhere; each target is then followed as far as its own mask goes,
    which for a small object in a large room is near, to learn how close the others come.
    """
    graph, n = embedding.graph, len(embedding.graph)
    planes = n + np.array(seeds.unopened(graph.planes), dtype=np.int64)
    source = np.concatenate([seeds.voxel, planes])
    column_of = np.zeros(n + len(graph.planes), dtype=np.int64)
    column_of[seeds.voxel] = seeds.column
    best, _, origin = dijkstra(
        embedding.object_costs, indices=source, min_only=True, return_predecessors=True, limit=FARTHEST
    )
    reached = np.flatnonzero(np.isfinite(best[:n]))
    winner = column_of[origin[reached]]
    costs = np.full((n, seeds.n_columns), np.inf)
    costs[reached, winner] = best[reached]
    for column in range(1, seeds.n_columns):
        own = reached[winner == column]
        if len(own):
            start = seeds.voxel[seeds.column == column]
            limit = float(best[own].max())
            path = dijkstra(embedding.object_costs, indices=start, min_only=True, limit=limit)[:n]
            costs[:, column] = np.minimum(costs[:, column], path)
    return costs / HEAD_START


def _part_costs(embedding: GeodesicEmbedding, inside: Bool, seeds: Seeds) -> Float64:
    """f64 [M, 1 + P] in doubts: length of the path plus distance from the shape around the click.

    The shape is fitted to the click's surroundings, then twice to what the click has won with it, as k-means fits
    its centres.
    """
    position = embedding.graph.position[inside]
    start = (np.cumsum(inside) - 1)[seeds.voxel]
    path = dijkstra(embedding.graph.matrix(embedding.part_costs, inside), indices=start)
    path[np.isinf(path)] = _UNLINKED
    tree = cKDTree(position)
    support = [np.array(near) for near in tree.query_ball_point(position[start], REACH)]
    few = np.atleast_2d(tree.query(position[start], k=np.arange(1, min(_FEWEST, len(position)) + 1))[1])
    costs = path
    for _ in range(1 + REFINEMENTS):
        support = [own if len(own) >= _FEWEST else nearest for own, nearest in zip(support, few, strict=True)]
        costs = path + np.stack([_off_shape(position, own, click) for own, click in zip(support, start, strict=True)])
        winner = costs.argmin(axis=0)
        support = [_won(position, winner == i, centre) for i, centre in enumerate(start)]
    answer_ = np.full((len(position), seeds.n_columns), np.inf)
    for column in range(seeds.n_columns):
        if (seeds.column == column).any():
            answer_[:, column] = costs[seeds.column == column].min(axis=0)
    answer_[:, 0] = np.minimum(answer_[:, 0], REMAINDER)
    answer_[start, :] = np.inf
    answer_[start, seeds.column] = 0.0
    return answer_ / DOUBT


def _won(position: Float64, own: Bool, centre: Int64) -> Int64:
    rows = np.flatnonzero(own)
    near = np.linalg.norm(position[rows] - position[centre], axis=1) < FAR_REACH
    return np.asarray(rows[near])


def _off_shape(position: Float64, support: Int64, click: Int64) -> Float64:
    """f64 [M]: price of every position's distance from the plane or line through the click that its support suggests.

    The distance along each of the two narrower principal axes counts once the axis is less than half as wide as the
    widest, and the more the narrower it is: a round support suggests no shape and adds nothing.
    """
    offset = position[support] - position[support].mean(axis=0)
    variance, axes = np.linalg.eigh(offset.T @ offset / len(support))
    spread = np.sqrt(np.maximum(variance, 0.0) + ROUGHNESS**2)
    away = np.abs((position - position[click]) @ axes[:, :2])
    return np.asarray(OFF_SHAPE * (away @ np.maximum(1 - 2 * spread[:2] / spread[2], 0.0)))
