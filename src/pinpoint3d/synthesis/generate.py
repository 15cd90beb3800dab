"""Labelled synthetic scans: each a function of version, seed, index and split alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from pinpoint3d.arrays import Bool
from pinpoint3d.scene import BACKGROUND, Hierarchy, LabelledScene, Scene
from pinpoint3d.synthesis.catalogue import Catalogue, ObjectLibrary
from pinpoint3d.synthesis.mesh import Mount, PartMesh
from pinpoint3d.synthesis.rooms import Room, corner, furnished_room, table_top
from pinpoint3d.synthesis.rooms.furnisher import Draw
from pinpoint3d.synthesis.scanner import (
    STRUCTURED_LIGHT,
    TIME_OF_FLIGHT,
    TRIPOD,
    Scanner,
    around,
    scan,
    stations,
    walk,
)
from pinpoint3d.synthesis.spread import spread_points

VERSION = "1"  # another generator makes other scenes from the same seed: count up
_CELLS = (0.009, 0.012)  # metres of the cells that looks are fused into, finest and coarsest
_LEAST = 20  # points of an object that are kept
_BELOW_CEILING = 0.4  # metres that a hand-held camera stays below it
_RADIUS = 0.78  # metres around the object of a crop
_SPREAD = (1.5e3, 8e3)  # points per m2 where they are spread evenly
_BESIDE = 0.3  # metres around an object that are kept then


@dataclass(frozen=True)
class SceneConfig:
    """Settings of the generator.

    Attributes:
        table_tops: share of the scenes that are single views of a table top.
        lidar: share of the rooms that a tripod scans instead of a hand-held camera.
        merged: share of the scenes in which parts that differ by a number alone are one: "leg 1", "leg 2".
        least: objects that a room has at least.
        frames: fewest and most looks of a hand-held camera.
        library: designs from elsewhere.
        library_share: share of the objects that come from it, where it has the kind.
    """

    table_tops: float = 0.15
    lidar: float = 0.1
    merged: float = 0.5
    least: int = 8
    frames: tuple[int, int] = (26, 40)
    library: ObjectLibrary | None = None
    library_share: float = 0.3


DEFAULT = SceneConfig()


def generate_scene(seed: int, index: int, *, split: str = "train", config: SceneConfig = DEFAULT) -> LabelledScene:
    """Scene `index` of a seed: a furnished room or a table top, scanned.

    Args:
        seed: of all that is random.
        index: from 0.
        split: "train", "val" or "test"; no two of them share a design.
        config: settings.

    Raises:
        ValueError: there is no such split.
    """
    return generate_scan(seed, index, split=split, config=config)[1]


def generate_scan(seed: int, index: int, *, split: str, config: SceneConfig = DEFAULT) -> tuple[Room, LabelledScene]:
    """As `generate_scene`, with what was scanned."""
    rng = _generator("scene", seed, index, split)
    room = generate_room(rng, split, config)
    return room, _without_specks(_scanned(room, config, rng, f"{split}-{seed}-{index:05d}"))


def _scanned(room: Room, config: SceneConfig, rng: np.random.Generator, name: str) -> LabelledScene:
    if room.kind == "table top":
        return _look_at_table(room, rng, name)
    if rng.random() < config.lidar:
        views = stations(room.stands, 0.0, int(rng.integers(2, 4)), rng)
        return scan(room.assembly, Scanner(TRIPOD, cell=0.01, least=1), views, rng, name)
    sensor = STRUCTURED_LIGHT if rng.random() < 0.6 else TIME_OF_FLIGHT
    goals = [one.mesh.bounds.astype(np.float64).mean(axis=0) for one in room.assembly.objects]
    bounds = np.stack([np.zeros(3), room.size])
    views = walk(bounds, goals, room.stands, int(rng.integers(*config.frames)), rng)
    return scan(room.assembly, Scanner(sensor, cell=float(rng.uniform(*_CELLS))), views, rng, name)


def generate_room(rng: np.random.Generator, split: str, config: SceneConfig = DEFAULT) -> Room:
    """What `generate_scene` scans."""
    draw = _drawing(rng, split, config)
    if rng.random() < config.table_tops:
        return table_top(draw, rng)
    return furnished_room(draw, rng, config.least)


def room_of(seed: int, index: int, *, split: str = "train", config: SceneConfig = DEFAULT) -> Room:
    """What scene `index` of a seed shows, as `generate_scene` scans it."""
    return generate_room(_generator("scene", seed, index, split), split, config)


def generate_crop(seed: int, index: int, *, split: str = "train", config: SceneConfig = DEFAULT) -> LabelledScene:
    """Crop `index` of a seed: one object and its surroundings, looked at from a few places; for training.

    Args and errors as `generate_scene`.
    """
    rng = _generator("crop", seed, index, split)
    name = f"{split}-crop-{seed}-{index:05d}"
    room, main = _some_corner(rng, split, config)
    goal = room.assembly.objects[main].mesh.bounds.astype(np.float64).mean(axis=0)
    side = float(np.arctan2(*(room.size[:2] / 2 - goal[:2])[::-1])) + float(rng.normal(0, 0.5))
    views = around(goal, side, 4, rng, high=float(room.size[2]) - _BELOW_CEILING)
    sensor = STRUCTURED_LIGHT if rng.random() < 0.6 else TIME_OF_FLIGHT
    scanner = Scanner(
        sensor,
        cell=float(rng.uniform(*_CELLS)),
        least=1,
        middle=(float(goal[0]), float(goal[1])),
        radius=_RADIUS * float(rng.uniform(0.85, 1.15)),
    )
    return _without_specks(scan(room.assembly, scanner, views, rng, name))


def generate_spread(seed: int, index: int, *, split: str = "train", config: SceneConfig = DEFAULT) -> LabelledScene:
    """As `generate_crop`, but never scanned: points spread evenly over all sides, as of a mesh that somebody made.

    Args and errors as `generate_scene`.
    """
    rng = _generator("spread", seed, index, split)
    room, main = _some_corner(rng, split, config)
    low, high = room.assembly.objects[main].mesh.bounds
    spread = spread_points(room.assembly, float(rng.uniform(*_SPREAD)), rng, f"{split}-spread-{seed}-{index:05d}")
    away = np.linalg.norm(spread.scene.xyz - (low + high) / 2, axis=1)
    return _without_specks(_kept(spread, away < np.linalg.norm(high - low) / 2 + _BESIDE))


def _some_corner(rng: np.random.Generator, split: str, config: SceneConfig) -> tuple[Room, int]:
    """A corner around an object of a random kind, each as likely as the others."""
    draw, kinds = _drawing(rng, split, config), Catalogue(split).kinds()
    while True:
        found = corner(draw, *kinds[int(rng.integers(len(kinds)))], rng)
        if found is not None:
            return found


def _generator(what: str, seed: int, index: int, split: str) -> np.random.Generator:
    return np.random.default_rng([crc32(f"{what} {VERSION} {split}".encode()), seed, index])


def _drawing(rng: np.random.Generator, split: str, config: SceneConfig) -> Draw:
    catalogue = Catalogue(split, config.library, config.library_share)
    merged = bool(rng.random() < config.merged)

    def draw(categories: Sequence[str], mount: Mount) -> PartMesh | None:
        return catalogue.draw(categories, mount, rng, merged=merged)

    return draw


def _look_at_table(room: Room, rng: np.random.Generator, name: str) -> LabelledScene:
    goal = np.array([*room.size[:2] / 2, 0.8])
    views = around(goal, float(rng.uniform(-np.pi, np.pi)), 1, rng, spread=0.35, far=1.05)
    sensor = replace(STRUCTURED_LIGHT, width=640, height=480, far=1.7)
    return scan(room.assembly, Scanner(sensor, cell=0.001, least=1, reach=0.008), views, rng, name)


def _without_specks(labelled: LabelledScene) -> LabelledScene:
    """Without the points of objects of which hardly anything was seen: nobody could say what they are."""
    whole = labelled.labels.object
    counts = np.bincount(whole)
    return _kept(labelled, (whole == BACKGROUND) | (counts[whole] >= _LEAST))


def _kept(labelled: LabelledScene, kept: Bool) -> LabelledScene:
    """The points where `kept`, bool [N], holds."""
    scene, labels = labelled.scene, labelled.labels
    assert scene.rgb is not None
    return LabelledScene(
        Scene(scene.name, scene.xyz[kept], rgb=scene.rgb[kept]),
        Hierarchy(labels.object[kept], labels.part[kept], labels.object_names, labels.part_names),
    )
