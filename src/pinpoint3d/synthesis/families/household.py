"""Bins, fans, boxes and what else stands about."""

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.synthesis.modelling.builder import Builder
from pinpoint3d.synthesis.modelling.fittings import beam, tray
from pinpoint3d.synthesis.modelling.materials import (
    Finish,
    bright,
    dark,
    fabric,
    leather,
    metal,
    paint,
    paper,
    plastic,
    powder_coated,
    wood,
)
from pinpoint3d.synthesis.modelling.outlines import bent, ellipse, hoop, rectangle, spokes
from pinpoint3d.synthesis.modelling.shapes import box, cylinder, disc, lathe, layers, shift, superellipsoid, tube, turn


def bin_(b: Builder) -> None:
    """A waste bin: open, with a swing lid, or with a pedal."""
    body = b.finish(metal, plastic, plastic, paint)
    r, h = b.uniform(0.11, 0.17), b.uniform(0.26, 0.62)
    kind = b.pick("open", "pedal", "swing")
    square = b.chance(0.4)

    def ring(size: float) -> Float64:
        return rectangle(2 * size, 1.7 * size, 0.25 * size, 6) if square else ellipse(2 * size, 2 * size)

    low = b.uniform(0.72, 1.0)
    levels = [(ring(r * low), 0.0), (ring(r), h), (ring(r - 0.005), h), (ring(r * low - 0.006), 0.01)]
    b.add("body", layers(levels), body)
    lid = b.accent(body, plastic, metal)
    if kind == "open":
        b.add("rim", tube(np.column_stack([ring(r), np.full(len(ring(r)), h)]), 0.006, 6, closed=True), lid)
    elif kind == "pedal":
        angle = b.uniform(20, 75) if b.chance(0.15) else 0.0
        back = r * (0.85 if square else 1.0)
        dome = layers([(ring(r + 0.004), h + 0.002), (ring(r + 0.004), h + 0.02), (ring(r * 0.7), h + 0.045)])
        b.add("lid", dome.turned("x", -angle, (0, back, h)), lid)
        b.add("hinge", box((-0.05, back - 0.004, h - 0.05), (0.05, back + 0.014, h + 0.012), 0.003), b.finish(dark))
        b.add("base", layers([(ring(r * low + 0.006), 0.0), (ring(r * low + 0.006), 0.03)]), b.finish(dark))
        b.add(
            "pedal", box((-0.035, -back - 0.05, 0.008), (0.035, -back * low + 0.01, 0.02), 0.004), b.finish(dark, metal)
        )
    else:
        b.add("lid", layers([(ring(r + 0.005), h), (ring(r + 0.003), h + 0.03), (ring(r * 0.55), h + 0.11)]), lid)
        flap = box((-r * 0.5, -0.004, -0.06), (r * 0.5, 0.004, 0.06)).turned("x", -35)
        b.add("flap", flap.shifted(0, -r * (0.7 if square else 0.8), h + 0.072), b.accent(lid, plastic, dark))


def fan(b: Builder) -> None:
    """On a pole or a foot: cage, blades, motor, buttons."""
    body = b.finish(plastic, dark, metal)
    tall = b.chance(0.5)
    r, z = b.uniform(0.13, 0.22), 0.0
    z = b.uniform(0.85, 1.2) if tall else r + b.uniform(0.08, 0.16)
    base = r * b.uniform(0.75, 1.0)
    b.add("base", lathe([(base, 0), (base, 0.015), (base * 0.5, 0.035), (0.03, 0.05)], 26), body)
    b.add("pole", cylinder(0.016, 0.03, z - 0.03), b.accent(body, metal))
    if b.chance(0.7):
        at = 0.55 * z if tall else 0.06
        b.add("control", box((-0.03, -0.04, at - 0.04), (0.03, 0.02, at + 0.04), 0.008), body)
        b.each(
            "button",
            [
                box((x - 0.007, -0.046, at - 0.008), (x + 0.007, -0.038, at + 0.008), 0.002)
                for x in (-0.018, 0.0, 0.018)
            ],
            b.accent(body, bright, dark),
        )
    with b.within(shift(0, 0, z), turn("z", b.uniform(-35, 35)), turn("x", 90 - b.uniform(-8, 18))):
        b.add("motor", lathe([(0.02, -0.13), (0.05, -0.11), (0.055, -0.03), (0.03, 0.0)], 18), body)
        wire = b.accent(body, metal, dark)
        for level, size in ((0.0, 0.55), (0.028, 0.86), (0.05, 1.0), (0.072, 0.86), (0.095, 0.5)):
            b.add("cage", tube(hoop(r * size, level, 22), 0.0025, 5, closed=True), wire)
        for x, y in spokes(b.count(10, 14), r):
            path = [
                (0.2 * x, 0.2 * y, -0.008),
                (0.86 * x, 0.86 * y, 0.025),
                (x, y, 0.05),
                (0.86 * x, 0.86 * y, 0.075),
                (0.2 * x, 0.2 * y, 0.102),
            ]
            b.add("cage", tube(path, 0.002, 5), wire)
        b.add("cage", disc(r * 0.22, 0.097, 0.107, 0.002, 16), wire)
        n = b.pick(3, 4, 5)
        for i in range(n):
            blade = box((0.02, -r * 0.28, -0.002), (r * 0.86, r * 0.28, 0.002)).turned("x", 22)
            b.add("blades", blade.turned("z", 360 * i / n).shifted(z=0.05), b.finish(plastic) if i == 0 else wire)
        b.add("hub", cylinder(0.028, 0.0, 0.075, 0.02), body)


def carton(b: Builder) -> None:
    """A cardboard box: shut with tape, or with its flaps open."""
    w, d, h = b.uniform(0.2, 0.55), b.uniform(0.18, 0.42), b.uniform(0.12, 0.4)
    card = b.finish(paper)
    if b.chance(0.5):
        b.add("body", box((-w / 2, -d / 2, 0), (w / 2, d / 2, h), 0.002), card)
        b.add(
            "tape",
            box((-w / 2 - 0.0012, -0.026, h * 0.75), (w / 2 + 0.0012, 0.026, h + 0.0012)),
            Finish((206, 180, 130)),
        )
    else:
        b.add("body", tray((-w / 2, -d / 2, 0), (w / 2, d / 2, h), 0.005), card)
        flaps = []
        for turn_, span, reach in ((0, w, d), (90, d, w), (180, w, d), (270, d, w)):
            length = min(d / 2, w / 2)
            flap = box((-span / 2 + 0.004, -reach / 2 - length, h - 0.005), (span / 2 - 0.004, -reach / 2, h))
            flaps.append(flap.turned("x", b.uniform(-30, 75), (0, -reach / 2, h)).turned("z", turn_))
        b.each("flap", flaps, card)
    if b.chance(0.5):
        b.add("label", box((-w * 0.2, -d / 2 - 0.0015, h * 0.3), (w * 0.2, -d / 2, h * 0.7)), b.finish(bright, paint))


def coat_rack(b: Builder) -> None:
    """A pole on feet with hooks, perhaps with a coat."""
    frame = b.finish(wood, metal, powder_coated)
    h, reach = b.uniform(1.6, 1.85), b.uniform(0.22, 0.3)
    n = b.pick(3, 4)
    b.add("pole", cylinder(0.02, 0.03, h, 0.016), frame)
    b.add(
        "finial",
        superellipsoid((-0.028, -0.028, h - 0.01), (0.028, 0.028, h + 0.05), segments=14),
        b.accent(frame, wood, metal),
    )
    b.each(
        "foot",
        [
            tube(bent([(0, 0, 0.2), (0.55 * x, 0.55 * y, 0.1), (x, y, 0.012)], 0.06), 0.012)
            for x, y in spokes(n, reach, 45)
        ],
        frame,
    )
    hooks, pegs = b.pick(4, 6), b.accent(frame, metal)
    for i, (x, y) in enumerate(spokes(hooks, 0.13)):
        z = h - (0.08 if i % 2 else 0.2)
        b.add(
            f"hook {i + 1}",
            tube(bent([(0, 0, z - 0.04), (0.8 * x, 0.8 * y, z - 0.03), (x, y, z + 0.05)], 0.04), 0.008),
            pegs,
        )
    if b.chance(0.4):
        cloth = b.finish(fabric, leather)
        coat = layers(
            [
                (ellipse(0.42, 0.2), 0.55),
                (ellipse(0.38, 0.18), 0.9),
                (ellipse(0.36, 0.16), 1.25),
                (ellipse(0.3, 0.13), h - 0.3),
                (ellipse(0.08, 0.06), h - 0.2),
            ]
        )
        b.add("coat", coat.shifted(0.0, -0.1), cloth)


def stepladder(b: Builder) -> None:
    """Two frames that lean on each other, with treads."""
    frame = b.finish(metal, wood, powder_coated)
    n, w = b.count(2, 5), b.uniform(0.38, 0.48)
    h = 0.24 * n + 0.02
    lean, taper = 0.3 * h, 0.04
    front = [beam((s * w / 2, -lean, 0), (s * (w / 2 - taper), 0, h), 0.022, 0.05) for s in (-1, 1)]
    rear = [beam((s * w / 2, lean, 0), (s * (w / 2 - taper), 0.02, h - 0.02), 0.02, 0.035) for s in (-1, 1)]
    b.each("leg", [*front, *rear], frame)
    treads = []
    for k in range(1, n + 1):
        z = 0.24 * k
        y, half = -lean * (1 - z / h), w / 2 - taper * z / h
        treads.append(box((-half, y - 0.05, z - 0.018), (half, y + (0.05 if k < n else 0.12), z), 0.003))
    b.each("tread", treads, b.accent(frame, plastic, dark))
    b.add("brace", beam((-w / 2, lean * 0.7, h * 0.3), (w / 2, lean * 0.7, h * 0.3), 0.015, 0.03), frame)
