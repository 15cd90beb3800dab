"""PCD, the format of the Point Cloud Library, versions 0.6 and 0.7: ascii, binary and binary_compressed.

Source: https://pointclouds.org/documentation/tutorials/pcd_file_format.html
"""

import struct
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from pinpoint3d.arrays import AnyArray
from pinpoint3d.errors import FileError
from pinpoint3d.io.cloud import Cloud, cloud_from_columns
from pinpoint3d.io.lzf import lzf_decompress
from pinpoint3d.io.memory import require_memory

_KINDS = {"F": "f", "I": "i", "U": "u"}
_SIZES = {"F": (4, 8), "I": (1, 2, 4, 8), "U": (1, 2, 4, 8)}
_PADDING = "_"
_MAX_HEADER_LINES = 100
_MAX_LINE = 65536


@dataclass(frozen=True)
class _Field:
    name: str
    dtype: np.dtype[np.generic]
    count: int

    @property
    def bytes(self) -> int:
        return self.dtype.itemsize * self.count


@dataclass(frozen=True)
class _Header:
    fields: tuple[_Field, ...]
    points: int
    data: str

    @property
    def point_bytes(self) -> int:
        return sum(field.bytes for field in self.fields)


def read(path: Path) -> Cloud:
    """Read a PCD file; its VIEWPOINT is not applied, as in PCL.

    Raises:
        FileError: the header is not understood, the data is damaged or shorter than the header says.
    """
    with path.open("rb") as file:
        header = _read_header(path, file)
        require_memory(path, header.points, 2 * header.points * header.point_bytes)
        read_body = {"ascii": _read_ascii, "binary": _read_binary, "binary_compressed": _read_compressed}.get(
            header.data
        )
        if read_body is None:
            raise FileError(path, f"DATA {header.data} is not one of ascii, binary, binary_compressed")
        columns = read_body(path, file, header)
    return cloud_from_columns(path, columns)


def _read_header(path: Path, file: BinaryIO) -> _Header:
    entries: dict[str, list[str]] = {}
    for _ in range(_MAX_HEADER_LINES):
        line = file.readline(_MAX_LINE).decode("ascii", errors="replace").strip()
        if line and not line.startswith("#"):
            keyword, *values = line.split()
            entries[keyword.upper()] = values
            if keyword.upper() == "DATA":
                break
    else:
        raise FileError(path, "is no PCD file: no line DATA in its header")
    try:
        names, sizes, kinds = entries["FIELDS"], [int(size) for size in entries["SIZE"]], entries["TYPE"]
        counts = [int(count) for count in entries.get("COUNT", ["1"] * len(names))]
        if "POINTS" in entries:
            points = int(entries["POINTS"][0])
        else:
            points = int(entries["WIDTH"][0]) * int(entries["HEIGHT"][0])
        fields = []
        for name, size, kind, count in zip(names, sizes, kinds, counts, strict=True):
            if size not in _SIZES[kind] and name != _PADDING:
                raise FileError(path, f"field {name} has type {kind} of {size} bytes, which PCD does not have")
            if count < 1:
                raise FileError(path, f"field {name} has COUNT {count}, expected at least 1")
            dtype = np.dtype(f"V{size}" if name == _PADDING else f"<{_KINDS[kind]}{size}")
            fields.append(_Field(name, dtype, count))
        data = entries["DATA"][0]
    except KeyError as error:
        raise FileError(path, f"its PCD header lacks or does not understand {error.args[0]}") from error
    except (ValueError, IndexError) as error:
        raise FileError(path, "its PCD header is damaged: FIELDS, SIZE, TYPE, COUNT and POINTS do not fit") from error
    if points < 0:
        raise FileError(path, f"its PCD header declares {points} points")
    return _Header(tuple(fields), points, data)


def _too_short(path: Path, declared: int, held: int) -> FileError:
    return FileError(path, f"is cut short: its header declares {declared:,} points, it holds {held:,}; copy it again")


def _read_ascii(path: Path, file: BinaryIO, header: _Header) -> dict[str, AnyArray]:
    width = sum(field.count for field in header.fields)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "loadtxt: input contained no data")
        try:
            table = np.loadtxt(file, ndmin=2, max_rows=header.points, encoding="ascii")
        except ValueError as error:
            raise FileError(path, f"its points are not numbers in equal columns: {error}") from error
    if len(table) < header.points:
        raise _too_short(path, header.points, len(table))
    if header.points and table.shape[1] != width:
        raise FileError(path, f"has {table.shape[1]} numbers a line, its FIELDS and COUNT say {width}")
    columns: dict[str, AnyArray] = {}
    start = 0
    for field in header.fields:
        if field.count == 1 and field.name != _PADDING:
            values = table[:, start]
            if field.dtype.kind != "f" and not np.isfinite(values).all():
                raise FileError(path, f"field {field.name} is declared an integer but holds nan or inf")
            columns[field.name] = values.astype(field.dtype)
        start += field.count
    return columns


def _read_binary(path: Path, file: BinaryIO, header: _Header) -> dict[str, AnyArray]:
    left = path.stat().st_size - file.tell()
    if left < header.points * header.point_bytes:
        raise _too_short(path, header.points, left // header.point_bytes)
    # Columns are numbered since names may repeat, that of the padding above all.
    record = np.dtype([(str(k), field.dtype, (field.count,)) for k, field in enumerate(header.fields)])
    table = np.fromfile(file, dtype=record, count=header.points)
    return {
        field.name: table[str(k)][:, 0]
        for k, field in enumerate(header.fields)
        if field.count == 1 and field.name != _PADDING
    }


def _read_compressed(path: Path, file: BinaryIO, header: _Header) -> dict[str, AnyArray]:
    """All values of the first field, then all of the second, and so on; padding is left out (PCL `PCDWriter`)."""
    fields = [field for field in header.fields if field.name != _PADDING]
    expected = header.points * sum(field.bytes for field in fields)
    sizes = file.read(8)
    if len(sizes) < 8:
        raise _too_short(path, header.points, 0)
    packed, unpacked = struct.unpack("<2I", sizes)
    if unpacked != expected:
        raise FileError(path, f"holds {unpacked:,} bytes of points, its header makes {expected:,}; write it again")
    data = file.read(packed)
    if len(data) < packed:
        raise FileError(path, f"is cut short: {packed:,} bytes of points expected, {len(data):,} found; copy it again")
    try:
        body = lzf_decompress(data, unpacked)
    except ValueError as error:
        raise FileError(path, f"{error}; copy or write it again") from error
    columns: dict[str, AnyArray] = {}
    start = 0
    for field in fields:
        end = start + header.points * field.bytes
        if field.count == 1:
            columns[field.name] = body[start:end].view(field.dtype)
        start = end
    return columns
