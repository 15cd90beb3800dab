"""What a scan is like, in numbers that real and synthetic ones share; and how much of an object was seen."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from pinpoint3d.arrays import Float64, Int64
from pinpoint3d.scene import LabelledScene, Scene
from pinpoint3d.synthesis.mesh import Assembly
from pinpoint3d.synthesis.rooms.surfaces import posed, surface_points

_PLACES = 3000  # points at which a scan is looked at
_PATCHES = 500  # of them, at which a plane is fitted
_NEIGHBOURS = 16
_REACH = 0.04  # metres over which a surface is taken for flat
_MOST = 200  # neighbours that a plane is fitted to
_SEEN = 0.02  # metres within which a scanned point shows a piece of surface
_LUMINANCE = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True)
class ScanStatistics:
    """Medians over a scan.

    Attributes:
        density: points per square metre of surface.
        spacing: metres to the nearest other point.
        evenness: 90th over 10th percentile of that distance.
        roughness: metres, standard deviation from the plane through all points within 4 cm; NaN where these are few.
        grain: standard deviation of luminance, 0..1, among the 16 nearest; NaN without colour.
        strays: share of points whose nearest neighbour is over four times the median away.
    """

    density: float
    spacing: float
    evenness: float
    roughness: float
    grain: float
    strays: float


def scan_statistics(scene: Scene, rng: np.random.Generator) -> ScanStatistics:
    """Look at 3,000 random places of a scan.

    Raises:
        ValueError: it has fewer than 17 points.
    """
    xyz = scene.xyz[scene.finite].astype(np.float64)
    if len(xyz) <= _NEIGHBOURS:
        raise ValueError(f"{scene.name}: {len(xyz)} points are too few for statistics")
    tree = KDTree(xyz)
    places = rng.choice(len(xyz), min(_PLACES, len(xyz)), replace=False)
    distance, near = (np.asarray(found) for found in tree.query(xyz[places], k=_NEIGHBOURS + 1))
    nearest = distance[:, 1]
    density = _NEIGHBOURS / (np.pi * np.maximum(distance[:, -1], 1e-6) ** 2)
    grain = np.nan
    if scene.rgb is not None:
        luminance = scene.rgb[scene.finite] @ _LUMINANCE / 255
        grain = float(np.median(luminance[near].std(axis=1)))
    rough = [_roughness(xyz[_around(tree, place)]) for place in xyz[places[:_PATCHES]]]
    low, high = np.percentile(nearest, [10, 90])
    return ScanStatistics(
        density=float(np.median(density)),
        spacing=float(np.median(nearest)),
        evenness=float(high / max(low, 1e-6)),
        roughness=float(np.nanmedian(rough)) if np.isfinite(rough).any() else np.nan,
        grain=grain,
        strays=float((nearest > 4 * np.median(nearest)).mean()),
    )


def seen_shares(assembly: Assembly, labelled: LabelledScene) -> dict[tuple[int, int], float]:
    """(object, part) -> share of the part's outer surface that has a scanned point of the object within 2 cm."""
    shares = {}
    for number, one in enumerate(assembly.objects, 1):
        at, _, face = surface_points(one.design)
        outer = ~one.design.inner[face]
        scanned = labelled.scene.xyz[labelled.labels.object == number].astype(np.float64)
        seen = np.zeros(len(at), dtype=bool)
        if len(scanned):
            distance, _ = KDTree(scanned).query(posed(at, one.pose), distance_upper_bound=_SEEN)
            seen = np.asarray(distance) <= _SEEN
        part = one.design.part[face]
        for value in sorted(one.design.part_names):
            rows = outer & (part == value)
            shares[number, value] = float(seen[rows].mean()) if rows.any() else 0.0
    return shares


def _around(tree: KDTree, place: Float64) -> Int64:
    """i64 [M]: some of the points near a place f64 [3], evenly chosen."""
    rows = np.sort(np.asarray(tree.query_ball_point(place, _REACH), dtype=np.int64))
    return rows[:: max(1, len(rows) // _MOST)]


def _roughness(xyz: Float64) -> float:
    """Standard deviation in metres of f64 [M, 3] points from the plane that fits them best."""
    if len(xyz) < 8:
        return float("nan")
    centred = xyz - xyz.mean(axis=0)
    return float(np.sqrt(max(np.linalg.eigvalsh(centred.T @ centred / len(xyz))[0], 0.0)))
