"""A session as one file: a zip that `numpy.load` opens too, with the arrays as `.npy` and the rest as JSON.

| entry | holds |
|---|---|
| `session.json` | format, version, scene name, model name, commands, cursor, status of the targets |
| `xyz.npy`, `origin.npy`, `rgb.npy`, `normal.npy`, `faces.npy` | the scene, as in `Scene` |
| `object.npy`, `part.npy`, `confidence.npy` | the masks on every point |
"""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pinpoint3d.arrays import AnyArray, Float32, Int32
from pinpoint3d.errors import FileError
from pinpoint3d.io import atomic_path
from pinpoint3d.io.archive import add_array, add_entry, read_array
from pinpoint3d.prompts import TargetStatus
from pinpoint3d.scene import Hierarchy, Scene
from pinpoint3d.session.commands import from_json, to_json
from pinpoint3d.session.history import History
from pinpoint3d.session.targets import Target

_FORMAT, _VERSION = "pinpoint3d session", 1
_SCENE = {"xyz": "float32", "origin": "float64", "rgb": "uint8", "normal": "float32", "faces": "int32"}
_MASKS = {"object": "int32", "part": "int32", "confidence": "float32"}
_DTYPES = _SCENE | _MASKS
_NEEDED = {"xyz", "origin", *_MASKS}


@dataclass(frozen=True, eq=False)
class Saved:
    """What a session file holds; masks are on points, as `Session.masks` and `Session.confidence`."""

    scene: Scene
    history: History
    object: Int32
    part: Int32
    confidence: Float32
    status: Mapping[Target, TargetStatus]
    model: str

    def labels(self) -> Hierarchy:
        """The masks with the names that were given."""
        names = self.history.state.names
        objects = {o: name for (o, p), name in names.items() if p == 0}
        return Hierarchy(self.object, self.part, objects, {target: name for target, name in names.items() if target[1]})


def write(path: Path, saved: Saved) -> None:
    """Write a session file, whole or not at all.

    Raises:
        FileError: it cannot be written.
    """
    head = {
        "format": _FORMAT,
        "version": _VERSION,
        "scene": saved.scene.name,
        "model": saved.model,
        "cursor": saved.history.cursor,
        "commands": [to_json(command) for command in saved.history.commands],
        "status": [[*target, status.value] for target, status in saved.status.items()],
    }
    arrays = {name: getattr(saved.scene, name) for name in _SCENE}
    arrays |= {name: getattr(saved, name) for name in _MASKS}
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        add_entry(archive, "session.json", json.dumps(head, ensure_ascii=False, indent=1))
        for name, array in arrays.items():
            if array is not None:
                add_array(archive, name, array)


def read(path: Path) -> Saved:
    """Read a session file.

    Raises:
        FileError: it is missing, damaged, foreign, or of a later version.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _saved(path, archive)
    except FileError:
        raise
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror or error}") from error
    except zipfile.BadZipFile as error:
        raise FileError(path, f"is no session file, or is damaged ({error})") from error
    except Exception as error:  # damaged bytes raise anything at all
        raise FileError(path, f"is damaged ({error!r}); open an older copy") from error


def _saved(path: Path, archive: zipfile.ZipFile) -> Saved:
    if "session.json" not in archive.namelist():
        raise FileError(path, "is no session file: it holds no session.json")
    head = json.loads(archive.read("session.json"))
    if head["format"] != _FORMAT:
        raise FileError(path, "is no session file of this program")
    if head["version"] > _VERSION:
        raise FileError(path, f"was written by a later version (format {head['version']}); upgrade pinpoint3d")
    entries = set(archive.namelist())
    arrays = {name: _array(archive, name) for name in _DTYPES if f"{name}.npy" in entries}
    if missing := sorted(_NEEDED - set(arrays)):
        raise FileError(path, f"is damaged: {missing[0]}.npy is missing; open an older copy")
    scene = Scene(str(head["scene"]), **{name: arrays[name] for name in _SCENE if name in arrays})
    status = {(int(o), int(p)): TargetStatus(value) for o, p, value in head["status"]}
    if any(arrays[name].shape != (len(scene),) for name in _MASKS):
        raise FileError(path, "is damaged: its masks are not one label a point; open an older copy")
    history = History([from_json(entry) for entry in head["commands"]], head["cursor"])
    return Saved(scene, history, **{name: arrays[name] for name in _MASKS}, status=status, model=str(head["model"]))


def _array(archive: zipfile.ZipFile, name: str) -> AnyArray:
    array = read_array(archive, name)
    if array.dtype != _DTYPES[name]:
        raise ValueError(f"{name}.npy holds {array.dtype}, expected {_DTYPES[name]}")
    return array
