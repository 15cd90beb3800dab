"""What every data set offers: named scenes with object and part labels."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pinpoint3d.errors import FileError, PinPointError
from pinpoint3d.scene import LabelledScene


@dataclass(frozen=True)
class ListedSample:
    """A sample that the data set's own list prescribes.

    Attributes:
        id: its key in the list, unique there.
        scene: name of its scene.
        codes: labels of its targets in the order of the list; object * 100 + part in lists of parts.
    """

    id: str
    scene: str
    codes: tuple[int, ...]


class Dataset(Protocol):
    """Scenes that are read one at a time; small enough to be sent to another process."""

    def scenes(self) -> Sequence[str]:
        """Names of all scenes, in a fixed order."""
        ...

    def listed(self) -> Sequence[ListedSample]:
        """The samples of the data set's own list; empty where it has none."""
        ...

    def split(self, scene: str) -> str | None:
        """The split that the data set itself puts a scene in: "train", "val" or "test"; None where it has none."""
        ...

    def load(self, scene: str) -> LabelledScene:
        """Read one scene.

        Raises:
            FileError: its file is missing, damaged or without labels.
        """
        ...


@dataclass(frozen=True)
class Subset:
    """The scenes of one split.

    Attributes:
        whole: a data set that has splits.
        chosen: which of them.
    """

    whole: Dataset
    chosen: str

    def scenes(self) -> Sequence[str]:
        """Names of the scenes of the split.

        Raises:
            PinPointError: it has none.
        """
        names = list(self.whole.scenes())
        kept = [name for name in names if self.whole.split(name) == self.chosen]
        if not kept:
            known = sorted({split for name in names if (split := self.whole.split(name)) is not None})
            has = f"has the splits {', '.join(known)}" if known else "has no splits of its own"
            raise PinPointError(f"split {self.chosen!r} holds no scene; the data set {has}")
        return kept

    def listed(self) -> Sequence[ListedSample]:
        return [sample for sample in self.whole.listed() if self.whole.split(sample.scene) == self.chosen]

    def split(self, scene: str) -> str | None:
        return self.whole.split(scene)

    def load(self, scene: str) -> LabelledScene:
        return self.whole.load(scene)


@dataclass(frozen=True)
class Files:
    """Base of data sets that are files in a folder; unless it says otherwise a scene a file, named by its stem.

    Attributes:
        folder: where the files lie.
    """

    folder: Path

    def listed(self) -> Sequence[ListedSample]:
        return ()

    def split(self, scene: str) -> str | None:
        return None

    def files(self, suffix: str) -> dict[str, Path]:
        """Scene name -> file, sorted by name.

        Raises:
            FileError: there is no such folder, or no file of this suffix in it.
        """
        if not self.folder.is_dir():
            raise FileError(self.folder, "is no folder; name the folder that holds the data set")
        found = {path.stem: path for path in sorted(self.folder.glob(f"*{suffix}"))}
        if not found:
            raise FileError(self.folder, f"holds no {suffix} file; name the folder that holds the scans themselves")
        return found

    def folders(self, marker: str, *inside: str) -> dict[str, Path]:
        """Scene name -> folder, sorted: folders `NAME` that hold a file `NAME` + marker, here or in one of `inside`.

        Raises:
            FileError: there is no such folder, or no scene in it.
        """
        if not self.folder.is_dir():
            raise FileError(self.folder, "is no folder; name the folder that holds the data set")
        found = {
            path.name: path
            for parent in (self.folder, *(self.folder / name for name in inside))
            for path in sorted(parent.glob("*"))
            if (path / f"{path.name}{marker}").is_file()
        }
        if not found:
            raise FileError(self.folder, f"holds no scene, a folder NAME with a file NAME{marker}")
        return dict(sorted(found.items()))


def read_json(path: Path) -> Any:
    """The content of a JSON file.

    Raises:
        FileError: it is missing or no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise FileError(path, f"is no sound JSON ({error}); download it again") from error
