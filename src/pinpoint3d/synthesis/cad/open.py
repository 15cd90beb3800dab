"""CAD objects by path: the reader is found by the suffix of a file or by what a folder holds."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
from scipy.spatial.transform import Rotation

from pinpoint3d.errors import FileError, PinPointError
from pinpoint3d.io.units import UP_AXES
from pinpoint3d.synthesis.cad import mjcf, partnet, parts_folder, sdf, urdf
from pinpoint3d.synthesis.cad.assemble import assemble
from pinpoint3d.synthesis.cad.inner import mark_inner
from pinpoint3d.synthesis.cad.library import load_object
from pinpoint3d.synthesis.cad.loose import merge_small, split_loose
from pinpoint3d.synthesis.cad.meshes import MESHES, read_mesh
from pinpoint3d.synthesis.cad.poses import pose
from pinpoint3d.synthesis.cad.shapes import Shape
from pinpoint3d.synthesis.cad.sizes import category_of, plain_name, usual_factor, warn_of_size
from pinpoint3d.synthesis.mesh import PartMesh

_DESCRIPTIONS: dict[str, Callable[[Path, bool], list[Shape]]] = {
    ".urdf": urdf.read,
    ".xml": mjcf.read,
    ".mjcf": mjcf.read,
    ".sdf": sdf.read,
}
SUFFIXES = (*MESHES, *_DESCRIPTIONS, ".npz")
_FRONTS = {"-y": 0.0, "x": -90.0, "y": 180.0, "-x": 90.0}  # degrees about z that turn the front towards -y


def open_object(
    path: str | Path,
    *,
    name: str | None = None,
    category: str | None = None,
    up: str | None = None,
    front: str = "-y",
    scale: float | Literal["usual"] = 1.0,
    level: int | None = None,
    loose: bool = False,
    merge_below: float = 0.0,
    single: bool = False,
    skip_missing: bool = False,
    licence: str = "",
) -> PartMesh:
    """Read an object with parts: a GLB, glTF, OBJ, DAE, STL, OFF or PLY mesh, URDF, MJCF, SDF, an imported NPZ, or a
    folder of a Gazebo model, of PartNet, or with a mesh a part.

    Args:
        path: the file or folder.
        name: what to call the design; None: the file's or folder's name, with that of the folder around it where it
            alone says what the thing is ("Chair_agam").
        category: what it is; None: found among the words of its name.
        up: the axis that points up in a mesh or a folder of meshes; None for the format's own.
        front: the axis that its front faces once it stands upright: "x", "-x", "y" or "-y".
        scale: what lengths are multiplied with; "usual" makes its longest side that of a usual thing of its kind.
        level: how many names make a part, from the outside in: 1 the link, 2 its visuals; 0 all. None: the
            outermost that tell at least two parts apart, and the leaves of a PartNet tree.
        loose: pieces that do not hang together are parts of their own.
        merge_below: parts with less than this share of the surface, 0..1, join the nearest part.
        single: accept an object of one part.
        skip_missing: leave out meshes that are named but missing, with a warning, instead of giving up.
        licence: kept with its source.

    Returns:
        The object in metres, z up, standing on z = 0, its front towards -y where known; faces that cannot be seen
        from outside are marked.

    Raises:
        FileError: it is missing, damaged, of an unknown kind or without a surface, a mesh it names is missing, it
            has one part only, or its parts lie on top of each other (`UnplacedPartsError`).
        PinPointError: an option has no such value.

    Warns:
        CadWarning: its size is implausible for what it is, or something was left out.
    """
    path = Path(path)
    if front not in _FRONTS or up not in (None, *UP_AXES):
        raise PinPointError(f"front={front!r}, up={up!r}: expected front {', '.join(_FRONTS)}, up {', '.join(UP_AXES)}")
    if path.suffix.lower() == ".npz":
        return load_object(path)
    shapes, kind = _shapes(path, up, skip_missing)
    if not shapes:
        raise FileError(path, "holds no surface that could be drawn")
    around = path.resolve().parent
    where = path.parent if path.is_file() and path.stem.lower() in ("model", "mobility") else path
    stem = where.stem if where.is_file() else where.resolve().name
    known = category_of(stem, kind)
    if category is None:
        category = known or category_of(around.name) or plain_name(stem)
    if name is None:
        name = stem if known or category_of(around.name) is None else f"{around.name}_{stem}"
    source = f"{path.name} ({licence})" if licence else path.name
    mesh = assemble(name, category, shapes, 0 if kind and level is None else level, source)
    mesh = split_loose(mesh) if loose else mesh
    mesh = merge_small(mesh, merge_below) if merge_below > 0 else mesh
    if len(mesh.part_names) < 2 and not single:
        raise FileError(path, f"has one part only: {_why_one(loose, merge_below)}accept it as a single part (single)")
    extent = np.ptp(mesh.bounds, axis=0).astype(np.float64)
    if not extent.max() > 0:
        raise FileError(path, "all its points coincide")
    factor = usual_factor(category, extent.tolist()) if scale == "usual" else float(scale)
    warn_of_size(str(path), category, (extent * factor).tolist())
    turn = Rotation.from_euler("z", _FRONTS[front], degrees=True)
    return mark_inner(mesh.moved(pose((0, 0, 0), turn, scale=[factor] * 3)).standing())


def _why_one(loose: bool, merge_below: float) -> str:
    """What an object of one part lacks, and the first way out."""
    if not loose:
        return "one node and one material; take its loose pieces for parts (loose), or "
    if merge_below > 0:
        return f"no second node, material or loose piece of {100 * merge_below:g} % of its surface; "
    return "one node, one material, and its surface hangs together; "


def _shapes(path: Path, up: str | None, skip_missing: bool) -> tuple[list[Shape], str]:
    """The shapes, and the category that the source itself states."""
    if path.is_dir():
        if any((path / tree).is_file() for tree in partnet.TREES):
            category, shapes = partnet.read(path, skip_missing)
            return shapes, category
        if (path / sdf.MODEL_FILE).is_file():
            return sdf.read(path / sdf.MODEL_FILE, skip_missing), ""
        described = sorted(p for p in path.iterdir() if p.suffix.lower() in _DESCRIPTIONS)
        if len(described) == 1:
            return _DESCRIPTIONS[described[0].suffix.lower()](described[0], skip_missing), ""
        if parts_folder.mesh_files(path):
            return parts_folder.read(path, up), ""
        raise FileError(path, f"holds no object; expected PartNet, {sdf.MODEL_FILE}, a URDF, or a mesh a part")
    if not path.exists():
        raise FileError(path, "no such file")
    suffix = path.suffix.lower()
    if suffix in _DESCRIPTIONS:
        return _DESCRIPTIONS[suffix](path, skip_missing), ""
    if suffix in MESHES:
        return read_mesh(path, up), ""
    raise FileError(path, f"unknown suffix {path.suffix!r}; known are {', '.join(SUFFIXES)}")
