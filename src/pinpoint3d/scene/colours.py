"""Colours of labels: a hue an object, a shade of it a part."""

import colorsys

import numpy as np

from pinpoint3d.arrays import UInt8
from pinpoint3d.scene.hierarchy import Hierarchy

BACKGROUND_COLOUR = (150, 150, 150)
# Okabe and Ito (2008), told apart under every common colour blindness; black and yellow left out for contrast.
_HUES = ((230, 159, 0), (86, 180, 233), (0, 158, 115), (0, 114, 178), (213, 94, 0), (204, 121, 167))
# Of the way to white, or to black where negative, and turns of the hue: as far apart as seven shades can be that still
# seem to be of one colour.
_SHADES = ((0.49, -0.08), (-0.48, 0.03), (0.26, 0.08), (-0.41, -0.07), (0.78, -0.01), (-0.69, -0.02), (0.04, 0.04))
_GOLDEN_ANGLE = 0.381966


def object_colour(object_id: int) -> tuple[int, int, int]:
    """The colour of an object: six colour-blind safe hues first, then hues a golden angle apart."""
    if object_id <= 0:
        return BACKGROUND_COLOUR
    if object_id <= len(_HUES):
        return _HUES[object_id - 1]
    red, green, blue = colorsys.hls_to_rgb(object_id * _GOLDEN_ANGLE % 1.0, 0.5, 0.65)
    return round(red * 255), round(green * 255), round(blue * 255)


def part_colour(object_id: int, part_id: int) -> tuple[int, int, int]:
    """A shade of the object's colour; part 0 is the object's own."""
    base = object_colour(object_id)
    if object_id <= 0 or part_id <= 0:
        return base
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in base))
    lighter, turn = _SHADES[(part_id - 1) % len(_SHADES)]
    lightness += lighter * (1 - lightness if lighter > 0 else lightness)
    red, green, blue = colorsys.hls_to_rgb((hue + turn) % 1.0, lightness, saturation)
    return round(red * 255), round(green * 255), round(blue * 255)


def label_colours(labels: Hierarchy) -> UInt8:
    """u8 [N, 3]: the colour of every point's label."""
    pairs, inverse = np.unique(np.stack([labels.object, labels.part], axis=1), axis=0, return_inverse=True)
    palette = np.array([part_colour(int(o), int(p)) for o, p in pairs], dtype=np.uint8).reshape(-1, 3)
    return palette[inverse.ravel()]
