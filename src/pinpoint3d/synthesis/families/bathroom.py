"""Toilet, sinks, bathtub, mirror."""

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.synthesis.mesh import Pattern
from pinpoint3d.synthesis.modelling.builder import Builder
from pinpoint3d.synthesis.modelling.fittings import door, handle_finish
from pinpoint3d.synthesis.modelling.materials import Finish, metal, paint, plastic, sanitary, wood
from pinpoint3d.synthesis.modelling.outlines import bent, ellipse, rectangle
from pinpoint3d.synthesis.modelling.shapes import Solid, box, cylinder, disc, lathe, layers, prism, shift, tube, turn


def toilet(b: Builder) -> None:
    """Bowl, seat and lid, cistern with its lid and button."""
    white = b.finish(sanitary)
    width, length, rim = b.uniform(0.35, 0.39), b.uniform(0.46, 0.52), b.uniform(0.38, 0.42)
    foot, y = b.uniform(0.5, 0.7), -0.08

    def ring(share: float, back: float = 0.0) -> Float64:
        return np.asarray(ellipse(width * share, length * share) + np.array([0.0, y + back]))

    outside = [(ring(foot + (1 - foot) * s**1.8, 0.1 * (1 - foot) * (1 - s)), rim * s) for s in np.linspace(0, 1, 7)]
    inside = [(ring(share), rim - drop) for share, drop in ((0.8, 0.0), (0.7, 0.06), (0.4, 0.14), (0.2, 0.17))]
    b.add("bowl", layers(outside + inside), white)
    b.add("bowl", box((-width * 0.3, 0.02, 0), (width * 0.3, 0.26, rim), 0.02), white)
    seat = b.accent(white, plastic, wood) if b.chance(0.3) else white
    hole, low, high = ring(0.7), rim + 0.004, rim + 0.02
    b.add("seat", layers([(hole, low), (ring(1), low), (ring(1), high), (hole, high)], closed=True), seat)
    up = b.chance(0.45)
    hinge = (0, y + length * 0.42, rim + 0.024)
    lid = prism(ring(1), rim + 0.022, rim + 0.036, 0.004)
    b.add("lid", lid.turned("x", -b.uniform(88, 94), hinge) if up else lid, seat)
    b.each(
        "hinge",
        [cylinder(0.012, -0.02, 0.02, segments=10).turned("y", 90).shifted(s * 0.07, *hinge[1:]) for s in (-1, 1)],
        b.accent(seat, metal),
    )
    high, back = rim + b.uniform(0.32, 0.42), 0.34
    w = width / 2 + b.uniform(-0.01, 0.04)
    b.add("tank", box((-w, back - 0.17, rim - 0.02), (w, back, high), 0.025, 3), white)
    b.add(
        "tank lid", box((-w - 0.008, back - 0.18, high - 0.005), (w + 0.008, back + 0.003, high + 0.025), 0.008), white
    )
    if up or b.chance(0.7):
        b.add("flush button", disc(0.024, 0, 0.008, 0.002, 16).shifted(0, back - 0.09, high + 0.024), b.finish(metal))
    else:
        b.add(
            "flush lever",
            tube(
                [
                    (-w * 0.6, back - 0.16, high - 0.07),
                    (-w * 0.6, back - 0.2, high - 0.07),
                    (-w * 0.1, back - 0.2, high - 0.08),
                ],
                0.007,
            ),
            b.finish(metal),
        )


def _faucet(b: Builder, y: float, z: float) -> None:
    """Stands at (0, y, z), its spout towards -y."""
    chrome = b.finish(metal, metal, paint)
    high, reach = b.uniform(0.1, 0.28), b.uniform(0.1, 0.17)
    b.add("faucet", disc(0.026, z, z + 0.01, segments=16).shifted(y=y), chrome)
    path = [(0, y, z), (0, y, z + high), (0, y - reach, z + high), (0, y - reach, z + high - 0.03)]
    b.add("faucet", tube(bent(path, b.uniform(0.02, 0.08), 6), 0.012, 10), chrome)
    if b.chance(0.5):
        b.add("tap", tube([(0.005, y, z + 0.05), (0.05, y, z + 0.06), (0.09, y - 0.02, z + 0.075)], 0.008), chrome)
    else:
        taps = [
            cylinder(0.012, z, z + 0.04, segments=10) + disc(0.022, z + 0.04, z + 0.062, 0.005, 12) for _ in range(2)
        ]
        b.each("tap", [tap.shifted(s * 0.09, y) for tap, s in zip(taps, (-1, 1), strict=True)], chrome)


def _basin(width: float, depth: float, rim: float, deep: float, *, oval: bool) -> Solid:
    """A bowl about the z axis, its rim at a height."""

    def ring(share: float) -> Float64:
        w, d = width * share, depth * share
        return ellipse(w, d, 32) if oval else rectangle(w, d, 0.25 * min(w, d), 7)

    marks = [
        (0.55, -deep - 0.02),
        (0.85, -deep * 0.6),
        (1.0, -0.02),
        (1.0, 0.0),
        (0.9, 0.0),
        (0.8, -deep * 0.5),
        (0.5, -deep * 0.9),
        (0.1, -deep),
    ]
    return layers([(ring(share), rim + z) for share, z in marks])


def sink(b: Builder) -> None:
    """A basin on a pedestal, or on a cabinet; with faucet and drain."""
    white = b.finish(sanitary)
    width, depth, rim, deep = b.uniform(0.45, 0.62), b.uniform(0.38, 0.46), b.uniform(0.82, 0.9), b.uniform(0.11, 0.16)
    oval = b.chance(0.5)
    if b.chance(0.5):
        b.add("basin", _basin(width, depth, rim, deep, oval=oval), white)
        b.add("basin", box((-width * 0.3, depth * 0.4, rim - 0.1), (width * 0.3, depth * 0.66, rim), 0.01), white)
        b.add(
            "pedestal",
            lathe([(0.11, 0), (0.08, 0.1), (0.075, rim * 0.6), (0.12, rim - deep)], 20).shifted(y=0.03),
            white,
        )
        _faucet(b, depth * 0.54, rim)
    else:
        body = b.finish(wood, paint, paint)
        top, back = rim - 0.1, 0.28
        w = width / 2 + b.uniform(0.05, 0.25)
        b.add("body", box((-w, -0.22, 0.06), (w, back, top - 0.025)), body)
        b.add("plinth", box((-w + 0.01, -0.18, 0), (w - 0.01, back, 0.06)), body)
        b.add(
            "counter", box((-w - 0.01, -0.245, top - 0.025), (w + 0.01, back, top), 0.003), b.accent(body, paint, wood)
        )
        leaf, n = b.accent(body, wood, paint), b.pick(1, 2, 2)
        grip = (b.pick("bar", "bow", "knob"), handle_finish(b, leaf))
        for i in range(n):
            with b.within(shift((i + 0.5) * 2 * w / n - w, -0.22, (0.06 + top - 0.025) / 2)):
                door(
                    b,
                    "door" if n == 1 else f"door {i + 1}",
                    (2 * w / n - 0.005, top - 0.095),
                    leaf,
                    style=b.pick("flat", "framed"),
                    grip=grip,
                    hinge=1 if i else -1,
                    angle=0.0,
                    grip_height=top * 0.25,
                )
        share = 0.85
        b.add("basin", _basin(width * share, depth * share, rim + 0.02, deep * 0.8, oval=oval), white)
        _faucet(b, depth * share / 2 + 0.04, top)
        rim += 0.02 + deep * 0.2
    b.add("drain", disc(0.022, rim - deep, rim - deep + 0.004, 0.001, 14), b.finish(metal))


def bathtub(b: Builder) -> None:
    """Built in with a straight apron, or free on feet."""
    white = b.finish(sanitary)
    length, width, rim = b.uniform(1.4, 1.75), b.uniform(0.68, 0.8), b.uniform(0.52, 0.6)
    free = b.chance(0.4)

    def ring(inset: float, taper: float = 0.0) -> Float64:
        return rectangle(length - 2 * inset - taper, width - 2 * inset, 0.3 if free else 0.16, 8)

    outside = [
        (ring(0.1, 0.1), 0.1),
        (ring(0.03), rim * 0.5),
        (ring(0.03), rim - 0.03),
        (ring(0), rim - 0.02),
        (ring(0), rim),
    ]
    if not free:
        box_ring = rectangle(length, width, 0.02, 8)
        outside = [(box_ring, 0.0), (box_ring, rim)]
    inside = [
        (ring(0.07), rim),
        (ring(0.09), rim - 0.04),
        (ring(0.14, 0.16), 0.22),
        (ring(0.2, 0.2), 0.16),
        (ring(0.3, 0.2), 0.15),
    ]
    b.add("tub", layers(outside + inside), white)
    if free:
        places = [(sx * length * 0.32, sy * width * 0.3) for sx in (-1, 1) for sy in (-1, 1)]
        b.each(
            "foot",
            [lathe([(0.04, 0), (0.03, 0.05), (0.05, 0.2)], 12).shifted(x, y) for x, y in places],
            b.accent(white, metal),
        )
    with b.within(turn("z", 90 * b.pick(-1, 1)), shift(0, length / 2 - 0.035, 0)):
        _faucet(b, 0.0, rim)
    b.add("drain", disc(0.03, 0.15, 0.155, 0.001, 14).shifted(length * 0.25), b.finish(metal))


def mirror(b: Builder) -> None:
    """On the wall or leaning: glass in a frame, round or not."""
    frame = b.finish(wood, metal, paint)
    width, height = b.uniform(0.35, 0.7), b.uniform(0.5, 1.5)
    rim, t = b.uniform(0.015, 0.06), b.uniform(0.015, 0.03)
    glass = Finish((170, 184, 190), Pattern.METAL)
    if b.chance(0.35):
        height = width if b.chance(0.6) else height
        outer, inner = ellipse(width, height, 40), ellipse(width - 2 * rim, height - 2 * rim, 40)
    else:
        outer, inner = rectangle(width, height), rectangle(width - 2 * rim, height - 2 * rim)
    with b.within(turn("x", 90)):
        b.add("frame", layers([(inner, 0.0), (outer, 0.0), (outer, t), (inner, t)], closed=True), frame)
        b.add("glass", prism(inner, 0.002, t * 0.6), glass)
