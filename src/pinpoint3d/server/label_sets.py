"""Names to complete from: sets of kinds of objects, with the names of their parts."""

from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from pinpoint3d.errors import FileError
from pinpoint3d.server.wire import LabelSet


def label_sets(folder: Path) -> list[LabelSet]:
    """The set that comes along, then those of a folder's JSON files, by name; the folder may be absent.

    Raises:
        FileError: a file is no label set; names the field.
    """
    own = LabelSet.model_validate_json((files("pinpoint3d") / "assets" / "label_set.json").read_bytes())
    return [own, *map(read_label_set, sorted(folder.glob("*.json")))]


def read_label_set(path: Path) -> LabelSet:
    """Read `{"name": "indoor", "categories": [{"name": "chair", "parts": ["seat", "back", "leg"]}]}`.

    Raises:
        FileError: it cannot be read, or is no label set.
    """
    try:
        return LabelSet.model_validate_json(path.read_bytes())
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the file"
        raise FileError(path, f"is no label set: {field}: {first['msg']}") from error
