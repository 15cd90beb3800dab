"""What can be reported on: the folder of a run, or a published result file."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pinpoint3d.errors import PinPointError
from pinpoint3d.evaluation.curves import ClickCurve
from pinpoint3d.evaluation.published import MOST_PARTS, PublishedRow, curves_of, published_rows, read_published
from pinpoint3d.evaluation.rows import SampleResult, read_run
from pinpoint3d.evaluation.samples import Level
from pinpoint3d.evaluation.settings import read_settings


@dataclass(frozen=True)
class Source:
    """Results of one segmenter on one data set.

    Attributes:
        name: of the folder or file.
        cap: most clicks a target.
        curves: every sample, for the complete protocol.
        rows: for the published protocol.
        results: all that is known of a run; empty for a published file.
    """

    name: str
    cap: int
    curves: list[ClickCurve]
    rows: list[PublishedRow]
    results: list[SampleResult]


def read_source(path: Path, list_path: Path | None = None) -> Source:
    """Read the folder of a run, or a published result file with its list of samples.

    Raises:
        FileError: see `read_run`, `read_published` and `curves_of`.
    """
    if path.is_dir():
        settings, results = read_settings(path), read_run(path)
        curves = [_curve(result) for result in results]
        rows = published_rows(curves, settings.clicks, MOST_PARTS if settings.level is Level.PART else None)
        return Source(path.name, settings.clicks, curves, rows, results)
    rows = read_published(path)
    cap = max(1, int(max(row.clicks for row in rows)))
    return Source(path.stem, cap, curves_of(rows, path, list_path), rows, [])


def read_sources(paths: list[Path], lists: list[Path]) -> list[Source]:
    """Read several; the lists belong to the published files among them, in order.

    Raises:
        PinPointError: there are lists, but not one for every published file.
    """
    files = [path for path in paths if not path.is_dir()]
    if lists and len(lists) != len(files):
        raise PinPointError(f"{len(lists)} lists for {len(files)} result files; give one --list for each, in order")
    list_of = dict(zip(files, lists, strict=False))
    return [read_source(path, list_of.get(path)) for path in paths]


def _curve(result: SampleResult) -> ClickCurve:
    """The click curve of one sample of a run."""
    sample = result.sample
    n_targets = len(sample.objects)
    return ClickCurve(
        sample=sample.sample,
        scene=sample.scene,
        n_targets=n_targets,
        clicks=np.array([row.click / n_targets for row in result.clicks]),
        iou=np.array([row.iou for row in result.clicks]),
        status=sample.status,
    )
