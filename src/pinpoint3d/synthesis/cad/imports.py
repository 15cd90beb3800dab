"""Many CAD objects at once: found in folders, read by some processes, kept in a library; what fails is told by name."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pinpoint3d.engines import Engine, run_all
from pinpoint3d.errors import FileError, PinPointError
from pinpoint3d.progress import track
from pinpoint3d.synthesis.cad import CadWarning, open_object, save_object
from pinpoint3d.synthesis.cad.meshes import MESHES
from pinpoint3d.synthesis.cad.partnet import TREES
from pinpoint3d.synthesis.mesh import PartMesh

_MODEL = "model.sdf"
_HEAD = 4096  # bytes of an XML file that tell what it is


@dataclass(frozen=True)
class Outcome:
    """What became of one object.

    Attributes:
        source: its file or folder.
        name: of the design in the library; empty where it was skipped.
        parts: how many it has.
        skipped: why it was left out; empty where it was not.
        doubts: what looks wrong with it all the same.
    """

    source: Path
    name: str = ""
    parts: int = 0
    skipped: str = ""
    doubts: Sequence[str] = field(default_factory=tuple)


def find_objects(source: Path, *, file_a_part: bool = False) -> list[Path]:
    """Files and folders that are an object each, sorted.

    A file is one. A folder is one when it holds a PartNet tree or a `model.sdf`, or meshes that are but numbered, a
    file a part. Of a folder with URDF or MJCF files each of them is one, of any other each mesh and what its folders
    hold.

    Args:
        source: a file or folder.
        file_a_part: every folder with several meshes is one object.

    Raises:
        FileError: there is no such file or folder, or no object in it.
    """
    if not source.exists():
        raise FileError(source, "no such file or folder")
    found = list(_objects_in(source, file_a_part))
    if not found:
        raise FileError(source, f"holds no object; known are PartNet, {_MODEL}, URDF, MJCF, {', '.join(MESHES)}")
    return found


def _objects_in(source: Path, file_a_part: bool) -> Iterator[Path]:
    if source.is_file():
        yield source
        return
    entries = sorted(entry for entry in source.iterdir() if not entry.name.startswith("."))
    described = [entry for entry in entries if _describes(entry)]
    meshes = [entry for entry in entries if entry.suffix.lower() in MESHES]
    parts = len(meshes) > 1 and (file_a_part or all(mesh.stem.isdecimal() for mesh in meshes))
    if parts or any((source / name).is_file() for name in (*TREES, _MODEL)):
        yield source
    elif described:
        yield from described
    else:
        for entry in entries:
            if entry.is_dir() or entry in meshes:
                yield from _objects_in(entry, file_a_part)


def _describes(path: Path) -> bool:
    """Whether a file is a URDF or an MJCF."""
    suffix = path.suffix.lower()
    if suffix != ".xml":
        return suffix in (".urdf", ".mjcf")
    with path.open("rb") as file:
        return b"<mujoco" in file.read(_HEAD)


def import_objects(
    sources: Sequence[Path],
    library: Path,
    options: Mapping[str, Any],
    *,
    file_a_part: bool = False,
    workers: int | None = None,
) -> Iterator[Outcome]:
    """Read every object of some files and folders and keep it in the library, an object of the same name replaced.

    Args:
        sources: files and folders; see `find_objects`.
        library: folder, made where there is none.
        options: of `open_object`.
        file_a_part: as in `find_objects`.
        workers: processes; see `run_all`.

    Raises:
        FileError: a source holds no object, or the library cannot be written to.
    """
    paths = list(dict.fromkeys(path for source in sources for path in find_objects(source, file_a_part=file_a_part)))
    try:
        library.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(library, f"cannot be made: {error.strerror}") from error
    taken: dict[str, Path] = {}
    jobs = [_Job(path, options) for path in paths]
    with track("importing", len(jobs)) as advance:
        for mesh, outcome in run_all(_read, jobs, Engine.LOCAL, workers, None):
            advance(1)
            if mesh is None:
                yield outcome
            elif mesh.name in taken:
                problem = f"its name {mesh.name} is taken by {taken[mesh.name]}; import it to another library"
                yield Outcome(outcome.source, skipped=problem)
            else:
                save_object(library / f"{mesh.name}.npz", mesh)
                taken[mesh.name] = outcome.source
                yield outcome


@dataclass(frozen=True)
class _Job:
    path: Path
    options: Mapping[str, Any]


def _read(job: _Job) -> tuple[PartMesh | None, Outcome]:
    with warnings.catch_warnings(record=True) as doubts:
        warnings.simplefilter("always", CadWarning)
        try:
            mesh = open_object(job.path, **job.options)
        except PinPointError as error:
            return None, Outcome(job.path, skipped=str(error))
    return mesh, Outcome(job.path, mesh.name, len(mesh.part_names), doubts=[str(doubt.message) for doubt in doubts])
