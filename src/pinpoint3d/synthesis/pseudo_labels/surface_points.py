"""Points spread evenly over what can be seen of a mesh."""

import numpy as np

from pinpoint3d.arrays import Int64
from pinpoint3d.scene import Scene
from pinpoint3d.synthesis.mesh import PartMesh


def surface_points(mesh: PartMesh, count: int, rng: np.random.Generator) -> tuple[Scene, Int64]:
    """`count` points on outer faces, evenly by area, with the colour of their face, and the face i64 [count] of each.

    Within a triangle as Osada et al., Shape Distributions, 2002.
    """
    corners, area = mesh.vertices.astype(np.float64)[mesh.faces], mesh.outer_area
    face = rng.choice(len(area), count, p=area / area.sum())
    root, along = np.sqrt(rng.random(count)), rng.random(count)
    weights = np.stack([1 - root, root * (1 - along), root * along], axis=1)
    xyz = np.einsum("mk,mkd->md", weights, corners[face]).astype(np.float32)
    return Scene(name=mesh.name, xyz=xyz, rgb=mesh.rgb[face]), face.astype(np.int64)
