"""Seats that do not stand on four plain legs: office, cantilever and folding chairs; benches."""

from collections.abc import Sequence

import numpy as np

from pinpoint3d.synthesis.modelling.builder import Builder
from pinpoint3d.synthesis.modelling.fittings import beam, castor, corners, curved_back, leg_style, legs, slab
from pinpoint3d.synthesis.modelling.materials import dark, fabric, leather, metal, paint, plastic, powder_coated, wood
from pinpoint3d.synthesis.modelling.outlines import bent, spokes
from pinpoint3d.synthesis.modelling.shapes import Solid, box, cushion, cylinder, shift, tube, turn


def office_chair(b: Builder) -> None:
    """On a star with castors or glides, the height of the seat and the kind of back at will."""
    frame = b.finish(dark, dark, metal, plastic)
    cover = b.accent(frame, fabric, leather, plastic)
    reach, n = b.uniform(0.27, 0.34), b.pick(5, 5, 5, 4)
    wheel = b.uniform(0.025, 0.032)
    hub = 2.2 * wheel + 0.03
    tips = spokes(n, reach, b.uniform(0, 90))
    for x, y in tips:
        b.add("base", beam((0, 0, hub + 0.01), (x, y, hub - 0.02), 0.05, 0.03), frame)
    b.each("castor", [castor(wheel).turned("z", b.uniform(0, 360)).shifted(x, y) for x, y in tips], b.finish(dark))
    seat = b.uniform(0.42, 0.54)
    b.add("column", cylinder(0.028, hub - 0.03, seat - 0.1, 0.02), b.accent(frame, metal))
    b.add("column", cylinder(0.05, seat - 0.11, seat - 0.06, 0.09, 12), frame)
    width, depth, thick = b.uniform(0.46, 0.54), b.uniform(0.44, 0.52), b.uniform(0.05, 0.1)
    b.add(
        "seat",
        cushion((-width / 2, -depth / 2, seat - thick), (width / 2, depth / 2, seat), b.uniform(0.25, 0.45)),
        cover,
    )
    tall, low = b.uniform(0.42, 0.7), seat + b.uniform(0.02, 0.14)
    y = depth / 2 - 0.02
    lean = b.uniform(4, 12)
    end = y + 0.085 + 0.45 * tall * np.tan(np.radians(lean))
    spine = bent([(0, 0.02, seat - 0.08), (0, y + 0.09, seat - 0.08), (0, end, low + tall * 0.45)], 0.06)
    b.add("back support", tube(spine, 0.022), frame)
    with b.within(shift(0, y + 0.05, low), turn("x", -lean)):
        if b.chance(0.5):
            b.add("back", cushion((-width * 0.46, -0.05, 0), (width * 0.46, 0.04, tall), 0.4), cover)
        else:
            b.add("back", curved_back(width * 0.95, 0, tall, -0.06, 0.02), cover)
        if b.chance(0.3):
            b.add("headrest", cushion((-0.13, -0.05, tall + 0.03), (0.13, 0.02, tall + 0.17), 0.4), cover)
            b.add("back support", beam((0, 0.0, tall - 0.1), (0, 0.0, tall + 0.08), 0.03, 0.015), frame)
    if b.chance(0.7):
        rise, x = seat + b.uniform(0.18, 0.24), width / 2 + 0.03
        looped = b.chance(0.3)
        arms = []
        for s in (-1, 1):
            post = [(s * 0.1, 0.0, seat - 0.07), (s * x, 0.0, seat - 0.07), (s * x, 0.0, rise)]
            if looped:
                post = [
                    (s * x, 0.16, seat - 0.04),
                    (s * x, 0.16, rise),
                    (s * x, -0.12, rise),
                    (s * x, -0.12, seat - 0.05),
                ]
            pad = box((s * x - 0.035, -0.13, rise - 0.01), (s * x + 0.035, 0.13, rise + 0.02), 0.012, 2)
            arms.append(tube(bent(post, 0.04), 0.016) + pad)
        b.each("armrest", arms, frame)


def cantilever_chair(b: Builder) -> None:
    """A frame of one bent tube carries seat and back."""
    width, depth, seat = b.uniform(0.44, 0.52), b.uniform(0.42, 0.5), b.uniform(0.43, 0.47)
    top, back = b.uniform(0.78, 0.92), depth / 2
    frame = b.finish(metal, metal, powder_coated)
    cover = b.finish(leather, fabric, wood, plastic)
    x, r = width / 2, 0.0125
    half = [(x, back + 0.09, top), (x, back, seat), (x, -back, seat), (x, -back, r), (x, back, r)]
    other = [(-x, y, z) for x, y, z in half[::-1]]
    b.add("frame", tube(bent([*half, *other], 0.07), r), frame)
    rest = cushion if b.chance(0.5) else box
    b.add("seat", rest((-x + 0.005, -back, seat + 0.005), (x - 0.005, back - 0.02, seat + 0.04)), cover)
    with b.within(shift(0, back, seat), turn("x", -np.degrees(np.arctan2(0.09, top - seat)))):
        low = b.uniform(0.1, 0.2)
        b.add("back", rest((-x + 0.005, -0.03, low), (x - 0.005, 0.005, (top - seat) + 0.01)), cover)
    if b.chance(0.4):
        z = seat + b.uniform(0.18, 0.24)
        b.each(
            "armrest",
            [box((s * x - 0.025, -back + 0.02, z), (s * x + 0.025, back + 0.05, z + 0.022), 0.008) for s in (-1, 1)],
            b.accent(frame, wood, plastic),
        )
        b.each(
            "arm post", [tube([(s * x, -back + 0.05, seat), (s * x, -back + 0.05, z)], 0.01) for s in (-1, 1)], frame
        )


def folding_chair(b: Builder) -> None:
    """Two crossing frames, a seat and a back."""
    width, seat, top = b.uniform(0.4, 0.46), b.uniform(0.43, 0.47), b.uniform(0.76, 0.86)
    frame = b.finish(powder_coated, metal, wood, plastic)
    cover = b.accent(frame, wood, plastic, fabric)
    r, x = b.uniform(0.01, 0.014), width / 2
    flat = b.chance(0.4)  # wooden bars are flat, tubes round

    def bar(start: Sequence[float], end: Sequence[float]) -> Solid:
        return beam(start, end, 0.022, 0.036) if flat else tube([start, end], r)

    long = [bar((s * x, -0.24, 0), (s * x, 0.2, top)) for s in (-1, 1)]
    short = [bar((s * (x - 0.03), 0.27, 0), (s * (x - 0.03), -0.2, seat - 0.01)) for s in (-1, 1)]
    b.each("leg", [*long, *short], frame)
    b.add("rung 1", tube([(-x, -0.185, 0.1), (x, -0.185, 0.1)], r * 0.8), frame)
    b.add("rung 2", tube([(-x + 0.03, 0.19, 0.08), (x - 0.03, 0.19, 0.08)], r * 0.8), frame)
    if b.chance(0.5):
        b.add("seat", slab(width - 0.07, 0.38, seat - 0.018, seat, radius=0.03), cover)
    else:
        boards = [slab(width - 0.07, 0.06, seat - 0.018, seat).shifted(y=y) for y in np.linspace(-0.16, 0.16, 5)]
        for board in boards:
            b.add("seat", board, cover)
    lean = -np.degrees(np.arctan2(0.44, top))
    with b.within(shift(0, 0.2, top), turn("x", lean)):
        deep = b.uniform(0.09, 0.2)
        b.add("back", box((-x + 0.004, -0.012, -deep), (x - 0.004, 0.008, -0.01), 0.006), cover)


def bench(b: Builder) -> None:
    """For two or three, with or without a back, perhaps upholstered."""
    width, depth, seat = b.uniform(0.9, 1.6), b.uniform(0.32, 0.45), b.uniform(0.42, 0.48)
    frame = b.finish(wood, wood, paint, powder_coated)
    top = b.accent(frame, wood, fabric, leather)
    low = seat - b.uniform(0.03, 0.05)
    kind = b.pick("slab", "boards", "cushion")
    if kind == "boards":
        n = b.count(3, 5)
        each = depth / n
        boards = [slab(width, each - 0.012, low, seat).shifted(y=(i + 0.5) * each - depth / 2) for i in range(n)]
        b.each("seat board", boards, top)
    else:
        b.add("seat", slab(width, depth, low, seat, radius=0.015), frame if kind == "cushion" else top)
    if kind == "cushion":
        b.add(
            "cushion",
            cushion((-width / 2, -depth / 2, seat - 0.005), (width / 2, depth / 2, seat + 0.06), 0.25),
            b.finish(fabric, leather),
        )
    if b.chance(0.5):
        legs(
            b,
            corners(width - 0.12, depth - 0.06),
            low,
            b.uniform(0.035, 0.06),
            frame,
            style=leg_style(b),
            splay=b.pick(0, 0, 0.03),
        )
    else:
        b.each(
            "side panel",
            [
                box(
                    (s * width * 0.42 - 0.015, -depth / 2 + 0.02, 0),
                    (s * width * 0.42 + 0.015, depth / 2 - 0.02, low),
                    0.003,
                )
                for s in (-1, 1)
            ],
            frame,
        )
    b.add("rail", beam((-width * 0.42, 0, low * b.uniform(0.3, 0.9)), (width * 0.42, 0, low * 0.6), 0.025, 0.05), frame)
    if b.chance(0.4):
        with b.within(shift(0, depth / 2 - 0.02, seat - 0.02), turn("x", -10)):
            posts = [
                beam((x, 0, 0), (x, 0, 0.42), 0.04) for x in np.linspace(-width * 0.45, width * 0.45, b.count(2, 4))
            ]
            b.each("back post", posts, frame)
            levels = np.linspace(0.15, 0.38, b.count(2, 3))
            b.each(
                "back slat", [beam((-width / 2, -0.025, z), (width / 2, -0.025, z), 0.018, 0.07) for z in levels], top
            )
