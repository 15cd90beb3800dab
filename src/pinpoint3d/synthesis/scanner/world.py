"""All triangles of an assembly side by side, as a scanner meets them."""

from dataclasses import dataclass

import numpy as np

from pinpoint3d.arrays import Float64, Int32, UInt8
from pinpoint3d.native.rays import RayCaster
from pinpoint3d.synthesis.mesh import Assembly, Placed


@dataclass(frozen=True, eq=False)
class World:
    """T triangles of the shell and of O objects.

    Attributes:
        caster: casts rays at them.
        normal: f64 [T, 3], unit length; zero where the triangle has no area.
        object: i32 [T], 0 the shell.
        part: i32 [T].
        rgb: u8 [T, 3].
        pattern: u8 [T].
        inverse: f64 [1 + O, 4, 4], from the room's to each object's own coordinates.
    """

    caster: RayCaster
    normal: Float64
    object: Int32
    part: Int32
    rgb: UInt8
    pattern: UInt8
    inverse: Float64

    @classmethod
    def of(cls, assembly: Assembly) -> "World":
        """Inner faces are left out: nobody sees them."""
        placed = [Placed(assembly.shell, np.eye(4)), *assembly.objects]
        meshes = [one.mesh for one in placed]
        outer = [~mesh.inner for mesh in meshes]
        faces = [mesh.faces[kept] for mesh, kept in zip(meshes, outer, strict=True)]
        triangles = np.concatenate(
            [mesh.vertices.astype(np.float64)[corners] for mesh, corners in zip(meshes, faces, strict=True)]
        )
        normal = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
        length = np.linalg.norm(normal, axis=1, keepdims=True)
        return cls(
            caster=RayCaster(triangles),
            normal=np.divide(normal, length, out=np.zeros_like(normal), where=length > 0),
            object=np.repeat(np.arange(len(meshes), dtype=np.int32), [len(corners) for corners in faces]),
            part=np.concatenate([mesh.part[kept] for mesh, kept in zip(meshes, outer, strict=True)]),
            rgb=np.concatenate([mesh.rgb[kept] for mesh, kept in zip(meshes, outer, strict=True)]),
            pattern=np.concatenate([mesh.pattern[kept] for mesh, kept in zip(meshes, outer, strict=True)]),
            inverse=np.stack([np.linalg.inv(one.pose) for one in placed]),
        )

    @property
    def bounds(self) -> Float64:
        """f64 [2, 3]: least and greatest coordinate."""
        corners = self.caster.triangles.reshape(-1, 3)
        return np.stack([corners.min(axis=0), corners.max(axis=0)])

    def own(self, xyz: Float64, triangle: Int32) -> Float64:
        """f64 [N, 3]: points on triangles in the coordinates of the object each belongs to."""
        matrix = self.inverse[self.object[triangle]]
        return np.asarray(np.einsum("nij,nj->ni", matrix[:, :3, :3], xyz) + matrix[:, :3, 3])
