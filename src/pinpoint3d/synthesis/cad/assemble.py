"""Shapes to one object: which of their names are the parts."""

from collections.abc import Sequence

import numpy as np

from pinpoint3d.arrays import Int32
from pinpoint3d.synthesis.cad.shapes import Shape
from pinpoint3d.synthesis.mesh import PartMesh, Pattern

_FINEST = 1 << 30  # deeper than any file nests


def part_keys(shapes: Sequence[Shape], level: int | None) -> list[tuple[str, ...]]:
    """For each shape what its part is called, with the names outside that tell it apart.

    Args:
        shapes: the pieces of an object.
        level: how many of their names to look at, from 1; 0 for all. None takes the outermost names that tell at
            least two parts apart, else the names of materials.
    """
    deepest = max(len(shape.names) for shape in shapes)
    for depth in range(1, deepest + 1) if level is None else (level or _FINEST,):
        keys = [shape.names[:depth] for shape in shapes]
        if level is not None or len(set(keys)) > 1:
            return keys
    return [(*shape.names, shape.material) if shape.material else shape.names for shape in shapes]


def assemble(name: str, category: str, shapes: Sequence[Shape], level: int | None, source: str) -> PartMesh:
    """One object of all shapes; parts count from 1 in the order in which they come, and keep their names."""
    keys = part_keys(shapes, level)
    ids = {key: number for number, key in enumerate(dict.fromkeys(keys), start=1)}
    starts = np.cumsum([0] + [len(shape.vertices) for shape in shapes[:-1]])
    faces: Int32 = np.concatenate([s.faces + start for s, start in zip(shapes, starts, strict=True)]).astype(np.int32)
    vertices = np.concatenate([shape.vertices for shape in shapes])
    part = np.repeat([ids[key] for key in keys], [len(shape.faces) for shape in shapes]).astype(np.int32)
    return PartMesh(
        name=name,
        category=category,
        vertices=(vertices - vertices.mean(axis=0)).astype(np.float32),
        faces=faces,
        part=part,
        part_names={number: key[-1] or f"part {number}" for key, number in ids.items()},
        rgb=np.concatenate([shape.rgb for shape in shapes]),
        pattern=np.full(len(faces), Pattern.PLAIN.value, dtype=np.uint8),
        inner=np.zeros(len(faces), dtype=np.bool_),
        source=source,
    )
