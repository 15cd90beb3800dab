"""LAS and LAZ (ASPRS LAS 1.0 to 1.4; LAZ by lazrs).

Labels are extra dimensions; names are in a record of this program's own (VLR `pinpoint3d`, record 1, JSON).
"""

import os
import struct
from collections.abc import Mapping
from pathlib import Path

import laspy
import lazrs
import numpy as np

from pinpoint3d.arrays import AnyArray, Int32, UInt8
from pinpoint3d.errors import FileError
from pinpoint3d.io.categories import categories
from pinpoint3d.io.cloud import Cloud
from pinpoint3d.io.memory import require_memory
from pinpoint3d.io.names import names_from_json, names_to_json
from pinpoint3d.scene import BACKGROUND, UNLABELLED, Hierarchy, Scene

_VLR_USER, _VLR_RECORD = "pinpoint3d", 1
_XYZ_BYTES = 80  # three float64 columns, their stack and the scene's own copy
_CHUNK_POINTS = 10_000_000  # a chunk may be declared larger than the points there are; 50,000 is the custom
_NEVER_CLASSIFIED, _UNCLASSIFIED, _FIRST_CLASS, _LAST_CLASS = 0, 1, 64, 255
_SCALES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)


def read(path: Path) -> Cloud:
    """Read a LAS or LAZ file. Colours that are zero throughout were not measured: such a file has none.

    Raises:
        FileError: the file is damaged or holds fewer points than its header says.
    """
    _check_header(path)
    try:
        with laspy.open(str(path)) as reader:
            declared = int(reader.header.point_count)
            require_memory(path, declared, declared * (2 * reader.header.point_format.size + _XYZ_BYTES))
            if reader.header.are_points_compressed:
                _check_chunks(path, reader.header)
            las = reader.read()
    except BaseException as error:
        # The LAZ decoder is written in Rust; its panics are no subclass of Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise FileError(path, "its compressed points are damaged; copy it again") from error
    if len(las.points) < declared:
        raise FileError(path, f"is cut short: {declared:,} points declared, {len(las.points):,} held; copy it again")
    dimensions = set(las.point_format.dimension_names)
    cloud = Cloud(np.stack([np.asarray(las.x), np.asarray(las.y), np.asarray(las.z)], axis=1))
    if {"red", "green", "blue"} <= dimensions:
        rgb = np.stack([np.asarray(las[name]) for name in ("red", "green", "blue")], axis=1)
        cloud.rgb = rgb if rgb.any() else None
    for name in ["classification", *las.point_format.extra_dimension_names]:
        values = np.asarray(las[name])
        if values.ndim == 1 and values.dtype.kind in "iu":
            cloud.fields[name] = values
    for record in las.header.vlrs.get_by_id(_VLR_USER, (_VLR_RECORD,)):
        cloud.object_names, cloud.part_names = names_from_json(path, record.record_data_bytes().decode())
    return cloud


def _check_header(path: Path) -> None:
    """Make sure that the records the header declares fit into the file; laspy would go on reading for hours.

    Source: the LAS 1.4 specification, public header block. A variable length record takes at least 54
    bytes, an extended one 60.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        header = file.read(247)
    if header[:4] != b"LASF" or len(header) < 227:
        raise FileError(path, "is no LAS file, or cut short: it has no LAS header")
    header_bytes, points_at, records = struct.unpack_from("<HII", header, 94)
    fits = header_bytes + 54 * records <= points_at <= size
    if header[25] >= 4:
        extended_at, extended = struct.unpack_from("<QI", header.ljust(247, b"\0"), 235)
        fits = fits and extended * 60 <= max(size - extended_at, 0)
    if not fits:
        raise FileError(path, "is cut short or its header is damaged: its records do not fit into it; copy it again")


def _check_chunks(path: Path, header: laspy.LasHeader) -> None:
    """Make sure that the chunks of compressed points fit into the file; lazrs would end the program otherwise.

    Source: M. Isenburg, LASzip: lossless compression of LiDAR data, 2013, "chunk table": its place, or -1 for the
    file's last eight bytes to tell it, stands before the points; it begins with a version and the number of chunks.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(header.offset_to_point_data)
        (place,) = struct.unpack("<q", file.read(8))
        if place == -1:
            file.seek(-8, os.SEEK_END)
            (place,) = struct.unpack("<q", file.read(8))
        file.seek(place)
        _, chunks = struct.unpack("<II", file.read(8))
        fits = chunks <= min(size, header.point_count)
        if fits:
            file.seek(header.offset_to_point_data)
            coding = header.vlrs.get_by_id("laszip encoded")[0].record_data
            table = lazrs.read_chunk_table(file, lazrs.LazVlr(coding))
            most = max(header.point_count, _CHUNK_POINTS)
            fits = sum(length for _, length in table) <= size and all(points <= most for points, _ in table)
    if not fits:
        raise FileError(path, "its table of compressed chunks is damaged or cut off; copy it again")


def write(path: Path, scene: Scene, fields: Mapping[str, Int32], labels: Hierarchy | None) -> None:
    """Write coordinates to the nearest 0.1 mm (coarser beyond 400 km), colours as 16 bit, fields, and classes.

    Normals and faces have no place in LAS.

    Raises:
        FileError: a point is not finite, which LAS cannot express.
    """
    lost = len(scene) - int(np.count_nonzero(scene.finite))
    if lost:
        raise FileError(path, f"LAS cannot hold the {lost:,} points without finite coordinates; choose .ply or .npz")
    coloured = scene.rgb is not None
    if labels is None:
        header = laspy.LasHeader(point_format=2 if coloured else 0, version="1.2")
    else:  # LAS 1.4 has the classes from 64 on for users to define
        header = laspy.LasHeader(point_format=7 if coloured else 6, version="1.4")
    reach = float(np.abs(scene.bounds).max())
    scale = next(scale for scale in _SCALES if reach / scale < 2**31 - 1 or scale == _SCALES[-1])
    header.scales, header.offsets = np.full(3, scale), scene.origin
    for name, values in fields.items():
        header.add_extra_dim(laspy.ExtraBytesParams(name=name, type=values.dtype))
    if labels is not None and (labels.object_names or labels.part_names):
        header.vlrs.append(laspy.VLR(_VLR_USER, _VLR_RECORD, "names", names_to_json(labels).encode()))
    las = laspy.LasData(header)
    columns: dict[str, AnyArray] = dict(zip("xyz", scene.world().T, strict=True))
    if scene.rgb is not None:
        columns |= zip(("red", "green", "blue"), scene.rgb.T.astype(np.uint16) * 257, strict=True)
    if labels is not None:
        columns["classification"] = _classes(labels)
    for name, values in (columns | dict(fields)).items():
        las[name] = values
    las.write(str(path))


def _classes(labels: Hierarchy) -> UInt8:
    """u8 [N]: 0 never classified, 1 unclassified for background, from 64 the kinds of objects; 255 takes all beyond.

    Source: the LAS 1.4 specification, table of standard point classes; kinds are names without their number.
    """
    _, kind = categories(labels)
    classes = np.where(labels.object > BACKGROUND, np.minimum(kind + _FIRST_CLASS, _LAST_CLASS), _UNCLASSIFIED)
    classes[labels.object == UNLABELLED] = _NEVER_CLASSIFIED
    return classes.astype(np.uint8)
