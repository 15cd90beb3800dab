"""A scan: points in metres, z up, with what else was measured at them."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from pinpoint3d.arrays import AnyArray, Bool, Float32, Float64, Int32, UInt8
from pinpoint3d.errors import SceneError


def _zero_origin() -> Float64:
    return np.zeros(3)


@dataclass(frozen=True, eq=False)
class Scene:
    """A point cloud or the vertices of a mesh, in the order of its file.

    Attributes:
        name: what to call it, usually the file's stem.
        xyz: f32 [N, 3], metres, z up, relative to `origin`. Rows with NaN or infinity keep their place.
        origin: f64 [3], metres. The world coordinate of a point is `origin + xyz`; zero unless coordinates are
            too large for float32 (UTM, say).
        rgb: u8 [N, 3] or None where the scan has no colour.
        normal: f32 [N, 3], unit length, or None.
        faces: i32 [F, 3], vertex indices, or None for a cloud.

    Raises:
        ValueError: an array has another shape than stated.
    """

    name: str
    xyz: Float32
    origin: Float64 = field(default_factory=_zero_origin)
    rgb: UInt8 | None = None
    normal: Float32 | None = None
    faces: Int32 | None = None

    def __post_init__(self) -> None:
        n = len(self.xyz)
        arrays: dict[str, AnyArray | None] = {"xyz": self.xyz, "rgb": self.rgb, "normal": self.normal}
        expected: dict[str, tuple[int, ...]] = dict.fromkeys(arrays, (n, 3))
        arrays |= {"origin": self.origin, "faces": self.faces}
        expected |= {"origin": (3,), "faces": (0 if self.faces is None else len(self.faces), 3)}
        for name, array in arrays.items():
            if array is not None and array.shape != expected[name]:
                raise ValueError(f"Scene.{name} has shape {array.shape}, expected {expected[name]}")

    def __len__(self) -> int:
        return len(self.xyz)

    @cached_property
    def finite(self) -> Bool:
        """bool [N]: points whose three coordinates are finite; only these take part in anything."""
        return np.asarray(np.isfinite(self.xyz).all(axis=1))

    @cached_property
    def bounds(self) -> Float32:
        """f32 [2, 3]: least and greatest finite coordinate.

        Raises:
            SceneError: the scene has no finite point.
        """
        xyz = self.xyz[self.finite]
        if len(xyz) == 0:
            raise SceneError(f"{self.name}: no finite point")
        return np.stack([xyz.min(axis=0), xyz.max(axis=0)])

    @property
    def extent(self) -> Float32:
        """f32 [3]: size of the bounding box in metres."""
        return np.asarray(self.bounds[1] - self.bounds[0])

    def world(self) -> Float64:
        """f64 [N, 3]: coordinates as in the file, after unit and axis conversion."""
        return self.origin + self.xyz.astype(np.float64)
