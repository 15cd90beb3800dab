"""The sample room that ships with the package: a furnished corner as a hand-held depth camera would see it.

    python -m pinpoint3d.datasets.sample_room src/pinpoint3d/assets/sample_room.ply

What stands in it, and where, is written down here, so that it stays the same when the generator's families change;
shapes, materials, light and measurements are the generator's.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pinpoint3d.io import save_labels
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene
from pinpoint3d.synthesis.mesh import Assembly, Mount, Pattern, Placed
from pinpoint3d.synthesis.modelling.builder import Builder
from pinpoint3d.synthesis.modelling.fittings import leg
from pinpoint3d.synthesis.modelling.materials import Finish, shade
from pinpoint3d.synthesis.modelling.shapes import box, disc, lathe, shift, superellipsoid, tube, turn
from pinpoint3d.synthesis.rooms.shell import SKIRTING, SKIRTING_HEIGHT, ShellBuilder
from pinpoint3d.synthesis.rooms.surfaces import pose_at
from pinpoint3d.synthesis.scanner import STRUCTURED_LIGHT, Scanner, View, scan

SEED = 20241
_WIDE, _DEEP, _HIGH = 3.4, 2.8, 2.2  # the room in metres; walls stand at the left and at the far end
_EYES = (  # where the camera is held, and what it looks at
    ((3.3, 0.2, 1.7), (1.3, 1.6, 0.65)),
    ((2.3, -0.3, 1.3), (1.3, 1.7, 0.65)),
    ((3.7, 1.2, 1.35), (1.3, 1.9, 0.7)),
    ((1.0, 0.2, 1.75), (2.3, 2.4, 0.8)),
    ((3.3, 2.3, 1.9), (0.9, 1.4, 0.55)),
    ((2.6, 0.5, 2.1), (1.3, 1.5, 0.5)),
    ((1.9, 0.9, 1.6), (2.7, 2.6, 0.8)),
    ((1.3, -0.7, 1.3), (0.6, 1.2, 0.55)),
)
_LOOKS = 3  # from about each
# A good camera in a steady hand: finer than those that synthetic scenes are made with, and less noisy.
_CAMERA = replace(
    STRUCTURED_LIGHT,
    width=640,
    height=480,
    base=0.0006,
    growth=0.0006,
    wave=0.0003,
    step=0.0008,
    flying=0.0,
    field=84.0,
)
_CELL = 0.0055  # metres of the cells that looks are fused into
_SPACING = {"background": 0.0245, "mug": _CELL, "laptop": _CELL, "plant": 0.008}  # metres between points that are kept
_FURNITURE = 0.011

_OAK, _WALNUT = Finish((204, 158, 107), Pattern.WOOD), Finish((115, 74, 48), Pattern.WOOD)
_TEAL, _CREAM = Finish((41, 107, 115), Pattern.FABRIC), Finish((245, 224, 178), Pattern.FABRIC)
_WHITE, _BLACK, _STEEL = Finish((226, 224, 218)), Finish((48, 48, 54)), Finish((150, 154, 160))
_RED, _CLAY, _LEAF = Finish((194, 51, 41)), Finish((184, 107, 74)), Finish((64, 120, 54))


def _table(b: Builder) -> None:
    b.add("top", box((-0.65, -0.36, 0.715), (0.65, 0.36, 0.745), 0.004), _OAK)
    for x in (-0.59, 0.59):
        for y in (-0.3, 0.3):
            b.add("legs", leg("tapered", (x, y, 0), (x, y, 0.715), 0.052), _WHITE)


def _chair(b: Builder) -> None:
    b.add("seat", box((-0.22, -0.21, 0.428), (0.22, 0.21, 0.472), 0.015, 3), _TEAL)
    with b.within(turn("x", -8, (0, 0.2, 0.45))):
        b.add("back", box((-0.21, 0.19, 0.59), (0.21, 0.222, 0.93), 0.012, 3), _TEAL)
        for x in (-0.17, 0.17):
            b.add("back", box((x - 0.014, 0.196, 0.44), (x + 0.014, 0.22, 0.66)), _WALNUT)
    for x in (-0.19, 0.19):
        for y in (-0.18, 0.18):
            b.add("legs", leg("tapered", (x * 1.05, y * 1.05, 0), (x, y, 0.428), 0.034), _WALNUT)


def _cabinet(b: Builder) -> None:
    b.add("body", box((-0.38, -0.24, 0), (0.38, 0.24, 0.78), 0.003), _WALNUT)
    for name, z in (("upper drawer", 0.645), ("middle drawer", 0.41), ("lower drawer", 0.175)):
        b.add(name, box((-0.35, -0.26, z - 0.104), (0.35, -0.238, z + 0.104), 0.003), _OAK)
        b.add(name, box((-0.075, -0.283, z + 0.012), (0.075, -0.26, z + 0.028), 0.003), _STEEL)


def _lamp(b: Builder) -> None:
    b.add("foot", disc(0.15, 0.0, 0.03, 0.004), _BLACK)
    b.add("pole", lathe([(0.013, 0.03), (0.013, 1.39)], 14), _STEEL)
    wall = [(0.21, 1.33), (0.13, 1.6), (0.127, 1.6), (0.207, 1.33)]
    b.add("shade", lathe(wall, 40, closed=True), _CREAM)


def _mug(b: Builder) -> None:
    outside = [(0.037, 0.0), (0.041, 0.004), (0.041, 0.1)]
    b.add("body", lathe([*outside, (0.037, 0.1), (0.037, 0.008), (0.0, 0.006)], 28), _RED)
    bend = np.radians(np.linspace(-82, 82, 15))
    path = np.stack([0.037 + 0.034 * np.cos(bend), np.zeros(15), 0.05 + 0.034 * np.sin(bend)], axis=1)
    b.add("handle", tube(path, 0.007), _RED)


def _laptop(b: Builder) -> None:
    b.add("base", box((-0.165, -0.115, 0), (0.165, 0.115, 0.018), 0.003), _STEEL)
    for x in np.linspace(-0.135, 0.135, 14):
        for y in np.linspace(-0.02, 0.085, 6):
            b.add("base", box((x - 0.008, y - 0.008, 0.018), (x + 0.008, y + 0.008, 0.0195)), _BLACK)
    b.add("base", box((-0.05, -0.1, 0.018), (0.05, -0.04, 0.0185)), Finish((120, 124, 130)))
    with b.within(turn("x", -18, (0, 0.115, 0.018))):
        b.add("screen", box((-0.165, 0.112, 0.018), (0.165, 0.12, 0.238), 0.003), _BLACK)
        b.add("screen", box((-0.15, 0.111, 0.034), (0.15, 0.113, 0.224)), Finish((104, 140, 178)))


def _plant(b: Builder) -> None:
    rim = [(0.065, 0.0), (0.09, 0.14), (0.082, 0.14), (0.075, 0.115), (0.0, 0.115)]
    b.add("pot", lathe(rim, 28), _CLAY)
    b.add("pot", disc(0.074, 0.1, 0.12), Finish((70, 52, 40)))
    for _ in range(30):
        blade = superellipsoid((-0.028, 0.0, -0.005), (0.028, b.uniform(0.11, 0.19), 0.005), segments=12)
        stem = tube([(0, -0.05, -0.003), (0, 0, 0), (0, 0.02, 0)], 0.003, 6)
        with b.within(shift(z=0.15), turn("z", b.uniform(0, 360)), turn("x", b.uniform(12, 80)), shift(0, 0.05, 0)):
            b.add("leaves", blade + stem, shade(b.rng, _LEAF, 16))


@dataclass(frozen=True)
class Put:
    """A thing and its place.

    Attributes:
        name: what it is.
        draw: adds its parts to a builder.
        mount: where it is put.
        at: x, y and z of the middle of its base, metres.
        turn: degrees; 0 faces -y.
        on: index of what it stands on; -1 the floor.
    """

    name: str
    draw: Callable[[Builder], None]
    mount: Mount
    at: tuple[float, float, float]
    turn: float = 0.0
    on: int = -1


PLACES = (
    Put("table", _table, Mount.FLOOR, (1.45, 2.05, 0)),
    Put("chair", _chair, Mount.FLOOR, (1.732, 1.086, 0), 152),
    Put("cabinet", _cabinet, Mount.FLOOR, (0.2915, 0.75, 0), 90),
    Put("lamp", _lamp, Mount.FLOOR, (2.75, 2.35, 0)),
    Put("mug", _mug, Mount.TOP, (1.874, 1.86, 0.745), -35, on=0),
    Put("laptop", _laptop, Mount.TOP, (1.285, 2.055, 0.745), -8, on=0),
    Put("plant", _plant, Mount.TOP, (0.27, 0.92, 0.78), on=2),
)


def furnished(rng: np.random.Generator) -> Assembly:
    """Everything in its place."""
    objects = []
    for put in PLACES:
        builder = Builder(rng)
        put.draw(builder)
        design = builder.build(f"sample {put.name}", put.name, put.mount)
        objects.append(Placed(design, pose_at(*put.at, np.radians(put.turn))))
    shell = ShellBuilder()
    shell.box((0, 0, -0.05), (_WIDE, _DEEP, 0), (168, 132, 96), Pattern.BOARDS)
    shell.box((0, _DEEP, 0), (_WIDE, _DEEP + 0.08, _HIGH), (200, 206, 202), Pattern.PLASTER)
    shell.box((-0.08, 0, 0), (0, _DEEP, _HIGH), (206, 196, 176), Pattern.PLASTER)
    shell.box((0, _DEEP - SKIRTING, 0), (_WIDE, _DEEP, SKIRTING_HEIGHT), (232, 230, 224))
    shell.box((0, 0, 0), (SKIRTING, _DEEP, SKIRTING_HEIGHT), (232, 230, 224))
    shell.box((1.0, 0.4, 0), (2.5, 1.5, 0.01), (87, 102, 133), Pattern.FABRIC)
    shell.box((1.19, _DEEP - 0.024, 1.36), (1.71, _DEEP, 1.74), (61, 84, 115))
    shell.box((1.23, _DEEP - 0.028, 1.4), (1.67, _DEEP, 1.7), (219, 189, 133), Pattern.PRINT)
    return Assembly(objects, shell.build(), [put.on for put in PLACES])


def sample_room(rng: np.random.Generator) -> LabelledScene:
    """Scan the room from all sides and thin the points evenly, small things less than walls."""
    scanner = Scanner(_CAMERA, cell=_CELL, drift=0.0003)
    seen = scan(furnished(rng), scanner, _views(rng), rng, "sample_room")
    scene, labels = seen.scene, seen.labels
    assert scene.rgb is not None
    edges = [_SPACING["background"], *(_SPACING.get(put.name, _FURNITURE) for put in PLACES)]
    cell = np.floor(scene.xyz / np.array(edges)[labels.object][:, None]).astype(np.int64)
    order = rng.permutation(len(cell))
    _, first = np.unique(np.column_stack([cell, labels.object])[order], axis=0, return_index=True)
    kept = order[np.sort(first)]
    return LabelledScene(
        Scene(scene.name, scene.xyz[kept], rgb=scene.rgb[kept]),
        Hierarchy(labels.object[kept], labels.part[kept], labels.object_names, labels.part_names),
    )


def _views(rng: np.random.Generator) -> list[View]:
    return [
        View.towards(eye + rng.normal(0, 0.08, 3), goal + rng.normal(0, 0.1, 3), rng.normal(0, 0.05))
        for eye, goal in np.array(_EYES)
        for _ in range(_LOOKS)
    ]


if __name__ == "__main__":
    room = sample_room(np.random.default_rng(SEED))
    save_labels(Path(sys.argv[1]), room.scene, room.labels)
