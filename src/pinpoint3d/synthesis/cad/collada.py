"""COLLADA (.dae) as shapes; unit and up axis come from the file's own asset element (Khronos, COLLADA 1.4.1, 5)."""

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from PIL import Image

from pinpoint3d.arrays import Float64, UInt8
from pinpoint3d.synthesis.cad.shapes import CadWarning, Shape, grey, plain

_UP = {"X_UP": "x", "Y_UP": "y", "Z_UP": "z"}


def read(path: Path) -> tuple[list[Shape], str]:
    """Shapes in metres and the axis that points up in them."""
    import collada

    document = collada.Collada(io.BytesIO(path.read_bytes()), ignore=[collada.common.DaeError])
    unit = float(document.assetInfo.unitmeter or 1.0)
    shapes = []
    if document.scene is not None:
        for node in document.scene.nodes:
            shapes += [shape.moved(np.diag([unit, unit, unit, 1.0])) for shape in _walk(path, node, np.eye(4), ())]
    return shapes, _UP.get(document.assetInfo.upaxis or "", "z")


def _walk(path: Path, node: Any, matrix: Float64, names: tuple[str, ...]) -> Iterator[Shape]:
    import collada

    if isinstance(node, collada.scene.GeometryNode):
        materials = {bound.symbol: bound.target for bound in node.materials}
        for primitive in node.geometry.primitives:
            shape = _primitive(path, primitive, materials)
            if shape is not None:
                yield shape.inside(*names).moved(matrix)
        return
    if isinstance(node, collada.scene.NodeNode):
        node = node.node
    if isinstance(node, collada.scene.Node):
        name = node.xmlnode.get("name") or node.id
        for child in node.children:
            yield from _walk(path, child, matrix @ node.matrix, (*names, name) if name else names)


def _primitive(path: Path, primitive: Any, materials: dict[str, Any]) -> Shape | None:
    import collada

    if isinstance(primitive, collada.polylist.Polylist | collada.polygons.Polygons):
        primitive = primitive.triangleset()
    if not isinstance(primitive, collada.triangleset.TriangleSet) or primitive.vertex_index is None:
        return None
    faces = np.asarray(primitive.vertex_index, dtype=np.int32).reshape(-1, 3)
    material = materials.get(primitive.material)
    rgb = grey(len(faces))
    if material is not None:
        rgb = _colours(path, primitive, material.effect.diffuse, rgb)
    vertices = np.array(primitive.vertex, dtype=np.float64)
    return Shape((), vertices, faces, rgb, str(material.name or material.id) if material is not None else "")


def _colours(path: Path, primitive: Any, diffuse: Any, otherwise: UInt8) -> UInt8:
    """Of every face: the texture at its middle, else the plain colour of the material."""
    import collada

    if not isinstance(diffuse, collada.material.Map):
        return otherwise if diffuse is None else plain(len(otherwise), diffuse)
    texture = path.parent / diffuse.sampler.surface.image.path.replace("\\", "/").removeprefix("file://")
    if not texture.is_file():
        warnings.warn(f"{path}: the texture {texture.name} is missing, grey instead", CadWarning, stacklevel=2)
        return otherwise
    if not primitive.texcoordset:
        return otherwise
    uv = np.asarray(primitive.texcoordset[0])[primitive.texcoord_indexset[0]][:, :, :2]
    with Image.open(texture) as image:
        places = np.concatenate([uv.mean(axis=1)[:, None], (uv + uv.mean(axis=1, keepdims=True)) / 2], axis=1)
        rgba = trimesh.visual.color.uv_to_color(places.reshape(-1, 2), image.convert("RGB"))
    return np.asarray(np.rint(np.asarray(rgba)[:, :3].reshape(-1, 4, 3).mean(axis=1)), dtype=np.uint8)
