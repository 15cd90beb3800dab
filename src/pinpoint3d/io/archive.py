"""Members of zip files, by how their names end; read whole, within the memory there is."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from pinpoint3d.errors import FileError
from pinpoint3d.io.memory import require_memory

_EPOCH = (1980, 1, 1, 0, 0, 0)  # a fixed date: equal labels make equal files


def write_archive(path: Path, members: Mapping[str, str | bytes]) -> None:
    """Write a zip of texts and bytes by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


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
