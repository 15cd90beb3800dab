"""Many objects on one page, each by its colours and by its parts: to see at a glance what went wrong."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pinpoint3d.arrays import UInt8
from pinpoint3d.io import atomic_path
from pinpoint3d.io.splat import Camera
from pinpoint3d.native.rays import RayCaster
from pinpoint3d.progress import track
from pinpoint3d.scene import object_colour
from pinpoint3d.synthesis.mesh import PartMesh

_VIEW = 190  # pixels, one square view
_SUPER = 2  # rays a pixel along each side
_TEXT, _PAD = 34, 8
_ACROSS = 6
_AZIMUTH, _ELEVATION = -60.0, 22.0  # degrees; the front, towards -y, is seen a little from the right
_LIGHT = np.array([0.45, -0.55, 0.70])
_AMBIENT = 0.45
_INK, _FAINT = (32, 36, 42), (118, 124, 132)


def contact_sheet(objects: Iterable[PartMesh], path: str | Path) -> None:
    """Write a PNG with an object a cell: left its colours, right its parts, below its name, size and number of parts.

    Raises:
        FileError: the file cannot be written.
        ValueError: there is no object.
    """
    cells = []
    meshes = list(objects)
    if not meshes:
        raise ValueError("a contact sheet needs at least one object")
    with track("drawing objects", len(meshes)) as advance:
        for mesh in meshes:
            cells.append(_cell(mesh))
            advance(1)
    across = min(_ACROSS, len(cells))
    width, height = cells[0].size
    sheet = Image.new("RGB", (across * width, -(-len(cells) // across) * height), "white")
    for place, cell in enumerate(cells):
        sheet.paste(cell, (place % across * width, place // across * height))
    with atomic_path(Path(path)) as temporary:
        sheet.save(temporary, format="PNG")


def _cell(mesh: PartMesh) -> Image.Image:
    cell = Image.new("RGB", (2 * _VIEW + 2 * _PAD, _VIEW + _TEXT + _PAD), "white")
    # Of an object alone, every part may have a hue.
    palette = np.array([object_colour(part) for part in range(int(mesh.part.max()) + 1)], dtype=np.uint8)
    for place, picture in enumerate(_views(mesh, mesh.rgb, palette[mesh.part])):
        cell.paste(picture, (_PAD + place * _VIEW, 0))
    x, y, z = mesh.bounds[1] - mesh.bounds[0]
    draw = ImageDraw.Draw(cell)
    draw.text((_PAD, _VIEW), mesh.name[:48], font=ImageFont.load_default(13), fill=_INK)
    about = f"{mesh.category[:16]}, {len(mesh.part_names)} parts, {x:.2f} x {y:.2f} x {z:.2f} m"
    draw.text((_PAD, _VIEW + 16), about, font=ImageFont.load_default(11), fill=_FAINT)
    return cell


def _views(mesh: PartMesh, *colourings: UInt8) -> list[Image.Image]:
    """The object with each of some colours of its faces, u8 [F, 3]; its light falls on both sides of a face."""
    size = _VIEW * _SUPER
    camera = Camera.around(mesh.vertices[mesh.faces].reshape(-1, 3), _AZIMUTH, _ELEVATION, size, size)
    column, row = np.meshgrid(np.arange(size) + 0.5 - size / 2, np.arange(size) + 0.5 - size / 2)
    along = np.stack([column.ravel() / camera.focal, row.ravel() / camera.focal, np.ones(size * size)], axis=1)
    corners = mesh.vertices.astype(np.float64)[mesh.faces]
    distance, face = RayCaster(corners).cast(camera.eye, along @ camera.axes)
    seen = np.isfinite(distance)
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-300)
    facing = -np.sign((normal @ camera.axes[2])[:, None])
    light = _AMBIENT + (1 - _AMBIENT) * np.clip(normal * facing @ (_LIGHT / np.linalg.norm(_LIGHT)), 0, 1)
    pictures = []
    for rgb in colourings:
        image = np.full((size * size, 3), 255, dtype=np.uint8)
        image[seen] = np.rint(rgb[face[seen]] * light[face[seen], None]).astype(np.uint8)
        whole = Image.fromarray(image.reshape(size, size, 3))
        pictures.append(whole.resize((_VIEW, _VIEW), Image.Resampling.BOX))
    return pictures
