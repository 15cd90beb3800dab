"""The published result rows and the figures the published scripts draw from them, faults included.

A row is `index scene n_targets clicks_per_target iou`, separated by spaces, one a click. AGILE3D's single-object files
have the object's id in the third place, and the rows of several samples in turns. The faults, kept here and mended by
`complete_figures`: a sample in which a target has no voxel has only a row of 0 clicks and so counts nowhere; NoC is
kept by scene and third column, so that samples which share both count as one; samples of more than 15 parts are not
run.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pinpoint3d.datasets.partscan import read_list
from pinpoint3d.errors import FileError
from pinpoint3d.evaluation.curves import ClickCurve
from pinpoint3d.evaluation.figures import CLICKS, THRESHOLDS, Figure, Term, figure
from pinpoint3d.io import atomic_path

MOST_PARTS = 15


@dataclass(frozen=True)
class PublishedRow:
    """One line of a published result file."""

    index: int
    scene: str
    n_targets: int
    clicks: float
    iou: float


def read_published(path: Path) -> list[PublishedRow]:
    """All rows in the order of the file.

    Raises:
        FileError: the file is missing or empty, a row is short, a number is none or out of range, or a sample has a
            number of clicks twice; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(path, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    rows: list[PublishedRow] = []
    seen: dict[tuple[int, float], int] = {}
    samples: dict[int, tuple[str, int]] = {}
    for number, line in enumerate(lines, start=1):
        where, words = f"{path}:{number}", line.split()
        if len(words) != 5:
            raise FileError(where, f"has {len(words)} fields, expected 5: index scene n_targets clicks_per_target iou")
        try:
            row = PublishedRow(int(words[0]), words[1], int(words[2]), float(words[3]), float(words[4]))
        except ValueError as error:
            raise FileError(where, f"has no number where one belongs ({error})") from error
        if not 0 <= row.iou <= 1:
            raise FileError(where, f"IoU {words[4]} is not between 0 and 1")
        if not (math.isfinite(row.clicks) and row.clicks >= 0):
            raise FileError(where, f"clicks {words[3]} is no number of clicks")
        if samples.setdefault(row.index, (row.scene, row.n_targets)) != (row.scene, row.n_targets):
            scene, n_targets = samples[row.index]
            raise FileError(where, f"sample {row.index} is {row.scene} {row.n_targets}, was {scene} {n_targets} above")
        first = seen.setdefault((row.index, row.clicks), number)
        if first != number:
            raise FileError(where, f"repeats sample {row.index} at {row.clicks:g} clicks of line {first}")
        rows.append(row)
    if not rows:
        raise FileError(path, "holds no rows")
    return rows


def published_figures(rows: Iterable[PublishedRow], cap: int) -> list[Figure]:
    """IoU@k and NoC@t as the published scripts compute them.

    IoU@k is the mean over the rows of exactly k clicks a target. NoC@t goes through the rows in the order of the file
    and takes for every key the first that reaches t or the cap.
    """
    rows = list(rows)
    figures = [
        figure(f"IoU@{k}", [Term(row.scene, row.iou) for row in rows if row.clicks == k]) for k in CLICKS if k <= cap
    ]
    for t in THRESHOLDS:
        clicks: dict[tuple[str, int], float] = {}
        for row in rows:
            if row.iou >= t / 100 or row.clicks >= cap:
                clicks.setdefault((row.scene, row.n_targets), row.clicks)
        figures.append(figure(f"NoC@{t}", [Term(scene, number) for (scene, _), number in clicks.items()]))
    return figures


def curves_of(rows: Sequence[PublishedRow], path: Path, list_path: Path | None = None) -> list[ClickCurve]:
    """A curve a sample; with its list also the samples without a row, and the list's ids.

    Args:
        rows: of `read_published(path)`.
        path: of the rows, for messages.
        list_path: the list of samples; the rows' index counts its samples from 0.

    Raises:
        FileError: a row is of no sample of the list.
    """
    by_sample: dict[int, list[PublishedRow]] = {}
    for row in rows:
        by_sample.setdefault(row.index, []).append(row)
    if list_path is None:
        return [_curve(f"{i} {of[0].scene} {of[0].n_targets}", of) for i, of in by_sample.items()]
    listed = read_list(list_path)
    for number, row in enumerate(rows, start=1):
        sample = listed[row.index] if 0 <= row.index < len(listed) else None
        # AGILE3D's rows name scene0568_00 of its lists 0568_00.
        if sample is None or not sample.scene.endswith(row.scene) or len(sample.codes) != row.n_targets:
            problem = f"sample {row.index}, {row.scene} with {row.n_targets} targets, is not sample {row.index} of"
            raise FileError(f"{path}:{number}", f"{problem} {list_path}; give the list the rows were made with")
    nothing = np.empty(0)
    return [
        _curve(sample.id, by_sample[index])
        if index in by_sample
        else ClickCurve(sample.id, sample.scene, len(sample.codes), nothing, nothing, "missing")
        for index, sample in enumerate(listed)
    ]


def _curve(sample: str, rows: Sequence[PublishedRow]) -> ClickCurve:
    made = sorted((row for row in rows if row.clicks > 0), key=lambda row: row.clicks)
    return ClickCurve(
        sample=sample,
        scene=rows[0].scene,
        n_targets=rows[0].n_targets,
        clicks=np.array([row.clicks for row in made]),
        iou=np.array([row.iou for row in made]),
        status="ok" if made else "no voxel",
    )


def published_rows(curves: Sequence[ClickCurve], cap: int, most: int | None = None) -> list[PublishedRow]:
    """The rows the published loop would have written: no clicks where a target has no voxel.

    A sample that was right before the cap keeps its score to the cap.

    Args:
        curves: every sample.
        cap: most clicks a target.
        most: leave out samples of more targets, `MOST_PARTS` at the part level; None leaves out none.
    """
    rows = []
    for index, curve in enumerate(curves):
        if most is not None and curve.n_targets > most:
            continue
        rows.append(PublishedRow(index, curve.scene, curve.n_targets, 0.0, 0.0))
        if curve.status == "ok":
            counts = range(curve.n_targets, cap * curve.n_targets + 1)
            clicks = [count / curve.n_targets for count in counts]
            rows += [PublishedRow(index, curve.scene, curve.n_targets, k, curve.iou_at(k)) for k in clicks]
    return rows


def write_published(path: Path, rows: Iterable[PublishedRow]) -> None:
    """Write the published row format.

    Raises:
        FileError: the file cannot be written.
    """
    with atomic_path(path) as temporary:
        lines = (f"{row.index} {row.scene} {row.n_targets} {row.clicks} {row.iou}\n" for row in rows)
        temporary.write_text("".join(lines), encoding="utf-8")
