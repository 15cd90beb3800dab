"""Pieces of surface that hang together, for files that know no parts."""

from dataclasses import replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from pinpoint3d.arrays import Float64, Int32, Int64
from pinpoint3d.synthesis.mesh import PartMesh

_WELD = 1e-4  # of the longest side; vertices as near as this are one
_REACH_POINTS = 64  # vertices of a small piece that look for their neighbours


def split_loose(mesh: PartMesh) -> PartMesh:
    """Every connected piece of every part a part of its own, largest first within the part.

    Pieces of a part keep its name with a number; where the object had one part alone they are "piece 1", "piece 2".
    """
    piece = loose_pieces(mesh.vertices.astype(np.float64), mesh.faces)
    key = mesh.part.astype(np.int64) * (int(piece.max(initial=0)) + 1) + piece
    _, group = np.unique(key, return_inverse=True)
    area = np.bincount(group, mesh.area)
    owner = np.zeros(len(area), dtype=np.int64)
    owner[group] = mesh.part
    alone = len(mesh.part_names) == 1
    ids = np.zeros(len(area), dtype=np.int32)
    names: dict[int, str] = {}
    for old, name in mesh.part_names.items():
        rows = np.flatnonzero(owner == old)
        rows = rows[np.argsort(-area[rows], kind="stable")]
        for rank, row in enumerate(rows, start=1):
            ids[row] = len(names) + 1
            label = "piece" if alone else name
            names[len(names) + 1] = f"{label} {rank}" if len(rows) > 1 else label
    return replace(mesh, part=ids[group], part_names=names)


def merge_small(mesh: PartMesh, share: float) -> PartMesh:
    """Parts with less than a share of the object's surface, 0..1, join the part nearest to them; smallest first."""
    area = mesh.area
    least = share * float(area.sum())
    part, names = mesh.part.copy(), dict(mesh.part_names)
    while len(names) > 1:
        sizes = {number: float(area[part == number].sum()) for number in names}
        smallest = min(sizes, key=lambda number: (sizes[number], number))
        if sizes[smallest] >= least:
            break
        part[part == smallest] = _nearest(mesh, part, smallest)
        del names[smallest]
    return _renumbered(mesh, part, names)


def loose_pieces(vertices: Float64, faces: Int32) -> Int64:
    """i64 [F]: which connected piece each face belongs to; vertices at the same place are one."""
    extent = float(np.ptp(vertices, axis=0).max())
    welded = np.unique(np.rint(vertices / max(extent * _WELD, 1e-12)), axis=0, return_inverse=True)[1].reshape(-1)
    corners = welded[faces]
    edges = np.concatenate([corners[:, :2], corners[:, 1:]])
    count = int(corners.max()) + 1
    graph = coo_array((np.ones(len(edges), dtype=np.bool_), edges.T), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1][corners[:, 0]], dtype=np.int64)


def _nearest(mesh: PartMesh, part: Int32, number: int) -> int:
    """The part that comes nearest to one of the parts; distances are between middles of faces."""
    middles = mesh.vertices.astype(np.float64)[mesh.faces].mean(axis=1)
    own = middles[part == number]
    others = np.flatnonzero((part != number) & (part > 0))
    found = cKDTree(middles[others]).query(own[:: max(1, len(own) // _REACH_POINTS)])
    distance, row = (np.asarray(column) for column in found)
    return int(part[others[row[np.argmin(distance)]]])


def _renumbered(mesh: PartMesh, part: Int32, names: dict[int, str]) -> PartMesh:
    """Parts counted from 1 again."""
    ids = {old: new for new, old in enumerate(sorted(names), start=1)}
    table = np.zeros(int(max(part.max(initial=0), max(ids, default=0))) + 1, dtype=np.int32)
    for old, new in ids.items():
        table[old] = new
    return replace(mesh, part=table[part], part_names={ids[old]: name for old, name in names.items()})
