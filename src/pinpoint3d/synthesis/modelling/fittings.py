"""What many things have in common: legs, handles, knobs, drawers, doors, castors."""

from collections.abc import Sequence

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.synthesis.modelling.builder import Builder
from pinpoint3d.synthesis.modelling.materials import Finish, ceramic, dark, metal, powder_coated, wood
from pinpoint3d.synthesis.modelling.outlines import bent, rectangle
from pinpoint3d.synthesis.modelling.shapes import (
    Solid,
    box,
    casing,
    cylinder,
    disc,
    lathe,
    loft,
    prism,
    sheet,
    shift,
    superellipsoid,
    tube,
    turn,
)

HANDLES = ("bar", "bow", "knob", "cup", "ring", "strip")


def leg(style: str, foot: Sequence[float], top: Sequence[float], thickness: float) -> Solid:
    """A leg from its foot to its top.

    Args:
        style: "square", "round", "tapered", "conical" or "turned".
        foot: x, y, z.
        top: x, y, z; above the foot.
        thickness: at the top, metres.
    """
    a, b = np.asarray(foot, dtype=np.float64), np.asarray(top, dtype=np.float64)
    height = b[2] - a[2]
    r = thickness / 2
    if style == "turned":
        marks = [(0.45, 0), (0.6, 0.06), (0.5, 0.12), (0.75, 0.4), (0.95, 0.55), (0.6, 0.62), (1.0, 0.68), (1.0, 1.0)]
        upright = lathe([(r * w, height * t) for w, t in marks], 12)
    elif style in ("round", "conical"):
        upright = cylinder(r * (0.55 if style == "conical" else 1.0), 0, height, r, 12)
    else:
        low = 0.6 if style == "tapered" else 1.0
        rings = [(low, 0.0), (1.0, height)]
        upright = loft(
            [np.column_stack([rectangle(2 * r * w, 2 * r * w, 0.1 * r, 1), np.full(8, z)]) for w, z in rings]
        )
    lean = np.eye(4)
    lean[:2, 2] = (b - a)[:2] / height
    lean[:3, 3] = a
    return upright.moved(lean)


def legs(
    b: Builder,
    corners: Sequence[Sequence[float]],
    top: float,
    thickness: float,
    finish: Finish,
    *,
    style: str,
    splay: float = 0.0,
) -> None:
    """A leg under every corner (x, y), leaning outwards by `splay` metres at the foot."""
    solids = []
    for x, y in corners:
        foot = (x + splay * np.sign(x), y + splay * np.sign(y), 0.0)
        solids.append(leg(style, foot, (x, y, top), thickness))
    b.each("leg", solids, finish)


def corners(width: float, depth: float, y: float = 0.0) -> list[tuple[float, float]]:
    """Of a rectangle about (0, y)."""
    return [(sx * width / 2, y + sy * depth / 2) for sy in (-1, 1) for sx in (-1, 1)]


def leg_style(b: Builder) -> str:
    return b.pick("square", "square", "round", "tapered", "tapered", "conical", "turned")


def beam(start: Sequence[float], end: Sequence[float], width: float, height: float | None = None) -> Solid:
    """A straight bar of square or rectangular section."""
    section = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]]) * [1.0, (height or width) / width]
    return tube([start, end], width / 2, profile=section)


def knob(radius: float, length: float) -> Solid:
    """Sticks out of the plane y = 0 towards -y."""
    marks = [(0.45, 0.0), (0.4, 0.4), (0.9, 0.55), (1.0, 0.75), (0.8, 0.95), (0.0, 1.0)]
    return lathe([(radius * r, length * t) for r, t in marks], 14).turned("x", 90)


def handle(style: str, length: float) -> Solid:
    """Along x on the plane y = 0, about the origin, towards -y; see `HANDLES`."""
    half, out = length / 2, 0.034
    if style == "bar":
        bar = tube([(-half, -out, 0), (half, -out, 0)], 0.0065)
        posts = [tube([(x, 0, 0), (x, -out, 0)], 0.005) for x in (-half * 0.8, half * 0.8)]
        return bar + posts[0] + posts[1]
    if style == "bow":
        return tube(bent([(-half, 0, 0), (-half, -out, 0), (half, -out, 0), (half, 0, 0)], 0.025), 0.0065)
    if style == "cup":
        shell = superellipsoid((-half * 0.8, -0.03, -0.02), (half * 0.8, 0.03, 0.02), 1.0, 0.6, 16)
        return _front_half(shell)
    if style == "ring":
        around = np.linspace(0, 2 * np.pi, 14, endpoint=False)
        path = np.column_stack([0.026 * np.cos(around), np.full(14, -0.014), 0.026 * np.sin(around) - 0.02])
        return tube(path, 0.004, 6, closed=True) + disc(0.012, 0, 0.018, segments=12).turned("x", 90)
    if style == "strip":
        return box((-half, -0.02, -0.004), (half, 0, 0.004)) + box((-half, -0.02, -0.018), (half, -0.016, 0.0))
    return knob(float(np.clip(length * 0.12, 0.012, 0.02)), 0.034)


def handle_finish(b: Builder, body: Finish) -> Finish:
    return b.accent(body, metal, metal, powder_coated, wood, dark, ceramic)


def front(width: float, height: float, thickness: float, style: str) -> Solid:
    """A drawer or door front on the plane y = 0 towards -y, about the origin: "flat", "framed" or "round"."""
    half_w, half_h = width / 2, height / 2
    if style == "framed" and min(width, height) > 0.14:
        rail = min(0.06, 0.25 * min(width, height))
        rings = [
            (0.0, 0.0),
            (0.0, -thickness),
            (rail, -thickness),
            (rail + 0.008, -thickness * 0.45),
        ]
        return loft([_upright(half_w - inset, half_h - inset, y) for inset, y in rings])
    bevel = 0.002 if style == "flat" else min(0.012, thickness * 0.6)
    return box((-half_w, -thickness, -half_h), (half_w, 0, half_h), bevel, 1 if style == "flat" else 3)


def drawer(
    b: Builder,
    name: str,
    size: tuple[float, float, float],
    finish: Finish,
    *,
    style: str,
    grip: tuple[str, Finish],
    pull: float,
) -> None:
    """A drawer with its handle; its front lies on the plane y = 0 when it is shut.

    Args:
        b: what it is added to.
        name: of the part; the handle is named after its number.
        size: width and height of the front, depth of the box.
        finish: of the front.
        style: of the front.
        grip: style and finish of the handle.
        pull: how far it is open, metres.
    """
    width, height, depth = size
    thickness = 0.018
    with b.within(shift(y=-pull)):
        b.add(name, front(width, height, thickness, style), finish)
        if pull > 0:
            low, high = (-width / 2 + 0.015, 0.0, -height / 2 + 0.01), (width / 2 - 0.015, depth, height / 2 - 0.03)
            b.add(name, tray(low, high, 0.012), Finish((214, 196, 168)))
        _grip(b, name, grip, width, (0.0, -thickness, 0.0 if height < 0.3 else height / 2 - 0.08))


def _grip(b: Builder, name: str, grip: tuple[str, Finish], width: float, at: tuple[float, float, float]) -> None:
    style, finish = grip
    number = name.partition(" ")[2]
    called = ("knob" if style == "knob" else "handle") + (f" {number}" if number else "")
    length = min(0.16 if style != "strip" else width * 0.9, width * 0.5)
    if width > 0.7 and style != "strip":  # wide drawers have two
        solid = handle(style, length).shifted(-width / 4) + handle(style, length).shifted(width / 4)
    else:
        solid = handle(style, length)
    b.add(called, solid.shifted(*at), finish)


def door(
    b: Builder, name: str, size: tuple[float, float], finish: Finish, *, style: str, grip: tuple[str, Finish],
    hinge: int, angle: float, grip_height: float = 0.0, thickness: float = 0.02,
) -> None:  # fmt: skip
    """A door with its handle, about the origin on the plane y = 0 when it is shut.

    Args:
        b: what it is added to.
        name: of the part; the handle is named after its number.
        size: width and height.
        finish: of the leaf.
        style: of the front.
        grip: style and finish of the handle.
        hinge: -1 on the left, 1 on the right.
        angle: how far it is open, degrees.
        grip_height: of the handle above the middle.
        thickness: of the leaf.
    """
    width, height = size
    with b.within(turn("z", hinge * angle, (hinge * width / 2, -thickness / 2, 0))):
        b.add(name, front(width, height, thickness, style), finish)
        solid = handle(grip[0], min(0.18, height * 0.5))
        if grip[0] != "ring":
            solid = solid.turned("y", 90)
        number = name.partition(" ")[2]
        called = ("knob" if grip[0] == "knob" else "handle") + (f" {number}" if number else "")
        b.add(called, solid.shifted(-hinge * (width / 2 - 0.04), -thickness, grip_height), grip[1])


def tray(low: Sequence[float], high: Sequence[float], wall: float) -> Solid:
    """A box that is open at the top."""
    a, c = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    size, middle = c - a, (a + c) / 2
    outside, inside = casing((-size[0] / 2, 0, -size[1] / 2), (size[0] / 2, size[2], size[1] / 2), wall)
    return (outside + inside).turned("x", -90).shifted(middle[0], middle[1], c[2])


def feet(b: Builder, width: float, depth: float, height: float) -> None:
    """Four short round feet under a machine of some size, its middle over the origin."""
    places = corners(width - 0.1, depth - 0.1)
    b.each("foot", [cylinder(0.02, 0, height + 0.002, segments=10).shifted(x, y) for x, y in places], b.finish(dark))


def throw_pillow(width: float, depth: float, thickness: float) -> Solid:
    """Lies on z = 0 about the origin: thick in the middle, thin at its pointed corners."""
    body = superellipsoid((-1, -1, 0), (1, 1, thickness), 1.25, 0.4, 24)
    x, y = body.vertices[:, 0], body.vertices[:, 1]
    pinched = np.column_stack([x * (0.9 + 0.1 * y**2), y * (0.9 + 0.1 * x**2), body.vertices[:, 2]])
    return Solid(pinched * [width / 2, depth / 2, 1.0], body.faces)


def castor(radius: float) -> Solid:
    """A wheel in its fork, standing on z = 0 under the point (0, 0, 2.2 radius)."""
    wheels = [disc(radius, x, x + radius * 0.5, segments=14).turned("y", 90) for x in (-radius * 0.65, radius * 0.15)]
    stem = cylinder(radius * 0.35, radius, radius * 2.2, segments=8)
    return (wheels[0] + wheels[1]).shifted(z=radius) + stem


def curved_back(width: float, low: float, high: float, bow: float, thickness: float = 0.014) -> Solid:
    """The back of a seat on the plane y = 0, its sides bowed forwards by `bow` metres."""
    u, v = np.linspace(-1, 1, 11)[:, None], np.linspace(0, 1, 9)[None]
    x = u * (1 - 0.18 * v**4) * width / 2
    y = -bow * u**2 - 0.005 + 0 * v
    z = low + (high - low) * v * (1 - 0.06 * u**4 * v**3)
    return sheet(np.stack([x, y, z], axis=2), thickness)


def slab(width: float, depth: float, low: float, high: float, *, radius: float = 0.0, bevel: float = 0.004) -> Solid:
    """A board with rounded corners and a flat top."""
    return prism(rectangle(width, depth, radius, 5), low, high, bevel)


def _upright(half_w: float, half_h: float, y: float) -> Float64:
    return np.array([[-half_w, y, -half_h], [half_w, y, -half_h], [half_w, y, half_h], [-half_w, y, half_h]])


def _front_half(solid: Solid) -> Solid:
    middle = solid.vertices[solid.faces].mean(axis=1)
    return Solid(solid.vertices, solid.faces[(middle[:, 1] < 0) & (middle[:, 2] > -0.016)])
