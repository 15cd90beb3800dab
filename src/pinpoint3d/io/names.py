"""Names of objects and parts as JSON text: {"objects": {"3": "chair"}, "parts": {"3": {"1": "seat"}}}."""

import json
from pathlib import Path

from pinpoint3d.errors import FileError
from pinpoint3d.scene import Hierarchy


def names_to_json(labels: Hierarchy) -> str:
    """The names that `labels` gives; ids without a name are left out."""
    parts: dict[int, dict[int, str]] = {}
    for (object_id, part_id), name in labels.part_names.items():
        parts.setdefault(object_id, {})[part_id] = name
    return json.dumps({"objects": dict(labels.object_names), "parts": parts})


def names_from_json(path: Path, text: str) -> tuple[dict[int, str], dict[tuple[int, int], str]]:
    """Names of objects and of parts, as `Hierarchy` takes them.

    Raises:
        FileError: the text has another form.
    """
    try:
        names = json.loads(text)
        objects = {int(o): str(name) for o, name in names["objects"].items()}
        parts = {(int(o), int(p)): str(name) for o, ps in names["parts"].items() for p, name in ps.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(path, "its names of objects and parts are damaged; remove or write them again") from error
    return objects, parts
