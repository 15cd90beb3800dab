"""What a run measures, and its record beside the rows."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pinpoint3d.errors import FileError
from pinpoint3d.evaluation.samples import Level, Selection
from pinpoint3d.io import atomic_path
from pinpoint3d.prompts import ClickRule

SETTINGS = "run.json"


@dataclass(frozen=True)
class Settings:
    """What a run measures; two runs of the same settings give the same rows, timings aside.

    Attributes:
        segmenter: a name or file for `load_model`.
        data: a data set, `KIND:DIR`.
        level: what is cut out.
        selection: which targets make a sample.
        clicks: most clicks a target.
        seed: of the random selection and of the rule's departures.
        rule: how the robot clicks.
        per_scene: at most so many samples of a scene, chosen at random; None for all.
    """

    segmenter: str
    data: str
    level: Level = Level.OBJECT
    selection: Selection = Selection.ALL
    clicks: int = 10
    seed: int = 0
    rule: ClickRule = field(default_factory=ClickRule)
    per_scene: int | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"level": self.level.value, "selection": self.selection.value}


def claim(out: Path, settings: Settings) -> None:
    """Write the settings to the folder, made where there is none, or see that it holds a run of the same settings.

    Raises:
        FileError: the run there has other settings, or the folder cannot be written to.
    """
    path = out / SETTINGS
    try:
        out.mkdir(parents=True, exist_ok=True)
        found = read_settings(out) if path.exists() else None
        if found is None:
            with atomic_path(path) as temporary:
                temporary.write_text(json.dumps(settings.to_json(), indent=1) + "\n", encoding="utf-8")
            return
    except OSError as error:
        raise FileError(out, f"cannot be written: {error.strerror}") from error
    wanted, there = settings.to_json(), found.to_json()
    other = [name for name in wanted if wanted[name] != there[name]]
    if other:
        raise FileError(path, f"is a run of other settings ({other[0]}: {there[other[0]]}); choose another folder")


def read_settings(out: Path) -> Settings:
    """The settings of a run.

    Raises:
        FileError: the file is missing or damaged.
    """
    path = out / SETTINGS
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        level, selection = Level(fields.pop("level")), Selection(fields.pop("selection"))
        return Settings(**fields | {"rule": ClickRule(**fields["rule"])}, level=level, selection=selection)
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}; is this the folder of a run?") from error
    except (ValueError, TypeError, KeyError) as error:
        raise FileError(path, f"holds no settings of a run ({error}); run again to another folder") from error
