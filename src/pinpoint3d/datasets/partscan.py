"""PartScan and MultiScan as PinPoint3D publishes them: PLY scenes and a JSON list of samples.

The list maps `<scene>_obj_<n>[_<id>]` to `{"obj": {"1": 3401.0, ...}, ...}`, target -> label, label = object * 100 +
part. Vertices have the field `label`, -1 where unlabelled.
"""

import json
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from pinpoint3d.datasets.base import Files, ListedSample
from pinpoint3d.errors import FileError
from pinpoint3d.io import load_labelled
from pinpoint3d.scene import LabelledScene


class PartScan(Files):
    """`partscan:DIR`: the folder holds the scenes and one list, `*list*.json`."""

    def scenes(self) -> Sequence[str]:
        return list(dict.fromkeys(sample.scene for sample in self.listed()))

    def listed(self) -> Sequence[ListedSample]:
        return self._samples

    @cached_property
    def _samples(self) -> list[ListedSample]:
        lists = sorted(self.folder.glob("*list*.json"))
        if len(lists) != 1:
            raise FileError(self.folder, f"holds {len(lists)} files *list*.json, expected one; leave the one to use")
        files = self.files(".ply")
        samples = read_list(lists[0])
        for sample in samples:
            if sample.scene not in files:
                where = f"{lists[0]}:{line_of(lists[0], sample.id)}"
                raise FileError(where, f"names scene {sample.scene}, which is not in {self.folder}")
        return samples

    def load(self, scene: str) -> LabelledScene:
        return LabelledScene(*load_labelled(self.files(".ply")[scene]))


def read_list(path: Path) -> list[ListedSample]:
    """The samples of a published list, in its order; AGILE3D's lists of objects have the same form.

    Raises:
        FileError: the file is missing or has another form, or a sample comes twice; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text, object_pairs_hook=list)
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise FileError(path, f"is no sound JSON ({error}); download it again") from error
    if not isinstance(content, list) or not all(isinstance(item, tuple) for item in content):
        raise FileError(path, "is no list of samples: expected a JSON object of them")
    samples: dict[str, ListedSample] = {}
    for key, value in content:
        where = f"{path}:{line_of(path, key)}"
        scene = re.match(r"(.+?)_obj_\d+", key)
        if scene is None:
            raise FileError(where, f"sample {key} is not named <scene>_obj_<n>")
        if key in samples:
            raise FileError(where, f"sample {key} comes a second time; remove one")
        try:
            codes = tuple(round(code) for _, code in dict(value)["obj"])
        except (KeyError, TypeError, ValueError) as error:
            raise FileError(where, f"sample {key} has no labels under 'obj'") from error
        samples[key] = ListedSample(key, scene[1], codes)
    return list(samples.values())


def line_of(path: Path, key: str) -> int:
    """Number of the first line that has `key` in quotes, from 1."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if f'"{key}"' in line), 1)
