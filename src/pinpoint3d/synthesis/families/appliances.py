"""Kitchen and laundry machines."""

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.synthesis.modelling.builder import Builder, numbered
from pinpoint3d.synthesis.modelling.fittings import door, feet, front, handle, handle_finish, knob
from pinpoint3d.synthesis.modelling.materials import dark, glass, metal, paint, plastic, sanitary, screen
from pinpoint3d.synthesis.modelling.outlines import spokes
from pinpoint3d.synthesis.modelling.shapes import Solid, box, casing, cylinder, disc, lathe, shift, turn


def _row(solid: Solid, xs: Float64, y: float, z: float) -> list[Solid]:
    return [solid.shifted(float(x), y, z) for x in xs]


def fridge(b: Builder) -> None:
    """One door, two above each other, or two beside each other; shut or ajar."""
    kind = b.pick("one", "above", "above", "beside")
    width = b.uniform(0.8, 0.95) if kind == "beside" else b.uniform(0.5, 0.65)
    height = b.uniform(0.84, 1.3) if kind == "one" else b.uniform(1.5, 1.95)
    depth = b.uniform(0.55, 0.68)
    body = b.finish(sanitary, sanitary, metal, paint, dark)
    leaf = b.accent(body, metal) if b.chance(0.3) else body
    angle = b.uniform(15, 100) if b.chance(0.2) else 0.0
    low = 0.03
    feet(b, width, depth, low)
    outside, inside = casing((-width / 2, -depth / 2, low), (width / 2, depth / 2, height), 0.05)
    b.add("body", outside, body)
    b.add("body", inside, b.finish(sanitary), inner=angle == 0)
    split = height * b.uniform(0.55, 0.72) if kind == "above" else height
    if angle > 0:
        for z in np.linspace(low + 0.3, split - 0.25, 3):
            b.add(
                "shelf",
                box((-width / 2 + 0.05, -depth / 2 + 0.06, z), (width / 2 - 0.05, depth / 2 - 0.05, z + 0.008)),
                b.finish(glass),
            )
    style, thick = b.pick("flat", "round"), b.uniform(0.04, 0.07)
    grip = (b.pick("bar", "bow", "bar", "strip"), handle_finish(b, leaf))
    hinge = b.pick(-1, 1)
    if kind == "beside":
        for number, s in enumerate((-1, 1), 1):
            with b.within(shift(s * width / 4, -depth / 2, (low + height) / 2)):
                door(
                    b,
                    f"door {number}",
                    (width / 2 - 0.004, height - low - 0.01),
                    leaf,
                    style=style,
                    grip=grip,
                    hinge=s,
                    angle=angle if s > 0 else 0.0,
                    thickness=thick,
                )
        if b.chance(0.5):
            b.add(
                "dispenser",
                box(
                    (-width * 0.33, -depth / 2 - thick - 0.004, height * 0.55),
                    (-width * 0.15, -depth / 2 - thick + 0.002, height * 0.72),
                ),
                b.finish(dark),
            )
    else:
        spans = [(low, split)] + ([(split, height)] if kind == "above" else [])
        for number, (z0, z1) in enumerate(spans, 1):
            with b.within(shift(0, -depth / 2, (z0 + z1) / 2)):
                up = 0.25 * (z1 - z0) if number == 1 else -0.25 * (z1 - z0)
                door(
                    b,
                    numbered("door", number, len(spans)),
                    (width - 0.004, z1 - z0 - 0.008),
                    leaf,
                    style=style,
                    grip=grip,
                    hinge=hinge,
                    angle=angle if number == 1 else 0.0,
                    grip_height=up,
                    thickness=thick,
                )


def microwave(b: Builder) -> None:
    """A door with a window and a panel of buttons or knobs beside it."""
    width, depth, height = b.uniform(0.42, 0.54), b.uniform(0.3, 0.42), b.uniform(0.24, 0.31)
    body = b.finish(sanitary, dark, metal, plastic)
    face = b.accent(body, dark, metal)
    foot = 0.012
    feet(b, width, depth, foot)
    y, panel = -depth / 2, width * b.uniform(0.2, 0.28)
    split = width / 2 - panel
    angle = b.uniform(20, 110) if b.chance(0.15) else 0.0
    outside, inside = casing((-width / 2, y, foot), (split, depth / 2, height), 0.012)
    b.add("body", outside, body)
    b.add("body", inside, b.finish(sanitary), inner=angle == 0)
    b.add("body", box((split, y, foot), (width / 2, depth / 2, height)), body)
    wide, middle = split + width / 2, (split - width / 2) / 2
    with b.within(shift(middle, y, (foot + height) / 2), turn("z", -angle, (-wide / 2, 0, 0))):
        tall = height - foot
        b.add("door", front(wide - 0.002, tall - 0.002, 0.025, "round"), face)
        b.add("window", box((-wide * 0.38, -0.027, -tall * 0.3), (wide * 0.34, -0.02, tall * 0.3)), b.finish(dark))
        b.add(
            "handle",
            handle(b.pick("bar", "bow"), tall * 0.7).turned("y", 90).shifted(wide * 0.44, -0.025),
            b.accent(face, metal, dark),
        )
    b.add("panel", box((split + 0.001, y - 0.02, foot + 0.002), (width / 2, y + 0.001, height - 0.002), 0.004), face)
    x, front_y = (split + width / 2) / 2, y - 0.02
    b.add(
        "display",
        box((x - panel * 0.35, front_y - 0.002, height - 0.06), (x + panel * 0.35, front_y + 0.001, height - 0.03)),
        b.finish(screen),
    )
    if b.chance(0.5):
        b.each(
            "knob",
            [knob(0.02, 0.022).shifted(x, front_y, z) for z in np.linspace(foot + 0.05, height - 0.1, 2)],
            b.accent(face, metal, plastic),
        )
    else:
        keys = b.accent(face, metal)
        places = [(x + i * panel * 0.27, foot + 0.06 + k * 0.03) for i in (-1, 0, 1) for k in range(4)]
        for px, pz in places:
            b.add(
                "buttons",
                box((px - 0.008, front_y - 0.003, pz - 0.008), (px + 0.008, front_y + 0.001, pz + 0.008)),
                keys,
            )
        b.add(
            "button",
            box(
                (x - panel * 0.36, front_y - 0.004, foot + 0.012),
                (x + panel * 0.36, front_y + 0.001, foot + 0.036),
                0.002,
            ),
            keys,
        )


def oven(b: Builder) -> None:
    """A cooker: hob with plates or burners, a row of knobs, a door with window and handle."""
    width, depth, height = b.uniform(0.5, 0.6), b.uniform(0.55, 0.62), b.uniform(0.85, 0.9)
    body = b.finish(sanitary, metal, dark)
    face = b.accent(body, dark, metal)
    feet(b, width, depth, 0.03)
    y = -depth / 2
    hob = height - 0.03
    angle = b.uniform(15, 90) if b.chance(0.12) else 0.0
    low, high = 0.03 + b.uniform(0.12, 0.2), hob - 0.11
    outside, inside = casing((-width / 2, y, low), (width / 2, depth / 2, high), 0.03)
    b.add("body", outside, body)
    b.add("body", inside, b.finish(dark), inner=angle == 0)
    b.add(
        "body",
        box((-width / 2, y, high), (width / 2, depth / 2, hob))
        + box((-width / 2, y, 0.03), (width / 2, depth / 2, low)),
        body,
    )
    b.add("hob", box((-width / 2, y - 0.01, hob), (width / 2, depth / 2, height), 0.004), b.finish(dark, dark, metal))
    plates = [(sx * width * 0.24, sy * depth * 0.22 + 0.02) for sx in (-1, 1) for sy in (-1, 1)]
    gas = b.chance(0.45)
    solids = []
    for x, py in plates:
        r = b.uniform(0.07, 0.1)
        if gas:
            bars = [box((-r, -0.004, 0.02), (r, 0.004, 0.032)).turned("z", 90 * k) for k in range(2)]
            solids.append(
                (
                    lathe([(0.04, 0), (0.04, 0.014), (0.025, 0.02), (0, 0.02)], 16) + bars[0] + bars[1] + _posts(r)
                ).shifted(x, py, height)
            )
        else:
            solids.append(disc(r, 0, 0.008, 0.002, 22).shifted(x, py, height))
    b.each("burner", solids, b.finish(dark))
    b.add("panel", box((-width / 2, y - 0.02, high + 0.01), (width / 2, y + 0.001, hob - 0.002), 0.003), face)
    knobs = np.linspace(-width * 0.4, width * 0.4, b.count(4, 6))
    b.each("knob", _row(knob(0.02, 0.03), knobs, y - 0.02, (high + hob) / 2), b.accent(face, metal, dark))
    with b.within(shift(0, y, (low + high) / 2), turn("x", angle, (0, 0, (low - high) / 2))):
        tall = high - low
        b.add("door", front(width - 0.004, tall - 0.004, 0.03, "round"), face)
        b.add("window", box((-width * 0.34, -0.032, -tall * 0.28), (width * 0.34, -0.02, tall * 0.2)), b.finish(dark))
        b.add("handle", handle("bar", width * 0.8).shifted(0, -0.03, tall * 0.38), b.accent(face, metal))
    with b.within(shift(0, y, (0.03 + low) / 2)):
        b.add("drawer", front(width - 0.004, low - 0.036, 0.02, "flat"), b.accent(face, metal))


def _posts(radius: float) -> Solid:
    ends = [cylinder(0.005, 0, 0.022, segments=6).shifted(x, y) for x, y in spokes(4, radius - 0.006)]
    return ends[0] + ends[1] + ends[2] + ends[3]


def washing_machine(b: Builder) -> None:
    """A round door in front, a drawer for powder, a dial and buttons."""
    width, depth, height = b.uniform(0.56, 0.62), b.uniform(0.45, 0.62), b.uniform(0.82, 0.87)
    body = b.finish(sanitary, sanitary, metal, dark)
    feet(b, width, depth, 0.02)
    y, strip = -depth / 2, height - b.uniform(0.12, 0.15)
    b.add("body", box((-width / 2, y, 0.02), (width / 2, depth / 2, height), 0.008, 2), body)
    b.add(
        "panel",
        box((-width / 2 + 0.002, y - 0.012, strip), (width / 2 - 0.002, y + 0.01, height - 0.004), 0.004),
        b.accent(body, dark, plastic),
    )
    r, z = b.uniform(0.16, 0.2), strip * b.uniform(0.55, 0.62)
    ring = [(r * 0.68, 0.0), (r, 0.0), (r, 0.02), (r * 0.9, 0.045), (r * 0.74, 0.045), (r * 0.68, 0.02)]
    bowl = [(r * 0.7, 0.0), (r * 0.7, 0.025), (r * 0.5, 0.03), (r * 0.3, 0.01), (0.0, 0.004)]
    with b.within(shift(0, y, z)):
        b.add("door", lathe(ring, 32, closed=True).turned("x", 90), b.accent(body, metal, dark))
        b.add("window", lathe(bowl, 28).turned("x", 90), b.finish(dark, glass))
        side = b.pick(-1, 1)
        b.add(
            "handle",
            box((side * r * 0.83 - 0.012, -0.06, -0.05), (side * r * 0.83 + 0.012, -0.04, 0.05), 0.006),
            b.accent(body, metal, dark),
        )
    middle = (strip + height) / 2
    b.add("drawer", box((-width * 0.46, y - 0.022, strip + 0.015), (-width * 0.18, y, height - 0.02), 0.006), body)
    b.add(
        "dial",
        disc(0.032, 0, 0.028, 0.004, 20).turned("x", 90).shifted(b.uniform(-0.02, 0.08), y - 0.012, middle),
        b.accent(body, metal, dark),
    )
    b.add("display", box((width * 0.22, y - 0.014, middle), (width * 0.4, y, middle + 0.035)), b.finish(screen))
    buttons = np.linspace(width * 0.2, width * 0.42, b.count(3, 5))
    b.each(
        "button",
        _row(disc(0.008, 0, 0.008, 0.001, 10).turned("x", 90), buttons, y - 0.012, middle - 0.03),
        b.accent(body, metal),
    )
    if b.chance(0.6):
        b.add("hatch", box((width * 0.22, y - 0.004, 0.05), (width * 0.42, y + 0.002, 0.17), 0.002), body)
