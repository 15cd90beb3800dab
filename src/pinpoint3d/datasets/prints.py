"""Fingerprints of scans and of the objects in them, by which copies are found whatever their names and places.

A print is the smallest hashes of the points (bottom-k sketch: Broder, "On the resemblance and containment of
documents", 1997). Copies share nearly all of them, even when some points are gone.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.scene import LabelledScene

_STEP = 1e-3  # metres; below the distance of points, far above what float32 loses when a scan is moved
_KEPT, _SHARED = 64, 0.75  # hashes of a print, and the share of them that makes a copy
_LEAST = 100  # points of an object; fewer may agree by chance
_PRIMES = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_SCANNET = re.compile(r"(scene\d{4})_\d\d")


@dataclass(frozen=True)
class Prints:
    """Of one scan. They know neither the order of the points nor where the scan lies.

    Attributes:
        place: what was scanned, by name: ScanNet's scene0001_00 and scene0001_01 are one room.
        scene: of all its points.
        objects: object id -> of its points; small objects have none.
    """

    place: str
    scene: tuple[int, ...]
    objects: Mapping[int, tuple[int, ...]]

    @classmethod
    def of(cls, labelled: LabelledScene) -> "Prints":
        """Of a scan with at least one finite point."""
        scene, labels = labelled.scene, labelled.labels
        xyz = scene.xyz[scene.finite].astype(np.float64)
        owner = labels.object[scene.finite]
        objects = {o: xyz[owner == o] for o in labels.objects().tolist()}
        room = _SCANNET.fullmatch(scene.name)
        return cls(
            room[1] if room else scene.name,
            _print(xyz),
            {o: _print(points) for o, points in objects.items() if len(points) >= _LEAST},
        )


def _print(points: Float64) -> tuple[int, ...]:
    """The smallest hashes of f64 [N, 3] points, N >= 1, fewer where there are fewer points."""
    mixed = (np.rint((points - points.min(axis=0)) / _STEP).astype(np.uint64) + np.uint64(1)) @ _PRIMES
    mixed ^= mixed >> np.uint64(29)
    mixed *= _PRIMES[1]
    mixed ^= mixed >> np.uint64(32)
    return tuple(np.unique(mixed)[:_KEPT].tolist())


@dataclass(frozen=True)
class Copy:
    """Two places that hold the same.

    Attributes:
        data, scene: of the later one.
        other_data, other_scene: of the earlier one.
        what: what they share.
        whole: they share the whole scan.
    """

    data: str
    scene: str
    other_data: str
    other_scene: str
    what: str
    whole: bool = False


Place = tuple[str, str]


@dataclass
class _Index:
    """Prints seen so far, found again by any of their hashes."""

    places: dict[int, Place] = field(default_factory=dict)

    def meet(self, marks: tuple[int, ...], here: Place) -> Place | None:
        """The earlier place of the same print, if there is one; else remember it."""
        votes = Counter(self.places[mark] for mark in marks if mark in self.places)
        place, shared = votes.most_common(1)[0] if votes else (here, 0)
        if shared >= _SHARED * len(marks):
            return place
        for mark in marks:
            self.places.setdefault(mark, here)
        return None


def copies(prints: Iterable[tuple[str, str, Prints]]) -> Iterator[Copy]:
    """What is there twice, each time with the first place where it was; of a scan that is a copy, its objects are not.

    Args:
        prints: data set, scene and prints of every scan.
    """
    scenes, objects = _Index(), _Index()
    places: dict[str, Place] = {}
    for data, scene, found in prints:
        here = (data, scene)
        if earlier := scenes.meet(found.scene, here):
            yield Copy(*here, *earlier, "the same scan", whole=True)
            continue
        named = places.setdefault(found.place, here)
        if named[0] != data:
            yield Copy(*here, *named, "the same place, by its name,")
        for number, marks in found.objects.items():
            if (earlier := objects.meet(marks, here)) and earlier != here:
                yield Copy(*here, *earlier, f"the same points of object {number}")
