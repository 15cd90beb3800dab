"""Parts that nobody labelled: clusters of per-point features, kept where a click model finds them again.

As PinPoint3D makes the parts of PartScan: K-means over the features of an object's points, the number of parts from 2
to 10 by the best mean silhouette (Rousseeuw 1987). Features come from a network, PartField (Liu et al., ICCV 2025) as
published, or are computed here. Two filters follow: labels in several pieces are split, and what clicks do not
recover is given up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.cluster.vq import ClusterError, kmeans2
from scipy.sparse import coo_array, csr_array, diags_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import eigsh
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from pinpoint3d.arrays import AnyArray, Float64, Int32, Int64
from pinpoint3d.errors import FileError, SceneError
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.base import Segmenter
from pinpoint3d.segmenters.graph import SurfaceGraph
from pinpoint3d.synthesis.mesh import PartMesh
from pinpoint3d.synthesis.pseudo_labels.recovery import recovered
from pinpoint3d.synthesis.pseudo_labels.surface_points import surface_points

COUNTS = tuple(range(2, 11))
_STARTS = 4  # of K-means, the tightest is kept
_JUDGED = 1500  # voxels that take part in a silhouette
_LEAST = 0.01  # of the voxels; smaller pieces join the label around them
_EIGENVECTORS = 12
_CREASE, _EDGE, _COLOUR = 6.0, 0.5, 0.02  # what a radian of concave or convex bend and a step of CIELAB cost
_MESH_POINTS = 20_000


@dataclass(frozen=True, eq=False)
class PseudoParts:
    """Parts found on N points.

    Attributes:
        part: i32 [N], from 1; 0 where a part was given up.
        count: how many clusters K-means made.
        silhouette: mean of that clustering, -1..1.
        dropped: parts that the clicks did not recover.
    """

    part: Int32
    count: int
    silhouette: float
    dropped: int


def pseudo_parts(
    scene: Scene,
    features: AnyArray | None = None,
    *,
    rng: np.random.Generator,
    counts: Sequence[int] = COUNTS,
    segmenter: Segmenter[Any] | None = None,
    clicks: int = 5,
    least_iou: float = 0.6,
) -> PseudoParts:
    """Find the parts of one object.

    Args:
        scene: its points alone.
        features: float [N, C], as `load_features` reads; None computes geometric ones.
        rng: of K-means.
        counts: numbers of clusters to try.
        segmenter: gives up parts that this one does not recover; None keeps all.
        clicks: how many the robot may make a part.
        least_iou: what a recovered part reaches, 0..1.

    Raises:
        SceneError: the object has too few points for two parts.
        ValueError: there is another number of features than of points.
    """
    graph = SurfaceGraph.from_scene(scene)
    if len(graph) <= max(counts):
        raise SceneError(f"{scene.name}: {len(graph)} voxels are too few to find parts in; sample it more densely")
    rows = geometric_features(graph) if features is None else _on_voxels(graph, features, len(scene))
    label, silhouette = cluster(rows, counts, rng)
    count = int(label.max()) + 1
    whole = split_pieces(graph, label)
    of_voxel = whole[graph.grid.point_to_voxel]
    part = np.where(graph.grid.point_to_voxel >= 0, of_voxel + 1, 0).astype(np.int32)
    dropped = 0
    if segmenter is not None:
        iou = recovered(scene, part, segmenter, clicks)
        lost = [number for number, value in iou.items() if value < least_iou]
        part[np.isin(part, lost)] = 0
        dropped = len(lost)
    kept = np.unique(part[part > 0])
    numbers = np.searchsorted(kept, part).astype(np.int32) + 1
    return PseudoParts(np.where(part > 0, numbers, 0).astype(np.int32), count, silhouette, dropped)


def pseudo_part_mesh(mesh: PartMesh, features: AnyArray | None = None, **options: Any) -> PartMesh:
    """A mesh whose parts are found on points of its outer surface; a face takes the label nearest to its middle.

    Args:
        mesh: its own parts do not matter.
        features: float [F, C] of its faces, as PartField writes for a mesh; None computes geometric ones.
        options: of `pseudo_parts`.

    Raises:
        SceneError: as in `pseudo_parts`.
        ValueError: there is another number of features than of faces.
    """
    if features is not None and len(features) != len(mesh.faces):
        raise ValueError(f"{len(features)} features for {len(mesh.faces)} faces of {mesh.name}")
    scene, face = surface_points(mesh, _MESH_POINTS, options["rng"])
    found = pseudo_parts(scene, None if features is None else features[face], **options)
    middles = mesh.vertices[mesh.faces].mean(axis=1)
    part = found.part[cKDTree(scene.xyz).query(middles)[1]]
    names = {int(number): f"part {number}" for number in np.unique(found.part) if number}
    return replace(mesh, part=part.astype(np.int32), part_names=names)


def load_features(path: str | Path) -> AnyArray:
    """float [N, C] of an .npy file, or of an .npz file its array `features` or the only one.

    Raises:
        FileError: it is missing, damaged or holds no table of finite numbers.
    """
    path = Path(path)
    try:
        content = np.load(path, allow_pickle=False)
        if isinstance(content, np.lib.npyio.NpzFile):
            with content as archive:
                key = "features" if "features" in archive else archive.files[0]
                if key != "features" and len(archive.files) > 1:
                    raise FileError(path, f"holds {', '.join(archive.files)}; call the array of features 'features'")
                content = archive[key]
    except FileError:
        raise
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror or error}") from error
    except Exception as error:  # damaged bytes raise anything at all
        raise FileError(path, f"is no NumPy file ({error}); write it again") from error
    if content.ndim != 2 or content.dtype.kind != "f" or not np.isfinite(content).all():
        raise FileError(path, f"holds {content.dtype} {content.shape}, expected finite floats, a row a point or face")
    return np.asarray(content)


def geometric_features(graph: SurfaceGraph) -> Float64:
    """f64 [V, 12]: where two voxels lie near each other when it is easy to walk between them without crossing creases.

    The commute-time embedding of the surface graph: eigenvectors of its normalised Laplacian over the root of their
    eigenvalues (Qiu and Hancock, PAMI 2007), its edges weak where the surface is concave, where people see parts meet
    (Hoffman and Richards, Cognition 1984).
    """
    weight = np.exp(-_CREASE * graph.concave - _EDGE * graph.convex - _COLOUR * graph.colour_step)
    matrix: csr_array = graph.matrix(np.maximum(weight, 1e-4))
    root = 1 / np.sqrt(np.asarray(matrix.sum(axis=1)).ravel())
    normalised = diags_array(root) @ matrix @ diags_array(root)
    count = min(_EIGENVECTORS + 1, len(graph) - 1)
    start = np.cos(np.arange(len(graph)))  # any, but always the same
    value, vector = eigsh(normalised, k=count, which="LA", v0=start)
    order = np.argsort(-value)[1:]
    gap = np.maximum(1 - value[order], 1e-6)
    return np.asarray(vector[:, order] * root[:, None] / np.sqrt(gap))


def cluster(rows: Float64, counts: Sequence[int], rng: np.random.Generator) -> tuple[Int64, float]:
    """K-means for every count; the labels i64 [V] of the best mean silhouette, and that.

    The silhouette is taken over at most 1,500 rows, the same ones for every count.
    """
    judged = rng.permutation(len(rows))[:_JUDGED]
    distance = cdist(rows[judged], rows[judged])
    distinct = len(np.unique(rows, axis=0))
    best, best_score = np.zeros(len(rows), dtype=np.int64), -np.inf
    for count in (count for count in counts if count <= distinct):
        label = _kmeans(rows, count, rng)
        if np.sort(np.bincount(label, minlength=2))[-2] < _LEAST * len(label):
            continue  # one cluster and strays
        if len(np.unique(label[judged])) > 1 and (score := _silhouette(distance, label[judged])) > best_score:
            best, best_score = label, score
    return np.unique(best, return_inverse=True)[1].reshape(-1), float(best_score)


def _kmeans(rows: Float64, count: int, rng: np.random.Generator) -> Int64:
    """The tightest of several runs of K-means from spread-out starts (k-means++)."""
    best, least = np.zeros(len(rows), dtype=np.int64), np.inf
    for _ in range(_STARTS):
        try:
            centre, label = kmeans2(rows, count, minit="++", rng=rng, missing="raise")
        except ClusterError:  # a cluster ran empty
            continue
        spread = float(((rows - centre[label]) ** 2).sum())
        if spread < least:
            best, least = label.astype(np.int64), spread
    return best


def _silhouette(distance: Float64, label: Int64) -> float:
    """Mean silhouette of rows with pairwise distances f64 [S, S]; that of a row alone in its cluster is 0."""
    _, own, size = np.unique(label, return_inverse=True, return_counts=True)
    member = np.eye(len(size))[own.reshape(-1)]
    sums = distance @ member
    rows = np.arange(len(label))
    inside = sums[rows, own] / np.maximum(size[own] - 1, 1)
    means = sums / size
    means[rows, own] = np.inf
    outside = means.min(axis=1)
    value = np.where(size[own] > 1, (outside - inside) / np.maximum(np.maximum(inside, outside), 1e-300), 0.0)
    return float(value.mean())


def split_pieces(graph: SurfaceGraph, label: Int64) -> Int64:
    """i64 [V], from 0: every connected piece of a label its own; a small one joins the label it has most edges to."""
    least = max(2, round(_LEAST * len(label)))
    piece = _pieces(graph, label)
    a, b = graph.edges.T
    while True:
        across = piece[a] != piece[b]
        size = np.bincount(piece)
        small = np.array([n for n in np.unique(piece[graph.edges[across]]) if size[n] < least], dtype=np.int64)
        if len(small) == 0:
            return piece
        smallest = small[np.argmin(size[small])]
        around = [piece[there[across & (piece[here] == smallest)]] for here, there in ((a, b), (b, a))]
        piece[piece == smallest] = np.bincount(np.concatenate(around)).argmax()
        piece = np.unique(piece, return_inverse=True)[1].reshape(-1)


def _pieces(graph: SurfaceGraph, label: Int64) -> Int64:
    a, b = graph.edges.T
    same = label[a] == label[b]
    n = len(label)
    joined = coo_array((np.ones(int(same.sum()), dtype=np.bool_), (a[same], b[same])), shape=(n, n))
    return np.asarray(connected_components(joined, directed=False)[1], dtype=np.int64)


def _on_voxels(graph: SurfaceGraph, features: AnyArray, points: int) -> Float64:
    """f64 [V, C]: mean features of the points of every voxel, of unit length."""
    if len(features) != points:
        raise ValueError(f"{len(features)} features for {points} points")
    known = graph.grid.point_to_voxel >= 0
    voxel = graph.grid.point_to_voxel[known]
    total = np.zeros((len(graph), features.shape[1]))
    np.add.at(total, voxel, features[known].astype(np.float64))
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12))
