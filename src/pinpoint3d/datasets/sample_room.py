"""The sample room that ships with the package: a furnished corner as a hand-held depth camera would see it.

    python -m pinpoint3d.datasets.sample_room src/pinpoint3d/assets/sample_room.ply

Everything is made of boxes, cones and ellipsoids. Points lie only where one of a few cameras looks, with 2 mm of
noise along the ray, so undersides and backs are missing as in a real scan.
"""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from pinpoint3d.arrays import Float64, Int64
from pinpoint3d.datasets.raycast import Box, Cone, Ellipsoid, Solid, cast, turned
from pinpoint3d.io import save_labels
from pinpoint3d.scene import Hierarchy, Scene

SEED = 20240
NOISE = 0.002  # metres, standard deviation along the ray
_WIDE, _DEEP, _HIGH = 3.4, 2.8, 2.2  # the room in metres
_LIGHT = np.array([1.5, 0.9, 2.9])
_EYES = (  # where the camera stands, and what it looks at
    ((3.3, 0.2, 1.7), (1.3, 1.6, 0.65)),
    ((2.3, -0.3, 1.3), (1.3, 1.7, 0.65)),
    ((3.7, 1.2, 1.35), (1.3, 1.9, 0.7)),
    ((1.0, 0.2, 1.75), (2.3, 2.4, 0.8)),
    ((3.3, 2.3, 1.9), (0.9, 1.4, 0.55)),
    ((2.6, 0.5, 2.1), (1.3, 1.5, 0.5)),
    ((1.9, 0.9, 1.6), (2.7, 2.6, 0.8)),
    ((1.3, -0.7, 1.3), (0.6, 1.2, 0.55)),
)
_PIXELS, _FIELD = (760, 620), (86.0, 70.0)  # rays a camera, and its field of view in degrees
_FURNITURE, _SMALL = 0.011, 0.0055  # metres between the points of furniture and of small things
_BACKGROUND = 0.023

OBJECTS = {1: "table", 2: "chair", 3: "cabinet", 4: "lamp", 5: "mug", 6: "laptop", 7: "plant"}
PARTS = {
    (1, 1): "top",
    (1, 2): "legs",
    (2, 1): "seat",
    (2, 2): "back",
    (2, 3): "legs",
    (3, 1): "body",
    (3, 2): "upper drawer",
    (3, 3): "middle drawer",
    (3, 4): "lower drawer",
    (4, 1): "foot",
    (4, 2): "pole",
    (4, 3): "shade",
    (5, 1): "body",
    (5, 2): "handle",
    (6, 1): "base",
    (6, 2): "screen",
    (7, 1): "pot",
    (7, 2): "leaves",
}
_SPACING = {0: _BACKGROUND, 5: _SMALL, 6: _SMALL, 7: 0.008}

_OAK, _WALNUT, _WHITE, _STEEL = (0.80, 0.62, 0.42), (0.45, 0.29, 0.19), (0.92, 0.91, 0.88), (0.62, 0.64, 0.67)
_TEAL, _RED, _CREAM, _CLAY = (0.16, 0.42, 0.45), (0.76, 0.20, 0.16), (0.96, 0.88, 0.70), (0.72, 0.42, 0.29)


def _grain(axis: int, at: Float64) -> Float64:
    """Fine uneven stripes along an axis, as wood has."""
    across = at[:, (axis + 1) % 3] + 0.012 * np.sin(7 * at[:, axis])
    return np.asarray(0.95 + 0.05 * np.sin(170 * across) + 0.03 * np.sin(61 * across + 2))


def _planks(at: Float64) -> Float64:
    """Floorboards 14 cm wide, each of its own brightness, with a dark joint between."""
    board = np.floor(at[:, 1] / 0.14)
    joint = np.abs(at[:, 1] / 0.14 - board - 0.5) > 0.46
    return np.asarray((0.93 + 0.09 * np.sin(board * 12.9898)) * _grain(0, at) * np.where(joint, 0.7, 1.0))


def _weave(at: Float64) -> Float64:
    return np.asarray(0.94 + 0.08 * np.sin(90 * at[:, 0]) * np.sin(90 * at[:, 1] + 90 * at[:, 2]))


def _shell() -> Iterator[Solid]:
    thick = 0.004
    yield Solid(Box((_WIDE / 2, _DEEP / 2, thick)), (_WIDE / 2, _DEEP / 2, -thick), (0.66, 0.52, 0.38), texture=_planks)
    yield Solid(Box((_WIDE / 2, thick, _HIGH / 2)), (_WIDE / 2, _DEEP + thick, _HIGH / 2), (0.83, 0.86, 0.85))
    yield Solid(Box((thick, _DEEP / 2, _HIGH / 2)), (-thick, _DEEP / 2, _HIGH / 2), (0.88, 0.86, 0.80))
    yield Solid(Box((0.75, 0.55, 0.006)), (1.75, 0.95, 0.006), (0.34, 0.40, 0.52), texture=_weave)
    yield Solid(Box((0.26, 0.012, 0.19)), (1.45, _DEEP - 0.012, 1.55), (0.24, 0.33, 0.45))
    yield Solid(Box((0.22, 0.014, 0.15)), (1.45, _DEEP - 0.014, 1.55), (0.86, 0.74, 0.52), texture=_weave)


def _table() -> Iterator[Solid]:
    wide, deep, high, x, y = 0.65, 0.36, 0.73, 1.45, 2.05
    yield Solid(Box((wide, deep, 0.015)), (x, y, high), _OAK, label=(1, 1), texture=partial(_grain, 0))
    for side in (-1, 1):
        for end in (-1, 1):
            at = (x + side * (wide - 0.06), y + end * (deep - 0.06), (high - 0.015) / 2)
            yield Solid(Box((0.026, 0.026, (high - 0.015) / 2)), at, _WHITE, label=(1, 2))


def _chair() -> Iterator[Solid]:
    turn, x, y = turned(yaw=152), 1.75, 1.12

    def place(dx: float, dy: float, z: float) -> tuple[float, float, float]:
        px, py, pz = turn @ (dx, dy, z) + (x, y, 0)
        return float(px), float(py), float(pz)

    yield Solid(Box((0.22, 0.21, 0.022)), place(0, 0, 0.45), _TEAL, turn, (2, 1), _weave)
    yield Solid(Box((0.21, 0.016, 0.17)), place(0, 0.205, 0.76), _TEAL, turn @ turned(pitch=-8), (2, 2), _weave)
    for side in (-1, 1):
        post = turn @ turned(pitch=-8)
        yield Solid(Box((0.014, 0.012, 0.09)), place(side * 0.17, 0.185, 0.53), _WALNUT, post, (2, 2))
        for end in (-1, 1):
            leg = Box((0.017, 0.017, 0.214))
            yield Solid(leg, place(side * 0.19, end * 0.18, 0.214), _WALNUT, turn, (2, 3), partial(_grain, 2))


def _cabinet() -> Iterator[Solid]:
    x, y, wide, deep, high = 0.27, 0.75, 0.24, 0.38, 0.78  # its back stands against the left wall
    yield Solid(Box((wide, deep, high / 2)), (x, y, high / 2), _WALNUT, label=(3, 1), texture=partial(_grain, 1))
    for i in range(3):
        z, front = 0.645 - 0.235 * i, x + wide + 0.009
        label = (3, 2 + i)
        yield Solid(Box((0.011, deep - 0.03, 0.104)), (front, y, z), _OAK, label=label, texture=partial(_grain, 1))
        yield Solid(Box((0.012, 0.075, 0.008)), (front + 0.022, y, z + 0.02), _STEEL, label=label)


def _lamp() -> Iterator[Solid]:
    x, y = 2.75, 2.35
    yield Solid(Cone(0.15, 0.14, 0.03), (x, y, 0.0), (0.20, 0.20, 0.22), label=(4, 1))
    yield Solid(Cone(0.013, 0.013, 1.36), (x, y, 0.03), _STEEL, label=(4, 2))
    shade = Cone(0.21, 0.13, 0.27, closed_bottom=False, closed_top=False)
    yield Solid(shade, (x, y, 1.33), _CREAM, label=(4, 3), texture=_weave)


def _mug() -> Iterator[Solid]:
    x, y, floor, size, high = 1.86, 1.87, 0.745, 0.041, 0.10
    yield Solid(Cone(size, size, high, closed_top=False), (x, y, floor), _RED, label=(5, 1))
    aside = np.array([np.cos(np.radians(-35)), np.sin(np.radians(-35)), 0])
    for angle in np.radians(np.linspace(-82, 82, 15)):
        px, py, pz = np.array([x, y, floor + high / 2]) + aside * (size - 0.004 + 0.034 * np.cos(angle))
        pz += 0.034 * np.sin(angle)
        yield Solid(Ellipsoid((0.008, 0.008, 0.008)), (float(px), float(py), float(pz)), _RED, label=(5, 2))


def _laptop() -> Iterator[Solid]:
    turn, x, y, top = turned(yaw=-8), 1.28, 2.02, 0.745
    yield Solid(Box((0.165, 0.115, 0.009)), (x, y, top + 0.009), _STEEL, turn, (6, 1), _keys)
    hinge = np.array([x, y, top + 0.018]) + turn @ (0, 0.115, 0)
    lid = turn @ turned(pitch=-18)
    px, py, pz = hinge + lid @ (0, 0.004, 0.112)
    at = (float(px), float(py), float(pz))
    yield Solid(Box((0.165, 0.005, 0.11)), at, (0.15, 0.18, 0.26), lid, (6, 2), _screen)


def _keys(at: Float64) -> Float64:
    """Dark keys on the upper side."""
    keys = (np.abs(at[:, 0]) < 0.145) & (np.abs(at[:, 1] - 0.03) < 0.055) & (at[:, 2] > 0)
    gaps = (np.abs(at[:, 0] * 55 % 1 - 0.5) > 0.42) | (np.abs(at[:, 1] * 55 % 1 - 0.5) > 0.42)
    return np.where(keys & ~gaps, 0.35, 1.0)


def _screen(at: Float64) -> Float64:
    shown = (np.abs(at[:, 0]) < 0.15) & (np.abs(at[:, 2]) < 0.095) & (at[:, 1] < 0)
    return np.where(shown, 2.2 + 0.9 * at[:, 2] / 0.1, 1.0)


def _plant(rng: np.random.Generator) -> Iterator[Solid]:
    x, y, floor = 0.26, 0.92, 0.78
    yield Solid(Cone(0.065, 0.09, 0.14, closed_top=False), (x, y, floor), _CLAY, label=(7, 1))
    for _ in range(34):
        yaw, rise = rng.uniform(0, 360), rng.uniform(15, 80)
        away = turned(yaw) @ (0, np.cos(np.radians(rise)), np.sin(np.radians(rise)))
        px, py, pz = np.array([x, y, floor + 0.13]) + away * rng.uniform(0.08, 0.17)
        at = (float(px), float(py), max(float(pz), floor + 0.12))
        green = rng.uniform(0.75, 1.2) * np.array([0.24, 0.47, 0.20])
        colour = (float(green[0]), float(green[1]), float(green[2]))
        yield Solid(Ellipsoid((0.028, 0.075, 0.006)), at, colour, turned(yaw, rise), (7, 2))


def furnished(rng: np.random.Generator) -> list[Solid]:
    """Everything in the room."""
    return [*_shell(), *_table(), *_chair(), *_cabinet(), *_lamp(), *_mug(), *_laptop(), *_plant(rng)]


def sample_room(rng: np.random.Generator) -> tuple[Scene, Hierarchy]:
    """Scan the room from every camera and thin the points evenly, small things less than walls."""
    solids = furnished(rng)
    views = [_look(solids, np.array(eye), np.array(goal), rng) for eye, goal in _EYES]
    xyz, normal, which = (np.concatenate([view[i] for view in views]) for i in range(3))
    labels = np.array([solid.label for solid in solids], dtype=np.int32)[which]
    kept = _thinned(xyz, labels[:, 0], rng)
    xyz, normal, which, labels = xyz[kept], normal[kept], which[kept], labels[kept]
    rgb = np.clip(_light(solids, xyz, normal, which) + rng.normal(0, 0.02, (len(xyz), 3)), 0, 1)
    scene = Scene("sample_room", xyz.astype(np.float32), rgb=np.rint(rgb * 255).astype(np.uint8))
    return scene, Hierarchy(labels[:, 0].copy(), labels[:, 1].copy(), OBJECTS, PARTS)


def _look(solids: list[Solid], eye: Float64, goal: Float64, rng: np.random.Generator) -> tuple[Float64, Float64, Int64]:
    """Points f64 [M, 3], normals f64 [M, 3] and solids i64 [M] that a camera sees."""
    forward = goal - eye
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, (0, 0, 1))
    right /= np.linalg.norm(right)
    across, down = (
        np.tan(np.radians(field / 2)) * np.linspace(-1, 1, n) for field, n in zip(_FIELD, _PIXELS, strict=True)
    )
    u, v = (grid.ravel()[:, None] for grid in np.meshgrid(across, down))
    ray = forward + u * right + v * np.cross(right, forward)
    ray /= np.linalg.norm(ray, axis=1, keepdims=True)
    distance, which, normal = cast(solids, np.broadcast_to(eye, ray.shape), ray)
    seen = np.isfinite(distance) & ((normal * ray).sum(axis=1) < -0.08)  # a depth camera loses grazing surfaces
    measured = distance[seen] + rng.normal(0, NOISE, int(seen.sum()))
    return eye + measured[:, None] * ray[seen], normal[seen], which[seen]


def _thinned(xyz: Float64, objects: Int64, rng: np.random.Generator) -> Int64:
    """Rows kept: one a cell, in random order, where the edge of a cell depends on the object."""
    edge = np.array([_SPACING.get(o, _FURNITURE) for o in range(max(OBJECTS) + 1)])[objects]
    cell = np.floor(xyz / edge[:, None]).astype(np.int64)
    order = rng.permutation(len(xyz))
    _, first = np.unique(np.column_stack([cell, objects])[order], axis=0, return_index=True)
    return np.asarray(order[np.sort(first)])


def _light(solids: list[Solid], xyz: Float64, normal: Float64, which: Int64) -> Float64:
    """f64 [N, 3]: colours under one ceiling light, with the shadows it casts."""
    to = _LIGHT - xyz
    far = np.linalg.norm(to, axis=1, keepdims=True)
    free, _, _ = cast(solids, xyz + 0.012 * normal, to / far)
    lit = np.clip((normal * to / far).sum(axis=1), 0, None) * (free >= far[:, 0] - 0.02)
    rgb = np.array([solid.colour for solid in solids])[which] * (0.55 + 0.10 * normal[:, 2] + 0.45 * lit)[:, None]
    for i, solid in enumerate(solids):
        if solid.texture is not None:
            rgb[which == i] *= solid.texture((xyz[which == i] - solid.at) @ solid.turn)[:, None]
    return np.asarray(rgb)


if __name__ == "__main__":
    save_labels(Path(sys.argv[1]), *sample_room(np.random.default_rng(SEED)))
