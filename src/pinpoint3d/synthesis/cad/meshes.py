"""One mesh file as shapes in metres, z up: GLB, glTF, OBJ, STL, OFF and PLY by trimesh, COLLADA by pycollada."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import trimesh

from pinpoint3d.arrays import Float64, Int32, UInt8
from pinpoint3d.errors import FileError
from pinpoint3d.io.formats import FORMATS, Format, readable
from pinpoint3d.io.mesh import mesh_piece, open_trimesh
from pinpoint3d.io.units import z_up
from pinpoint3d.synthesis.cad import collada
from pinpoint3d.synthesis.cad.shapes import Shape, grey

_LISTED = {suffix: FORMATS[suffix] for suffix in (".glb", ".gltf", ".obj", ".stl", ".off", ".ply")}
MESHES = _LISTED | {".dae": Format("COLLADA", "collada")}
_GLTF = (".glb", ".gltf")
# Where in a face its colour is looked at: the middle and towards each corner.
_PLACES = np.array([[1, 1, 1], [4, 1, 1], [1, 4, 1], [1, 1, 4]]) / np.array([[3], [6], [6], [6]])


def read_mesh(path: Path, up: str | None = None) -> list[Shape]:
    """The meshes of a file.

    Args:
        path: the file.
        up: its axis that points up; None for the format's own.

    Raises:
        FileError: it is missing, damaged, of an unknown kind or holds no face.
    """
    suffix = path.suffix.lower()
    if not path.is_file():
        raise FileError(path, "no such file")
    if suffix not in MESHES:
        raise FileError(path, f"unknown suffix {path.suffix!r} of a mesh; known are {', '.join(MESHES)}")
    if path.stat().st_size == 0:
        raise FileError(path, "is empty")
    form = MESHES[suffix]
    with readable(path, form):
        shapes, own_up = collada.read(path) if suffix == ".dae" else (_by_trimesh(path), form.up)
    shapes = [shape for shape in shapes if len(shape.faces)]
    if not shapes:
        raise FileError(path, "holds no faces; export it as a mesh")
    for shape in shapes:
        shape.vertices[:] = z_up(shape.vertices, up or own_up)
    return shapes


def face_colours(faces: Int32, colour_at: Callable[..., UInt8]) -> UInt8:
    """u8 [F, 3]: the mean of what a texture shows in the middle and near the corners of every face."""
    rows = np.arange(len(faces))
    looks = [colour_at(rows, np.tile(place, (len(faces), 1))).astype(np.float64) for place in _PLACES]
    return np.asarray(np.rint(np.mean(looks, axis=0)), dtype=np.uint8)


def _by_trimesh(path: Path) -> list[Shape]:
    suffix = path.suffix.lower()
    directive, known = _obj_names(path) if suffix == ".obj" else ("", [])
    options = {"o": {"split_objects": True}, "g": {"split_groups": True}}.get(directive, {})
    # In order, a vertex has one place in the texture, and colours go wrong along its seams.
    scene = open_trimesh(path, maintain_order=False, **options)
    shapes = []
    for node in scene.graph.nodes_geometry:
        matrix, key = scene.graph[node]
        geometry = scene.geometry[key]
        if not isinstance(geometry, trimesh.Trimesh):
            continue
        if suffix in _GLTF:
            names = _gltf_names(scene, node)
        elif known:
            # trimesh appends the material to the name of the object.
            names = (max((n for n in known if key == n or key.startswith(f"{n}_")), key=len, default=key),)
        else:
            names = (path.stem,)
        shapes.append(_shape(path, names, geometry).moved(np.asarray(matrix, dtype=np.float64)))
    return shapes


def _obj_names(path: Path) -> tuple[str, list[str]]:
    """The directive of an OBJ file that tells more than one name apart, `o` before `g`, and its names."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for directive in ("o", "g"):
        names = dict.fromkeys(line[2:].strip() for line in lines if line.startswith(f"{directive} "))
        if len(names) > 1:
            return directive, list(names)
    return "", []


def _gltf_names(scene: trimesh.Scene, node: str) -> tuple[str, ...]:
    """Names of the nodes down to this one."""
    parents = scene.graph.transforms.parents
    chain = [node]
    while (parent := parents.get(chain[0])) is not None and parent != scene.graph.base_frame:
        chain.insert(0, parent)
    if len(chain) > 1 and node.startswith(f"{chain[-2]}_") and _has_twins(scene, node):
        chain.pop()  # trimesh makes a node of each material of a mesh
    return tuple(chain)


def _has_twins(scene: trimesh.Scene, node: str) -> bool:
    parents = scene.graph.transforms.parents
    twins = [other for other in scene.graph.nodes_geometry if parents.get(other) == parents.get(node)]
    return len(twins) > 1 and all(other.startswith(f"{parents[node]}_") for other in twins)


def _shape(path: Path, names: tuple[str, ...], geometry: trimesh.Trimesh) -> Shape:
    piece = mesh_piece(path, geometry)
    material = str(getattr(getattr(geometry.visual, "material", None), "name", None) or "")
    if piece.colour_at is not None:
        rgb = face_colours(piece.faces, piece.colour_at)
    elif piece.vertex_rgb is not None:
        rgb = np.rint(piece.vertex_rgb[piece.faces].mean(axis=1)).astype(np.uint8)
    else:
        rgb = grey(len(piece.faces))
    vertices: Float64 = np.array(piece.vertices, dtype=np.float64)
    return Shape(names, vertices, piece.faces, rgb, material)
