"""What readers hand over: pieces of surface with the names that the file gives them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pinpoint3d.arrays import Float64, Int32, UInt8

_GREY = 176


class CadWarning(UserWarning):
    """An object that imports but looks wrong: its size is implausible, or something was left out."""


@dataclass(frozen=True, eq=False)
class Shape:
    """A piece of an object.

    Attributes:
        names: from the outside in: link, visual, node of the mesh, say.
        vertices: f64 [V, 3], metres, z up.
        faces: i32 [F, 3].
        rgb: u8 [F, 3].
        material: name of its material; empty where it has none.
    """

    names: tuple[str, ...]
    vertices: Float64
    faces: Int32
    rgb: UInt8
    material: str = ""

    def moved(self, matrix: Float64) -> "Shape":
        """The same under an affine transform f64 [4, 4]; faces are turned over where it mirrors."""
        vertices = self.vertices @ matrix[:3, :3].T + matrix[:3, 3]
        faces = self.faces[:, ::-1] if np.linalg.det(matrix[:3, :3]) < 0 else self.faces
        return replace(self, vertices=vertices, faces=faces)

    def inside(self, *names: str) -> "Shape":
        """The same with further names outside its own."""
        return replace(self, names=(*names, *self.names))

    def coloured(self, rgb: Sequence[float]) -> "Shape":
        """The same in one colour, 0..1 a channel."""
        return replace(self, rgb=plain(len(self.faces), rgb))


def grey(count: int) -> UInt8:
    """u8 [count, 3]: what has no colour."""
    return np.full((count, 3), _GREY, dtype=np.uint8)


def plain(count: int, rgb: Sequence[float]) -> UInt8:
    """u8 [count, 3]: one colour, given as 0..1 a channel, for every face."""
    return np.tile(np.rint(np.clip(np.asarray(rgb, dtype=np.float64)[:3], 0, 1) * 255).astype(np.uint8), (count, 1))
