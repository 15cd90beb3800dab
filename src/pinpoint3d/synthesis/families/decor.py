"""What makes a room a home: plants, vases, books, textiles, pictures, clocks."""

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.synthesis.builder import Builder, numbered
from pinpoint3d.synthesis.materials import (
    Finish,
    bright,
    ceramic,
    dark,
    fabric,
    glass,
    leaves,
    metal,
    paint,
    paper,
    plastic,
    sanitary,
    shade,
    wood,
)
from pinpoint3d.synthesis.outlines import ellipse, rectangle
from pinpoint3d.synthesis.shapes import (
    Solid,
    box,
    cylinder,
    disc,
    lathe,
    layers,
    prism,
    sheet,
    shift,
    superellipsoid,
    tube,
    turn,
)


def _leaf(length: float, width: float, droop: float) -> Solid:
    """A blade from the origin along +x that bends down at its end."""
    t, s = np.linspace(0, 1, 6)[:, None], np.array([-1.0, 0.0, 1.0])[None]
    half = width / 2 * np.sin(np.pi * np.clip(0.06 + 0.9 * t, 0, 1)) ** 0.8
    x = length * t + 0 * s
    z = length * (0.5 * t - droop * t**2) + 0.3 * half * np.abs(s)
    return sheet(np.stack([x, half * s, z], axis=2), 0.002)


def plant(b: Builder) -> None:
    """A pot with earth, stems and leaves: a bush, a palm, a snake plant or a cactus."""
    big = b.chance(0.5)
    scale = b.uniform(1.6, 3.2) if big else b.uniform(0.5, 1.0)
    r, h = 0.07 * scale, 0.12 * scale
    pot = b.finish(ceramic, ceramic, plastic, metal)
    wall, rim = 0.08 * r, h * 0.97
    if b.chance(0.3):
        square = [
            (rectangle(2 * r * w, 2 * r * w, 0.01 * scale, 2), z)
            for w, z in ((0.8, 0), (1.0, h), (0.9, h), (0.85, h * 0.8))
        ]
        b.add("pot", layers(square), pot)
    else:
        b.add(
            "pot",
            lathe(
                [
                    (r * 0.72, 0),
                    (r * 0.95, h * 0.85),
                    (r * 1.05, h * 0.86),
                    (r * 1.05, h),
                    (r * 1.05 - 2 * wall, h),
                    (r * 0.85, h * 0.8),
                    (0, h * 0.8),
                ],
                24,
            ),
            pot,
        )
    if b.chance(0.35):
        b.add(
            "saucer",
            lathe([(r * 0.9, 0), (r * 1.15, 0.02 * scale), (r * 1.1, 0.02 * scale), (r * 0.8, 0.006)], 24),
            pot,
        )
    b.add("soil", cylinder(r * 0.86, h * 0.7, h * 0.88), Finish((74, 54, 42)))
    green = b.finish(leaves)
    kind = b.pick("bush", "palm", "snake", "cactus")
    top = rim - 0.02 * scale
    if kind == "cactus":
        tall = h * b.uniform(0.9, 1.9)
        b.add(
            "stem",
            superellipsoid((-r * 0.45, -r * 0.45, top - 0.2 * tall), (r * 0.45, r * 0.45, top + tall), 0.7),
            green,
        )
        arms = [
            tube(
                [(0, 0, top + tall * z), (s * r * 0.8, 0, top + tall * z), (s * r * 0.85, 0, top + tall * (z + 0.3))],
                r * 0.2,
                10,
            )
            for s, z in ((-1, 0.35), (1, 0.5))
        ]
        b.each("arm", arms[: b.count(0, 2)], green)
    elif kind == "snake":
        for i in range(b.count(6, 11)):
            tall, a = h * b.uniform(1.2, 2.6), i * 2.4
            blade = _leaf(tall, 0.045 * scale, 0.5).turned("y", -62).turned("z", np.degrees(a))
            b.add(
                "leaves",
                blade.shifted(0.3 * r * np.cos(a), 0.3 * r * np.sin(a), top - 0.03 * scale),
                shade(b.rng, green),
            )
    else:
        trunk = h * (b.uniform(1.5, 3.5) if big else b.uniform(0.2, 0.9))
        b.add(
            "stem",
            tube(
                [(0, 0, top - 0.02), (0.02 * scale, 0, top + trunk * 0.5), (0, 0.01 * scale, top + trunk)],
                0.012 * scale,
                8,
            ),
            b.pick(green, Finish((110, 84, 60))),
        )
        n = b.count(10, 22)
        long, wide = (0.26, 0.05) if kind == "palm" else (0.14, 0.08)
        for i in range(n):
            z = top + trunk * (1.0 if kind == "palm" else b.uniform(0.35, 1.0))
            blade = (
                _leaf(long * scale * b.uniform(0.7, 1.1), wide * scale, b.uniform(0.3, 0.9))
                .turned("y", b.uniform(-50, 15))
                .turned("z", i * 137.5)
            )
            b.add("leaves", blade.shifted(z=z), shade(b.rng, green))


def vase(b: Builder) -> None:
    """A vase, perhaps with flowers on stems."""
    h = b.uniform(0.14, 0.34)
    belly, neck = h * b.uniform(0.16, 0.32), h * b.uniform(0.07, 0.15)
    body = b.finish(ceramic, ceramic, glass, metal)
    at = b.uniform(0.25, 0.6)
    t = np.linspace(0, 1, 12)
    swell = np.where(t < at, np.sin(np.pi / 2 * t / at), np.cos(np.pi / 2 * (t - at) / (1 - at))) ** 1.3
    line = [
        (float(neck + (belly - neck) * s + 0.25 * neck * max(0, x - 0.85) / 0.15), float(h * x))
        for s, x in zip(swell, t, strict=True)
    ]
    inside = [(r - 0.005, z) for r, z in line[:0:-1]]
    b.add("body", lathe([*line, *inside, (0, 0.01)], 26), body)
    if b.chance(0.5):
        green, petal = b.finish(leaves), b.finish(bright)
        for _ in range(b.count(3, 7)):
            x, y = b.uniform(-0.1, 0.1), b.uniform(-0.1, 0.1)
            z = h * b.uniform(1.35, 1.8)
            b.add(
                "stems",
                tube([(0.2 * x * neck, 0.2 * y * neck, h * 0.4), (x * 0.3, y * 0.3, h), (x, y, z)], 0.0025, 5),
                green,
            )
            s = b.uniform(0.018, 0.032)
            b.add(
                "flowers",
                superellipsoid((x - s, y - s, z - s * 0.7), (x + s, y + s, z + s), segments=10),
                shade(b.rng, petal, 15),
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
            place = (shift(z + t / 2, 0, w / 2), turn("y", 90), shift(0, 0, -t / 2))
        else:
            place = (shift(b.uniform(-0.015, 0.015), b.uniform(-0.015, 0.015), z), turn("z", b.uniform(-14, 14)))
        z += t
        with b.within(*place):
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
    round_ = b.chance(0.2)
    body = superellipsoid((-w / 2, -d / 2, 0), (w / 2, d / 2, t), 0.85, 1.0 if round_ else 0.35, 28)
    b.add("cushion", body, cover)
    trim = b.accent(cover, fabric, bright)
    if b.chance(0.6):
        outline = ellipse(w * 0.985, d * 0.985, 32) if round_ else rectangle(w * 0.97, d * 0.97, 0.06, 6)
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
        b.add("frame", layers([(inner, 0.0), (outer, 0.0), (outer, t), (inner, t), (inner, 0.0)]), frame)
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
        time = b.uniform(0, 12)
        for name, length, wide, angle, z in (
            ("hour hand", 0.5, 0.007, -30 * time, 0.66),
            ("minute hand", 0.75, 0.005, -360 * time, 0.76),
        ):
            b.add(
                name,
                box((-wide, -inner * 0.08, t * z - 0.002), (wide, inner * length, t * z + 0.002)).turned("z", angle),
                ink,
            )
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
