"""The elements of a PLY file: its header, and the rows of numbers and lists below it."""

import itertools
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from pinpoint3d.arrays import AnyArray, Int64
from pinpoint3d.errors import FileError

_MAX_HEADER_LINES = 10_000
_MAX_LINE = 65536
_ORDERS = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
_SCALARS = {"char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4"}
_SCALARS |= {"float": "f4", "double": "f8", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2"}
_SCALARS |= {"int32": "i4", "uint32": "u4", "float32": "f4", "float64": "f8"}


@dataclass(frozen=True)
class Property:
    """A column: `dtype` of its numbers, and of the length before them where a row holds a list of them."""

    name: str
    dtype: str
    length_dtype: str | None


@dataclass
class Element:
    """A table of the file: its name, how many rows it has, and its columns in the order of the file."""

    name: str
    rows: int
    properties: list[Property] = field(default_factory=list)


@dataclass(frozen=True)
class Lists:
    """A list a row: i64 [rows] lengths, and all values one after another."""

    lengths: Int64
    values: AnyArray


def read_header(path: Path, file: BinaryIO) -> tuple[str, list[Element], list[str]]:
    """Byte order ("" in ascii), elements and comments; the file then stands at its first row.

    Raises:
        FileError: no line `ply`, `format` or `end_header`, or a line that means nothing.
    """
    if file.readline(_MAX_LINE).strip() != b"ply":
        raise FileError(path, "is no PLY file: it does not begin with a line 'ply'")
    order: str | None = None
    elements: list[Element] = []
    comments: list[str] = []
    for _ in range(_MAX_HEADER_LINES):
        line = file.readline(_MAX_LINE).decode("utf-8", errors="replace").strip()
        match line.split():
            case ["end_header"]:
                break
            case ["format", form, _] if form in _ORDERS:
                order = _ORDERS[form]
            case ["comment", *_]:
                comments.append(line.removeprefix("comment").strip())
            case ["element", name, rows] if rows.isdecimal():
                elements.append(Element(name, int(rows)))
            case ["property", "list", length, kind, name] if elements and {length, kind} <= _SCALARS.keys():
                elements[-1].properties.append(Property(name, _SCALARS[kind], _SCALARS[length]))
            case ["property", kind, name] if elements and kind in _SCALARS:
                elements[-1].properties.append(Property(name, _SCALARS[kind], None))
            case ["obj_info", *_] | []:
                pass
            case _:
                raise FileError(path, f"its PLY header has a line that means nothing: {line[:80]!r}")
    else:
        raise FileError(path, "its PLY header has no end_header; copy or export it again")
    if order is None:
        raise FileError(path, f"its PLY header names no format of {', '.join(_ORDERS)}")
    return order, elements, comments


def read_element(path: Path, file: BinaryIO, order: str, element: Element) -> dict[str, AnyArray | Lists]:
    """The columns of an element by name, from where the file stands.

    Raises:
        FileError: there are fewer rows than declared, or other than numbers in them.
    """
    if element.rows == 0 or not element.properties:
        return {p.name: np.empty(0, p.dtype) for p in element.properties if p.length_dtype is None}
    has_lists = any(p.length_dtype for p in element.properties)
    if order:
        return (_binary_lists if has_lists else _binary_columns)(path, file, order, element)
    return (_ascii_lists if has_lists else _ascii_columns)(path, file, element)


def _cut_short(path: Path, element: Element, held: int) -> FileError:
    return FileError(
        path, f"is cut short: {element.rows:,} rows of {element.name} declared, {held:,} held; copy it again"
    )


def _binary_columns(path: Path, file: BinaryIO, order: str, element: Element) -> dict[str, AnyArray | Lists]:
    record = np.dtype([(p.name, order + p.dtype) for p in element.properties])
    left = path.stat().st_size - file.tell()
    if left < element.rows * record.itemsize:
        raise _cut_short(path, element, left // record.itemsize)
    table = np.fromfile(file, dtype=record, count=element.rows)
    return {p.name: table[p.name].astype(p.dtype) for p in element.properties}


def _ascii_columns(path: Path, file: BinaryIO, element: Element) -> dict[str, AnyArray | Lists]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "loadtxt: input contained no data")
        try:
            table = np.loadtxt(file, ndmin=2, comments=None, encoding="ascii", max_rows=element.rows)
        except ValueError as error:
            raise FileError(path, f"its rows of {element.name} are not numbers in equal columns: {error}") from error
    if len(table) < element.rows:
        raise _cut_short(path, element, len(table))
    if table.shape[1] != len(element.properties):
        raise FileError(
            path, f"has {table.shape[1]} numbers a {element.name}, its header names {len(element.properties)}"
        )
    return {p.name: _cast(path, p, table[:, k]) for k, p in enumerate(element.properties)}


def _cast(path: Path, p: Property, values: AnyArray) -> AnyArray:
    if p.dtype[0] != "f" and not np.isfinite(values).all():
        raise FileError(path, f"property {p.name} is declared an integer but holds nan or inf")
    return values.astype(p.dtype)


def _binary_lists(path: Path, file: BinaryIO, order: str, element: Element) -> dict[str, AnyArray | Lists]:
    """Rows with lists as long as those of the first row are read at once, any others one by one."""
    start = file.tell()
    left = path.stat().st_size - start
    layout: list[tuple[str, str] | tuple[str, str, tuple[int]]] = []
    for k, p in enumerate(element.properties):
        if p.length_dtype is None:
            layout.append((f"value{k}", order + p.dtype))
            continue
        layout.append((f"length{k}", order + p.length_dtype))
        file.seek(start + np.dtype(layout).itemsize - np.dtype(p.length_dtype).itemsize)
        length = np.fromfile(file, order + p.length_dtype, 1)
        if len(length) == 0 or not 0 <= length[0] <= left:
            raise _cut_short(path, element, 0)
        layout.append((f"value{k}", order + p.dtype, (int(length[0]),)))
    record = np.dtype(layout)
    file.seek(start)
    if element.rows * record.itemsize <= left:
        table = np.fromfile(file, record, element.rows)
        names = [name for name in record.names or () if name.startswith("length")]
        if all((table[name] == table[name][0]).all() for name in names):
            return {
                p.name: table[f"value{k}"].astype(p.dtype)
                if p.length_dtype is None
                else Lists(table[f"length{k}"].astype(np.int64), table[f"value{k}"].astype(p.dtype).ravel())
                for k, p in enumerate(element.properties)
            }
        file.seek(start)
    return _binary_rows(path, file, order, element)


def _binary_rows(path: Path, file: BinaryIO, order: str, element: Element) -> dict[str, AnyArray | Lists]:
    start = file.tell()
    content = file.read()
    at = 0
    lengths: dict[str, list[int]] = {p.name: [] for p in element.properties}
    values: dict[str, list[AnyArray]] = {p.name: [] for p in element.properties}
    dtypes = [
        (p.name, np.dtype(order + p.dtype), np.dtype(order + p.length_dtype) if p.length_dtype else None)
        for p in element.properties
    ]
    for row in range(element.rows):
        for name, dtype, length_dtype in dtypes:
            length = 1
            try:
                if length_dtype is not None:
                    length = int(np.frombuffer(content, length_dtype, 1, at)[0])
                    at += length_dtype.itemsize
                if length:
                    values[name].append(np.frombuffer(content, dtype, length, at))
            except ValueError as error:
                raise _cut_short(path, element, row) from error
            at += length * dtype.itemsize
            lengths[name].append(length)
    file.seek(start + at)
    return {p.name: _joined(p, lengths[p.name], values[p.name]) for p in element.properties}


def _ascii_lists(path: Path, file: BinaryIO, element: Element) -> dict[str, AnyArray | Lists]:
    lengths: dict[str, list[int]] = {p.name: [] for p in element.properties}
    values: dict[str, list[AnyArray]] = {p.name: [] for p in element.properties}
    lines = (line for line in file if line.strip())
    for row, line in enumerate(itertools.islice(lines, element.rows)):
        words = iter(line.split())
        try:
            for p in element.properties:
                length = 1 if p.length_dtype is None else int(next(words))
                numbers = [float(word) for word in itertools.islice(words, length)]
                if len(numbers) < length:
                    raise ValueError("too few numbers")
                lengths[p.name].append(length)
                values[p.name].append(np.array(numbers))
        except (ValueError, StopIteration) as error:
            raise FileError(path, f"row {row + 1} of {element.name} is damaged; copy or export it again") from error
    held = len(lengths[element.properties[0].name])
    if held < element.rows:
        raise _cut_short(path, element, held)
    return {p.name: _joined(p, lengths[p.name], values[p.name]) for p in element.properties}


def _joined(p: Property, lengths: list[int], values: list[AnyArray]) -> AnyArray | Lists:
    joined = np.concatenate(values).astype(p.dtype) if values else np.empty(0, p.dtype)
    return joined if p.length_dtype is None else Lists(np.array(lengths), joined)
