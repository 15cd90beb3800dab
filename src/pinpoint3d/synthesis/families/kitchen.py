"""Crockery and pots."""

import numpy as np

from pinpoint3d.synthesis.modelling.builder import Builder
from pinpoint3d.synthesis.modelling.fittings import knob
from pinpoint3d.synthesis.modelling.materials import (
    Finish,
    bright,
    ceramic,
    dark,
    glass,
    leaves,
    metal,
    paint,
    plastic,
    wood,
)
from pinpoint3d.synthesis.modelling.outlines import bent, rectangle
from pinpoint3d.synthesis.modelling.shapes import Solid, cylinder, lathe, superellipsoid, tube


def vessel(outside: list[tuple[float, float]], wall: float = 0.004, floor: float = 0.005, segments: int = 26) -> Solid:
    """A lathe with an inside: `outside` goes from the foot up to the rim."""
    foot = outside[0][1]
    inside = [(max(r - wall, 0.0), max(z, foot + floor)) for r, z in outside[::-1]]
    return lathe([*outside, *inside, (0.0, foot + floor)], segments)


def bowl(b: Builder) -> None:
    """A bowl on a foot, perhaps with fruit."""
    r, h = b.uniform(0.06, 0.15), b.uniform(0.05, 0.09)
    body = b.finish(ceramic, ceramic, wood, glass, metal)
    t = np.linspace(0, 1, 7)
    bend = b.uniform(1.6, 2.6)
    line = [(r * (0.4 + 0.6 * s ** (1 / bend)), 0.01 + (h - 0.01) * s) for s in t]
    b.add("foot", lathe([(r * 0.42, 0), (r * 0.38, 0.012)], 24), body)
    b.add("body", vessel(line, 0.005), b.accent(body, ceramic) if b.chance(0.3) else body)
    if r > 0.1 and b.chance(0.4):
        fruit = []
        for i in range(b.count(2, 5)):
            a, s = i * 2.2 + b.uniform(0, 1), b.uniform(0.03, 0.038)
            x, y, z = r * 0.42 * np.cos(a), r * 0.42 * np.sin(a), h * 0.55
            fruit.append(superellipsoid((x - s, y - s, z - s * 0.9), (x + s, y + s, z + s * 0.9), segments=14))
        b.each("fruit", fruit, b.finish(bright, leaves))


def plate(b: Builder) -> None:
    """A plate with a rim, or a stack of them."""
    r = b.uniform(0.08, 0.14)
    body = b.finish(ceramic, ceramic, glass, wood)
    n = b.pick(1, 1, 3, 5)
    well = [
        (r * 0.6, 0.0),
        (r * 0.66, 0.006),
        (r * 0.99, 0.02),
        (r, 0.023),
        (r * 0.98, 0.024),
        (r * 0.64, 0.011),
        (r * 0.6, 0.006),
        (0, 0.006),
    ]
    b.each("plate", [lathe(well, 30).shifted(z=0.009 * i) for i in range(n)], body)


def pan(b: Builder) -> None:
    """A frying pan or saucepan with a long handle, perhaps under a lid."""
    r, deep = b.uniform(0.09, 0.15), b.pick(b.uniform(0.035, 0.055), b.uniform(0.08, 0.12))
    body = b.finish(dark, metal, metal, paint)
    b.add("body", vessel([(r * 0.88, 0), (r * 0.92, 0.006), (r, deep)], 0.004), body)
    grip, length = b.accent(body, dark, wood, metal), b.uniform(0.15, 0.22)
    rise = b.uniform(0.02, 0.05)
    path = [(r - 0.002, 0, deep - 0.015), (r + 0.05, 0, deep + rise * 0.4), (r + length, 0, deep + rise)]
    b.add("handle", tube(bent(path, 0.04), 0.01, profile=rectangle(2.6, 1.3, 0.5, 3)), grip)
    if b.chance(0.35):
        _lid(b, r, deep, b.accent(body, metal, glass))


def _lid(b: Builder, radius: float, z: float, finish: Finish) -> None:
    top = z + radius * 0.22
    b.add("lid", lathe([(radius + 0.002, z), (radius, z + 0.006), (radius * 0.6, top - 0.008), (0, top)], 26), finish)
    b.add("knob", knob(0.018, 0.03).turned("x", -90).shifted(z=top - 0.004), b.accent(finish, dark, metal))


def pot(b: Builder) -> None:
    """A stock pot with two ears and a lid."""
    r, h = b.uniform(0.09, 0.14), b.uniform(0.1, 0.18)
    body = b.finish(metal, metal, paint, dark)
    b.add("body", vessel([(r * 0.95, 0), (r, 0.008), (r, h - 0.004), (r + 0.004, h)], 0.004), body)
    out, z = 0.045, h * b.uniform(0.7, 0.85)
    ears = [
        tube(
            bent([(-0.04, r - 0.004, z), (-0.04, r + out, z), (0.04, r + out, z), (0.04, r - 0.004, z)], 0.025), 0.006
        ).turned("z", a)
        for a in (90, -90)
    ]
    b.each("handle", ears, b.accent(body, dark, metal))
    if b.chance(0.7):
        _lid(b, r, h, b.accent(body, metal, glass))


def teapot(b: Builder) -> None:
    """A round body with spout, ear, lid and knob."""
    r = b.uniform(0.065, 0.09)
    h = r * b.uniform(1.2, 1.7)
    body = b.finish(ceramic, ceramic, metal, dark)
    t = np.linspace(0, 1, 9)
    line = np.column_stack([r * (0.62 + 0.38 * np.sin(np.pi * (0.12 + 0.76 * t))) * (1 - 0.42 * t**3), h * t])
    b.add("body", lathe(line, 28), body)
    path = bent([(r * 0.8, 0, h * 0.3), (r * 1.25, 0, h * 0.45), (r * 1.4, 0, h * 0.95)], 0.05)
    b.add("spout", tube(path, np.linspace(r * 0.22, r * 0.11, len(path)), 12), body)
    if b.chance(0.7):
        ear = bent(
            [(-r * 0.85, 0, h * 0.85), (-r * 1.75, 0, h * 0.85), (-r * 1.6, 0, h * 0.25), (-r * 0.9, 0, h * 0.25)], 0.05
        )
    else:
        ear = bent(
            [(-r * 0.65, 0, h * 0.9), (-r * 0.65, 0, h * 1.65), (r * 0.65, 0, h * 1.65), (r * 0.65, 0, h * 0.9)], 0.06
        )
    b.add("handle", tube(ear, 0.007), b.accent(body, wood, metal))
    lid, top = float(line[-1, 0]) * 1.02, h
    b.add("lid", lathe([(lid, top - 0.002), (lid, top + 0.004), (lid * 0.55, top + 0.016), (0, top + 0.02)], 22), body)
    b.add(
        "knob",
        superellipsoid((-0.011, -0.011, top + 0.016), (0.011, 0.011, top + 0.038), segments=14),
        b.accent(body, ceramic, wood),
    )


def jug(b: Builder) -> None:
    """A tall pitcher with a lip and an ear."""
    r, h = b.uniform(0.045, 0.065), b.uniform(0.16, 0.26)
    body = b.finish(ceramic, glass, metal, plastic)
    neck = r * b.uniform(0.6, 0.95)
    line = [(r * 0.8, 0.0), (r, h * 0.2), (r * 0.98, h * 0.4), (neck, h * 0.75), (neck * 1.1, h)]
    b.add("body", vessel(line, 0.004), body)
    lip = [(neck * 0.95, 0, h * 0.9), (neck * 1.1 + 0.014, 0, h - 0.002)]
    b.add("lip", tube(lip, [0.016, 0.009], 10), body)
    ear = bent([(-neck, 0, h * 0.9), (-r - 0.045, 0, h * 0.9), (-r - 0.04, 0, h * 0.3), (-r * 0.95, 0, h * 0.3)], 0.04)
    b.add("handle", tube(ear, 0.007), b.accent(body, ceramic))


def wine_glass(b: Builder) -> None:
    """Foot, stem and bowl."""
    body = b.finish(glass)
    r, h = b.uniform(0.03, 0.045), b.uniform(0.16, 0.23)
    stem = h * b.uniform(0.38, 0.5)
    t = np.linspace(0, 1, 7)
    line = [(r * (0.15 + 0.95 * np.sin(np.pi * (0.08 + 0.6 * s)) ** 0.8), stem + (h - stem) * s) for s in t]
    b.add("foot", lathe([(r * 0.9, 0), (r * 0.88, 0.003), (0.006, 0.008)], 22), body)
    b.add("stem", cylinder(0.0045, 0.005, stem + 0.004, segments=8), body)
    b.add("bowl", vessel(line, 0.0018, 0.003, 22), body)
