"""Many CAD objects at once: found in folders, read by some processes, kept in a library; what fails is told by name."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from pinpoint3d.engines import Engine, run_all
from pinpoint3d.errors import FileError, PinPointError
from pinpoint3d.progress import track
from pinpoint3d.synthesis.cad import CadWarning, open_object, save_object
from pinpoint3d.synthesis.cad.meshes import MESHES
from pinpoint3d.synthesis.cad.partnet import TREES
from pinpoint3d.synthesis.cad.parts_folder import UnplacedPartsError, mesh_files
from pinpoint3d.synthesis.cad.sizes import plain_name
from pinpoint3d.synthesis.mesh import PartMesh

_MODEL = "model.sdf"
_HEAD = 4096  # bytes of an XML file that tell what it is


@dataclass(frozen=True)
class Outcome:
    """What became of one object.

    Attributes:
        given: the file or folder in which it was found.
        source: its own file or folder.
        name: of the design in the library; empty where it was skipped.
        parts: how many it has.
        skipped: why it was left out; empty where it was not.
        doubts: what looks wrong with it all the same.
    """

    given: Path
    source: Path
    name: str = ""
    parts: int = 0
    skipped: str = ""
    doubts: Sequence[str] = field(default_factory=tuple)


def find_objects(source: Path, *, file_a_part: bool = False) -> list[Path]:
    """Files and folders that are an object each, sorted.

    A file is one. A folder is one when it holds a PartNet tree or a `model.sdf`, or a file a part: meshes that are but
    numbered, or all named after the folder ("stool/stool_leg.obj"). Of a folder with URDF or MJCF files each of them is
    one, of any other each mesh and what its folders hold.

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
        arrays = source.is_dir() and any(source.glob("*.npz"))
        points = '; objects as points (.npz) are read as the data set "objects:DIR"' if arrays else ""
        known = f"PartNet, {_MODEL}, URDF, MJCF, {', '.join(MESHES)}"
        raise FileError(source, f"holds no object; known are {known}{points}")
    return found


def _objects_in(source: Path, file_a_part: bool) -> Iterator[Path]:
    if source.is_file():
        yield source
        return
    entries = sorted(entry for entry in source.iterdir() if not entry.name.startswith("."))
    described = [entry for entry in entries if _describes(entry)]
    meshes = [entry for entry in entries if entry.suffix.lower() in MESHES]
    if len(meshes) > 1 and (file_a_part or _are_parts(source, meshes)):
        yield source
        for entry in entries:
            if entry.is_dir():
                yield from _objects_in(entry, file_a_part)
    elif any((source / name).is_file() for name in (*TREES, _MODEL)):
        yield source
    elif described:
        yield from described
    else:
        for entry in entries:
            if entry.is_dir() or entry in meshes:
                yield from _objects_in(entry, file_a_part)


def _are_parts(folder: Path, meshes: Sequence[Path]) -> bool:
    """Whether names say that meshes are the parts of one object."""
    stems = [mesh.stem for mesh in meshes]
    return all(stem.isdecimal() for stem in stems) or all(stem.startswith(f"{folder.name}_") for stem in stems)


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

    Where parts lie on top of each other and nothing says how they go together, each is kept as an object of its own.

    Args:
        sources: files and folders; see `find_objects`.
        library: folder, made where there is none.
        options: of `open_object`.
        file_a_part: as in `find_objects`.
        workers: processes; see `run_all`.

    Raises:
        FileError: a source holds no object, or the library cannot be written to.
    """
    found: dict[Path, Path] = {}
    for source in sources:
        for path in find_objects(source, file_a_part=file_a_part):
            found.setdefault(path, source)
    try:
        library.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(library, f"cannot be made: {error.strerror}") from error
    taken: dict[str, Path] = {}
    jobs = [_Job(given, path, options) for path, given in found.items()]
    with track("importing", len(jobs)) as advance:
        for read in run_all(_read, jobs, Engine.LOCAL, workers, None):
            advance(1)
            for mesh, outcome in read:
                if mesh is None:
                    yield outcome
                elif mesh.name in taken:
                    problem = f"its name {mesh.name} is taken by {taken[mesh.name]}; import it to another library"
                    yield Outcome(outcome.given, outcome.source, skipped=f"{outcome.source}: {problem}")
                else:
                    save_object(library / f"{mesh.name}.npz", mesh)
                    taken[mesh.name] = outcome.source
                    yield outcome


@dataclass(frozen=True)
class _Job:
    given: Path
    path: Path
    options: Mapping[str, Any]


_Read = tuple[PartMesh | None, Outcome]


def _read(job: _Job) -> list[_Read]:
    try:
        return [_object(job)]
    except UnplacedPartsError as error:
        return _pieces(job, error)


def _object(job: _Job, *told: str) -> _Read:
    """An object, or why there is none.

    Raises:
        UnplacedPartsError: it is in pieces.
    """
    with warnings.catch_warnings(record=True) as doubts:
        warnings.simplefilter("always", CadWarning)
        try:
            mesh = open_object(job.path, **job.options)
        except UnplacedPartsError:
            raise
        except PinPointError as error:
            return None, Outcome(job.given, job.path, skipped=str(error))
    found = [*told, *dict.fromkeys(str(doubt.message) for doubt in doubts)]
    return mesh, Outcome(job.given, job.path, mesh.name, len(mesh.part_names), doubts=found)


def _pieces(job: _Job, problem: UnplacedPartsError) -> list[_Read]:
    """Every file of a folder as an object, called after folder and file; the first tells why."""
    folder, files = job.path.resolve().name, mesh_files(job.path)
    told = [f"{problem}; until then its {len(files)} parts are objects of their own"]
    read = []
    for file in files:
        piece = file.stem.removeprefix(f"{folder}_")
        category = "part" if piece.isdecimal() else plain_name(piece)
        options = {**job.options, "single": True, "name": f"{folder}_{piece}", "category": category}
        mesh, outcome = _object(_Job(job.given, file, options), *told)
        if mesh is not None:  # one part, whatever it is made of, as it would be in its place
            mesh = replace(mesh, part=np.ones_like(mesh.part), part_names={1: piece})
            outcome = replace(outcome, parts=1)
        read.append((mesh, outcome))
        told = []
    return read
