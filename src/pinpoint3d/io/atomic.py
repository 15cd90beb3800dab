"""Files appear whole or not at all."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pinpoint3d.errors import FileError


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yield a path beside `path`, of the same suffix, to write to; it replaces `path` when the block ends well.

    When the block raises, what was written is removed and an older file at `path` stays as it was.

    Raises:
        FileError: the folder does not exist, or the file cannot be written.
    """
    temporary = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        if path.is_dir():
            raise FileError(path, "is a folder, expected a file name")
        if not path.parent.exists():
            raise FileError(path, f"the folder {path.parent} does not exist; make it first")
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise FileError(path, f"cannot be written: {error.strerror or error}") from error
    finally:
        # Already gone where all went well, or where the folder is none.
        if path.parent.is_dir():
            temporary.unlink(missing_ok=True)
