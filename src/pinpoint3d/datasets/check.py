"""What is wrong with labelled scans, one by one and side by side: labels, sizes, copies, leaks between splits."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.spatial import KDTree

from pinpoint3d.datasets.prints import Prints, copies
from pinpoint3d.datasets.registry import open_dataset
from pinpoint3d.datasets.standing import standing, why_unknown
from pinpoint3d.datasets.synth import Synth
from pinpoint3d.engines import Engine, run_all
from pinpoint3d.errors import PinPointError
from pinpoint3d.io import ScanWarning
from pinpoint3d.progress import track
from pinpoint3d.scene import UNLABELLED, Hierarchy, LabelledScene, Scene
from pinpoint3d.synthesis.storage.recipe import Recipe

LEAST_POINTS = 10
_LARGEST_M = 1000.0
_FAR_APART_M = 0.3  # median distance of neighbours from which on metres are doubted
_LOOKED_AT = 1000  # points whose neighbours are looked for


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, or a note of something that may be.

    Attributes:
        where: data set and scene, "KIND:DIR/scene".
        problem: what, and how many.
        fault: false for a note.
    """

    where: str
    problem: str
    fault: bool = True


@dataclass(frozen=True)
class Count:
    """What a data set holds: sums over the scenes that can be read."""

    scenes: int = 0
    points: int = 0
    objects: int = 0
    parts: int = 0

    def __add__(self, other: "Count") -> "Count":
        mine, theirs = ((c.scenes, c.points, c.objects, c.parts) for c in (self, other))
        return Count(*(a + b for a, b in zip(mine, theirs, strict=True)))


@dataclass(frozen=True)
class Report:
    """All findings, scene by scene, and what each data set holds."""

    findings: Sequence[Finding]
    counts: Mapping[str, Count]

    @property
    def faults(self) -> int:
        return sum(finding.fault for finding in self.findings)


def check(
    data: Sequence[str],
    *,
    least_points: int = LEAST_POINTS,
    library: Path | None = None,
    workers: int | None = None,
) -> Report:
    """Look at every scene of some data sets, which are taken for splits: what is in two of them leaks.

    Args:
        data: names `KIND:DIR`.
        least_points: an object with fewer is a fault.
        library: that synthetic scenes were made with, where they were.
        workers: processes; see `run_all`.

    Raises:
        PinPointError: a data set is unknown or cannot be opened. A scene that cannot be read is a finding.
    """
    findings: list[Finding] = []
    jobs: list[_Job] = []
    for name in dict.fromkeys(data):
        dataset = open_dataset(name)
        scenes, recipe = dataset.scenes(), dataset.recipe if isinstance(dataset, Synth) else None
        if recipe is not None and (unknown := why_unknown(recipe, library)):
            findings.append(Finding(name, unknown, fault=False))
            recipe = None
        jobs += [_Job(name, scene, least_points, recipe, library) for scene in scenes]
    counts = dict.fromkeys(data, Count())
    prints: list[tuple[str, str, Prints]] = []
    designs: dict[str, set[str]] = {name: set() for name in data}
    with track("checking", len(jobs)) as advance:
        for job, seen in zip(jobs, run_all(_look, jobs, Engine.LOCAL, workers, None), strict=True):
            findings += seen.findings
            counts[job.data] += seen.count
            designs[job.data] |= seen.designs
            if seen.prints is not None:
                prints.append((job.data, job.scene, seen.prints))
            advance(1)
    return Report([*findings, *_twice(prints), *_shared(designs)], counts)


@dataclass(frozen=True)
class _Job:
    data: str
    scene: str
    least_points: int
    recipe: Recipe | None
    library: Path | None


@dataclass(frozen=True)
class _Seen:
    count: Count
    findings: list[Finding]
    prints: Prints | None
    designs: frozenset[str] = frozenset()


def _look(job: _Job) -> _Seen:
    where = f"{job.data}/{job.scene}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ScanWarning)  # sizes are looked at below, whatever the reader
            labelled = open_dataset(job.data).load(job.scene)
    except PinPointError as error:
        return _Seen(Count(), [Finding(where, str(error))], None)
    scene, labels = labelled.scene, labelled.labels
    objects = labels.objects().tolist()
    count = Count(1, len(scene), len(objects), sum(len(labels.parts(o)) for o in objects))
    findings = [Finding(where, problem, fault) for problem, fault in check_scene(labelled, job.least_points)]
    prints = Prints.of(labelled) if scene.finite.any() else None
    index = None if job.recipe is None else job.recipe.index(job.scene)
    if job.recipe is None or index is None:
        return _Seen(count, findings, prints)
    stands = standing(job.recipe, index, job.library)
    findings += [Finding(where, problem) for problem in stands.problems]
    return _Seen(count, findings, prints, stands.designs)


def check_scene(labelled: LabelledScene, least_points: int = LEAST_POINTS) -> Iterator[tuple[str, bool]]:
    """Problems of one scan, each with whether it is a fault."""
    scene, labels = labelled.scene, labelled.labels
    if len(scene) != len(labels):
        yield f"has {len(labels):,} labels for {len(scene):,} points", True
        return
    if not scene.finite.any():
        yield "has no point with coordinates", True
        return
    yield from _sizes(scene)
    yield from _ranges(labels)
    yield from _names(labels)
    yield from _small(labels, least_points)


def _sizes(scene: Scene) -> Iterator[tuple[str, bool]]:
    extent = scene.extent
    apart = _apart(scene)
    if extent.max() > _LARGEST_M or apart > _FAR_APART_M:
        size = " x ".join(f"{edge:,.4g}" for edge in extent)
        yield f"is {size} m with points {apart:.3g} m apart; its unit is not metres: convert it with --unit", True
    elif extent.max() == 0:
        yield "all its points coincide", True


def _apart(scene: Scene) -> float:
    """Median distance in metres from a point to its nearest neighbour."""
    xyz = scene.xyz[scene.finite].astype(np.float64)
    if len(xyz) < 2:
        return 0.0
    distance = KDTree(xyz).query(xyz[:: -(-len(xyz) // _LOOKED_AT)], k=[2])[0]
    return float(np.median(distance))


def _ranges(labels: Hierarchy) -> Iterator[tuple[str, bool]]:
    for name, values in (("object", labels.object), ("part", labels.part)):
        if low := int((values < UNLABELLED).sum()):
            yield f"{name} label {int(values.min())} is out of range at {low:,} points (-1 is unlabelled)", True
    if outside := int(((labels.part > 0) & (labels.object <= 0)).sum()):
        yield f"{outside:,} points have a part and no object", True
    if len(labels.objects()) == 0:
        yield "no point belongs to an object", True


def _names(labels: Hierarchy) -> Iterator[tuple[str, bool]]:
    """Labels without a name where others have one; a data set without any names has a note."""
    objects = labels.objects().tolist()
    parts = [(o, p) for o in objects for p in labels.parts(o).tolist()]
    nameless_objects = [o for o in objects if not labels.object_names.get(o)]
    nameless_parts = [pair for pair in parts if not labels.part_names.get(pair)]
    if objects and len(nameless_objects) == len(objects) and len(nameless_parts) == len(parts):
        yield "its labels have no names", False
        return
    for object_id in nameless_objects:
        yield f"object {object_id} has no name", True
    for object_id, part_id in nameless_parts:
        yield f"part {part_id} of object {object_id} ({labels.object_name(object_id)}) has no name", True


def _small(labels: Hierarchy, least: int) -> Iterator[tuple[str, bool]]:
    ids, counts = np.unique(labels.object[labels.object > 0], return_counts=True)
    for object_id, count in zip(ids.tolist(), counts.tolist(), strict=True):
        if count < least:
            yield f"object {object_id} ({labels.object_name(object_id)}) has {count} points, fewer than {least}", True


def _twice(prints: Sequence[tuple[str, str, Prints]]) -> Iterator[Finding]:
    for copy in copies(prints):
        leaks = copy.data != copy.other_data
        what = "leaks" if leaks else "is there twice"
        # Two scans of one data set may well show the same mug; in two splits the second is no test of the first.
        fault = leaks or copy.whole
        yield Finding(
            f"{copy.data}/{copy.scene}", f"{what}: {copy.what} as {copy.other_data}/{copy.other_scene}", fault
        )


def _shared(designs: Mapping[str, set[str]]) -> Iterator[Finding]:
    """Designs of objects that two data sets show."""
    for one, other in combinations(designs, 2):
        if both := sorted(designs[one] & designs[other]):
            yield Finding(other, f"leaks: {len(both)} designs are in {one}, too ({both[0]} first)")
