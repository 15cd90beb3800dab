"""The record of a run: typed rows, one JSON object a line, written as samples are done.

`rows.jsonl` has a line a click, `samples.jsonl` a line a sample. A sample's line is written after its clicks, so that
a run that was cut off, be it in the middle of a line, knows what it has.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self, TextIO, TypeVar

from pinpoint3d.errors import FileError
from pinpoint3d.io import atomic_path

ROWS, SAMPLES = "rows.jsonl", "samples.jsonl"


@dataclass(frozen=True)
class Row:
    """What both kinds of row can do."""

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        """Inverse of `dataclasses.asdict`, lists for tuples."""
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()})


R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class ClickRow(Row):
    """The state after one click; the first round clicks every target once and is one row.

    Attributes:
        sample: id of the sample.
        scene: name of its scene.
        status: "ok", or "no voxel" where a target is too small for the segmenter's voxels.
        n_targets: targets of the sample.
        click: clicks so far.
        iou: mean IoU of the targets.
        ious: IoU of every target.
        boundary_iou: mean boundary IoU of the targets, at whole numbers of clicks a target; else None.
        ms: time of the answer in milliseconds.
    """

    sample: str
    scene: str
    status: str
    n_targets: int
    click: int
    iou: float
    ious: tuple[float, ...]
    boundary_iou: float | None
    ms: float

    def __post_init__(self) -> None:
        if not all(0 <= iou <= 1 for iou in (self.iou, *self.ious)):
            raise ValueError(f"IoU {self.iou} of sample {self.sample} is not between 0 and 1")


@dataclass(frozen=True)
class SampleRow(Row):
    """What is known of a sample as a whole.

    Attributes:
        sample: id.
        scene: name of its scene.
        status: as in `ClickRow`.
        objects: object id of every target.
        parts: part id of every target, 0 for the whole object.
        categories: name of every target's object, empty where it has none.
        extents: diagonal of every target's bounding box in metres.
        points: points of the scene.
        voxels: voxels of the scene at the segmenter's voxel size.
        encode_ms: time to encode the scene, in milliseconds.
        peak_mb: most memory the process had used by then, in MB, of the GPU where that is more; None where unknown.
    """

    sample: str
    scene: str
    status: str
    objects: tuple[int, ...]
    parts: tuple[int, ...]
    categories: tuple[str, ...]
    extents: tuple[float, ...]
    points: int
    voxels: int
    encode_ms: float
    peak_mb: float | None


@dataclass(frozen=True)
class SampleResult:
    """All rows of one sample."""

    sample: SampleRow
    clicks: tuple[ClickRow, ...]


class Journal:
    """The two files of a run, open for appending. What a cut-off run left unfinished is removed first.

    Args:
        folder: an existing folder.

    Raises:
        FileError: a line other than the last is damaged, or the folder cannot be written to.
    """

    def __init__(self, folder: Path) -> None:
        rows, samples = folder / ROWS, folder / SAMPLES
        finished = _read(samples, SampleRow)
        self.done = frozenset(row.sample for row in finished)
        _rewrite(samples, finished)
        _rewrite(rows, [row for row in _read(rows, ClickRow) if row.sample in self.done])
        self._rows: TextIO = rows.open("a", encoding="utf-8")
        self._samples: TextIO = samples.open("a", encoding="utf-8")

    def write(self, result: SampleResult) -> None:
        self._rows.writelines(_line(row) for row in result.clicks)
        self._rows.flush()
        self._samples.write(_line(result.sample))
        self._samples.flush()

    def close(self) -> None:
        self._rows.close()
        self._samples.close()


def read_run(folder: Path) -> list[SampleResult]:
    """All finished samples of a run, in the order of their writing.

    Raises:
        FileError: a file is missing, a line is damaged, or a sample comes twice; the message names the line.
    """
    if not (folder / SAMPLES).exists():
        raise FileError(folder / SAMPLES, "no such file; name the folder that `pinpoint3d eval run --out` wrote")
    clicks: dict[str, list[ClickRow]] = {}
    for number, row in enumerate(_read(folder / ROWS, ClickRow), start=1):
        before = clicks.setdefault(row.sample, [])
        if before and before[-1].click >= row.click:
            raise FileError(f"{folder / ROWS}:{number}", f"repeats click {row.click} of sample {row.sample}")
        before.append(row)
    seen: dict[str, int] = {}
    results = []
    for number, sample in enumerate(_read(folder / SAMPLES, SampleRow), start=1):
        if sample.sample in seen:
            first = seen[sample.sample]
            raise FileError(f"{folder / SAMPLES}:{number}", f"repeats sample {sample.sample} of line {first}")
        seen[sample.sample] = number
        results.append(SampleResult(sample, tuple(clicks.get(sample.sample, ()))))
    return results


def _line(row: Row) -> str:
    return json.dumps(asdict(row)) + "\n"


def _rewrite(path: Path, rows: Sequence[Row]) -> None:
    with atomic_path(path) as temporary:
        temporary.write_text("".join(map(_line, rows)), encoding="utf-8")


def _read(path: Path, kind: type[R]) -> list[R]:
    """Rows of a file, empty where it does not exist; a last line that was cut off is left out."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(path, f"cannot be read: {error}") from error
    if lines and not lines[-1].endswith("\n"):
        lines.pop()
    rows = []
    for number, line in enumerate(lines, start=1):
        try:
            rows.append(kind.from_json(json.loads(line)))
        except (ValueError, TypeError) as error:
            raise FileError(f"{path}:{number}", f"is no row of a run ({error}); remove the line") from error
    return rows
