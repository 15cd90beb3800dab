"""A click as a person states it, in the words of the command line and of clicks files."""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pinpoint3d.errors import ClickError, FileError

_FIELDS = {"xyz", "object", "part", "positive"}
_TEXT = re.compile(r"(?P<xyz>[^:]*):(?P<negative>!?)(?P<object>[^/]*)(?:/(?P<part>.*))?", re.DOTALL)
BACKGROUND_NAME = "background"


@dataclass(frozen=True)
class ClickRequest:
    """A click before it is placed.

    Attributes:
        xyz: f64, metres, z up, WORLD coordinates: those of the scan's file (after unit and axis conversion).
        object: name or id (from 1) of the object; None for the background.
        part: name or id (from 1) of a part of that object; None for the object as a whole.
        positive: False says "not this".
    """

    xyz: tuple[float, float, float]
    object: str | int | None = None
    part: str | int | None = None
    positive: bool = True

    @classmethod
    def parse(cls, text: str) -> "ClickRequest":
        """Read `x,y,z:chair`, `x,y,z:chair/seat`, `x,y,z:!chair/seat` (not this part) or `x,y,z:background`.

        Raises:
            ClickError: the text has another form.
        """
        found = _TEXT.fullmatch(text)
        if not found:
            raise ClickError(f'click "{text}": write "x,y,z:object", "x,y,z:object/part" or "x,y,z:background"')
        try:
            xyz = _xyz([float(c) for c in found["xyz"].split(",")])
        except ValueError:
            raise ClickError(
                f'click "{text}": "{found["xyz"]}" must be three numbers x,y,z in metres, as in "1.2,0.4,0.8:chair"'
            ) from None
        name = found["object"].strip()
        part = None if found["part"] is None else found["part"].strip()
        if not name or part == "":
            missing = "a part's name is missing after the /" if name else "the object's name is missing"
            raise ClickError(f'click "{text}": {missing}; write "x,y,z:object" or "x,y,z:object/part"')
        try:
            return cls._named(xyz, name, part, positive=not found["negative"])
        except ValueError as error:
            raise ClickError(f'click "{text}": {error}') from None

    @classmethod
    def from_json(cls, entry: Any) -> "ClickRequest":
        """Read `{"xyz": [x, y, z], "object": "chair", "part": "seat", "positive": true}`; only xyz is required.

        Without an object, or with "background" for its name, it is a click on the background.

        Raises:
            ValueError: the message names the faulty field.
        """
        if not isinstance(entry, dict):
            raise ValueError(f'must be an object like {{"xyz": [1.2, 0.4, 0.8], "object": "chair"}}, not {entry!r}')
        if unknown := sorted(set(entry) - _FIELDS):
            raise ValueError(f"unknown field {unknown[0]!r}; known are {', '.join(sorted(_FIELDS))}")
        for field in ("object", "part"):
            value = entry.get(field)
            if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
                raise ValueError(f"{field} must be a name, an id or null, not {value!r}")
        if not isinstance(entry.get("positive", True), bool):
            raise ValueError(f"positive must be true or false, not {entry['positive']!r}")
        xyz, positive = _xyz(entry.get("xyz")), entry.get("positive", True)
        return cls._named(xyz, entry.get("object"), entry.get("part"), positive=positive)

    @classmethod
    def _named(
        cls, xyz: tuple[float, float, float], name: str | int | None, part: str | int | None, positive: bool
    ) -> "ClickRequest":
        """A click on what a person names. Raises ValueError where the background is asked for more than it has."""
        if name != BACKGROUND_NAME:
            return cls(xyz, name, part, positive)
        if part is not None or not positive:
            raise ValueError("the background has no parts and no negative clicks")
        return cls(xyz)

    def to_json(self) -> dict[str, Any]:
        """Inverse of `from_json`."""
        return {"xyz": list(self.xyz), "object": self.object, "part": self.part, "positive": self.positive}


def _xyz(values: Any) -> tuple[float, float, float]:
    numbers = values if isinstance(values, list) else []
    if len(numbers) != 3 or not all(type(c) in (int, float) and math.isfinite(c) for c in numbers):
        raise ValueError(f"xyz must be three finite numbers in metres, not {values!r}")
    x, y, z = numbers
    return float(x), float(y), float(z)


def read_clicks(path: Path) -> list[ClickRequest]:
    """Read a clicks file: `{"clicks": [entry, ...]}` or just the list, an entry as in `ClickRequest.from_json`.

    Raises:
        FileError: the file cannot be read; names the entry's index and the field.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise FileError(path, f"is not a JSON file ({error})") from error
    entries = content.get("clicks") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise FileError(path, 'must hold {"clicks": [...]} or a list of clicks')
    requests = []
    for i, entry in enumerate(entries):
        try:
            requests.append(ClickRequest.from_json(entry))
        except ValueError as error:
            raise FileError(path, f"clicks[{i}]: {error}") from error
    return requests


def clicks_json(requests: Iterable[ClickRequest]) -> str:
    """The text of a clicks file, one click a line."""
    lines = ",\n".join("  " + json.dumps(r.to_json(), ensure_ascii=False) for r in requests)
    return f'{{"clicks": [\n{lines}\n]}}\n' if lines else '{"clicks": []}\n'
