"""PLY: clouds and meshes, ascii and binary of either byte order, any further vertex fields.

Source: G. Turk, The PLY Polygon File Format, 1994. Names of objects and parts travel as comments,
`object <id> "<name>"` and `part <object id> <part id> "<name>"`, the name as a JSON string.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pinpoint3d.arrays import AnyArray, Int32
from pinpoint3d.errors import FileError
from pinpoint3d.io.cloud import Cloud, cloud_from_columns
from pinpoint3d.io.memory import require_memory
from pinpoint3d.io.ply_elements import Lists, read_element, read_header
from pinpoint3d.scene import Hierarchy, Scene

_BYTES_PER_ROW = 110  # rows read, then stacked as coordinates and colours; faces likewise
_TYPES = {"f4": "float", "f8": "double", "u1": "uchar", "i4": "int"}


def read(path: Path) -> Cloud:
    """Read the vertices of a PLY file, and its faces cut into triangles.

    Raises:
        FileError: the header is not understood, the data is damaged or shorter than the header says.
    """
    with path.open("rb") as file:
        order, elements, comments = read_header(path, file)
        rows = {element.name: element.rows for element in elements}
        if "vertex" not in rows:
            raise FileError(path, "has no element vertex")
        require_memory(path, rows["vertex"], sum(rows.values()) * _BYTES_PER_ROW)
        wanted = rows.keys() & {"vertex", "face"}
        tables: dict[str, dict[str, AnyArray | Lists]] = {}
        for element in elements:
            tables[element.name] = read_element(path, file, order, element)
            if wanted <= tables.keys():
                break
    columns = {name: values for name, values in tables["vertex"].items() if not isinstance(values, Lists)}
    cloud = cloud_from_columns(path, columns)
    cloud.object_names, cloud.part_names = _names(comments)
    for name in ("vertex_indices", "vertex_index"):
        polygons = tables.get("face", {}).get(name)
        if isinstance(polygons, Lists):
            cloud.faces = _triangles(path, polygons, len(cloud.xyz))
    return cloud


def _triangles(path: Path, polygons: Lists, vertices: int) -> Int32:
    """A fan a polygon, (0, 1, 2), (0, 2, 3), ..., in the order of the file."""
    lengths = polygons.lengths
    fans = np.maximum(lengths - 2, 0)
    first = np.repeat(np.cumsum(lengths) - lengths, fans)
    step = np.arange(fans.sum()) - np.repeat(np.cumsum(fans) - fans, fans)
    faces: AnyArray = polygons.values[np.stack([first, first + step + 1, first + step + 2], axis=1)]
    if len(faces) and not (faces.min() >= 0 and faces.max() < vertices):
        raise FileError(path, f"a face names a vertex beyond its {vertices:,} vertices; export it again")
    return np.asarray(faces, dtype=np.int32)


def _names(comments: list[str]) -> tuple[dict[int, str], dict[tuple[int, int], str]]:
    """Names from the comments; a comment of another form is somebody else's."""
    objects: dict[int, str] = {}
    parts: dict[tuple[int, int], str] = {}
    for comment in comments:
        keyword, _, rest = comment.strip().partition(" ")
        try:
            if keyword == "object":
                object_id, name = rest.split(" ", 1)
                objects[int(object_id)] = str(json.loads(name))
            elif keyword == "part":
                object_id, part_id, name = rest.split(" ", 2)
                parts[int(object_id), int(part_id)] = str(json.loads(name))
        except ValueError:
            continue
    return objects, parts


def write(path: Path, scene: Scene, fields: Mapping[str, Int32], labels: Hierarchy | None) -> None:
    """Write binary little endian; coordinates are double where the scene has an origin, else float."""
    columns: dict[str, AnyArray] = {}
    columns |= zip("xyz", (scene.world() if scene.origin.any() else scene.xyz).T, strict=True)
    if scene.normal is not None:
        columns |= zip(("nx", "ny", "nz"), scene.normal.T, strict=True)
    if scene.rgb is not None:
        columns |= zip(("red", "green", "blue"), scene.rgb.T, strict=True)
    columns |= fields
    vertex = np.empty(len(scene), dtype=[(name, values.dtype.newbyteorder("<")) for name, values in columns.items()])
    for name, values in columns.items():
        vertex[name] = values
    lines = ["ply", "format binary_little_endian 1.0"]
    if labels is not None:
        lines += [f"comment object {o} {json.dumps(name)}" for o, name in labels.object_names.items()]
        lines += [f"comment part {o} {p} {json.dumps(name)}" for (o, p), name in labels.part_names.items()]
    lines.append(f"element vertex {len(scene)}")
    lines += [f"property {_TYPES[values.dtype.str[1:]]} {name}" for name, values in columns.items()]
    if scene.faces is not None:
        lines += [f"element face {len(scene.faces)}", "property list uchar int vertex_indices"]
    with path.open("wb") as file:
        file.write("\n".join([*lines, "end_header\n"]).encode("ascii"))
        file.write(vertex.data)
        if scene.faces is not None:
            face = np.empty(len(scene.faces), dtype=[("count", "u1"), ("corners", "<i4", 3)])
            face["count"], face["corners"] = 3, scene.faces
            file.write(face.data)
