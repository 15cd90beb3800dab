"""What a run annotates: which targets of which scene together make a sample."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np

from pinpoint3d.arrays import Int64
from pinpoint3d.datasets.base import Dataset, ListedSample
from pinpoint3d.errors import PinPointError
from pinpoint3d.scene import Hierarchy

_MOST_OBJECTS = 10  # AGILE3D's multi-object samples have at most ten


class Level(Enum):
    """What is cut out: objects of a scene, the parts of one object, or an object first and then its parts."""

    OBJECT = "object"
    PART = "part"
    HIERARCHICAL = "hierarchical"


class Selection(Enum):
    """Which targets are annotated together in one sample."""

    SINGLE = "single"
    """Every object (or part) on its own."""
    RANDOM = "random"
    """Two to ten random objects of a scene, or at least two random parts of an object: random-part."""
    ALL = "all"
    """All objects of a scene, or all parts of an object: all-part."""


@dataclass(frozen=True)
class Sample:
    """Targets that are annotated together.

    Attributes:
        id: unique in its data set, level and selection.
        scene: name of the scene.
        level: what is cut out.
        targets: (object, part) of every target; part 0 is the object as a whole. All of one object below the object
            level; at the hierarchical level the object itself comes first.
    """

    id: str
    scene: str
    level: Level
    targets: tuple[tuple[int, int], ...]


def samples_of(
    dataset: Dataset, level: Level, selection: Selection, seed: int, per_scene: int | None = None
) -> Iterator[Sample]:
    """Samples of a data set, scene by scene; those of its own list, all of them, at the part level where it has one.

    Objects count as having parts from two labelled parts on.

    Args:
        dataset: where from.
        level: what is cut out.
        selection: which targets make a sample.
        seed: of what is random.
        per_scene: at most so many samples of a scene, chosen at random; None for all.

    Raises:
        FileError: a scene cannot be read.
        PinPointError: the data set holds nothing of this level.
    """
    found = False
    listed = dataset.listed() if level is Level.PART else ()
    for sample in listed:
        found = True
        yield _listed(sample)
    if not listed:
        for scene in dataset.scenes():
            labels = dataset.load(scene).labels
            rng = np.random.default_rng([seed, zlib.crc32(scene.encode())])
            of_scene = list(_targets(labels, level, selection, rng))
            if per_scene is not None and len(of_scene) > per_scene:
                of_scene = [of_scene[i] for i in np.sort(rng.choice(len(of_scene), per_scene, replace=False))]
            for name, targets in of_scene:
                found = True
                yield Sample(f"{scene}/{name}", scene, level, targets)
    if not found:
        need = "a labelled object" if level is Level.OBJECT else "an object with two labelled parts (vertex field part)"
        raise PinPointError(f"no scene of the data set has {need}; choose another --level or data set")


def _listed(sample: ListedSample) -> Sample:
    labels = Hierarchy.from_codes(np.array(sample.codes, dtype=np.int64))
    if len(labels.objects()) != 1:
        raise PinPointError(f"sample {sample.id} lists parts of {len(labels.objects())} objects, expected one")
    targets = tuple(zip(labels.object.tolist(), labels.part.tolist(), strict=True))
    return Sample(sample.id, sample.scene, Level.PART, targets)


Named = tuple[str, tuple[tuple[int, int], ...]]


def _targets(labels: Hierarchy, level: Level, selection: Selection, rng: np.random.Generator) -> Iterator[Named]:
    objects = labels.objects().astype(np.int64)
    if level is Level.OBJECT:
        for name, ids in _choose(objects, "object", selection, _MOST_OBJECTS, rng):
            yield name, tuple((int(o), 0) for o in ids)
        return
    for whole in objects:
        parts = labels.parts(int(whole)).astype(np.int64)
        if len(parts) < 2:
            continue
        for name, ids in _choose(parts, "part", selection, len(parts), rng):
            chosen = tuple((int(whole), int(p)) for p in ids)
            if level is Level.HIERARCHICAL:
                yield f"object {whole} and {name}", ((int(whole), 0), *chosen)
            else:
                yield f"object {whole}/{name}", chosen


def _choose(
    ids: Int64, noun: str, selection: Selection, most: int, rng: np.random.Generator
) -> Iterator[tuple[str, Int64]]:
    if selection is Selection.SINGLE:
        for one in ids:
            yield f"{noun} {one}", np.array([one])
    elif len(ids) and selection is Selection.ALL:
        yield f"all {noun}s", ids
    elif len(ids):
        number = int(rng.integers(min(2, len(ids)), min(most, len(ids)) + 1))
        yield f"random {noun}s", np.sort(rng.choice(ids, number, replace=False))
