"""What people carry and wear: bags, shoes, baskets, suitcases."""

import numpy as np

from pinpoint3d.synthesis.modelling.builder import Builder
from pinpoint3d.synthesis.modelling.materials import bright, dark, fabric, leather, metal, paint, plastic, wood
from pinpoint3d.synthesis.modelling.outlines import bent, hoop, rectangle
from pinpoint3d.synthesis.modelling.shapes import box, cylinder, disc, lathe, layers, shift, superellipsoid, tube, turn


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
