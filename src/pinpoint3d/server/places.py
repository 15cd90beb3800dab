"""Which of the server's files may be opened by path."""

from collections.abc import Iterable
from pathlib import Path

from pinpoint3d.io import FORMATS
from pinpoint3d.server import wire
from pinpoint3d.server.problems import RefusedError


class Places:
    """Folders whose scans may be opened; links are followed before a path is judged."""

    def __init__(self, allowed: Iterable[Path]) -> None:
        self._allowed = tuple(folder.resolve() for folder in allowed)

    def scan(self, path: str) -> Path:
        """A scan to be opened. Raises RefusedError outside the allowed folders, or where there is no scan."""
        found = self._inside(path)
        if not found.is_file() or found.suffix.lower() not in SCANS:
            raise RefusedError("bad_file", "there is no scan at that path", status=404)
        return found

    def folder(self, path: str | None) -> wire.Folder:
        """What lies in a folder, or which folders are allowed. Raises RefusedError outside them."""
        if path is None:
            return wire.Folder(path="", parent=None, folders=[str(folder) for folder in self._allowed], scans=[])
        folder = self._inside(path)
        if not folder.is_dir():
            raise RefusedError("not_found", "there is no folder at that path")
        try:
            content = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
        except OSError as error:
            raise RefusedError("forbidden", f"the folder cannot be read ({error.strerror})") from error
        return wire.Folder(
            path=str(folder),
            parent="" if folder in self._allowed else str(folder.parent),
            folders=[str(entry) for entry in content if entry.is_dir()],
            scans=[str(entry) for entry in content if entry.suffix.lower() in SCANS and entry.is_file()],
        )

    def _inside(self, path: str) -> Path:
        try:
            found = Path(path).resolve()
        except (OSError, ValueError, RuntimeError):
            found = Path()
        if not any(found.is_relative_to(folder) for folder in self._allowed):
            raise RefusedError(
                "forbidden", "the path lies outside the folders this server may open; start it with --allow"
            )
        return found


SCANS = frozenset({*FORMATS, ".pp3d"})
