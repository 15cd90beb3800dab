"""Small meshes that tests write as files."""

import numpy as np
import trimesh


def box(size, at=(0, 0, 0), rgb=None):
    """A trimesh box with its middle at a place, in one colour."""
    made = trimesh.creation.box(extents=size)
    made.apply_translation(at)
    if rgb is not None:
        made.visual = trimesh.visual.TextureVisuals(
            material=trimesh.visual.material.PBRMaterial(name="paint", baseColorFactor=[*rgb, 255])
        )
    return made


def table(up="z"):
    """Top and two legs of a table 1 m wide and 0.72 m high, by name."""
    parts = {
        "top": box((1.0, 0.6, 0.04), (0, 0, 0.70)),
        "leg_left": box((0.05, 0.5, 0.68), (-0.4, 0, 0.34)),
        "leg_right": box((0.05, 0.5, 0.68), (0.4, 0, 0.34)),
    }
    if up == "y":
        turn = trimesh.transformations.rotation_matrix(-np.pi / 2, (1, 0, 0))
        for mesh in parts.values():
            mesh.apply_transform(turn)
    return parts


def part_box(mesh, name):
    """f64 [2, 3]: the bounding box of the part of a name."""
    (number,) = [n for n, other in mesh.part_names.items() if other == name]
    corners = mesh.vertices[mesh.faces[mesh.part == number]].reshape(-1, 3)
    return np.stack([corners.min(axis=0), corners.max(axis=0)]).astype(np.float64)
