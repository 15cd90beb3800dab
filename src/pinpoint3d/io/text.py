"""Plain text: XYZ, TXT, CSV, PTS and ASC, a point a line, columns x y z [r g b].

Columns are parted by commas, semicolons, tabs or blanks. A first line of names is understood, as it is in a comment
(`# x y z red green blue`, or CloudCompare's `//X,Y,Z,R,G,B`); so is a first line that only counts the points (PTS).
Without names: x y z, then r g b where there are six columns or more (x y z intensity r g b in PTS); six columns with
a negative number among the last three are coordinates and normals; further columns mean nothing.
"""

import itertools
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pinpoint3d.arrays import AnyArray, Int32
from pinpoint3d.errors import FileError
from pinpoint3d.io.cloud import Cloud, cloud_from_columns
from pinpoint3d.io.memory import require_memory
from pinpoint3d.scene import Hierarchy, Scene

_SEPARATORS = (";", ",", "\t")
_COMMENT = re.compile(r"^\s*(#|//)\s*")
_HEAD_LINES = 50
_BYTES_PER_NUMBER = 40  # a float64, the growth of the table while it is parsed, and the stacked columns
_INTEGER_NAMES = {"label", "object", "part", "class", "classification", "instance"}


def read(path: Path) -> Cloud:
    """Read a text file.

    Raises:
        FileError: it is no text, its lines are no numbers in equal columns, or there are fewer than three columns.
    """
    with path.open(encoding="utf-8-sig") as file:
        try:
            head = list(itertools.islice(file, _HEAD_LINES))
        except UnicodeDecodeError as error:
            raise FileError(path, "is no text, hence no cloud of points in text") from error
    names, skip, separator, width = _layout(path, head)
    line_bytes = max(sum(map(len, head[skip:])) / max(len(head) - skip, 1), 1)
    points = int(path.stat().st_size / line_bytes)
    require_memory(path, points, points * width * _BYTES_PER_NUMBER)
    try:
        table = np.loadtxt(
            path, delimiter=separator, skiprows=skip, comments=("#", "//"), ndmin=2, encoding="utf-8-sig", dtype=float
        )
    except ValueError as error:
        raise FileError(path, f"its lines are not numbers in equal columns ({error}); mend that line") from error
    return cloud_from_columns(path, _columns(path, table, names))


def _layout(path: Path, head: list[str]) -> tuple[list[str] | None, int, str | None, int]:
    """Names of the columns if given, how many lines to skip, the separator (None: blanks) and the column count."""
    names: list[str] | None = None
    for skip, line in enumerate(head):
        bare = _COMMENT.sub("", line).strip()
        separator = next((mark for mark in _SEPARATORS if mark in bare), None)
        words = [word.strip().strip('"') for word in bare.split(separator)]
        if not bare or (len(words) == 1 and words[0].isdigit()):
            continue
        if _COMMENT.match(line) or not all(map(_is_number, words)):
            lowered = [word.lower() for word in words]
            if {"x", "y", "z"} <= set(lowered):
                names = lowered
            elif not _COMMENT.match(line):
                raise FileError(path, f"line {skip + 1} is neither numbers nor names of columns with x, y and z")
            continue
        return names, skip, separator, len(words)
    raise FileError(path, "has no points: no line of numbers")


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _columns(path: Path, table: AnyArray, names: list[str] | None) -> dict[str, AnyArray]:
    width = table.shape[1]
    if width < 3:
        raise FileError(path, f"has {width} columns, a point needs three: x, y, z")
    if names is not None:
        if len(names) != width:
            raise FileError(path, f"names {len(names)} columns but has {width}")
    elif path.suffix.lower() == ".pts" and width >= 7:
        names = ["x", "y", "z", "intensity", "red", "green", "blue"]
    elif width >= 6:
        normals = width == 6 and bool((table[:, 3:6] < 0).any())
        names = ["x", "y", "z", *(("nx", "ny", "nz") if normals else ("red", "green", "blue"))]
    else:
        names = ["x", "y", "z"]
    columns: dict[str, AnyArray] = {}
    for name, values in zip(names, table.T, strict=False):
        columns[name] = values.astype(np.int64) if name in _INTEGER_NAMES and np.isfinite(values).all() else values
    return columns


def write(path: Path, scene: Scene, fields: Mapping[str, Int32], labels: Hierarchy | None) -> None:
    """Write a line of names, then a point a line with digits enough to read back the same numbers.

    Text has no place for names, hence `FORMATS` offers it for scenes alone: no fields, no labels.
    """
    separator = "," if path.suffix.lower() == ".csv" else " "
    columns: list[AnyArray] = [scene.world() if scene.origin.any() else scene.xyz]
    names, formats = ["x", "y", "z"], ["%.17g" if scene.origin.any() else "%.9g"] * 3
    if scene.rgb is not None:
        columns.append(scene.rgb)
        names += ["red", "green", "blue"]
        formats += ["%d"] * 3
    comments = "" if separator == "," else "# "
    head = separator.join(names)
    np.savetxt(path, np.hstack(columns), fmt=formats, delimiter=separator, header=head, comments=comments)
