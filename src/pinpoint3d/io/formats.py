"""The formats by suffix. A format is one module; it is imported when first used, with the library it needs."""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pinpoint3d.errors import FileError
from pinpoint3d.io.cloud import Cloud


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes:
        name: what people call it.
        module: module of this package that reads it with `read(path) -> Cloud`.
        up: the axis its specification points upwards; "z" where it says nothing.
    """

    name: str
    module: str
    up: str = "z"


FORMATS = {
    ".pcd": Format("PCD", "pcd"),
}


def reader(path: Path) -> tuple[Format, Callable[[Path], Cloud]]:
    """The format of a file that exists, and what reads it.

    Raises:
        FileError: no such file, a folder, an empty file, an unknown suffix.
    """
    if path.is_dir():
        raise FileError(path, "is a folder, expected a file")
    if not path.exists():
        raise FileError(path, "no such file")
    known = FORMATS.get(path.suffix.lower())
    if known is None:
        raise FileError(path, f"unknown suffix {path.suffix!r}; known are {', '.join(sorted(FORMATS))}")
    with readable(path, known):
        if path.stat().st_size == 0:
            raise FileError(path, "is empty")
        module = importlib.import_module(f"pinpoint3d.io.{known.module}")
    read: Callable[[Path], Cloud] = module.read
    return known, read


@contextmanager
def readable(path: Path, form: Format) -> Iterator[None]:
    """Turn whatever a parser raises on damaged bytes into a FileError of one line."""
    try:
        yield
    except FileError:
        raise
    except MemoryError as error:
        raise FileError(path, "needs more memory than is available") from error
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror or error}") from error
    except Exception as error:  # parsers of damaged bytes raise anything at all
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise FileError(path, f"is no sound {form.name} file ({reason}); copy or export it again") from error
