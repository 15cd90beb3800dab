"""Triangle shapes with outward normals, in metres, from which procedural objects are put together.

Nearly every shape is a loft: rings of equally many points, joined one to the next and closed at both ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pinpoint3d.arrays import Float64, Int32
from pinpoint3d.synthesis.modelling.outlines import circle

_AXES = {"x": 0, "y": 1, "z": 2}


@dataclass(frozen=True, eq=False)
class Solid:
    """Vertices f64 [V, 3] and faces i32 [F, 3], counter-clockwise seen from outside.

    Some faces may have no area, where a ring shrinks to a point; a `Builder` drops them.
    """

    vertices: Float64
    faces: Int32

    def moved(self, matrix: Float64) -> "Solid":
        """Under a 4 x 4 transform; one that mirrors turns the faces round, so that they still look outwards."""
        faces = self.faces if np.linalg.det(matrix[:3, :3]) > 0 else self.faces[:, ::-1]
        return Solid(self.vertices @ matrix[:3, :3].T + matrix[:3, 3], faces)

    def shifted(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> "Solid":
        return self.moved(shift(x, y, z))

    def turned(self, axis: str, degrees: float, about: ArrayLike = (0.0, 0.0, 0.0)) -> "Solid":
        return self.moved(turn(axis, degrees, about))

    def scaled(self, x: float = 1.0, y: float = 1.0, z: float = 1.0) -> "Solid":
        return self.moved(np.diag([x, y, z, 1.0]))

    def inverted(self) -> "Solid":
        """The inside of the same surface: what is seen of a cavity of this shape."""
        return Solid(self.vertices, self.faces[:, ::-1])

    def __add__(self, other: "Solid") -> "Solid":
        faces = np.concatenate([self.faces, other.faces + np.int32(len(self.vertices))])
        return Solid(np.concatenate([self.vertices, other.vertices]), faces)


def shift(x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Float64:
    """4 x 4 transform that moves."""
    matrix = np.eye(4)
    matrix[:3, 3] = x, y, z
    return matrix


def turn(axis: str, degrees: float, about: ArrayLike = (0.0, 0.0, 0.0)) -> Float64:
    """4 x 4 transform that turns about a point, counter-clockwise seen from the end of the axis."""
    i = _AXES[axis]
    j, k = (i + 1) % 3, (i + 2) % 3
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.eye(4)
    matrix[[j, j, k, k], [j, k, j, k]] = cosine, -sine, sine, cosine
    centre = np.asarray(about, dtype=np.float64)
    matrix[:3, 3] = centre - matrix[:3, :3] @ centre
    return matrix


def loft(rings: ArrayLike, *, closed: bool = False) -> Solid:
    """Rings joined to a body.

    Args:
        rings: f64 [R, S, 3], each counter-clockwise seen from where the next one lies. The end rings are filled from
            their middle, so they must be star-shaped.
        closed: the last ring is joined to the first, and none is filled.
    """
    at = np.asarray(rings, dtype=np.float64)
    r, s = at.shape[:2]
    step = np.arange(r if closed else r - 1)[:, None] * s
    here, beside = np.arange(s)[None], (np.arange(s)[None] + 1) % s
    above = (step + s) % (r * s)
    a, b, c, d = (x.ravel() for x in np.broadcast_arrays(step + here, step + beside, above + beside, above + here))
    faces = [np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)]
    vertices = at.reshape(-1, 3)
    if not closed:
        vertices = np.concatenate([vertices, at[[0, -1]].mean(axis=1)])
        ring, following = here[0], beside[0]
        first, last = np.full(s, r * s), np.full(s, r * s + 1)
        top = (r - 1) * s
        faces += [np.stack([first, following, ring], axis=1), np.stack([last, top + ring, top + following], axis=1)]
    return Solid(vertices, np.concatenate(faces).astype(np.int32))


def box(low: ArrayLike, high: ArrayLike, bevel: float = 0.0, steps: int = 1) -> Solid:
    """An upright box between two corners; `bevel` metres of its edges are cut off, or rounded in several steps."""
    a, b = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    half = np.abs(b - a) / 2
    radius = min(bevel, 0.999 * half.min())
    if radius <= 0:
        return loft((a + b) / 2 + half * _corners())
    bend = np.radians(np.linspace(0, 90, steps + 1))
    rise = np.concatenate([bend - np.pi / 2, bend])
    up = np.repeat([-1.0, 1.0], steps + 1)
    around = np.concatenate([bend + quarter * np.pi / 2 for quarter in range(4)])
    corner = np.repeat([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]], steps + 1, axis=0)
    normal = _sphere(rise, around)
    inset = np.concatenate(
        [
            np.broadcast_to(corner, (len(rise), *corner.shape)),
            np.broadcast_to(up[:, None, None], normal[..., :1].shape),
        ],
        axis=2,
    )
    return loft((a + b) / 2 + inset * (half - radius) + normal * radius)


def lathe(profile: ArrayLike, segments: int = 20, *, closed: bool = False) -> Solid:
    """Turned about the z axis.

    Args:
        profile: [n, 2] radius and height, from the bottom outside upwards; for a vessel on, down the inside.
        segments: corners around.
        closed: the profile goes back to its first point, as that of a ring or a lampshade.
    """
    line = np.asarray(profile, dtype=np.float64)
    ring = np.column_stack([circle(segments=segments), np.zeros(segments)])
    return loft(line[:, :1, None] * ring + line[:, 1, None, None] * np.array([0.0, 0.0, 1.0]), closed=closed)


def cylinder(radius: float, low: float, high: float, top: float | None = None, segments: int = 16) -> Solid:
    """Upright about the z axis; with another radius at the top a cone."""
    return lathe([(radius, low), (radius if top is None else top, high)], segments)


def disc(radius: float, low: float, high: float, bevel: float = 0.002, segments: int = 24) -> Solid:
    """A flat cylinder with bevelled rims."""
    b = min(bevel, (high - low) / 2.01, radius / 2)
    return lathe([(radius - b, low), (radius, low + b), (radius, high - b), (radius - b, high)], segments)


def prism(outline: ArrayLike, low: float, high: float, bevel: float = 0.0) -> Solid:
    """A star-shaped outline [n, 2], counter-clockwise seen from above, between two heights."""
    flat = np.asarray(outline, dtype=np.float64)
    centre = flat.mean(axis=0)
    reach = np.linalg.norm(flat - centre, axis=1).min()
    small = centre + (flat - centre) * (1 - bevel / reach)
    levels = [(flat, low), (flat, high)]
    if bevel > 0:
        b = min(bevel, (high - low) / 2.01)
        levels = [(small, low), (flat, low + b), (flat, high - b), (small, high)]
    return layers(levels)


def layers(levels: Iterable[tuple[Float64, float]], *, closed: bool = False) -> Solid:
    """Outlines [n, 2] at heights, joined from the first to the last, and down again for the inside of a vessel.

    Args:
        levels: from the bottom outside upwards.
        closed: the last is joined to the first, as in a frame.
    """
    return loft([np.column_stack([ring, np.full(len(ring), z)]) for ring, z in levels], closed=closed)


def tube(
    path: ArrayLike, radius: ArrayLike, segments: int = 8, *, closed: bool = False, profile: ArrayLike | None = None
) -> Solid:
    """Swept along a path with as little twist as possible.

    Args:
        path: [n, 3] points, no two neighbours equal.
        radius: of the tube, or [n] at every point.
        segments: corners around.
        closed: the path goes back to its first point.
        profile: [S, 2] a section other than round, counter-clockwise, scaled by `radius`; its x lies across the path
            in the ground plane where that is possible, its y upwards.
    """
    at = np.asarray(path, dtype=np.float64)
    along = (np.roll(at, -1, axis=0) - np.roll(at, 1, axis=0)) if closed else np.gradient(at, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    up = np.array([0.0, 0.0, 1.0]) if abs(along[0, 2]) < 0.9 else np.array([0.0, 1.0, 0.0])
    side = np.cross(along[0], up)
    section = circle(segments=segments) if profile is None else np.asarray(profile, dtype=np.float64)
    scale = np.broadcast_to(np.asarray(radius, dtype=np.float64), len(at))
    rings = []
    for point, tangent, size in zip(at, along, scale, strict=True):
        side = side - tangent * (side @ tangent)
        side /= np.linalg.norm(side)
        rings.append(point + size * (section @ np.stack([side, np.cross(side, tangent)])))
    return loft(np.array(rings)[:, ::-1], closed=closed)


def superellipsoid(
    low: ArrayLike, high: ArrayLike, rise: float = 1.0, around: float = 1.0, segments: int = 20
) -> Solid:
    """Fills a box: exponents 1 and 1 give an ellipsoid, small ones a rounded box (Barr, 1981)."""
    a, b = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    tilt = np.linspace(-np.pi / 2, np.pi / 2, max(5, segments // 2 + 1))
    turn_ = np.arange(segments) * 2 * np.pi / segments
    cos_t, sin_t = _power(np.cos(tilt), rise)[:, None], _power(np.sin(tilt), rise)[:, None]
    unit = np.stack(
        np.broadcast_arrays(cos_t * _power(np.cos(turn_), around), cos_t * _power(np.sin(turn_), around), sin_t), axis=2
    )
    return loft((a + b) / 2 + unit * np.abs(b - a) / 2)


def cushion(low: ArrayLike, high: ArrayLike, softness: float = 0.35) -> Solid:
    """An upholstered block whose edges and corners are soft."""
    return superellipsoid(low, high, softness, softness * 0.6, 24)


def sheet(points: ArrayLike, thickness: float) -> Solid:
    """A surface with a back.

    Args:
        points: [m, n, 3] seen from the front: the first axis to the right, the second upwards.
        thickness: how far behind the front the back lies, along the normals.
    """
    front = np.asarray(points, dtype=np.float64)
    normal = np.cross(np.gradient(front, axis=0), np.gradient(front, axis=1))
    back = front - thickness * normal / np.linalg.norm(normal, axis=2, keepdims=True)
    m, n = front.shape[:2]
    index = np.arange(m * n).reshape(m, n)
    quads = [_grid_quads(index), _grid_quads(index.T + m * n)]
    rim = np.concatenate([index[:-1, 0], index[-1, :-1], index[:0:-1, -1], index[0, :0:-1]])
    following = np.roll(rim, -1)
    quads.append(np.stack([following, rim, rim + m * n, following + m * n], axis=1))
    corners = np.concatenate(quads)
    faces = np.concatenate([corners[:, [0, 1, 2]], corners[:, [0, 2, 3]]])
    return Solid(np.concatenate([front.reshape(-1, 3), back.reshape(-1, 3)]), faces.astype(np.int32))


def casing(low: ArrayLike, high: ArrayLike, wall: float) -> tuple[Solid, Solid]:
    """A box that is open towards -y: its outside with the rim of the opening, and its inside."""
    a, b = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    outer = (a + b) / 2 + (b - a) / 2 * _corners()
    inner_low, inner_high = a + wall, b - wall
    inner_low[1] = a[1]
    inner = (inner_low + inner_high) / 2 + (inner_high - inner_low) / 2 * _corners()
    # rings along y, from the front, so that the opening is the first one
    order = np.array([4, 5, 1, 0]), np.array([7, 6, 2, 3])
    outer_rings = [outer.reshape(-1, 3)[o] for o in order]
    inner_rings = [inner.reshape(-1, 3)[o] for o in order]
    outside = _ring_walls([inner_rings[0], *outer_rings], last=True)
    return outside, _ring_walls(inner_rings, last=True).inverted()


def _corners() -> Float64:
    """[2, 4, 3] of a cube about the origin, as two rings."""
    ring = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    return np.stack([np.column_stack([ring, np.full(4, z)]) for z in (-1.0, 1.0)])


def _sphere(rise: Float64, around: Float64) -> Float64:
    """[R, S, 3] unit vectors."""
    flat = np.cos(rise)[:, None, None] * np.stack([np.cos(around), np.sin(around)], axis=1)
    return np.concatenate([flat, np.broadcast_to(np.sin(rise)[:, None, None], (*flat.shape[:2], 1))], axis=2)


def _power(values: Float64, exponent: float) -> Float64:
    return np.sign(values) * np.abs(values) ** exponent


def _grid_quads(index: Int32) -> Int32:
    return np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], axis=2).reshape(-1, 4)


def _ring_walls(rings: Sequence[Float64], *, last: bool) -> Solid:
    body = loft(rings)
    keep = (body.faces != sum(len(ring) for ring in rings)).all(axis=1)  # all but the lid over the first ring
    return Solid(body.vertices, body.faces[keep if last else slice(None)])
