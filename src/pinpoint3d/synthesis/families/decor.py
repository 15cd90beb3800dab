"""What makes a room a home: books, textiles, pictures, clocks."""

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.synthesis.modelling.builder import Builder, numbered
from pinpoint3d.synthesis.modelling.fittings import throw_pillow
from pinpoint3d.synthesis.modelling.materials import (
    Finish,
    bright,
    ceramic,
    dark,
    fabric,
    metal,
    paint,
    paper,
    plastic,
    sanitary,
    wood,
)
from pinpoint3d.synthesis.modelling.outlines import ellipse, rectangle
from pinpoint3d.synthesis.modelling.shapes import (
    box,
    cylinder,
    disc,
    lathe,
    layers,
    prism,
    shift,
    superellipsoid,
    tube,
    turn,
)


def books(b: Builder) -> None:
    """Lying in a stack, or standing in a row: covers and pages."""
    n = b.count(1, 6)
    pages = Finish((236, 230, 214))
    standing = b.chance(0.35)
    z = 0.0
    for i in range(n):
        w, d, t = b.uniform(0.13, 0.22), b.uniform(0.18, 0.29), b.uniform(0.012, 0.05)
        cover = b.finish(bright, paint, dark)
        if standing:
            place = shift(z, 0, w / 2) @ turn("y", 90)
        else:
            place = shift(b.uniform(-0.015, 0.015), b.uniform(-0.015, 0.015), z) @ turn("z", b.uniform(-14, 14))
        z += t
        with b.within(place):
            name = numbered("book", i + 1, n)
            shell = box((-w / 2, -d / 2, 0), (w / 2, d / 2, 0.003)) + box(
                (-w / 2, -d / 2, t - 0.003), (w / 2, d / 2, t)
            )
            b.add(name, shell + box((-w / 2, -d / 2, 0.003), (-w / 2 + 0.003, d / 2, t - 0.003)), cover)
            b.add(name, box((-w / 2 + 0.003, -d / 2 + 0.004, 0.003), (w / 2 - 0.004, d / 2 - 0.004, t - 0.003)), pages)


def pillow(b: Builder) -> None:
    """A cushion, square or long or round, with piping or buttons."""
    w, d, t = b.uniform(0.35, 0.6), b.uniform(0.3, 0.45), b.uniform(0.1, 0.17)
    cover = b.finish(fabric, fabric, bright)
    oval = b.chance(0.2)
    body = superellipsoid((-w / 2, -d / 2, 0), (w / 2, d / 2, t), segments=26) if oval else throw_pillow(w, d, t)
    b.add("cushion", body, cover)
    trim = b.accent(cover, fabric, bright)
    if b.chance(0.6):
        outline = ellipse(w * 0.985, d * 0.985, 32) if oval else rectangle(w * 0.94, d * 0.94, 0.05, 6)
        b.add("piping", tube(np.column_stack([outline, np.full(len(outline), t / 2)]), 0.006, 6, closed=True), trim)
    if b.chance(0.4):
        b.add("button", superellipsoid((-0.018, -0.018, t - 0.012), (0.018, 0.018, t + 0.008), segments=12), trim)


def rug(b: Builder) -> None:
    """Flat on the floor: a field, a border, perhaps fringes."""
    w, d, t = b.uniform(0.8, 2.4), b.uniform(0.6, 1.7), b.uniform(0.008, 0.02)
    field = b.finish(fabric, fabric, bright)
    edge = b.finish(fabric, bright)
    if b.chance(0.3):
        b.add("field", prism(ellipse(w, w, 40), 0, t, 0.004), field)
        b.add("border", prism(ellipse(w + 0.12, w + 0.12, 40), 0, t * 0.8, 0.003), edge)
        return
    rim = b.uniform(0.05, 0.18)
    b.add("border", box((-w / 2, -d / 2, 0), (w / 2, d / 2, t * 0.85), 0.003), edge)
    b.add("field", box((-w / 2 + rim, -d / 2 + rim, 0), (w / 2 - rim, d / 2 - rim, t), 0.002), field)
    if b.chance(0.4):
        for number, s in enumerate((-1, 1), 1):
            for y in np.linspace(-d / 2 + 0.02, d / 2 - 0.02, max(8, round(d / 0.05))):
                b.add(
                    f"fringe {number}",
                    box((s * w / 2 - 0.002, y - 0.008, 0), (s * (w / 2 + 0.06), y + 0.008, 0.006)),
                    Finish((226, 216, 196)),
                )


def picture(b: Builder) -> None:
    """A frame, a mount and a print of some colours."""
    w, h = b.uniform(0.2, 0.9), b.uniform(0.2, 0.7)
    rim, t = b.uniform(0.012, 0.045), b.uniform(0.015, 0.035)
    frame = b.finish(wood, dark, paint, metal)
    outer, inner = rectangle(w, h), rectangle(w - 2 * rim, h - 2 * rim)
    passe = min(w, h) * b.uniform(0.0, 0.16)
    iw, ih = w / 2 - rim - passe, h / 2 - rim - passe
    with b.within(turn("x", 90)):
        b.add("frame", layers([(inner, 0.0), (outer, 0.0), (outer, t), (inner, t)], closed=True), frame)
        if passe > 0.01:
            b.add(
                "mount",
                box((-w / 2 + rim, -h / 2 + rim, 0), (w / 2 - rim, h / 2 - rim, t * 0.4)),
                b.finish(sanitary, paper),
            )
        ground = b.finish(bright, paint, paper)
        b.add("print", box((-iw, -ih, 0.0), (iw, ih, t * 0.4 + 0.001)), ground)
        for k in range(b.count(0, 3)):
            x, y, s = b.uniform(-0.5, 0.5) * iw, b.uniform(-0.5, 0.5) * ih, b.uniform(0.15, 0.4) * min(iw, ih)
            b.add(
                "print",
                cylinder(s, t * 0.3, t * 0.4 + 0.0015 + 0.0003 * k, segments=18).shifted(x, y),
                b.finish(bright),
            )


def clock(b: Builder) -> None:
    """A round or square face with hands and marks, on the wall."""
    r, t = b.uniform(0.11, 0.2), b.uniform(0.025, 0.04)
    case = b.finish(dark, metal, wood, plastic)
    face = b.finish(sanitary, dark, paint)
    square = b.chance(0.25)

    def ring(size: float) -> Float64:
        return rectangle(2 * size, 2 * size, 0.3 * size, 7) if square else ellipse(2 * size, 2 * size, 32)

    with b.within(turn("x", 90)):
        inner = r * b.uniform(0.86, 0.94)
        b.add("case", layers([(ring(r), 0.0), (ring(r), t), (ring(inner), t), (ring(inner), t * 0.55)]), case)
        b.add("face", prism(ring(inner * 0.995), t * 0.4, t * 0.6), face)
        ink = Finish((24, 24, 26)) if sum(face.rgb) > 330 else Finish((238, 236, 230))
        for k in range(12):
            long = 0.1 if k % 3 == 0 else 0.06
            mark = box((-0.004, inner * (0.92 - long), t * 0.55), (0.004, inner * 0.92, t * 0.6 + 0.0015))
            b.add("marks", mark.turned("z", 30 * k), ink)
        hour = b.uniform(0, 12)
        for name, length, wide, degrees in (("hour hand", 0.5, 0.007, -30.0), ("minute hand", 0.75, 0.005, -360.0)):
            hand = box((-wide, -inner * 0.08, t * 0.6), (wide, inner * length, t * (0.7 if wide > 0.006 else 0.8)))
            b.add(name, hand.turned("z", degrees * hour), ink)
        b.add("cap", disc(0.01, t * 0.6, t * 0.9, 0.001, 10), b.accent(case, metal))


def candle(b: Builder) -> None:
    """A candle on a stick or in a dish."""
    body, wax = b.finish(metal, wood, ceramic), b.finish(sanitary, bright)
    h, r = b.uniform(0.05, 0.28), b.uniform(0.035, 0.055)
    b.add(
        "base",
        lathe(
            [
                (r, 0),
                (r * 0.95, 0.008),
                (0.012, 0.016),
                (0.008, h * 0.6),
                (0.018, h * 0.92),
                (0.03, h),
                (0.03, h + 0.006),
                (0, h + 0.003),
            ],
            22,
        ),
        body,
    )
    thick, tall = b.uniform(0.01, 0.024), b.uniform(0.07, 0.2)
    b.add(
        "candle",
        lathe([(thick, h), (thick, h + tall - 0.003), (thick * 0.7, h + tall), (0, h + tall - 0.004)], 16),
        wax,
    )
    b.add("wick", cylinder(0.002, h + tall - 0.005, h + tall + 0.012, segments=5), b.finish(dark))
