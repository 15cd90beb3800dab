"""Files that come in chunks, in any order, and go on where they were cut off."""

import json
import secrets
import shutil
import threading
from pathlib import Path, PurePosixPath
from typing import Any

from pinpoint3d.io import FORMATS, atomic_path
from pinpoint3d.server import wire
from pinpoint3d.server.problems import RefusedError, missing
from pinpoint3d.server.settings import ServerSettings

CHUNK_BYTES = 4 * 2**20
_SUFFIXES = {*FORMATS, ".json", ".pp3d", ".label", ".zip"}


class Uploads:
    """Files on their way, each a folder of chunks; what a client calls a file never becomes a path."""

    def __init__(self, settings: ServerSettings) -> None:
        self._settings = settings
        self._coming = settings.data / "uploads" / "coming"
        self._come = settings.data / "uploads" / "come"
        self._lock = threading.Lock()
        for folder in (self._coming, self._come):
            folder.mkdir(parents=True, exist_ok=True)

    def begin(self, request: wire.BeginUpload) -> wire.Upload:
        """Announce a file. Raises RefusedError when it is too large, or of a kind that cannot be read."""
        suffix = PurePosixPath(request.name.replace("\\", "/")).suffix.lower()
        if suffix not in _SUFFIXES:
            raise RefusedError("bad_file", f"a file {suffix or 'without suffix'} cannot be read", status=415)
        with self._lock:
            waiting = sum(self._told(folder.name)["size"] for folder in self._coming.iterdir() if _is_upload(folder))
            if request.size > self._settings.upload_bytes or waiting + request.size > self._settings.stored_bytes:
                raise RefusedError("bad_request", "the file is larger than this server takes", status=413)
            if request.size > shutil.disk_usage(self._coming).free:
                raise RefusedError("unavailable", "the server's disk is full", status=507)
            key = secrets.token_hex(8)
            folder = self._coming / key
            folder.mkdir()
            about = {"name": request.name, "suffix": suffix, "size": request.size}
            with atomic_path(folder / "about.json") as temporary:
                temporary.write_text(json.dumps(about))
        return self.state(key)

    def state(self, key: str) -> wire.Upload:
        """Which chunks are missing. Raises RefusedError when there is no such upload."""
        chunks = self._chunks(key)
        lacking = [n for n in range(chunks) if not (self._coming / key / f"{n}.bin").is_file()]
        return wire.Upload(id=key, chunk_bytes=CHUNK_BYTES, chunks=chunks, missing=lacking)

    def put(self, key: str, number: int, content: bytes) -> wire.Upload:
        """Take a chunk. Raises RefusedError when it is of another size than it must be."""
        chunks = self._chunks(key)
        if not 0 <= number < chunks:
            raise missing("chunk", str(number))
        size = self._told(key)["size"]
        wanted = CHUNK_BYTES if number < chunks - 1 else size - CHUNK_BYTES * (chunks - 1)
        if len(content) != wanted:
            raise RefusedError("bad_request", f"chunk {number} must be {wanted:,} bytes, not {len(content):,}")
        with atomic_path(self._coming / key / f"{number}.bin") as temporary:
            temporary.write_bytes(content)
        return self.state(key)

    def finish(self, key: str) -> Path:
        """Put the chunks together; asked again, the same file. Raises RefusedError while chunks are missing."""
        if (done := self._finished(key)) is not None:
            return done
        state, about = self.state(key), self._told(key)
        if state.missing:
            raise RefusedError("bad_request", f"{len(state.missing)} chunks are missing", status=409)
        folder = self._come / key
        folder.mkdir(exist_ok=True)
        path = folder / f"{_stem(about['name'])}{about['suffix']}"
        with atomic_path(path) as temporary, temporary.open("wb") as whole:
            for number in range(state.chunks):
                with (self._coming / key / f"{number}.bin").open("rb") as chunk:
                    shutil.copyfileobj(chunk, whole)
        shutil.rmtree(self._coming / key)
        return path

    def path(self, key: str) -> Path:
        """Where a finished file lies. Raises RefusedError when there is none."""
        done = self._finished(key)
        if done is None:
            raise missing("finished upload", key)
        return done

    def _finished(self, key: str) -> Path | None:
        folder = self._come / _checked(key)
        return next(iter(sorted(folder.iterdir())), None) if folder.is_dir() else None

    def _chunks(self, key: str) -> int:
        return -(-int(self._told(key)["size"]) // CHUNK_BYTES)

    def _told(self, key: str) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads((self._coming / _checked(key) / "about.json").read_text())
        except (OSError, ValueError):
            raise missing("upload", key) from None
        return content


def _checked(key: str) -> str:
    if not (key.isascii() and key.isalnum()):
        raise missing("upload", key)
    return key


def _is_upload(folder: Path) -> bool:
    return (folder / "about.json").is_file()


def _stem(name: str) -> str:
    """A file name made of a client's: letters, digits, blanks and -_. alone, not beginning with a dot."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    return "".join(c if c.isalnum() or c in "-_ ." else "_" for c in stem)[:100].lstrip(".") or "scan"
