"""Screens, computers and what stands beside them."""

import numpy as np

from pinpoint3d.synthesis.modelling.builder import Builder, numbered
from pinpoint3d.synthesis.modelling.fittings import beam, slab
from pinpoint3d.synthesis.modelling.materials import Finish, dark, metal, paint, plastic, screen, wood
from pinpoint3d.synthesis.modelling.shapes import box, cylinder, disc, lathe, shift, superellipsoid, tube, turn


def _panel(b: Builder, width: float, height: float, case: Finish, thick: float) -> None:
    """A display about the origin on the plane y = 0 towards -y, the case behind it."""
    rim, chin = b.uniform(0.006, 0.02), b.uniform(0.01, 0.03)
    b.add("case", box((-width / 2, 0, -height / 2), (width / 2, thick, height / 2), 0.004), case)
    b.add(
        "screen",
        box((-width / 2 + rim, -0.002, -height / 2 + chin), (width / 2 - rim, 0.001, height / 2 - rim)),
        b.finish(screen),
    )


def monitor(b: Builder) -> None:
    """On a foot with a neck; flat or with a bulging back."""
    case = b.finish(dark, dark, plastic, metal)
    width = b.uniform(0.45, 0.8)
    height = width * b.uniform(0.5, 0.65)
    lift = b.uniform(0.08, 0.2)
    middle = lift + height / 2
    with b.within(shift(0, -0.02, middle), turn("x", -b.uniform(0, 12))):
        _panel(b, width, height, case, b.uniform(0.018, 0.04))
        if b.chance(0.5):
            b.add("case", box((-width * 0.3, 0.01, -height * 0.3), (width * 0.3, 0.05, height * 0.25), 0.015, 2), case)
        if b.chance(0.5):
            knobs = [
                box(
                    (width / 2 - 0.03 - 0.018 * i, -0.004, -height / 2 + 0.002),
                    (width / 2 - 0.022 - 0.018 * i, 0.001, -height / 2 + 0.008),
                )
                for i in range(b.count(1, 4))
            ]
            b.each("button", knobs, b.accent(case, metal))
    stand = b.accent(case, metal, dark)
    if b.chance(0.5):
        b.add("neck", beam((0, 0.05, 0.005), (0, 0.04, middle), 0.06, 0.025), stand)
    else:
        b.add("neck", cylinder(0.02, 0.005, middle).shifted(y=0.045), stand)
    foot = b.pick("plate", "disc", "bow")
    if foot == "plate":
        b.add("base", box((-width * 0.22, -0.1, 0), (width * 0.22, 0.11, 0.014), 0.004), stand)
    elif foot == "disc":
        b.add("base", disc(b.uniform(0.1, 0.13), 0, 0.014, 0.004).shifted(y=0.02), stand)
    else:
        b.add(
            "base",
            beam((0, 0.06, 0.01), (-width * 0.25, -0.12, 0.008), 0.03, 0.014)
            + beam((0, 0.06, 0.01), (width * 0.25, -0.12, 0.008), 0.03, 0.014),
            stand,
        )


def television(b: Builder) -> None:
    """Large and flat, on two feet or a foot in the middle."""
    case = b.finish(dark, dark, dark, metal)
    width = b.uniform(0.8, 1.45)
    height, lift = width * 0.565, b.uniform(0.05, 0.09)
    with b.within(shift(0, 0, lift + height / 2)):
        _panel(b, width, height, case, b.uniform(0.03, 0.05))
    stand = b.accent(case, metal)
    if b.chance(0.6):
        feet = []
        for s in (-1, 1):
            x = s * width * 0.35
            feet.append(
                beam((x, 0.02, lift + 0.03), (x, -0.12, 0.008), 0.024, 0.016)
                + beam((x, 0.02, lift + 0.03), (x, 0.14, 0.008), 0.024, 0.016)
            )
        b.each("foot", feet, stand)
    else:
        b.add("base", box((-width * 0.2, -0.12, 0), (width * 0.2, 0.14, 0.016), 0.004), stand)
        b.add("neck", box((-0.06, 0.0, 0.01), (0.06, 0.03, lift + 0.05)), stand)


def laptop(b: Builder) -> None:
    """Open at some angle, or shut."""
    case = b.finish(metal, dark, plastic)
    width = b.uniform(0.29, 0.38)
    depth, thick = width * b.uniform(0.64, 0.72), b.uniform(0.012, 0.022)
    angle = b.uniform(85, 135) if b.chance(0.85) else 0.0
    w, back = width / 2, depth / 2
    b.add("base", slab(width, depth, 0.0, thick, radius=0.012, bevel=0.0), case)
    if angle > 0:
        keys, pitch = b.accent(case, dark, dark), depth * 0.1
        for row in range(5):
            y = pitch * (row - 1.2)
            b.add("keyboard", box((-w * 0.9, y, thick - 0.001), (w * 0.9, y + pitch * 0.85, thick + 0.0015)), keys)
        pad = box((-w * 0.32, -depth * 0.46, thick - 0.001), (w * 0.32, -depth * 0.17, thick + 0.0008))
        b.add("touchpad", pad, b.accent(case, metal, dark))
    with b.within(shift(0, back - 0.005, thick + 0.004), turn("x", -angle)):
        b.add("lid", slab(width, depth - 0.006, 0.0, 0.007, radius=0.012, bevel=0.0).shifted(y=0.003 - back), case)
        if angle > 0:
            display = box((-w * 0.94, -depth * 0.95, -0.0008), (w * 0.94, -depth * 0.08, 0.001))
            b.add("screen", display, b.finish(screen))
    pin = cylinder(0.006, -0.02, 0.02, segments=10).turned("y", 90)
    hinges = [pin.shifted(s * w * 0.6, back - 0.004, thick + 0.002) for s in (-1, 1)]
    b.each("hinge", hinges, b.accent(case, dark))


def keyboard(b: Builder) -> None:
    """With blocks of keys, with or without a number pad."""
    case, keys = b.finish(dark, plastic, metal), b.finish(dark, plastic)
    pad = b.chance(0.6)
    width, depth = (b.uniform(0.42, 0.46) if pad else b.uniform(0.28, 0.33)), b.uniform(0.12, 0.16)
    rise = b.uniform(0, 5)
    with b.within(turn("x", rise)):
        b.add("case", box((-width / 2, -depth / 2, 0), (width / 2, depth / 2, 0.018), 0.005), case)
        blocks = [("letters", -0.48, 0.48 if not pad else 0.16)] + ([("number pad", 0.28, 0.48)] if pad else [])
        if pad:
            blocks.append(("arrows", 0.18, 0.26))
        for name, left, right in blocks:
            rows = 5
            columns = max(2, round((right - left) * width / 0.02))
            pitch = (right - left) * width / columns
            for row in range(rows):
                y = depth * (0.4 - 0.17 * row) - 0.014
                for column in range(columns if row < 4 or name != "letters" else 5):
                    wide = pitch * (columns / 5 if row == 4 and name == "letters" else 1.0)
                    x = left * width + column * wide
                    b.add(name, box((x + 0.001, y - 0.008, 0.016), (x + wide - 0.001, y + 0.008, 0.026)), keys)
    b.each(
        "foot",
        [
            box(
                (s * width * 0.42 - 0.02, depth * 0.35, 0), (s * width * 0.42 + 0.02, depth * 0.42, 0.01 + 0.001 * rise)
            )
            for s in (-1, 1)
        ],
        case,
    )


def mouse(b: Builder) -> None:
    """A shell with two buttons and a wheel, perhaps a cord."""
    shell = b.finish(dark, plastic, metal)
    w, d, h = b.uniform(0.028, 0.034), b.uniform(0.048, 0.06), b.uniform(0.03, 0.04)
    body = superellipsoid((-w, -d, -h), (w, d, h), 0.8, 0.8, 24)
    body = type(body)(np.maximum(body.vertices, [-1, -1, 0]), body.faces)
    b.add("body", body, shell)
    buttons = b.accent(shell, plastic, dark)
    for number, s in enumerate((-1, 1), 1):
        top = superellipsoid((-w, -d, -h), (w, d, h), 0.8, 0.8, 24).scaled(1.02, 1.02, 1.03)
        middle = top.vertices[top.faces].mean(axis=1)
        keep = (middle[:, 2] > h * 0.55) & (middle[:, 1] < -d * 0.1) & (s * middle[:, 0] > 0)
        b.add(numbered("button", number, 2), type(top)(top.vertices, top.faces[keep]), buttons)
    b.add("wheel", disc(0.009, -0.004, 0.004, 0.001, 14).turned("y", 90).shifted(0, -d * 0.5, h * 0.92), b.finish(dark))
    if b.chance(0.4):
        t = np.linspace(0, 1, 12)
        b.add(
            "cord",
            tube(np.column_stack([0.02 * np.sin(6 * t), d + 0.15 * t - 0.004, 0.004 + 0 * t]), 0.002, 6),
            b.finish(dark),
        )


def speaker(b: Builder) -> None:
    """A box with one to three drivers, small or tall."""
    case = b.finish(dark, wood, paint, plastic)
    tall = b.chance(0.3)
    width, depth = b.uniform(0.14, 0.22), b.uniform(0.16, 0.28)
    height = b.uniform(0.8, 1.05) if tall else b.uniform(0.22, 0.38)
    b.add("body", box((-width / 2, -depth / 2, 0.008), (width / 2, depth / 2, height), 0.006), case)
    radius = width * 0.38
    cones, z = [], height - radius * 0.55 - 0.02
    sizes = [0.45, 1.0, 1.0] if tall else [0.45, 1.0]
    for share in sizes:
        r = radius * share
        z -= 0.0 if share < 1 else r
        cones.append(
            lathe([(r, 0), (r, 0.008), (r * 0.88, 0.01), (r * 0.3, -0.01), (0, -0.002)], 22)
            .turned("x", 90)
            .shifted(0, -depth / 2, z)
        )
        z -= r + 0.02
    b.each("driver", cones, b.accent(case, dark, metal))
    b.each(
        "foot",
        [
            disc(0.012, 0, 0.01, segments=10).shifted(x, y)
            for x in (-width * 0.35, width * 0.35)
            for y in (-depth * 0.35, depth * 0.35)
        ],
        b.finish(dark),
    )
