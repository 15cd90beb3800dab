"""What every data set offers: named scenes with object and part labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pinpoint3d.errors import FileError
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

    def load(self, scene: str) -> LabelledScene:
        """Read one scene.

        Raises:
            FileError: its file is missing, damaged or without labels.
        """
        ...


@dataclass(frozen=True)
class Files:
    """Base of data sets that keep a scene a file; scenes are named by the file's stem.

    Attributes:
        folder: where the files lie.
    """

    folder: Path

    def listed(self) -> Sequence[ListedSample]:
        return ()

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
