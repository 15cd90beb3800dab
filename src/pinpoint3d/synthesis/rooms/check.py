"""Measures whether objects rest on what they stand on, and whether they run into one another."""

from dataclasses import dataclass

import numpy as np

from pinpoint3d.arrays import Bool, Float64
from pinpoint3d.native.rays import RayCaster
from pinpoint3d.synthesis.mesh import Assembly, Mount, PartMesh
from pinpoint3d.synthesis.rooms.surfaces import posed, surface_points

_BACK = 0.04  # metres above its lowest points from which rays look for what an object stands on
_CONTACT = 0.004  # metres within which points are as low as the lowest
_POINTS = 4096  # per pair of objects, at which it is asked whether they are inside both


@dataclass(frozen=True, eq=False)
class AssemblyCheck:
    """Measurements of an assembly of O objects.

    Attributes:
        gaps: f64 [O], metres between an object and what it rests on; negative where it sinks in, infinite where
            nothing is near.
        overlaps: (first, second) -> volume inside both, as a share of the smaller one's box; no entry where
            there is none.
    """

    gaps: Float64
    overlaps: dict[tuple[int, int], float]

    @property
    def worst_gap(self) -> float:
        return float(np.abs(self.gaps).max(initial=0.0))

    @property
    def worst_overlap(self) -> float:
        return max(self.overlaps.values(), default=0.0)


def check_assembly(assembly: Assembly) -> AssemblyCheck:
    """Measure all gaps and overlaps.

    A point counts as inside an object when the faces above and below it both turn away from it; so the hollow of a
    bookcase is outside, and a chair pushed under a table does not overlap with it.
    """
    casters = [RayCaster(_triangles(one.mesh)) for one in assembly.objects]
    normals = [_normals(caster.triangles) for caster in casters]
    shell = RayCaster(_triangles(assembly.shell))
    gaps = np.array(
        [_gap(assembly, k, shell if support < 0 else casters[support]) for k, support in enumerate(assembly.supports)]
    )
    boxes = [one.mesh.bounds.astype(np.float64) for one in assembly.objects]
    volumes = [float(np.prod(np.diff(one.design.bounds.astype(np.float64), axis=0))) for one in assembly.objects]
    overlaps = {}
    for i in range(len(boxes)):
        for j in range(i + 1, len(boxes)):
            low, high = np.maximum(boxes[i][0], boxes[j][0]), np.minimum(boxes[i][1], boxes[j][1])
            if (low >= high).any():
                continue
            at = low + (high - low) * _spread(_POINTS)
            both = _inside(casters[i], normals[i], at)
            both[both] = _inside(casters[j], normals[j], at[both])
            if both.any():
                share = both.mean() * np.prod(high - low) / max(min(volumes[i], volumes[j]), 1e-9)
                overlaps[i, j] = float(share)
    return AssemblyCheck(gaps, overlaps)


def _triangles(mesh: PartMesh) -> Float64:
    return mesh.vertices.astype(np.float64)[mesh.faces]


def _normals(triangles: Float64) -> Float64:
    return np.asarray(np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]))


def _gap(assembly: Assembly, index: int, below: RayCaster) -> float:
    one = assembly.objects[index]
    towards = one.pose[:3, :3] @ {
        Mount.WALL: np.array([0.0, 1.0, 0.0]),
        Mount.CEILING: np.array([0.0, 0.0, 1.0]),
    }.get(one.design.mount, np.array([0.0, 0.0, -1.0]))
    at = posed(surface_points(one.design)[0], one.pose)
    along = at @ towards
    at = at[along > along.max() - _CONTACT]
    distance, _ = below.cast(at - _BACK * towards, np.broadcast_to(towards, at.shape), np.full(len(at), 1.0))
    return float(distance.min()) - _BACK


def _inside(caster: RayCaster, normals: Float64, at: Float64) -> Bool:
    inside = np.ones(len(at), dtype=bool)
    for up in (1.0, -1.0):
        ray = np.zeros_like(at)
        ray[:, 2] = up
        _, face = caster.cast(at, ray)
        inside &= (face >= 0) & (normals[face, 2] * up > 0)
    return inside


def _spread(count: int) -> Float64:
    """f64 [count, 3]: points spread evenly over the unit cube (Roberts, 2018, The R3 sequence)."""
    step = 1 / 1.2207440846057596 ** np.arange(1, 4)
    return np.asarray((0.5 + np.arange(count)[:, None] * step) % 1)
