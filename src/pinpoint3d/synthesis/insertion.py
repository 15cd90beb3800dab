"""Objects put into a scan of a real place: on its floor and tops, as dense and as noisy as the scan itself."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from pinpoint3d.arrays import Bool, Float64, Int64, UInt8
from pinpoint3d.errors import SceneError
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene
from pinpoint3d.synthesis.mesh import Assembly, PartMesh, Placed, triangle_areas
from pinpoint3d.synthesis.rooms.shell import ShellBuilder
from pinpoint3d.synthesis.rooms.space import footprint
from pinpoint3d.synthesis.rooms.surfaces import pose_at
from pinpoint3d.synthesis.scanner.light import lit
from pinpoint3d.synthesis.scanner.paths import around
from pinpoint3d.synthesis.scanner.patterns import brightness
from pinpoint3d.synthesis.scanner.world import World
from pinpoint3d.synthesis.statistics import scan_statistics

_CELL = 0.03  # metres of the cells in which a surface is looked for
_BIN = 0.02  # metres between two heights that are told apart
_LEAST = 0.04  # square metres of a surface that things can stand on
_UPRIGHT = 0.95  # cosine of the steepest slope
_LOOKED_AT = 40_000  # points whose normals are estimated
_TRIES = 60
_CLEAR = 0.015  # metres above a surface from which on points are things that stand there
_LOOKS = 4  # places from which an object is looked at
_BEHIND = 0.01  # metres behind an object from which on a point is hidden


@dataclass(frozen=True, eq=False)
class Support:
    """A horizontal surface of a scan.

    Attributes:
        height: metres.
        xy: f64 [M, 2], the middles of its cells, `_CELL` apart.
    """

    height: float
    xy: Float64


def supports(xyz: Float64, rng: np.random.Generator) -> list[Support]:
    """Horizontal surfaces among f64 [N, 3] points, the largest first: floor, tables, counters, shelves."""
    looked = xyz[rng.choice(len(xyz), min(_LOOKED_AT, len(xyz)), replace=False)]
    _, near = KDTree(looked).query(looked, k=min(12, len(looked)))
    patches = looked[near] - looked[near].mean(axis=1, keepdims=True)
    normal = np.linalg.eigh(np.einsum("nki,nkj->nij", patches, patches))[1][:, :, 0]
    flat = looked[np.abs(normal[:, 2]) > _UPRIGHT]
    found = []
    taken = np.zeros(len(flat), dtype=bool)
    while True:
        counts = np.bincount(np.floor((flat[~taken, 2] - xyz[:, 2].min()) / _BIN).astype(np.int64), minlength=1)
        if counts.max() < 50:
            break
        height = xyz[:, 2].min() + (counts.argmax() + 0.5) * _BIN
        rows = ~taken & (np.abs(flat[:, 2] - height) <= 1.5 * _BIN)
        taken |= rows
        height = float(np.median(flat[rows, 2]))
        on = np.abs(xyz[:, 2] - height) < _BIN
        cells = np.unique(np.floor(xyz[on, :2] / _CELL).astype(np.int64), axis=0)
        if len(cells) * _CELL**2 >= _LEAST:
            found.append(Support(height, np.asarray((cells + 0.5) * _CELL, dtype=np.float64)))
    return sorted(found, key=lambda support: -len(support.xy))


def insert(
    target: LabelledScene, objects: Sequence[PartMesh], rng: np.random.Generator, eyes: Sequence[Float64] | None = None
) -> tuple[LabelledScene, list[Placed]]:
    """Put objects into a scan, where there is room.

    Points of the scan that an object hides from wherever it may have been scanned are removed. Points that are not
    finite, faces and normals are left out.

    Args:
        target: the scan; its labels are kept, and ids of new objects follow on those it has.
        objects: in metres, standing on z = 0.
        rng: chooses places and noise.
        eyes: f64 [3] each, where the scan was made from, relative to its origin; by default places around each object
            from which a person may have looked at it.

    Returns:
        The scan with objects in it, and those that found a place, in the order of their ids.

    Raises:
        SceneError: the scan has no horizontal surface to put anything on.
    """
    scene, labels = target.scene, target.labels
    kept = np.flatnonzero(scene.finite)
    cloud = _Cloud(
        scene.xyz[kept].astype(np.float64),
        None if scene.rgb is None else scene.rgb[kept],
        labels.object[kept].astype(np.int64),
        labels.part[kept].astype(np.int64),
    )
    surfaces = supports(cloud.xyz, rng) if len(kept) > 20 else []
    if not surfaces:
        raise SceneError(f"{scene.name}: no horizontal surface to put objects on; is z up, and the unit metres?")
    like = scan_statistics(scene, rng)
    names, part_names = dict(labels.object_names), dict(labels.part_names)
    first = max([int(labels.object.max()), 0, *names])
    placed: list[Placed] = []
    for mesh in objects:
        pose = _free_place(mesh, cloud.xyz, surfaces, rng)
        if pose is None:
            continue
        placed.append(Placed(mesh, pose))
        number = first + len(placed)
        names[number] = mesh.category
        part_names |= {(number, part): name for part, name in mesh.part_names.items()}
        cloud = _with(cloud, placed[-1], number, like.density, like.roughness, eyes, rng)
    result = Scene(scene.name, cloud.xyz.astype(np.float32), scene.origin, cloud.rgb)
    found = Hierarchy(cloud.object.astype(np.int32), cloud.part.astype(np.int32), names, part_names)
    return LabelledScene(result, found), placed


@dataclass(frozen=True, eq=False)
class _Cloud:
    xyz: Float64
    rgb: UInt8 | None
    object: Int64
    part: Int64


def _free_place(mesh: PartMesh, xyz: Float64, surfaces: list[Support], rng: np.random.Generator) -> Float64 | None:
    """A pose where the surface carries all of an object's foot and nothing stands in its way."""
    order = rng.permutation(len(surfaces))
    for _ in range(_TRIES):
        support = surfaces[int(order[int(rng.integers(len(order)))])]
        yaw = float(rng.uniform(-np.pi, np.pi))
        low, high = footprint(mesh, yaw)
        spot = support.xy[int(rng.integers(len(support.xy)))]
        inside = ((support.xy >= spot + low) & (support.xy <= spot + high)).all(axis=1)
        cells = np.prod(np.maximum((high - low) / _CELL, 1))
        if inside.sum() < 0.85 * cells:
            continue
        near = xyz[((xyz[:, :2] > spot + low) & (xyz[:, :2] < spot + high)).all(axis=1), 2]
        ground = near[np.abs(near - support.height) < _BIN]
        if len(ground) == 0:
            continue
        height = float(np.median(ground))
        above = (near > height + _CLEAR + 2 * float(ground.std())) & (near < height + float(mesh.bounds[1, 2]))
        if above.sum() <= 0.01 * len(near):
            return pose_at(float(spot[0]), float(spot[1]), height, yaw)
    return None


def _with(
    cloud: _Cloud,
    one: Placed,
    number: int,
    density: float,
    noise: float,
    eyes: Sequence[Float64] | None,
    rng: np.random.Generator,
) -> _Cloud:
    """The cloud with an object scanned into it."""
    centre = one.mesh.bounds.astype(np.float64).mean(axis=0)
    looks = eyes
    if looks is None:
        size = float(np.linalg.norm(np.diff(one.mesh.bounds, axis=0)))
        views = around(centre, _open_side(cloud.xyz, centre), _LOOKS, rng, far=1.2 + size)
        looks = [view.eye for view in views]
    world = World.of(Assembly([one], ShellBuilder().build()))
    at, triangle = _scattered(world, density, rng)
    visible = ~_hidden(world, at, looks, _BEHIND / 5)
    at, triangle = at[visible], triangle[visible]
    toward = np.mean(looks, axis=0) - at
    toward /= np.linalg.norm(toward, axis=1, keepdims=True)
    measured = at + toward * rng.normal(0, noise, (len(at), 1))
    stays = ~_hidden(world, cloud.xyz, looks, _BEHIND)
    rgb = cloud.rgb
    if rgb is not None:
        rgb = np.concatenate([rgb[stays], _coloured(world, at, triangle, rgb, rng)])
    return _Cloud(
        np.concatenate([cloud.xyz[stays], measured]),
        rgb,
        np.concatenate([cloud.object[stays], np.full(len(at), number)]),
        np.concatenate([cloud.part[stays], world.part[triangle]]),
    )


def _open_side(xyz: Float64, centre: Float64) -> float:
    """Radians: from a place towards the middle of the scan, where there is room to stand."""
    away = xyz[:, :2].mean(axis=0) - centre[:2]
    return float(np.arctan2(away[1], away[0]))


def _scattered(world: World, density: float, rng: np.random.Generator) -> tuple[Float64, Int64]:
    """Points f64 [M, 3] spread over the surface, `density` a square metre, and the triangles i64 [M] they lie on."""
    corners = world.caster.triangles
    area = triangle_areas(corners)
    count = int(np.ceil(area.sum() * density))
    triangle = np.searchsorted(np.cumsum(area) / area.sum(), rng.random(count)).clip(0, len(area) - 1)
    u, v = rng.random((2, count, 1))
    flip = u + v > 1
    u, v = np.where(flip, 1 - u, u), np.where(flip, 1 - v, v)
    a, b, c = corners[triangle].transpose(1, 0, 2)
    return a + u * (b - a) + v * (c - a), triangle


def _hidden(world: World, at: Float64, looks: Sequence[Float64], margin: float) -> Bool:
    """bool [N]: points that the object stands before, `margin` metres or more, from every one of some places."""
    hidden = np.ones(len(at), dtype=bool)
    for eye in looks:
        rows = np.flatnonzero(hidden)
        along = at[rows] - eye
        far = np.linalg.norm(along, axis=1)
        free, _ = world.caster.cast(np.asarray(eye), along / far[:, None], far - margin)
        hidden[rows] = np.isfinite(free)
    return hidden


def _coloured(world: World, at: Float64, triangle: Int64, like: UInt8, rng: np.random.Generator) -> UInt8:
    """u8 [N, 3]: the object's own colours in the light of a room, as bright as the scan on the whole."""
    seed = int(rng.integers(2**31))
    on = triangle.astype(np.int32)
    normal = world.normal[on]
    turn = world.inverse[world.object[on], :3, :3]
    grain = brightness(world.pattern[on], world.own(at, on), np.einsum("nij,nj->ni", turn, normal), seed)
    lamp = at.mean(axis=0) + np.array([*rng.uniform(-1, 1, 2), 2.0])
    gain = np.clip(np.median(like) / 140, 0.6, 1.3)
    light = lit(world, at, normal, lamp, rng, seed) * (grain * gain)[:, None]
    return np.rint(np.clip(world.rgb[on] * light + rng.normal(0, 3, at.shape), 0, 255)).astype(np.uint8)
