"""Lamps that stand, lean and hang."""

import numpy as np

from pinpoint3d.synthesis.modelling.builder import Builder
from pinpoint3d.synthesis.modelling.fittings import beam
from pinpoint3d.synthesis.modelling.materials import Finish, ceramic, dark, fabric, metal, paint, powder_coated, wood
from pinpoint3d.synthesis.modelling.outlines import bent, spokes
from pinpoint3d.synthesis.modelling.shapes import Solid, box, cylinder, disc, lathe, superellipsoid, tube


def _shade(style: str, radius: float, height: float) -> Solid:
    """Open above and below, its lower rim on z = 0: "drum", "cone", "bell" or "dome"."""
    top = {"drum": 0.92, "cone": 0.5, "bell": 0.35, "dome": 0.12}[style]
    t = np.linspace(0, 1, 2 if style in ("drum", "cone") else 8)
    fall = {"bell": t**0.5, "dome": 1 - np.sqrt(np.clip(1 - t**2.4, 0, 1))}.get(style, t)
    outside = np.column_stack([radius * (1 + (top - 1) * fall), height * t])
    inside = outside[::-1] - [0.003, 0.0]
    return lathe(np.concatenate([outside, inside]), 26, closed=True)


def _bulb(b: Builder, z: float) -> None:
    b.add(
        "bulb", superellipsoid((-0.03, -0.03, z - 0.045), (0.03, 0.03, z + 0.045), segments=12), Finish((250, 244, 224))
    )


def floor_lamp(b: Builder) -> None:
    """A pole on a plate or three legs, or an arc over a heavy foot."""
    frame = b.finish(metal, metal, powder_coated, wood)
    height, r = b.uniform(1.35, 1.75), b.uniform(0.009, 0.014)
    style = b.pick("drum", "drum", "cone", "bell", "dome")
    shade, radius = b.accent(frame, fabric, paint, powder_coated), b.uniform(0.15, 0.24)
    tall = radius * b.uniform(0.9, 1.5)
    kind = b.pick("plate", "plate", "tripod", "arc")
    if kind == "arc":
        reach = b.uniform(0.7, 1.0)
        b.add("base", disc(0.17, 0, 0.04, 0.006, 28), frame)
        t = np.linspace(0, 1, 18)
        path = np.column_stack([reach * t**2, 0 * t, 0.03 + height * np.sin(t * 2.2) / np.sin(np.pi / 2)])
        b.add("pole", tube(path, r), frame)
        x, end = float(path[-1, 0]), float(path[-1, 2])
        b.add("shade", _shade("dome", radius, tall * 0.7).shifted(x, 0, end - tall * 0.7), shade)
        return
    if kind == "tripod":
        b.each(
            "leg",
            [
                beam((x, y, 0), (x * 0.1, y * 0.1, height - tall * 0.8), 0.022)
                for x, y in spokes(3, b.uniform(0.24, 0.32), 90)
            ],
            frame,
        )
        b.add("pole", cylinder(0.025, height - tall * 0.9, height - tall * 0.5), frame)
    else:
        foot = b.uniform(0.12, 0.16)
        b.add("base", lathe([(foot, 0), (foot, 0.012), (foot * 0.3, 0.03), (r, 0.045)], 28), frame)
        b.add("pole", cylinder(r, 0.02, height - tall * 0.35, segments=10), frame)
    _bulb(b, height - tall * 0.35)
    b.add("shade", _shade(style, radius, tall).shifted(z=height - tall), shade)
    if b.chance(0.3):
        b.add("switch", tube([(0.05, 0, height - tall), (0.05, 0, height - tall - 0.16)], 0.003, 6), frame)


def table_lamp(b: Builder) -> None:
    """A body of stoneware, wood or metal under a shade."""
    body = b.finish(ceramic, ceramic, wood, metal, paint)
    height = b.uniform(0.3, 0.55)
    radius = height * b.uniform(0.3, 0.42)
    tall, stem = height * b.uniform(0.35, 0.48), 0.03
    top, r = height - tall, height * b.uniform(0.1, 0.2)
    kind = b.pick("gourd", "column", "block", "plate")
    if kind == "gourd":
        t = np.linspace(0, 1, 10)
        line = np.column_stack([r * (0.55 + 0.6 * np.sin(np.pi * t**0.7) ** 1.2) * (1 - 0.5 * t), (top - stem) * t])
        b.add("body", lathe(line, 24), body)
    elif kind == "column":
        b.add("base", disc(r, 0, 0.02), body)
        b.add("body", cylinder(r * 0.4, 0.02, top - stem, r * 0.3), body)
    elif kind == "block":
        b.add("body", box((-r * 0.7, -r * 0.7, 0), (r * 0.7, r * 0.7, top - stem), 0.008, 2), body)
    else:
        b.add("base", disc(r * 1.2, 0, 0.016), body)
    frame = b.accent(body, metal, dark)
    b.add(
        "stem",
        cylinder(0.008, 0.01 if kind == "plate" else top - stem - 0.005, height - tall * 0.4, segments=10),
        frame,
    )
    _bulb(b, height - tall * 0.45)
    b.add(
        "shade",
        _shade(b.pick("drum", "cone", "cone", "bell", "dome"), radius, tall).shifted(z=top),
        b.accent(body, fabric, paint),
    )


def desk_lamp(b: Builder) -> None:
    """Two arms with a joint between, and a head that turns."""
    frame = b.finish(powder_coated, powder_coated, metal)
    base = b.uniform(0.07, 0.1)
    b.add("base", disc(base, 0, b.uniform(0.015, 0.03), 0.006), frame)
    low, up = b.uniform(0.22, 0.36), b.uniform(0.2, 0.32)
    a, c = np.radians(b.uniform(60, 105)), np.radians(b.uniform(-15, 35))
    elbow = np.array([0.0, low * np.cos(a), 0.02 + low * np.sin(a)])
    wrist = elbow + np.array([0.0, -up * np.cos(c), up * np.sin(c)])
    arms, r = b.accent(frame, metal), b.uniform(0.005, 0.008)
    double = b.chance(0.4)
    for name, start, end in (("lower arm", np.array([0, 0, 0.02]), elbow), ("upper arm", elbow, wrist)):
        for x in (-0.012, 0.012) if double else (0.0,):
            b.add(name, tube([start, end], r).shifted(x), arms)
    b.each(
        "joint",
        [cylinder(0.014, -0.02, 0.02, segments=12).turned("y", 90).shifted(*at) for at in (elbow, wrist)],
        b.accent(frame, dark),
    )
    radius = b.uniform(0.05, 0.08)
    head = _shade(b.pick("bell", "dome", "cone"), radius, radius * 1.7)
    tilt = b.uniform(-50, -10)
    b.add("head", head.shifted(z=-radius * 1.7).turned("x", tilt).shifted(*wrist), frame)


def pendant_lamp(b: Builder) -> None:
    """Hangs from the ceiling on a cord: a rose, a cord and a shade."""
    frame = b.finish(powder_coated, metal)
    shade = b.accent(frame, paint, fabric, metal)
    radius, drop = b.uniform(0.14, 0.28), b.uniform(0.3, 0.8)
    tall = radius * b.uniform(0.6, 1.2)
    if b.chance(0.2):
        b.add("shade", superellipsoid((-radius, -radius, 0), (radius, radius, 2 * radius * 0.95)), shade)
        tall = 1.85 * radius
    else:
        b.add("shade", _shade(b.pick("dome", "bell", "cone", "drum"), radius, tall), shade)
        _bulb(b, tall * 0.5)
    b.add("cord", cylinder(0.004, tall * 0.6, tall + drop, segments=6), b.accent(frame, dark))
    b.add("rose", lathe([(0.012, tall + drop - 0.05), (0.05, tall + drop - 0.02), (0.055, tall + drop)], 18), frame)


def ceiling_lamp(b: Builder) -> None:
    """Close under the ceiling, round or square, or spots on a rail."""
    frame = b.finish(metal, powder_coated, paint)
    if b.chance(0.35):
        length, n = b.uniform(0.5, 1.0), b.count(2, 4)
        b.add("rail", box((-length / 2, -0.03, 0.13), (length / 2, 0.03, 0.16), 0.004), frame)
        spots, arms = [], []
        for x in (np.arange(n) + 0.5) * length / n - length / 2:
            spot = _shade("bell", 0.035, 0.1).turned("x", b.uniform(-50, 50)).turned("z", b.uniform(-60, 60))
            spots.append(spot.shifted(x, 0, 0.03))
            arms.append(tube(bent([(x, 0, 0.14), (x, 0, 0.1), (x, 0.01, 0.08)], 0.01), 0.006, 6))
        b.each("spot", spots, b.accent(frame, metal))
        b.each("arm", arms, frame)
        return
    radius = b.uniform(0.14, 0.25)
    glow = Finish((246, 243, 232))
    if b.chance(0.6):
        b.add("base", disc(radius * 0.95, 0.08, 0.1), frame)
        b.add("shade", lathe([(0, 0), (radius * 0.6, 0.012), (radius * 0.9, 0.04), (radius, 0.08)], 28), glow)
    else:
        b.add("base", box((-radius, -radius, 0.06), (radius, radius, 0.08), 0.003), frame)
        b.add("shade", box((-radius * 0.92, -radius * 0.92, 0), (radius * 0.92, radius * 0.92, 0.06), 0.015, 2), glow)
