"""Pictures of what there is: scans of a data set, imported objects, the procedural families."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from pinpoint3d.datasets.compare import spread
from pinpoint3d.datasets.registry import open_dataset
from pinpoint3d.errors import FileError, PinPointError
from pinpoint3d.io.sheet import save_sheet, save_turntable
from pinpoint3d.progress import track
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene
from pinpoint3d.synthesis.cad import ObjectLibrary
from pinpoint3d.synthesis.contact_sheet import contact_sheet
from pinpoint3d.synthesis.families import FAMILIES, make_object
from pinpoint3d.synthesis.mesh import PartMesh
from pinpoint3d.synthesis.rooms.surfaces import surface_points

LIBRARY, PROCEDURAL = "library", "families"
_TURNS = (".gif", ".png")


def draw(data: str, picture: Path, number: int, names: Sequence[str], *, turntable: bool = False) -> list[str]:
    """Write a contact sheet, or one scan or object that turns.

    Args:
        data: `KIND:DIR`, `library:DIR`, or `families` or `families:SEED` for a member of each procedural family.
        picture: the file to write.
        number: how many are drawn where none is named, evenly spread.
        names: of those to draw.
        turntable: only the first, turning once.

    Returns:
        Names of what was drawn.

    Raises:
        PinPointError: the data set is unknown, or has nothing of a name.
        FileError: the picture cannot be written.
    """
    allowed = _TURNS if turntable else (".png",)
    if picture.suffix.lower() not in allowed:
        raise FileError(picture, f"expected a name that ends in {' or '.join(allowed)}")
    kind, _, place = data.partition(":")
    if kind == LIBRARY:
        library = ObjectLibrary(Path(place))
        return _draw_objects(library.names(), library.load, picture, number, names, turntable)
    if kind == PROCEDURAL:
        if place and not place.isdecimal():
            raise PinPointError(f"{data}: expected {PROCEDURAL}, or {PROCEDURAL}:SEED with a number")
        return _draw_objects(
            list(FAMILIES), lambda name: make_object(name, int(place or 0)), picture, number, names, turntable
        )
    dataset = open_dataset(data)
    chosen = _chosen(data, dataset.scenes(), number, names)
    if turntable:
        save_turntable(picture, dataset.load(chosen[0]))
        return chosen[:1]
    scans = []
    with track("reading scans", len(chosen)) as advance:
        for name in chosen:
            scans.append(dataset.load(name))
            advance(1)
    save_sheet(picture, scans)
    return chosen


def _draw_objects(
    known: Sequence[str],
    load: Callable[[str], PartMesh],
    picture: Path,
    number: int,
    names: Sequence[str],
    turntable: bool,
) -> list[str]:
    chosen = _chosen("the objects", known, number, names)
    if turntable:
        save_turntable(picture, as_scan(load(chosen[0])))
        return chosen[:1]
    contact_sheet((load(name) for name in chosen), picture)
    return chosen


def _chosen(data: str, known: Sequence[str], number: int, names: Sequence[str]) -> list[str]:
    missing = [name for name in names if name not in known]
    if missing:
        few = ", ".join(spread(known, 3))
        raise PinPointError(f"{data}: nothing is called {missing[0]!r}; there is {few} and so on")
    return list(names) or spread(known, number)


def as_scan(mesh: PartMesh) -> LabelledScene:
    """Points all over an object, as if nothing were hidden."""
    at, _, face = surface_points(mesh)
    part = mesh.part[face].astype(np.int32)
    names = {(1, number): name for number, name in mesh.part_names.items()}
    labels = Hierarchy(np.ones(len(at), np.int32), part, {1: mesh.category}, names)
    return LabelledScene(Scene(mesh.name, at.astype(np.float32), rgb=mesh.rgb[face]), labels)
