"""The noun of synthesis: a mesh whose faces belong to named parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

import numpy as np

from pinpoint3d.arrays import AnyArray, Bool, Float32, Float64, Int32, UInt8


class Mount(Enum):
    """Where people put a thing."""

    FLOOR = "floor"
    WALL = "wall"
    CEILING = "ceiling"
    TOP = "top"  # on a table, a counter or a shelf


class Pattern(Enum):
    """How the colour of a face varies over its surface, in the object's own coordinates."""

    PLAIN = 0
    WOOD = 1
    FABRIC = 2
    SPECKLE = 3
    TILES = 4
    BOARDS = 5
    STRIPES = 6
    METAL = 7  # reflects, and a depth camera often misses it
    GLASS = 8  # a depth camera looks through it
    PLASTER = 9  # painted by hand, scuffed near the floor
    PRINT = 10  # fields and lines, as on a cover or a packet


def triangle_areas(corners: Float64) -> Float64:
    """f64 [T], m2 of triangles with corners f64 [T, 3, 3]."""
    a, b, c = corners.transpose(1, 0, 2)
    return np.asarray(np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2)


@dataclass(frozen=True, eq=False)
class PartMesh:
    """An object as triangles in metres, z up, standing on z = 0 about the origin, its front towards -y.

    Attributes:
        name: of the design; the same design has the same name whatever its pose.
        category: what it is: "chair", "mug".
        vertices: f32 [V, 3].
        faces: i32 [F, 3], counter-clockwise seen from outside where the source says so.
        part: i32 [F]: part id from 1, a key of `part_names`; 0 belongs to no part.
        part_names: part id -> name.
        rgb: u8 [F, 3].
        pattern: u8 [F], values of `Pattern`.
        inner: bool [F]: faces that no scanner can see from outside, whatever the pose.
        mount: where it is put.
        source: where it comes from: a file, or the family and seed that made it.

    Raises:
        ValueError: an array has another shape than stated, or a part has no name.
    """

    name: str
    category: str
    vertices: Float32
    faces: Int32
    part: Int32
    part_names: Mapping[int, str]
    rgb: UInt8
    pattern: UInt8
    inner: Bool
    mount: Mount = Mount.FLOOR
    source: str = ""

    def __post_init__(self) -> None:
        n = len(self.faces)
        expected: dict[str, tuple[int, ...]] = {
            "vertices": (len(self.vertices), 3),
            "faces": (n, 3),
            "part": (n,),
            "rgb": (n, 3),
            "pattern": (n,),
            "inner": (n,),
        }
        for name, shape in expected.items():
            found: AnyArray = getattr(self, name)
            if found.shape != shape:
                raise ValueError(f"PartMesh.{name} of {self.name} has shape {found.shape}, expected {shape}")
        nameless = set(np.unique(self.part).tolist()) - {0} - set(self.part_names)
        if nameless:
            raise ValueError(f"part {min(nameless)} of {self.name} has no name")

    @property
    def bounds(self) -> Float32:
        """f32 [2, 3]: least and greatest coordinate."""
        return np.stack([self.vertices.min(axis=0), self.vertices.max(axis=0)])

    @cached_property
    def area(self) -> Float64:
        """f64 [F], m2 of each face."""
        return triangle_areas(self.vertices.astype(np.float64)[self.faces])

    @property
    def outer_area(self) -> Float64:
        """f64 [F], m2 of each face; 0 of inner ones."""
        return np.where(self.inner, 0.0, self.area)

    def moved(self, matrix: Float64) -> "PartMesh":
        """The same object under a 4 x 4 transform that keeps orientation."""
        at = self.vertices.astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
        return replace(self, vertices=at.astype(np.float32))

    def compact(self) -> "PartMesh":
        """Without vertices that no face uses, which would be counted in its bounds."""
        used, faces = np.unique(self.faces, return_inverse=True)
        return replace(self, vertices=self.vertices[used], faces=faces.reshape(-1, 3).astype(np.int32))

    def standing(self) -> "PartMesh":
        """Moved so that it stands on z = 0, the middle of its box over the origin."""
        low, high = self.bounds.astype(np.float64)
        matrix = np.eye(4)
        matrix[:3, 3] = -np.array([*(low + high)[:2] / 2, low[2]])
        return self.moved(matrix)


@dataclass(frozen=True, eq=False)
class Placed:
    """A design in its place.

    Attributes:
        design: in its own coordinates, which its patterns follow.
        pose: f64 [4, 4], from its own to the room's coordinates.
    """

    design: PartMesh
    pose: Float64

    @cached_property
    def mesh(self) -> PartMesh:
        """In the room's coordinates."""
        return self.design.moved(self.pose)


@dataclass(frozen=True, eq=False)
class Assembly:
    """Objects in their places, and the shell around them, ready to be scanned.

    Attributes:
        objects: the k-th becomes object k + 1 of the labels.
        shell: floor, walls and whatever else is background, in the room's coordinates.
        supports: for each object, the index of the object it stands on or hangs from; -1 the shell.
    """

    objects: Sequence[Placed]
    shell: PartMesh
    supports: Sequence[int] = field(default_factory=tuple)
