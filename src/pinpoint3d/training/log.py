"""The record of a training: a JSON line a step, and curves drawn from it."""

import json
from pathlib import Path
from typing import Any, Self


class Log:
    """Appends a line a step; lines beyond the step that is continued from are cut off first."""

    def __init__(self, path: Path, step: int, silent: bool = False) -> None:
        self._file = None
        if silent:
            return
        kept = [line for line in read_lines(path) if line["step"] <= step]
        self._file = path.open("w", encoding="utf-8")
        for line in kept:
            self._file.write(json.dumps(line) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, step: int, seconds: float, rate: float, norm: float, values: dict[str, float]) -> None:
        if self._file is None:
            return
        line = {"step": step, "seconds": round(seconds, 2), "rate": rate, "norm": norm, **values}
        self._file.write(json.dumps({k: round(v, 6) if isinstance(v, float) else v for k, v in line.items()}) + "\n")
        self._file.flush()


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a log; none where there is no file. A last line that was cut off is left out."""
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    read = []
    for number, line in enumerate(lines, start=1):
        try:
            read.append(json.loads(line))
        except ValueError:
            if number < len(lines):
                raise
    return read
