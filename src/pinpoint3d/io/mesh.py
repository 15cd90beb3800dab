"""Meshes: OBJ, GLB, GLTF, STL and OFF, by trimesh. Every vertex of the file is kept, in order, also where two coincide.

A file of several meshes gives their vertices one mesh after another, each at its place in the file's scene.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import trimesh

from pinpoint3d.arrays import AnyArray, Float64, Int32, Int64, UInt8
from pinpoint3d.errors import FileError
from pinpoint3d.io.cloud import Cloud
from pinpoint3d.io.memory import require_memory

_GREY = 128
_TEXT = (".obj", ".off")
_MEMORY_PER_BYTE = 12  # the peak over the size of the file: 8 in OBJ, 9 in GLB, 10 in STL
_FILE_BYTES_PER_VERTEX = 30


@dataclass(frozen=True)
class MeshPiece:
    """One mesh of a file.

    Attributes:
        vertices: float [N, 3].
        faces: i32 [F, 3].
        vertex_rgb: u8 [N, 3], or None where it has no colour.
        colour_at: answers (faces i64 [M], barycentric weights f64 [M, 3]) with u8 [M, 3]; None: as between vertices.
    """

    vertices: AnyArray
    faces: Int32
    vertex_rgb: UInt8 | None
    colour_at: Callable[[Int64, Float64], UInt8] | None


def read(path: Path) -> Cloud:
    """Read all meshes of a file.

    Raises:
        FileError: a face names a vertex that is not there.
    """
    pieces = _pieces(path)
    if not pieces:
        raise FileError(path, "has no points: it holds no mesh")
    if path.suffix.lower() == ".obj" and any(piece.colour_at is not None for piece in pieces):
        # In order a vertex has one place in the texture; along a seam it has another one in each face.
        split = _pieces(path, maintain_order=False)
        pieces = [replace(piece, colour_at=other.colour_at) for piece, other in zip(pieces, split, strict=True)]
    starts = np.cumsum([0] + [len(piece.vertices) for piece in pieces[:-1]])
    faces = np.concatenate([piece.faces + start for piece, start in zip(pieces, starts, strict=True)])
    cloud = Cloud(np.concatenate([piece.vertices for piece in pieces]), faces=faces if len(faces) else None)
    if any(piece.vertex_rgb is not None for piece in pieces):
        cloud.rgb = np.concatenate(
            [
                np.full(piece.vertices.shape, _GREY, np.uint8) if piece.vertex_rgb is None else piece.vertex_rgb
                for piece in pieces
            ]
        )
    if any(piece.colour_at is not None for piece in pieces):
        cloud.surface_rgb = _surface_rgb(pieces, cloud)
    return cloud


def _pieces(path: Path, **options: Any) -> list[MeshPiece]:
    scene = open_trimesh(path, **options)
    return [mesh_piece(path, geometry) for geometry in scene.dump() if hasattr(geometry, "vertices")]


def open_trimesh(path: Path, **options: Any) -> trimesh.Scene:
    """The scene of a file as trimesh reads it, every vertex kept in order; `options` go to its reader.

    Raises:
        FileError: it does not fit into memory.
    """
    size = path.stat().st_size
    require_memory(path, size // _FILE_BYTES_PER_VERTEX, size * _MEMORY_PER_BYTE)
    content = path.read_bytes()
    if path.suffix.lower() in _TEXT:
        # Only names and comments can hold letters beyond ASCII; older programs write them as Latin-1.
        content = content if _is_utf8(content) else content.decode("latin-1").encode()
    return trimesh.load_scene(
        io.BytesIO(content),
        file_type=path.suffix[1:].lower(),
        resolver=trimesh.resolvers.FilePathResolver(str(path)),
        process=False,
        **{"maintain_order": True} | options,
    )


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def mesh_piece(path: Path, geometry: trimesh.Trimesh | trimesh.PointCloud) -> MeshPiece:
    """A mesh of a file with the colours on its surface.

    Raises:
        FileError: a face names a vertex that is not there.
    """
    vertices = np.asarray(geometry.vertices)
    faces = np.asarray(getattr(geometry, "faces", np.empty((0, 3)))).astype(np.int32).reshape(-1, 3)
    if len(faces) and (faces.min() < 0 or faces.max() >= len(vertices)):
        raise FileError(path, f"a face names a vertex beyond its {len(vertices):,} vertices; export it again")
    visual = geometry.visual
    if visual.kind == "texture":
        return MeshPiece(vertices, faces, *_textured(visual, faces, len(vertices)))
    if visual.kind == "face":
        face_rgb = np.asarray(visual.face_colors)[:, :3].astype(np.uint8)
        rgb = np.asarray(visual.vertex_colors)[:, :3].astype(np.uint8)
        return MeshPiece(vertices, faces, rgb, lambda chosen, weights: face_rgb[chosen])
    if visual.kind == "vertex" and len(visual.vertex_colors) == len(vertices):
        return MeshPiece(vertices, faces, np.asarray(visual.vertex_colors)[:, :3].astype(np.uint8), None)
    return MeshPiece(vertices, faces, None, None)


def _textured(
    visual: trimesh.visual.TextureVisuals, faces: Int32, vertices: int
) -> tuple[UInt8 | None, Callable[[Int64, Float64], UInt8] | None]:
    """Colours of the vertices and between them, from a texture, else from vertices, else from a plain material."""
    painted = visual.vertex_attributes.get("color") if visual.vertex_attributes else None
    if visual.uv is None or visual.material.to_color(visual.uv) is None:
        if painted is not None:
            return _bytes(np.asarray(painted)[:, :3]), None
        return np.tile(np.asarray(visual.material.main_color)[:3].astype(np.uint8), (vertices, 1)), None
    uv = np.asarray(visual.uv, dtype=np.float64)

    def colour(places: Float64) -> UInt8:
        colours: UInt8 = np.asarray(visual.material.to_color(places)).astype(np.uint8)
        return np.broadcast_to(colours[..., :3], (len(places), 3))

    return colour(uv), lambda chosen, weights: colour(np.einsum("mk,mkd->md", weights, uv[faces[chosen]]))


def _bytes(rgb: AnyArray) -> UInt8:
    return (np.rint(rgb * 255) if rgb.dtype.kind == "f" else rgb).astype(np.uint8)


def _surface_rgb(pieces: list[MeshPiece], cloud: Cloud) -> Callable[[Int64, Float64], UInt8]:
    ends = np.cumsum([len(piece.faces) for piece in pieces])

    def colour_at(chosen: Int64, weights: Float64) -> UInt8:
        assert cloud.faces is not None
        assert cloud.rgb is not None
        rgb: UInt8 = np.einsum("mk,mkd->md", weights, cloud.rgb[cloud.faces[chosen]]).round().astype(np.uint8)
        owner = np.searchsorted(ends, chosen, side="right")
        for k, piece in enumerate(pieces):
            if piece.colour_at is not None and (rows := np.flatnonzero(owner == k)).size:
                rgb[rows] = piece.colour_at(chosen[rows] - (ends[k] - len(piece.faces)), weights[rows])
        return rgb

    return colour_at
