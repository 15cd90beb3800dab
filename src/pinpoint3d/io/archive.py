"""Zip archives of arrays that `numpy.load` opens, and that are the same bytes whenever their content is the same."""

import io
import zipfile
from typing import Any

import numpy as np

from pinpoint3d.arrays import AnyArray

_EPOCH = (1980, 1, 1, 0, 0, 0)


def add_entry(archive: zipfile.ZipFile, name: str, content: Any) -> None:
    """Add bytes under a name, with a fixed date."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content, compresslevel=1)


def add_array(archive: zipfile.ZipFile, name: str, array: AnyArray) -> None:
    """Add an array as `name`.npy."""
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
