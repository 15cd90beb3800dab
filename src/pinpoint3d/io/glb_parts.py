"""glTF binary: a node an object, below it a node a part, each with its own points or triangles.

Source: Khronos Group, glTF 2.0. Vertices carry their row in the scan as the attribute `_ROW`, so that labels come
back in the order of the scan; nodes carry `object` and `part` in their extras. Coordinates stay z up below a root that
turns them; they are relative to the scene's origin, which is in the root's extras. Triangles between two targets are
in a node of their own. Points without finite coordinates have no place in glTF; they come back unlabelled.
"""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from pinpoint3d.arrays import AnyArray, Float32, Int32, Int64, UInt8
from pinpoint3d.errors import FileError
from pinpoint3d.io.memory import require_memory
from pinpoint3d.scene import BACKGROUND, UNLABELLED, Hierarchy, Scene, part_colour

_MAGIC, _JSON, _BIN = 0x46546C67, 0x4E4F534A, 0x004E4942
_POINTS, _TRIANGLES = 0, 4
_TYPES = {"f4": 5126, "u1": 5121, "u4": 5125}
_Z_UP = [-0.7071067811865476, 0, 0, 0.7071067811865476]  # a quarter turn about x: glTF is y up
_MOST_ROWS = 2**24  # beyond, a float32 holds no longer every whole number


class _Writer:
    """glTF under construction."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []
        self.meshes: list[dict[str, Any]] = []
        self.nodes: list[dict[str, Any]] = []

    def array(self, values: AnyArray, kind: str, **more: Any) -> int:
        """Add an array; the number of its accessor."""
        content = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).tobytes()
        self.views.append({"buffer": 0, "byteOffset": len(self.body), "byteLength": len(content)})
        self.body += content + bytes(-len(content) % 4)
        accessor = {"bufferView": len(self.views) - 1, "componentType": _TYPES[values.dtype.str[1:]], "type": kind}
        self.accessors.append(accessor | {"count": len(values)} | more)
        return len(self.accessors) - 1

    def mesh(self, xyz: Float32, rgba: UInt8, rows: Int64 | None, corners: Int32) -> int:
        """Add points, or triangles where there are any; the number of the mesh."""
        low, high = xyz.min(axis=0).tolist(), xyz.max(axis=0).tolist()
        attributes = {
            "POSITION": self.array(xyz, "VEC3", min=low, max=high),
            "COLOR_0": self.array(rgba, "VEC4", normalized=True),
        }
        if rows is not None:
            attributes["_ROW"] = self.array(rows.astype(np.float32), "SCALAR")
        primitive: dict[str, Any] = {"attributes": attributes, "mode": _POINTS}
        if len(corners):
            primitive |= {"mode": _TRIANGLES, "indices": self.array(corners.ravel().astype(np.uint32), "SCALAR")}
        self.meshes.append({"primitives": [primitive]})
        return len(self.meshes) - 1

    def node(self, **fields: Any) -> int:
        """Add a node; its number."""
        self.nodes.append(fields)
        return len(self.nodes) - 1

    def bytes(self, root: int) -> bytes:
        """The file."""
        content = {
            "asset": {"version": "2.0", "generator": "pinpoint3d"},
            "scene": 0,
            "scenes": [{"nodes": [root]}],
            "nodes": self.nodes,
            "meshes": self.meshes,
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": len(self.body)}],
        }
        text = json.dumps(content, ensure_ascii=False).encode()
        text += b" " * (-len(text) % 4)
        chunks = struct.pack("<II", len(text), _JSON) + text + struct.pack("<II", len(self.body), _BIN) + self.body
        return struct.pack("<III", _MAGIC, 2, 12 + len(chunks)) + chunks


def write_labels(path: Path, scene: Scene, labels: Hierarchy) -> None:
    """Write the file, points in the colours of their labels. Raises FileError beyond 16.7 million points."""
    if len(scene) > _MOST_ROWS:
        raise FileError(path, f"glTF keeps the order of at most {_MOST_ROWS:,} points; choose .ply or .npz")
    writer, faces = _Writer(), np.zeros((0, 3), dtype=np.int32) if scene.faces is None else scene.faces
    faces = faces[scene.finite[faces].all(axis=1)]
    pairs, pair = np.unique(np.stack([labels.object, labels.part], axis=1), axis=0, return_inverse=True)
    pair = pair.ravel()
    whole = (pair[faces] == pair[faces[:, :1]]).all(axis=1)
    place = np.zeros(len(scene), dtype=np.int64)

    def mesh(rows: Int64, corners: Int32, colour: tuple[int, int, int], *, own: bool) -> int:
        place[rows] = np.arange(len(rows))
        rgba = np.tile(np.array([*colour, 255], dtype=np.uint8), (len(rows), 1))
        return writer.mesh(scene.xyz[rows], rgba, rows if own else None, place[corners].astype(np.int32))

    children: dict[int, list[int]] = {}
    for number, (object_id, part_id) in enumerate(pairs.tolist()):
        rows = np.flatnonzero((pair == number) & scene.finite)
        if len(rows):
            name = labels.part_name(object_id, part_id) if part_id > 0 else _name(labels, object_id)
            made = mesh(rows, faces[whole & (pair[faces[:, 0]] == number)], part_colour(object_id, part_id), own=True)
            extras = {"object": object_id, "part": part_id}
            children.setdefault(object_id, []).append(writer.node(name=name, mesh=made, extras=extras))
    below = [
        writer.node(name=_name(labels, object_id), children=nodes) if len(nodes) > 1 or object_id > 0 else nodes[0]
        for object_id, nodes in children.items()
    ]
    if len(faces[~whole]):
        below.append(
            writer.node(name="seams", mesh=mesh(np.unique(faces[~whole]), faces[~whole], (150, 150, 150), own=False))
        )
    names = {
        "objects": [[o, name] for o, name in labels.object_names.items()],
        "parts": [[o, p, name] for (o, p), name in labels.part_names.items()],
    }
    extras = {"points": len(scene), "origin": scene.origin.tolist(), "names": names}
    path.write_bytes(writer.bytes(writer.node(name=scene.name, rotation=_Z_UP, children=below, extras=extras)))


def read_labels(path: Path) -> Hierarchy:
    """Inverse of `write_labels`.

    Raises:
        FileError: it was written by another program, or is damaged.
    """
    content = path.read_bytes()
    magic, _, _, length, kind = struct.unpack_from("<IIIII", content)
    if magic != _MAGIC or kind != _JSON:
        raise FileError(path, "is no binary glTF file")
    gltf = json.loads(content[20 : 20 + length])
    body = memoryview(content)[28 + length :]
    root = gltf["nodes"][gltf["scenes"][0]["nodes"][0]].get("extras", {})
    if "points" not in root:
        raise FileError(path, "holds no labels of this program; glTF of others gives scans alone")
    require_memory(path, int(root["points"]), 0)
    objects = np.full(int(root["points"]), UNLABELLED, dtype=np.int32)
    parts = objects.copy()
    for node in gltf["nodes"]:
        if "mesh" not in node or "extras" not in node:
            continue
        attributes = gltf["meshes"][node["mesh"]]["primitives"][0]["attributes"]
        accessor = gltf["accessors"][attributes["_ROW"]]
        view = gltf["bufferViews"][accessor["bufferView"]]
        rows = np.frombuffer(body, "<f4", int(accessor["count"]), int(view["byteOffset"])).astype(np.int64)
        objects[rows], parts[rows] = node["extras"]["object"], node["extras"]["part"]
    names = root["names"]
    part_names = {(int(o), int(p)): str(name) for o, p, name in names["parts"]}
    return Hierarchy(objects, parts, {int(o): str(name) for o, name in names["objects"]}, part_names)


def _name(labels: Hierarchy, object_id: int) -> str:
    if object_id > BACKGROUND:
        return labels.object_name(object_id)
    return "background" if object_id == BACKGROUND else "unlabelled"
