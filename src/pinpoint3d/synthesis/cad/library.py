"""Imported objects as files, one a design, and the folder that holds them.

| array | holds |
|---|---|
| `vertices`, `faces`, `part`, `rgb`, `pattern`, `inner` | as in `PartMesh` |
| `about` | JSON text: name, category, part names, mount, source |
"""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pinpoint3d.errors import FileError
from pinpoint3d.io import atomic_path
from pinpoint3d.io.archive import add_array
from pinpoint3d.synthesis.mesh import Mount, PartMesh

_ARRAYS = {
    "vertices": np.float32,
    "faces": np.int32,
    "part": np.int32,
    "rgb": np.uint8,
    "pattern": np.uint8,
    "inner": np.bool_,
}


def save_object(path: str | Path, mesh: PartMesh) -> None:
    """Write an object to an .npz file, whole or not at all; the same object gives the same bytes.

    Raises:
        FileError: the file cannot be written.
    """
    about = {
        "name": mesh.name,
        "category": mesh.category,
        "part_names": {str(number): name for number, name in mesh.part_names.items()},
        "mount": mesh.mount.value,
        "source": mesh.source,
    }
    with atomic_path(Path(path)) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for key in _ARRAYS:
            add_array(archive, key, getattr(mesh, key))
        add_array(archive, "about", np.array(json.dumps(about, sort_keys=True)))


def load_object(path: str | Path) -> PartMesh:
    """Read what `save_object` wrote.

    Raises:
        FileError: the file is missing, damaged or something else, or a label has no name.
    """
    path = Path(path)
    try:
        with np.load(path, allow_pickle=False) as archive:
            if "faces" not in archive and "points" in archive:
                raise FileError(path, 'holds points, no faces; read its folder as the data set "objects:DIR"')
            arrays = {key: archive[key] for key in _ARRAYS}
            about = json.loads(str(archive["about"]))
        for key, kind in _ARRAYS.items():
            if arrays[key].dtype != kind:
                raise ValueError(f"{key} holds {arrays[key].dtype}")
        faces = arrays["faces"]
        if len(faces) == 0 or faces.min() < 0 or faces.max() >= len(arrays["vertices"]):
            raise ValueError("a face names a vertex that is not there")
        return PartMesh(
            name=str(about["name"]),
            category=str(about["category"]),
            part_names={int(number): str(name) for number, name in about["part_names"].items()},
            mount=Mount(about["mount"]),
            source=str(about["source"]),
            **arrays,
        )
    except FileError:
        raise
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror or error}") from error
    except Exception as error:  # damaged bytes raise anything at all
        raise FileError(path, f"is no imported object ({error}); import it again") from error


@dataclass(frozen=True)
class ObjectLibrary:
    """A folder of imported objects.

    Attributes:
        folder: where their files lie.
    """

    folder: Path

    def names(self) -> list[str]:
        """Names of all designs, sorted.

        Raises:
            FileError: there is no such folder, or no object in it.
        """
        if not self.folder.is_dir():
            raise FileError(self.folder, "is no folder; name one that holds imported objects")
        names = sorted(path.stem for path in self.folder.glob("*.npz") if not path.name.startswith("."))
        if not names:
            raise FileError(self.folder, "holds no imported object (.npz)")
        return names

    def load(self, name: str) -> PartMesh:
        """Read a design.

        Raises:
            FileError: it is missing or damaged.
        """
        return load_object(self.folder / f"{name}.npz")
