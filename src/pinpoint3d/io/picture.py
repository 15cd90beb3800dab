"""A picture of a scan and its masks from two sides: for people, who would rather look than read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pinpoint3d.arrays import Float32, Int64
from pinpoint3d.io.atomic import atomic_path
from pinpoint3d.io.splat import Camera, Splat, spacing_of
from pinpoint3d.scene import BACKGROUND_COLOUR, Hierarchy, Scene, label_colours, object_colour, part_colour

_WIDTH, _HEIGHT = 800, 620  # one of the four panels
_SUPER = 2  # drawn larger and scaled down, so that edges are smooth
_LEGEND, _PAD, _ROW, _HEAD = 300, 20, 26, 56
_INK, _FAINT, _RULE = (32, 36, 42), (118, 124, 132), (222, 225, 229)
_ELEVATION, _ASIDE = 27.0, 24.0  # degrees; the two views stand `_ASIDE` to the left and right of the open side
_NO_COLOUR = 176
_FADE = 0.62  # how far the background recedes towards white behind the masks
_MOST_POINTS = 600_000  # a panel has fewer pixels


@dataclass(frozen=True)
class Marker:
    """A click to draw.

    Attributes:
        xyz: metres, in the scene's own frame.
        object: what it clicks; 0 for the background.
        part: 0 for the object as a whole.
        positive: drawn as + or -.
    """

    xyz: tuple[float, float, float]
    object: int
    part: int = 0
    positive: bool = True


def save_picture(path: str | Path, scene: Scene, labels: Hierarchy, markers: Sequence[Marker] = ()) -> None:
    """Write `draw_picture` to a PNG file, whole or not at all.

    Raises:
        FileError: the file cannot be written.
    """
    with atomic_path(Path(path)) as temporary:
        draw_picture(scene, labels, markers).save(temporary, format="PNG")


def draw_picture(scene: Scene, labels: Hierarchy, markers: Sequence[Marker] = ()) -> Image.Image:
    """Scan and masks side by side, from two sides, with clicks and legend; the same every time.

    Args:
        scene: N points, at least one of them finite. More than 600,000 are thinned for the picture.
        labels: object and part of each.
        markers: the clicks; hidden ones are drawn hollow.
    """
    rows = drawn_rows(scene)
    xyz = scene.xyz[rows]
    scan = np.full((len(rows), 3), _NO_COLOUR) if scene.rgb is None else scene.rgb[rows]
    masks = _mask_colours(labels, rows)
    front, spacing = open_side(xyz), spacing_of(xyz)
    sheet = Image.new("RGB", (2 * _WIDTH + _LEGEND, 2 * _HEIGHT + _HEAD), "white")
    for line, azimuth in enumerate((front - _ASIDE, front + _ASIDE)):
        camera = Camera.around(xyz, azimuth, _ELEVATION, _WIDTH * _SUPER, _HEIGHT * _SUPER)
        splat = Splat(camera, xyz, spacing)
        for column, colours in enumerate((scan, masks)):
            panel = _panel(splat, colours.astype(np.float32))
            _draw_markers(panel, splat, markers)
            sheet.paste(panel, (column * _WIDTH, _HEAD + line * _HEIGHT))
    _draw_text(sheet, scene, labels, markers)
    return sheet


def drawn_rows(scene: Scene) -> Int64:
    """Rows of the finite points, thinned, less far strays that would shrink everything else to a dot."""
    rows = np.flatnonzero(scene.finite)
    rows = rows[:: -(-len(rows) // _MOST_POINTS)]
    xyz = scene.xyz[rows]
    low, high = np.percentile(xyz, [1, 99], axis=0)
    slack = 0.4 * (high - low) + 0.05
    return np.asarray(rows[((xyz >= low - slack) & (xyz <= high + slack)).all(axis=1)])


def _mask_colours(labels: Hierarchy, rows: Int64) -> Float32:
    shown = Hierarchy(labels.object[rows], labels.part[rows])
    colours = label_colours(shown).astype(np.float32)
    outside = shown.object <= 0
    colours[outside] += (255 - colours[outside]) * _FADE
    return colours


def open_side(xyz: Float32) -> float:
    """Azimuth in degrees from which least is hidden: opposite to where high points, the walls, stand."""
    low, high = xyz.min(axis=0), xyz.max(axis=0)
    upper = xyz[xyz[:, 2] > low[2] + 0.6 * (high[2] - low[2])]
    away = (low + high)[:2] / 2 - upper[:, :2].mean(axis=0) if len(upper) else np.zeros(2)
    if np.linalg.norm(away) <= 0.05 * np.linalg.norm((high - low)[:2]):
        return -60.0
    return float(np.degrees(np.arctan2(away[1], away[0])))


def _panel(splat: Splat, colours: Float32) -> Image.Image:
    """One view with f32 [N, 3] colours, 0..255."""
    paper = np.full((1, 3), 255, dtype=np.float32)
    image = np.concatenate([colours, paper])[splat.owner]  # owner -1 is the last row
    whole = Image.fromarray((image * splat.shade[..., None] + 0.5).astype(np.uint8))
    return whole.resize((_WIDTH, _HEIGHT), Image.Resampling.BOX)


def _draw_markers(panel: Image.Image, splat: Splat, markers: Sequence[Marker]) -> None:
    if not markers:
        return
    pixels, depths = splat.camera.project(np.array([m.xyz for m in markers], dtype=np.float64))
    for marker, pixel, depth in zip(markers, pixels, depths, strict=True):
        x, y = pixel / _SUPER
        _draw_marker(ImageDraw.Draw(panel), float(x), float(y), marker, hollow=not splat.sees(pixel, float(depth)))


def _draw_marker(draw: ImageDraw.ImageDraw, x: float, y: float, marker: Marker, *, hollow: bool = False) -> None:
    """A disc in the label's colour with + or - in it; a ring where the click is hidden in this view."""
    colour = _label_colour(marker.object, marker.part)
    if hollow:
        draw.ellipse((x - 5, y - 5, x + 5, y + 5), outline=colour, width=2)
        return
    for radius, fill in ((9, _INK), (8, "white"), (6.5, colour)):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
    ink = "white" if sum(colour) < 420 else _INK
    draw.rectangle((x - 4, y - 1, x + 4, y + 1), fill=ink)
    if marker.positive:
        draw.rectangle((x - 1, y - 4, x + 1, y + 4), fill=ink)


def _draw_text(sheet: Image.Image, scene: Scene, labels: Hierarchy, markers: Sequence[Marker]) -> None:
    """Titles above the panels and the legend to their right."""
    draw = ImageDraw.Draw(sheet)
    large, normal, small = (ImageFont.load_default(size) for size in (22, 17, 14))
    draw.text((_PAD, 16), f"{scene.name}: scan", font=large, fill=_INK)
    draw.text((_WIDTH + _PAD, 16), "masks", font=large, fill=_INK)
    left, y = 2 * _WIDTH + _PAD, _HEAD + 4
    draw.line((2 * _WIDTH, _HEAD, 2 * _WIDTH, sheet.height - _PAD), fill=_RULE)
    room = (sheet.height - y - 3 * _ROW - _PAD) // _ROW
    entries = list(_legend(labels))
    for colour, name, count, indent in entries[:room]:
        x = left + 22 * indent
        draw.rounded_rectangle((x, y + 4, x + 16, y + 18), radius=3, fill=colour)
        number = f"{count:,}"
        end = sheet.width - _PAD - draw.textlength(number, font=small)
        name = _fitted(draw, name, normal, end - x - 34)
        draw.text((x + 26, y), name, font=normal, fill=_INK)
        draw.text((end, y + 2), number, font=small, fill=_FAINT)
        y += _ROW
    if len(entries) > room:
        draw.text((left, y), f"and {len(entries) - room} more", font=small, fill=_FAINT)
        y += _ROW
    draw.text((left, y + 8), "points per label", font=small, fill=_FAINT)
    if markers:
        signs = [("click", True), ("not this", False)]
        for i, (name, positive) in enumerate(signs):
            x, middle = left + 8 + 100 * i, y + 8 + 1.4 * _ROW
            _draw_marker(draw, x, middle, Marker((0.0, 0.0, 0.0), 0, positive=positive))
            draw.text((x + 18, middle - 9), name, font=small, fill=_FAINT)


def _legend(labels: Hierarchy) -> Iterator[tuple[tuple[int, int, int], str, int, int]]:
    """Colour, name, number of points and depth of every label: objects, their parts, then what belongs to none."""
    for object_id in labels.objects().tolist():
        inside = labels.object == object_id
        yield object_colour(object_id), labels.object_name(object_id), int(inside.sum()), 0
        for part_id in labels.parts(object_id).tolist():
            count = int((inside & (labels.part == part_id)).sum())
            yield part_colour(object_id, part_id), labels.part_name(object_id, part_id), count, 1
    background, unlabelled = int((labels.object == 0).sum()), int((labels.object < 0).sum())
    if background:
        yield _label_colour(0, 0), "background", background, 0
    if unlabelled:
        yield (235, 235, 235), "unlabelled", unlabelled, 0


def _label_colour(object_id: int, part_id: int) -> tuple[int, int, int]:
    return part_colour(object_id, part_id) if object_id > 0 else BACKGROUND_COLOUR


def _fitted(
    draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: float
) -> str:
    """The text, shortened to so many pixels."""
    text = " ".join(text.split())
    if draw.textlength(text, font=font) <= width:
        return text
    while text and draw.textlength(text + "…", font=font) > width:
        text = text[:-1]
    return text + "…"
