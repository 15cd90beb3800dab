"""Zip archives that are the same bytes whenever their content is the same; read whole, within the memory there is."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pinpoint3d.arrays import AnyArray
from pinpoint3d.errors import FileError
from pinpoint3d.io.memory import require_memory

_EPOCH = (1980, 1, 1, 0, 0, 0)


def add_entry(archive: zipfile.ZipFile, name: str, content: Any) -> None:
    """Add a text or bytes under a name, with a fixed date."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content, compresslevel=1)


def add_array(archive: zipfile.ZipFile, name: str, array: AnyArray) -> None:
    """Add an array as `name`.npy, as `numpy.load` reads it."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(array, order="C"), allow_pickle=False)
    add_entry(archive, f"{name}.npy", buffer.getbuffer())


def read_array(archive: zipfile.ZipFile, name: str) -> AnyArray:
    """The array that was added as `name`.

    Raises:
        KeyError: there is none.
        ValueError: it is damaged.
    """
    return np.asarray(np.lib.format.read_array(io.BytesIO(archive.read(f"{name}.npy")), allow_pickle=False))


def write_archive(path: Path, members: Mapping[str, str | bytes]) -> None:
    """Write a zip of texts and bytes by name."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            add_entry(archive, name, content)


def read_archive(path: Path, *endings: str) -> list[bytes]:
    """The member whose name ends so, for each ending.

    Raises:
        FileError: one is missing, or unpacking takes more memory than there is.
        OSError, zipfile.BadZipFile, zlib.error: the file is damaged.
    """
    contents = []
    with zipfile.ZipFile(path) as archive:
        for ending in endings:
            found = [member for member in archive.infolist() if member.filename.endswith(ending)]
            if len(found) != 1:
                raise FileError(path, f"must hold one file *{ending}, holds {len(found)}")
            require_memory(path, 0, 4 * found[0].file_size)
            contents.append(archive.read(found[0]))
    return contents
