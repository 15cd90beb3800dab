"""What stands on a kitchen counter."""

import numpy as np

from pinpoint3d.synthesis.modelling.builder import Builder
from pinpoint3d.synthesis.modelling.fittings import feet, knob
from pinpoint3d.synthesis.modelling.materials import bright, dark, glass, metal, paint, plastic, wood
from pinpoint3d.synthesis.modelling.outlines import bent, rectangle
from pinpoint3d.synthesis.modelling.shapes import box, disc, lathe, prism, tube, turn


def toaster(b: Builder) -> None:
    """Two slots, a lever and a dial."""
    body = b.finish(metal, plastic, paint, dark)
    width, depth, height = b.uniform(0.26, 0.32), b.uniform(0.15, 0.19), b.uniform(0.17, 0.21)
    feet(b, width, depth + 0.02, 0.01)
    b.add("body", box((-width / 2, -depth / 2, 0.01), (width / 2, depth / 2, height), 0.03, 3), body)
    b.each(
        "slot",
        [
            box(
                (-width * 0.36, s * depth * 0.2 - 0.014, height - 0.01),
                (width * 0.36, s * depth * 0.2 + 0.014, height + 0.002),
            )
            for s in (-1, 1)
        ],
        b.finish(dark),
    )
    end = width / 2
    b.add(
        "lever",
        box((end - 0.002, -0.02, height * 0.65), (end + 0.022, 0.02, height * 0.73), 0.005),
        b.accent(body, dark),
    )
    b.add("dial", knob(0.016, 0.018).turned("z", 90).shifted(end, 0, height * 0.3), b.accent(body, dark, metal))


def coffee_maker(b: Builder) -> None:
    """A tank behind, a hood above, a jug on a warm plate."""
    body = b.finish(dark, plastic, metal)
    width, depth, height = b.uniform(0.16, 0.22), b.uniform(0.22, 0.28), b.uniform(0.3, 0.38)
    back = depth / 2
    b.add("base", box((-width / 2, -back, 0), (width / 2, back, 0.035), 0.01, 2), body)
    b.add("tank", box((-width / 2, back - depth * 0.38, 0.03), (width / 2, back, height), 0.012, 2), body)
    b.add(
        "hood",
        box((-width / 2, -back, height - 0.1), (width / 2, back - depth * 0.3, height), 0.012, 2),
        b.accent(body, metal),
    )
    r, tall = width * 0.4, height - 0.16
    jug = [
        (r * 0.85, 0),
        (r, tall * 0.25),
        (r * 0.95, tall * 0.6),
        (r * 0.6, tall * 0.95),
        (r * 0.55, tall * 0.95),
        (r * 0.8, tall * 0.5),
        (0, 0.01),
    ]
    y = -back + r + 0.01
    b.add("plate", disc(r, 0.034, 0.04), b.finish(dark))
    b.add("jug", lathe(jug, 22).shifted(0, y, 0.04), b.finish(glass))
    path = [
        (0, y - r * 0.8, 0.05 + tall * 0.75),
        (0, y - r - 0.04, 0.05 + tall * 0.7),
        (0, y - r - 0.03, 0.05 + tall * 0.25),
    ]
    b.add("handle", tube(path, 0.008), b.finish(dark))
    b.add(
        "button",
        disc(0.012, 0, 0.006, 0.001, 12).turned("x", 90).shifted(0, -back, height - 0.05),
        b.accent(body, metal),
    )


def kettle(b: Builder) -> None:
    """An electric kettle on its base: body, lid, spout, handle, switch."""
    r, h = b.uniform(0.068, 0.085), b.uniform(0.17, 0.23)
    body = b.finish(metal, metal, plastic)
    trim = b.accent(body, dark)
    b.add("base", disc(r * 1.08, 0, 0.022, 0.005), trim)
    top = r * b.uniform(0.62, 0.82)
    b.add("body", lathe([(r, 0.024), (r * 1.0, h * 0.25), (top, h)], 26), body)
    b.add("lid", lathe([(top, h), (top * 0.8, h + 0.012), (0, h + 0.016)], 24), trim)
    b.add("knob", knob(0.012, 0.02).turned("x", -90).shifted(z=h + 0.012), trim)
    b.add("spout", tube([(top * 0.7, 0, h * 0.8), (top + 0.03, 0, h * 0.97)], [0.026, 0.015], 10), body)
    ear = bent(
        [(-top * 0.8, 0, h - 0.005), (-r - 0.05, 0, h - 0.005), (-r - 0.045, 0, h * 0.3), (-r * 0.97, 0, h * 0.3)], 0.04
    )
    b.add("handle", tube(ear, 0.012), trim)
    b.add("switch", box((-r - 0.022, -0.012, 0.05), (-r + 0.006, 0.012, 0.062), 0.003), b.finish(dark, bright))


def knife_block(b: Builder) -> None:
    """A slanted block with the handles of knives."""
    body = b.finish(wood, wood, dark)
    w, h, d = b.uniform(0.09, 0.12), b.uniform(0.18, 0.23), b.uniform(0.09, 0.13)
    lean = b.uniform(12, 28)
    with b.within(turn("x", lean)):
        b.add("block", box((-w / 2, -d / 2, 0), (w / 2, d / 2, h), 0.005), body)
        grip = b.accent(body, dark, metal)
        places = [(x * w * 0.3, y * d * 0.26) for y in (-1, 1) for x in (-1, 0, 1)][: b.count(3, 6)]
        knives = []
        for x, y in places:
            long = b.uniform(0.07, 0.12)
            knives.append(box((x - 0.008, y - 0.012, h - 0.002), (x + 0.008, y + 0.012, h + long), 0.005))
        b.each("handle", knives, grip)
    drop = -d / 2 * np.sin(np.radians(lean))
    b.add("base", box((-w / 2, -d / 2 - 0.03, drop - 0.012), (w / 2, d / 2, drop + 0.008), 0.003), body)


def cutting_board(b: Builder) -> None:
    """A board with a grip, perhaps with a knife on it."""
    body = b.finish(wood, wood, plastic)
    w, d, t = b.uniform(0.18, 0.28), b.uniform(0.28, 0.4), b.uniform(0.012, 0.025)
    b.add("board", prism(rectangle(w, d, 0.02, 5), 0, t, 0.003), body)
    b.add("handle", prism(rectangle(0.05, 0.12, 0.02, 5), 0.001, t - 0.001, 0.003).shifted(y=d / 2 + 0.05), body)
    if b.chance(0.5):
        b.add("blade", box((-0.012, -0.1, t), (0.02, 0.06, t + 0.003)), b.finish(metal))
        b.add("grip", box((-0.012, 0.06, t), (0.012, 0.17, t + 0.016), 0.005), b.finish(dark, wood))
