"""Chairs and stools."""

import numpy as np

from pinpoint3d.synthesis.modelling.builder import Builder
from pinpoint3d.synthesis.modelling.fittings import beam, curved_back, leg, leg_style, slab
from pinpoint3d.synthesis.modelling.materials import Finish, fabric, leather, paint, plastic, powder_coated, wood
from pinpoint3d.synthesis.modelling.shapes import Solid, cushion, disc, shift, tube, turn


def dining_chair(b: Builder) -> None:
    """Four legs, a seat and a back, with or without arms, rungs and a cushion."""
    width, depth, height = b.uniform(0.4, 0.52), b.uniform(0.4, 0.5), b.uniform(0.43, 0.48)
    top = height + b.uniform(0.36, 0.55)
    frame = b.finish(wood, wood, paint, powder_coated)
    thick = b.uniform(0.024, 0.045)
    style = leg_style(b)
    splay = b.uniform(0, 0.05) if b.chance(0.5) else 0.0
    inset = thick / 2 + 0.005
    seat_low = height - b.uniform(0.02, 0.04)
    wx, wy = width / 2 - inset, depth / 2 - inset
    feet = [(-wx, -wy), (wx, -wy), (-wx, wy), (wx, wy)]
    b.each("leg", [_leg(style, x, y, seat_low, thick, splay) for x, y in feet], frame)
    seat_finish = b.accent(frame, wood, fabric, leather, plastic)
    if b.chance(0.35):
        b.add(
            "seat", cushion((-width / 2, -depth / 2, seat_low), (width / 2, depth / 2, height + 0.03), 0.3), seat_finish
        )
    else:
        b.add("seat", slab(width, depth, seat_low, height, radius=b.uniform(0, 0.12), bevel=0.006), seat_finish)
    if b.chance(0.4):
        z = seat_low * b.uniform(0.3, 0.5)
        rungs = [beam((x, -wy, z), (x, wy, z), 0.018) for x in (-wx, wx)]
        rungs += [beam((-wx, y, z + 0.04), (wx, y, z + 0.04), 0.018) for y in (-wy, wy)][: b.count(0, 2)]
        b.each("rung", rungs, frame)
    lean = b.uniform(4, 14)
    with b.within(shift(0, depth / 2 - thick / 2, height - 0.01), turn("x", -lean)):
        _back(b, width, top - height, thick, frame, seat_finish)
    if b.chance(0.25):
        _arms(b, width, depth, height, frame)


def _leg(style: str, x: float, y: float, top: float, thick: float, splay: float) -> Solid:
    return leg(style, (x + splay * np.sign(x), y + splay * np.sign(y), 0), (x, y, top), thick)


def _back(b: Builder, width: float, height: float, thick: float, frame: Finish, seat: Finish) -> None:
    """Stands on the origin, upright, its middle on the plane y = 0."""
    x = width / 2 - thick / 2
    kind = b.pick("slats", "ladder", "panel", "shell", "padded")
    if kind in ("slats", "ladder"):
        b.each("back post", [beam((s * x, 0, 0), (s * x, 0, height), thick) for s in (-1, 1)], frame)
        b.add("back rail", beam((-x, 0, height - 0.03), (x, 0, height - 0.03), thick * 0.8, 0.07), frame)
    if kind == "slats":
        n = b.count(3, 6)
        slats = [beam((at, 0, 0), (at, 0, height - 0.04), 0.014, 0.014) for at in np.linspace(-x, x, n + 2)[1:-1]]
        b.each("back slat", slats, frame)
    elif kind == "ladder":
        levels = np.linspace(0.1, height - 0.12, b.count(2, 3))
        b.each("back slat", [beam((-x, 0, z), (x, 0, z), 0.016, 0.045) for z in levels], frame)
    elif kind == "padded":
        b.add("back", cushion((-width / 2, -0.03, -0.02), (width / 2, 0.035, height), 0.3), seat)
    else:
        low = 0.0 if b.chance(0.6) else 0.1
        if low > 0:
            b.each(
                "back post",
                [beam((s * x * 0.8, 0.01, -0.03), (s * x * 0.8, 0.01, height * 0.6), 0.02) for s in (-1, 1)],
                frame,
            )
        bow = 0.04 if kind == "shell" else 0.012
        b.add("back", curved_back(width, low, height, bow), seat)


def _arms(b: Builder, width: float, depth: float, height: float, frame: Finish) -> None:
    rise = b.uniform(0.18, 0.24)
    solids = []
    for s in (-1, 1):
        x = s * (width / 2 - 0.01)
        bar = beam((x, -depth / 2 + 0.03, height + rise), (x, depth / 2 + 0.03, height + rise), 0.035, 0.024)
        solids.append(bar + beam((x, -depth / 2 + 0.05, height - 0.02), (x, -depth / 2 + 0.05, height + rise), 0.026))
    b.each("armrest", solids, frame)


def stool(b: Builder) -> None:
    """A seat without a back, low or at the height of a bar."""
    high = b.chance(0.4)
    height = b.uniform(0.62, 0.8) if high else b.uniform(0.4, 0.5)
    radius = b.uniform(0.15, 0.2)
    frame = b.finish(wood, wood, paint, powder_coated)
    seat = b.accent(frame, wood, leather, fabric, plastic)
    thick = b.uniform(0.022, 0.04)
    low = height - b.uniform(0.025, 0.05)
    if b.chance(0.7):
        b.add("seat", disc(radius, low, height, 0.01), seat)
    else:
        b.add("seat", slab(2 * radius, 1.7 * radius, low, height, radius=0.03), seat)
    n = b.pick(3, 4, 4)
    reach, splay = radius * 0.68, b.uniform(0.01, 0.07)
    around = np.arange(n) * 2 * np.pi / n + np.pi / n + (np.pi / 2 if n == 3 else 0)
    style = leg_style(b)
    feet = [(np.cos(a), np.sin(a)) for a in around]
    b.each(
        "leg",
        [
            leg(style, ((reach + splay) * x, (reach + splay) * y, 0), (reach * x, reach * y, low), thick)
            for x, y in feet
        ],
        frame,
    )
    if high or b.chance(0.4):
        z = height * b.uniform(0.25, 0.4)
        out = reach + splay * (1 - z / low)
        if b.chance(0.5):
            ring = np.linspace(0, 2 * np.pi, 28, endpoint=False)
            b.add(
                "footrest",
                tube(np.column_stack([out * np.cos(ring), out * np.sin(ring), np.full(28, z)]), 0.009, closed=True),
                frame,
            )
        else:
            pairs = zip(feet, feet[1:] + feet[:1], strict=True)
            b.each(
                "rung", [beam((out * p[0], out * p[1], z), (out * q[0], out * q[1], z), 0.018) for p, q in pairs], frame
            )
