"""Plants in pots and flowers in vases."""

import numpy as np

from pinpoint3d.synthesis.modelling.builder import Builder
from pinpoint3d.synthesis.modelling.materials import Finish, bright, ceramic, glass, leaves, metal, plastic, shade
from pinpoint3d.synthesis.modelling.outlines import rectangle
from pinpoint3d.synthesis.modelling.shapes import Solid, cylinder, lathe, layers, sheet, superellipsoid, tube


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
    swell = np.clip(np.where(t < at, np.sin(np.pi / 2 * t / at), np.cos(np.pi / 2 * (t - at) / (1 - at))), 0, 1) ** 1.3
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
