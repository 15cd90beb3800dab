"""A folder with a mesh file a part, the parts in one frame, or each in its own and `poses.json` saying where it goes.

`poses.json` maps the stem of a file to the 16 numbers of its 4 x 4 pose, row by row.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.errors import FileError
from pinpoint3d.synthesis.cad.meshes import MESHES, read_mesh
from pinpoint3d.synthesis.cad.shapes import Shape

POSES = "poses.json"
_COVERED = 0.8  # of the parts, all with their middle within each other's box: nobody put them in their places


class UnplacedPartsError(FileError):
    """The parts lie on top of each other, and nothing says where they go."""


def mesh_files(folder: Path) -> list[Path]:
    """The meshes of a folder, sorted by name."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in MESHES)


def read(folder: Path, up: str | None = None) -> list[Shape]:
    """All parts; the name of a part is its file's stem, without what all stems begin with.

    Raises:
        FileError: a mesh or `poses.json` is damaged, or the latter lacks a part.
        UnplacedPartsError: the parts lie on top of each other.
    """
    files = mesh_files(folder)
    poses = _poses(folder / POSES, files)
    shared = _shared_words([path.stem for path in files])
    shapes = []
    for path in files:
        name = path.stem.removeprefix(shared) or path.stem
        name = f"part {int(name)}" if name.isdecimal() else name
        for shape in read_mesh(path, up):
            placed = shape.moved(poses[path.stem]) if poses else shape
            shapes.append(replace(placed, names=(name,)))
    if not poses and _piled(shapes):
        raise UnplacedPartsError(
            folder, f"its parts lie on top of each other, each in its own frame; put their poses in {POSES}"
        )
    return shapes


def _shared_words(stems: list[str]) -> str:
    """What all begin with, up to an underscore: "stool_" of "stool_leg" and "stool_seat"."""
    first, last = min(stems), max(stems)
    same = next((place for place in range(len(first)) if not last.startswith(first[: place + 1])), len(first))
    return first[: first[:same].rfind("_") + 1]


def _poses(path: Path, files: list[Path]) -> dict[str, Float64]:
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {file.stem: np.array(content[file.stem], dtype=np.float64).reshape(4, 4) for file in files}
    except KeyError as error:
        raise FileError(path, f"says nothing of the part {error}; add its pose") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise FileError(path, f"holds no poses ({error}); expected 16 numbers a part") from error


def _piled(shapes: list[Shape]) -> bool:
    """Whether parts of three or more all have the origin of the file within their boxes, as parts on their own do."""
    parts: dict[tuple[str, ...], list[Float64]] = {}
    for shape in shapes:  # of several materials a part has several
        parts.setdefault(shape.names, []).append(shape.vertices)
    boxes = [(np.concatenate(part).min(axis=0), np.concatenate(part).max(axis=0)) for part in parts.values()]
    around = [bool(((low <= 0) & (high >= 0)).all()) for low, high in boxes]
    return len(parts) > 2 and float(np.mean(around)) >= _COVERED
