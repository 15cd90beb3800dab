"""Names to complete from: sets of kinds of objects, with the names of their parts."""

import re
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from pydantic import ValidationError

from pinpoint3d.errors import FileError
from pinpoint3d.io import atomic_path
from pinpoint3d.server.about import Serving
from pinpoint3d.server.problems import RefusedError, missing
from pinpoint3d.server.wire import LabelSet, OfferedSet

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,59}")
_MOST = 100

router = APIRouter(prefix="/label-sets")


@router.get("")
def offered(studio: Serving) -> list[OfferedSet]:
    """Names for completion: the set that comes along, and those of the data folder."""
    return label_sets(studio.settings.label_sets)


@router.put("")
def save(studio: Serving, request: LabelSet) -> list[OfferedSet]:
    """Keep a label set in place of the one of its name, or as a new one; what is offered then."""
    write_label_set(studio.settings.label_sets, request)
    return label_sets(studio.settings.label_sets)


@router.delete("/{name}")
def remove(studio: Serving, name: str) -> list[OfferedSet]:
    """Remove a label set that was saved; the one that comes along is offered again if it had taken its place."""
    path = _kept(studio.settings.label_sets).get(name)
    if path is None:
        raise missing("saved label set", name)
    path.unlink(missing_ok=True)
    return label_sets(studio.settings.label_sets)


def label_sets(folder: Path) -> list[OfferedSet]:
    """The set that comes along, unless one of its name was saved, then those of a folder's JSON files, by file name.

    Raises:
        FileError: a file is no label set; names the field.
    """
    own = LabelSet.model_validate_json((files("pinpoint3d") / "assets" / "label_set.json").read_bytes())
    saved = [OfferedSet(**vars(read_label_set(path)), shipped=False) for path in sorted(folder.glob("*.json"))]
    if any(each.name == own.name for each in saved):
        return saved
    return [OfferedSet(**vars(own), shipped=True), *saved]


def read_label_set(path: Path) -> LabelSet:
    """Read `{"name": "indoor", "categories": [{"name": "chair", "parts": ["seat", "back", "leg"]}]}`.

    Raises:
        FileError: it cannot be read, or is no label set.
    """
    try:
        return LabelSet.model_validate_json(path.read_bytes())
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the file"
        raise FileError(path, f"is no label set: {field}: {first['msg']}") from error


def write_label_set(folder: Path, labels: LabelSet) -> None:
    """Write a set to the file that holds the one of its name, or to a new one called after it.

    Raises:
        RefusedError: the name cannot be that of a file, or there are too many sets.
        FileError: the file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = _kept(folder)
    if labels.name not in kept:
        if not _FILE_NAME.fullmatch(labels.name):
            raise RefusedError(
                "bad_request", "name: a label set is called by letters, digits, blanks, - and _, at most 60"
            )
        if len(kept) >= _MOST:
            raise RefusedError("bad_request", f"there are {_MOST} label sets already; delete one first")
    with atomic_path(kept.get(labels.name, folder / f"{labels.name}.json")) as path:
        path.write_text(labels.model_dump_json(indent=1, exclude_none=True), encoding="utf-8")


def _kept(folder: Path) -> dict[str, Path]:
    """The files of a folder by the names of their sets."""
    return {read_label_set(path).name: path for path in sorted(folder.glob("*.json"))}
