"""What scans of several data sets are like in numbers, side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.datasets.registry import DATASETS, open_dataset
from pinpoint3d.io import load_scene
from pinpoint3d.progress import track
from pinpoint3d.scene import Scene
from pinpoint3d.synthesis.statistics import ScanStatistics, scan_statistics

FILES = "scans"
_FORMATS = {
    "density": ("points a m2", ",.0f"),
    "spacing": ("to the nearest point, m", ".4f"),
    "evenness": ("unevenness of that", ".1f"),
    "roughness": ("off a plane of 4 cm, m", ".4f"),
    "grain": ("grain of the colour", ".3f"),
    "strays": ("share of strays", ".4f"),
}


def compare_scans(data: Sequence[str], number: int) -> tuple[list[str], list[list[str]]]:
    """A column a data set, and rows of text: a figure's name, then the median of each, and from least to greatest.

    The last cell of a row says whether the median of the first data set lies within what the others have.

    Args:
        data: names `KIND:DIR`, or files of scans, which make one column together.
        number: scenes of a data set that are looked at, evenly spread.

    Raises:
        PinPointError: a data set is unknown, or a scan cannot be read.
        ValueError: a scan has hardly any point.
    """
    groups: dict[str, list[tuple[str, str] | Path]] = {}
    for name in data:
        if name.partition(":")[0] in DATASETS:
            scenes = spread(open_dataset(name).scenes(), number)
            groups[name] = [(name, scene) for scene in scenes]
        else:
            groups.setdefault(FILES, []).append(Path(name))
    found: dict[str, Float64] = {}
    with track("measuring", sum(map(len, groups.values()))) as advance:
        for name, sources in groups.items():
            rows = []
            for scene in _read(sources):
                rows.append(astuple(scan_statistics(scene, np.random.default_rng(0))))
                advance(1)
            found[name] = np.array(rows, dtype=np.float64)
    return list(found), list(_rows(list(found.values())))


def spread(names: Sequence[str], number: int) -> list[str]:
    """So many of the names, evenly spread, in their order."""
    count = min(number, len(names))
    return [names[k * len(names) // count] for k in range(count)]


def _read(sources: Sequence[tuple[str, str] | Path]) -> Iterator[Scene]:
    for source in sources:
        if isinstance(source, tuple):
            yield open_dataset(source[0]).load(source[1]).scene
        else:
            yield load_scene(source)


def _rows(groups: Sequence[Float64]) -> Iterator[list[str]]:
    for column, field in enumerate(fields(ScanStatistics)):
        title, form = _FORMATS[field.name]
        values = [known[np.isfinite(known)] for known in (group[:, column] for group in groups)]
        cells = [_cell(known, form) for known in values]
        others = np.concatenate(values[1:]) if len(values) > 1 else np.empty(0)
        verdict = ""
        if len(values[0]) and len(others):
            verdict = "within" if others.min() <= np.median(values[0]) <= others.max() else "outside"
        yield [title, *cells, verdict]
    yield ["scans", *(str(len(group)) for group in groups), ""]


def _cell(values: Float64, form: str) -> str:
    if len(values) == 0:
        return "-"
    low, middle, high = (format(v, form) for v in np.percentile(values, [0, 50, 100]))
    return f"{middle} ({low} to {high})"
