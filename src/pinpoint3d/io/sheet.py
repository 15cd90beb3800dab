"""Many labelled scans on one page, by colour, object and part; and one scan turning."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy.spatial import KDTree

from pinpoint3d.arrays import Bool, Float32, Float64, UInt8
from pinpoint3d.io.atomic import atomic_path
from pinpoint3d.io.picture import drawn_rows, open_side
from pinpoint3d.io.splat import Camera, Splat, spacing_of
from pinpoint3d.scene import Hierarchy, LabelledScene, label_colours

_WIDTH, _HEIGHT = 560, 430  # one view
_SUPER = 2  # a sheet is drawn larger and scaled down, so that edges are smooth
_HEAD, _PAD = 30, 10
_ELEVATION, _ASIDE = 38.0, 20.0  # degrees
_INK, _FAINT = (32, 36, 42), (118, 124, 132)
_NO_COLOUR = 176
_FADE = 0.62  # how far the background recedes towards white behind labels
_ACROSS = 4  # scans from which on two stand side by side
_CELL, _NEIGHBOURS = 0.05, 12  # metres, and cells that make a plane
_FRAMES, _FRAME_MS = 36, 90


def save_sheet(path: Path, scans: Iterable[LabelledScene]) -> None:
    """Write `draw_sheet` to a PNG file, whole or not at all.

    Raises:
        FileError: the file cannot be written.
    """
    with atomic_path(path) as temporary:
        draw_sheet(scans).save(temporary, format="PNG")


def draw_sheet(scans: Iterable[LabelledScene]) -> Image.Image:
    """A row a scan: its colours, its objects, its parts. Many scans stand two in a row."""
    strips = [_strip(scan) for scan in scans]
    across = 1 if len(strips) <= _ACROSS else 2
    down = -(-len(strips) // across)
    width, height = strips[0].size
    sheet = Image.new("RGB", (across * width, down * height), "white")
    for place, strip in enumerate(strips):
        sheet.paste(strip, (place % across * width, place // across * height))
    return sheet


def save_turntable(path: Path, scan: LabelledScene, frames: int = _FRAMES) -> None:
    """Write an animation of a scan turning once, its colours beside its parts: GIF, or animated PNG.

    Raises:
        FileError: the file cannot be written.
    """
    view = _View.of(scan)
    first = open_side(view.xyz)
    pictures = [_row(view, first + 360 * k / frames, ("scan", "parts"), sharper=1) for k in range(frames)]
    with atomic_path(path) as temporary:
        form = "GIF" if path.suffix.lower() == ".gif" else "PNG"
        pictures[0].save(temporary, format=form, save_all=True, append_images=pictures[1:], duration=_FRAME_MS, loop=0)


@dataclass(frozen=True, eq=False)
class _View:
    """What is drawn of a scan.

    Attributes:
        xyz: f32 [M, 3].
        spacing: f64 [M].
        inward: f32 [M, 3], normals of the background towards the objects; zero on objects.
        colours: by name, f32 [M, 3], 0..255.
    """

    xyz: Float32
    spacing: Float64
    inward: Float32
    colours: dict[str, Float32]

    @classmethod
    def of(cls, scan: LabelledScene) -> "_View":
        rows = drawn_rows(scan.scene)
        xyz, rgb = scan.scene.xyz[rows], scan.scene.rgb
        labels = Hierarchy(scan.labels.object[rows], scan.labels.part[rows])
        whole = replace(labels, part=np.minimum(labels.part, 0))
        behind = labels.object <= 0
        colours = {
            "scan": np.full((len(rows), 3), _NO_COLOUR) if rgb is None else rgb[rows],
            "objects": _faded(label_colours(whole), behind),
            "parts": _faded(label_colours(labels), behind),
        }
        inward = np.zeros_like(xyz)
        inward[behind] = _inward_normals(xyz, behind)
        floats = {name: values.astype(np.float32) for name, values in colours.items()}
        return cls(xyz, spacing_of(xyz), inward, floats)


def _faded(colours: UInt8, behind: Bool) -> Float32:
    faded = colours.astype(np.float32)
    faded[behind] += (255 - faded[behind]) * _FADE
    return faded


def _inward_normals(xyz: Float32, behind: Bool) -> Float32:
    """f32 [B, 3]: of the background points, by the plane through the cells around them, so that noise is averaged."""
    at = xyz[behind].astype(np.float64)
    _, cell, count = np.unique(np.floor(at / _CELL), axis=0, return_inverse=True, return_counts=True)
    cell = cell.ravel()
    if len(count) <= _NEIGHBOURS:
        return np.zeros((len(at), 3), np.float32)
    centre = np.stack([np.bincount(cell, at[:, axis]) for axis in range(3)], axis=1) / count[:, None]
    near = centre[KDTree(centre).query(centre, k=_NEIGHBOURS)[1]]
    near -= near.mean(axis=1, keepdims=True)
    normal = np.linalg.eigh(np.einsum("nki,nkj->nij", near, near))[1][:, :, 0]
    middle = xyz.mean(axis=0) if behind.all() else xyz[~behind].mean(axis=0)  # objects are inside, whatever is cut off
    inward = normal * np.sign(((middle - centre) * normal).sum(axis=1, keepdims=True))
    return np.asarray(inward[cell], dtype=np.float32)


def _strip(scan: LabelledScene) -> Image.Image:
    """A scan's name and what it holds, above its views."""
    view, labels = _View.of(scan), scan.labels
    row = _row(view, open_side(view.xyz) - _ASIDE, ("scan", "objects", "parts"))
    strip = Image.new("RGB", (row.width + _PAD, row.height + _HEAD + _PAD), "white")
    strip.paste(row, (0, _HEAD))
    draw, objects = ImageDraw.Draw(strip), labels.objects().tolist()
    parts = sum(len(labels.parts(o)) for o in objects)
    about = f"{len(objects)} objects, {parts} parts, {len(scan.scene):,} points"
    draw.text((_PAD, 6), scan.scene.name, font=ImageFont.load_default(17), fill=_INK)
    draw.text((_WIDTH + _PAD, 8), about, font=ImageFont.load_default(14), fill=_FAINT)
    return strip


def _row(view: _View, azimuth: float, names: Sequence[str], sharper: int = _SUPER) -> Image.Image:
    """The same view in several colourings."""
    row = Image.new("RGB", (len(names) * _WIDTH, _HEIGHT), "white")
    for place, picture in enumerate(_pictures(view, azimuth, names, sharper)):
        row.paste(picture, (place * _WIDTH, 0))
    return row


def _pictures(view: _View, azimuth: float, names: Sequence[str], sharper: int) -> Iterator[Image.Image]:
    camera = Camera.around(view.xyz, azimuth, _ELEVATION, _WIDTH * sharper, _HEIGHT * sharper)
    # As into a doll's house: a wall or ceiling that is seen from behind is left out.
    shown = (view.inward * (camera.eye - view.xyz)).sum(axis=1) >= 0
    splat = Splat(camera, view.xyz[shown], view.spacing[shown])
    paper = np.full((1, 3), 255, dtype=np.float32)
    for name in names:
        image = np.concatenate([view.colours[name][shown], paper])[splat.owner]  # owner -1 is the last row
        whole = Image.fromarray((image * splat.shade[..., None] + 0.5).astype(np.uint8))
        yield whole.resize((_WIDTH, _HEIGHT), Image.Resampling.BOX)
