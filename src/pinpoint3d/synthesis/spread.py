"""Assemblies as points that nobody scanned, seen from all sides."""

import numpy as np

from pinpoint3d.scene import Hierarchy, LabelledScene, Scene
from pinpoint3d.synthesis.mesh import Assembly
from pinpoint3d.synthesis.pseudo_labels.surface_points import surface_points


def spread_points(assembly: Assembly, density: float, rng: np.random.Generator, name: str) -> LabelledScene:
    """Points evenly by area over the outer faces of shell and objects, as people make them from a mesh.

    Args:
        assembly: objects and shell.
        density: points a square metre.
        rng: where they fall.
        name: of the scene.
    """
    meshes = [assembly.shell, *(one.mesh for one in assembly.objects)]
    spread = [surface_points(mesh, round(density * float(mesh.outer_area.sum())), rng) for mesh in meshes]
    labels = Hierarchy(
        np.repeat(np.arange(len(meshes), dtype=np.int32), [len(face) for _, face in spread]),
        np.concatenate([mesh.part[face] for mesh, (_, face) in zip(meshes, spread, strict=True)]),
        {k: mesh.category for k, mesh in enumerate(meshes) if k},
        {(k, part): part_name for k, mesh in enumerate(meshes) if k for part, part_name in mesh.part_names.items()},
    )
    xyz, rgb = (np.concatenate(arrays) for arrays in zip(*((s.xyz, s.rgb) for s, _ in spread), strict=True))
    return LabelledScene(Scene(name, xyz, rgb=rgb), labels)
