"""The formats by suffix. A format is one module; it is imported when first used, with the library it needs."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from pinpoint3d.errors import FileError


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes:
        name: what people call it.
        module: module of this package with `read(path) -> Cloud`, and for some `write`.
        up: the axis its specification points upwards; "z" where it says nothing.
        writes: scenes can be written.
        labels: labels and their names can be written.
    """

    name: str
    module: str
    up: str = "z"
    writes: bool = False
    labels: bool = False


@dataclass(frozen=True)
class LabelFormat:
    """A format of labels without their scan, one label a point in the order of the scan.

    Attributes:
        id: how programs ask for it.
        name: what people call it.
        about: one line on what it holds.
        module: module of this package with `write_labels(path, scene, labels)` and `read_labels(path) -> Hierarchy`.
        whole: labels and names come back as they were; else objects alone, without names.
    """

    id: str
    name: str
    about: str
    module: str
    whole: bool = True


_TEXT = Format("text", "text", writes=True)
_LAS = Format("LAS", "las", writes=True, labels=True)
_HDF5 = Format("HDF5", "hdf5", writes=True, labels=True)
FORMATS = {
    ".asc": _TEXT,
    ".csv": _TEXT,
    ".e57": Format("E57", "e57"),
    ".glb": Format("glTF", "mesh", up="y"),
    ".gltf": Format("glTF", "mesh", up="y"),
    ".h5": _HDF5,
    ".hdf5": _HDF5,
    ".las": _LAS,
    ".laz": _LAS,
    ".npy": Format("NumPy", "numpy_files"),
    ".npz": Format("NumPy", "numpy_files", writes=True, labels=True),
    ".obj": Format("OBJ", "mesh"),
    ".off": Format("OFF", "mesh"),
    ".pcd": Format("PCD", "pcd"),
    ".ply": Format("PLY", "ply", writes=True, labels=True),
    ".pts": Format("text", "text"),
    ".stl": Format("STL", "mesh"),
    ".txt": _TEXT,
    ".xyz": _TEXT,
}
LABEL_FORMATS = {
    ".glb": LabelFormat("glb", "glTF", "a node a part, for viewers and game engines", "glb_parts"),
    ".json": LabelFormat("json", "JSON", "runs of equal labels, with names", "label_runs"),
    ".label": LabelFormat("kitti", "SemanticKITTI", "category and object of every point", "kitti", whole=False),
    ".npy.zip": LabelFormat("npy", "sem and ins", "NumPy arrays of categories, objects and parts", "sem_ins"),
    ".partnet.zip": LabelFormat("partnet", "PartNet", "a tree of parts, and its node for every point", "partnet"),
    ".scannet.zip": LabelFormat("scannet", "ScanNet", "segments, and the objects they make up", "scannet"),
}
PARTSCAN = LabelFormat("partscan", "PartScan", "PLY with label = object * 100 + part, and the clicks", "partscan")
_READ_ONLY = {".partscan.zip": PARTSCAN}


def label_format(path: Path) -> LabelFormat | None:
    """The format of labels that the end of a file's name tells; None where it tells none."""
    name, known = path.name.lower(), LABEL_FORMATS | _READ_ONLY
    return next((form for suffix, form in known.items() if name.endswith(suffix)), None)


def file_format(path: Path) -> Format:
    """The format of a file to read.

    Raises:
        FileError: no such file, a folder, an empty file, an unknown suffix.
    """
    if path.is_dir():
        raise FileError(path, "is a folder, expected a file")
    if not path.exists():
        raise FileError(path, "no such file")
    if path.suffix.lower() not in FORMATS:
        raise FileError(path, f"unknown suffix {path.suffix!r}; known are {', '.join(FORMATS)}")
    if path.stat().st_size == 0:
        raise FileError(path, "is empty")
    return FORMATS[path.suffix.lower()]


def module_of(form: Format | LabelFormat) -> ModuleType:
    """The module that reads and writes the format, imported now, since its library may take a while to import."""
    return importlib.import_module(f"pinpoint3d.io.{form.module}")


@contextmanager
def readable(path: Path, form: Format | LabelFormat) -> Iterator[None]:
    """Turn whatever a parser raises on damaged bytes into a FileError of one line."""
    try:
        yield
    except FileError:
        raise
    except MemoryError as error:
        raise FileError(path, "needs more memory than is available") from error
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror or one_line(error)}") from error
    except Exception as error:  # parsers of damaged bytes raise anything at all
        raise FileError(
            path,
            f"is no sound {form.name} file ({one_line(error)}); copy or export it again",
        ) from error


def one_line(error: Exception) -> str:
    """The first line of an error's message, else its kind."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
