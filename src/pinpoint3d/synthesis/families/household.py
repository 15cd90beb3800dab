"""Bins, bags, boxes and what else stands about."""

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.synthesis.builder import Builder
from pinpoint3d.synthesis.fittings import beam, tray
from pinpoint3d.synthesis.materials import (
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
from pinpoint3d.synthesis.outlines import bent, ellipse, hoop, rectangle, spokes
from pinpoint3d.synthesis.shapes import box, cylinder, disc, lathe, layers, shift, superellipsoid, tube, turn


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


def bag(b: Builder) -> None:
    """A tote, handbag or backpack."""
    body = b.finish(fabric, leather, fabric, bright)
    trim = b.accent(body, leather, dark)
    kind = b.pick("tote", "backpack", "handbag")
    w, d = b.uniform(0.28, 0.42), b.uniform(0.1, 0.18)
    h = {"tote": b.uniform(0.3, 0.4), "backpack": b.uniform(0.38, 0.5), "handbag": b.uniform(0.18, 0.26)}[kind]
    if kind == "backpack":
        b.add("body", superellipsoid((-w / 2, -d * 0.7, -0.02), (w / 2, d * 0.7, h), 0.45, 0.45, 24), body)
        b.add(
            "pocket",
            superellipsoid((-w * 0.36, -d * 0.95, 0.02), (w * 0.36, -d * 0.4, h * 0.48), 0.4, 0.4, 20),
            b.accent(body, fabric),
        )
        straps = [
            bent(
                [
                    (s * w * 0.22, d * 0.55, h * 0.9),
                    (s * w * 0.26, d * 1.15, h * 0.7),
                    (s * w * 0.3, d * 0.95, h * 0.2),
                    (s * w * 0.36, d * 0.5, h * 0.06),
                ],
                0.08,
            )
            for s in (-1, 1)
        ]
        b.each("strap", [tube(path, 0.02, profile=rectangle(1.8, 0.5)) for path in straps], trim)
        b.add(
            "handle",
            tube(
                bent(
                    [
                        (-0.05, d * 0.2, h - 0.02),
                        (-0.04, d * 0.2, h + 0.05),
                        (0.04, d * 0.2, h + 0.05),
                        (0.05, d * 0.2, h - 0.02),
                    ],
                    0.03,
                ),
                0.008,
            ),
            trim,
        )
        return
    slim = [
        (rectangle(w * s, d * t, 0.4 * d * t, 5), h * z)
        for s, t, z in (
            (0.92, 0.9, 0),
            (1.0, 1.0, 0.15),
            (0.98, 0.7, 0.75),
            (0.94, 0.45, 1.0),
            (0.92, 0.4, 1.0),
            (0.9, 0.5, 0.6),
            (0.85, 0.8, 0.05),
        )
    ]
    b.add("body", layers(slim), body)
    rise = b.uniform(0.1, 0.26)
    loops = [
        bent(
            [
                (-w * 0.22, s * d * 0.22, h * 0.88),
                (-w * 0.17, s * d * 0.24, h + rise),
                (w * 0.17, s * d * 0.24, h + rise),
                (w * 0.22, s * d * 0.22, h * 0.88),
            ],
            0.09,
            6,
        )
        for s in (-1, 1)
    ]
    b.each("handle", [tube(path, 0.008) for path in loops], trim)
    if kind == "handbag":
        b.add(
            "flap",
            box((-w * 0.4, -d * 0.5, h * 0.45), (w * 0.4, -d * 0.4, h * 1.0), 0.01).turned("x", -8, (0, -d * 0.4, h)),
            trim,
        )
        b.add("buckle", box((-0.02, -d * 0.62, h * 0.48), (0.02, -d * 0.5, h * 0.6), 0.004), b.finish(metal))
    elif b.chance(0.5):
        b.add(
            "pocket", box((-w * 0.25, -d * 0.5, h * 0.2), (w * 0.25, -d * 0.36, h * 0.6), 0.01), b.accent(body, fabric)
        )


def shoe(b: Builder) -> None:
    """One or two trainers: sole, upper, tongue, laces."""
    n = b.pick(1, 2, 2)
    upper, sole = b.finish(fabric, leather, bright), b.finish(plastic, dark, paint)
    long = b.uniform(0.24, 0.3)
    tilt = b.uniform(-12, 12)
    for i in range(n):
        side = -1 if i == 0 else 1
        with b.within(shift(side * 0.06 * (n - 1)), turn("z", tilt if i else 0)):
            called = f" {i + 1}" if n > 1 else ""
            t = np.linspace(-1, 1, 24)
            width = 0.043 + 0.008 * np.cos(2.2 * (t + 0.45))
            taper = np.sqrt(np.clip(1 - np.abs(t) ** 3.2, 0, 1))
            right = np.column_stack([width * taper, -t * long / 2])
            outline = np.concatenate([right[::-1], (right * [-1, 1])[1:-1]])
            b.add("sole" + called, layers([(outline * 0.98, 0.0), (outline, 0.008), (outline, 0.026)]), sole)
            levels = []
            for z, share in zip(np.linspace(0, 1, 6), (0.97, 0.95, 0.86, 0.7, 0.62, 0.66), strict=True):
                back = 1 - 0.62 * z**1.2
                shift_ = (1 - back) * long * 0.36
                levels.append((outline * [share, back] + np.array([0, shift_]), 0.024 + 0.075 * z))
            hole = levels[-1][0]
            middle = hole.mean(axis=0)
            levels += [(middle + (hole - middle) * 0.85, 0.097), (middle + (hole - middle) * 0.8, 0.05)]
            b.add("upper" + called, layers(levels), upper)
            lace = b.accent(sole, bright, paint)
            for k in range(4):
                y, z = -long * (0.19 - 0.06 * k), 0.061 + 0.011 * k
                b.add(
                    "laces" + called,
                    tube([(-0.026, y, z - 0.004), (0, y, z + 0.004), (0.026, y, z - 0.004)], 0.003, 6),
                    lace,
                )


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


def basket(b: Builder) -> None:
    """For laundry or toys: woven walls, a rim, two handles."""
    r, h = b.uniform(0.15, 0.25), b.uniform(0.2, 0.55)
    body = b.finish(wood, fabric, plastic)
    t = np.linspace(0, 1, 9)
    wave = 0.006 * (np.arange(9) % 2)
    line = [(r * (0.82 + 0.18 * s) + e, h * s) for s, e in zip(t, wave, strict=True)]
    inside = [(x - 0.012, max(z, 0.012)) for x, z in line[::-1]]
    b.add("body", lathe([*line, *inside, (0, 0.012)], 26), body)
    b.add("rim", tube(hoop(r, h, 26), 0.012, 6, closed=True), b.accent(body, wood))
    ears = [
        tube(
            bent(
                [(-0.05, r, h - 0.02), (-0.045, r + 0.02, h + 0.07), (0.045, r + 0.02, h + 0.07), (0.05, r, h - 0.02)],
                0.03,
            ),
            0.009,
        ).turned("z", a)
        for a in (90, -90)
    ]
    b.each("handle", ears, b.accent(body, leather, wood))
    if b.chance(0.35):
        b.add(
            "lid", lathe([(r + 0.008, h + 0.01), (r + 0.008, h + 0.025), (r * 0.5, h + 0.04), (0, h + 0.042)], 26), body
        )


def suitcase(b: Builder) -> None:
    """A hard case on wheels, its handle in or out."""
    shell = b.finish(plastic, bright, fabric, dark)
    w, d, h = b.uniform(0.36, 0.48), b.uniform(0.2, 0.28), b.uniform(0.5, 0.7)
    low = 0.055
    b.add("shell", box((-w / 2, -d / 2, low), (w / 2, d / 2, low + h), 0.045, 3), shell)
    for x in np.linspace(-w * 0.36, w * 0.36, 6):
        b.add(
            "shell",
            box((x - 0.012, -d / 2 - 0.005, low + 0.06), (x + 0.012, d / 2 + 0.005, low + h - 0.06), 0.004),
            shell,
        )
    trim = b.accent(shell, dark)
    b.add("zip", box((-w / 2 - 0.003, -0.008, low + 0.0), (w / 2 + 0.003, 0.008, low + h + 0.003), 0.02), trim)
    wheels = []
    for x, y in [(sx * (w / 2 - 0.05), sy * (d / 2 - 0.04)) for sx in (-1, 1) for sy in (-1, 1)]:
        wheels.append(
            (
                disc(0.026, -0.01, 0.01, segments=14).turned("y", 90).shifted(z=0.026)
                + cylinder(0.02, 0.03, low + 0.01, segments=10)
            ).shifted(x, y)
        )
    b.each("wheel", wheels, b.finish(dark))
    top = low + h
    b.add(
        "carry handle",
        tube(
            bent(
                [
                    (-0.07, -0.03, top - 0.005),
                    (-0.06, -0.03, top + 0.03),
                    (0.06, -0.03, top + 0.03),
                    (0.07, -0.03, top - 0.005),
                ],
                0.02,
            ),
            0.009,
        ),
        trim,
    )
    out = b.uniform(0.25, 0.42) if b.chance(0.5) else 0.03
    y = d / 2 - 0.03
    b.add(
        "pull handle",
        tube(
            bent([(-0.09, y, top - 0.01), (-0.09, y, top + out), (0.09, y, top + out), (0.09, y, top - 0.01)], 0.02),
            0.008,
        ),
        b.finish(metal, dark),
    )


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
