"""What can be done to a scene being annotated, wherever the work is done: in this process or on a server."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path

from pinpoint3d.arrays import Float32, Int64
from pinpoint3d.errors import ClickError
from pinpoint3d.io import atomic_path
from pinpoint3d.prompts import ClickSet
from pinpoint3d.scene import Hierarchy, Scene
from pinpoint3d.session.request import ClickRequest, clicks_json, read_clicks
from pinpoint3d.session.state import State
from pinpoint3d.session.summary import TargetSummary
from pinpoint3d.session.targets import Target


class SessionSurface(ABC):
    """Clicks in, masks out, with unlimited undo. Coordinates are metres in the world frame of the scan's file.

    Objects and parts are named by name or id; a name or id never heard of makes a new one. Every change is one undo
    step.

    Attributes:
        scene: the scan.
    """

    scene: Scene

    @property
    @abstractmethod
    def state(self) -> State:
        """Clicks and names as they stand."""

    @property
    @abstractmethod
    def model_name(self) -> str:
        """What answers the clicks."""

    @abstractmethod
    def prepare(self) -> str:
        """Do what can be done before the first click; what was prepared by what, for people."""

    @property
    def clicks(self) -> ClickSet:
        """The clicks as they stand, in the scene's own frame."""
        return self.state.clicks

    def click(
        self,
        xyz: Sequence[float],
        object: str | int | None = None,
        part: str | int | None = None,
        *,
        positive: bool = True,
    ) -> None:
        """Click a point of the scan.

        Args:
            xyz: three coordinates in metres; the nearest point is meant.
            object: name or id of the object, made if new; None for the background.
            part: name or id of one of its parts, made if new; None for the object as a whole.
            positive: False says "not this": the point is outside the object, or of the object but outside the part.

        Raises:
            ClickError: off the cloud, a part without its object, a name or id that cannot be, or a locked target.
        """
        self.add([ClickRequest(three(xyz), object, part, positive)])

    def background(self, xyz: Sequence[float]) -> None:
        """Click a point that belongs to no object. Raises ClickError when off the cloud."""
        self.click(xyz)

    def add(self, requests: Iterable[ClickRequest]) -> None:
        """Make several clicks; none is made if one is faulty. Raises ClickError as `click` does."""
        self._add(list(requests), None)

    @abstractmethod
    def _add(self, requests: Sequence[ClickRequest], source: Path | None) -> None:
        """Make clicks; where they come from a file, faults are FileErrors that name it and the click's place."""

    @abstractmethod
    def move(self, place: int, xyz: Sequence[float]) -> None:
        """Put the click at `place` (from 0, in order of making) elsewhere. Raises ClickError."""

    @abstractmethod
    def remove(self, place: int) -> None:
        """Take the click at `place` away. Raises ClickError when there is none, or its target is locked."""

    @abstractmethod
    def reassign(
        self, place: int, object: str | int | None = None, part: str | int | None = None, *, positive: bool = True
    ) -> None:
        """Give the click at `place` to another target. Raises ClickError."""

    @abstractmethod
    def rename(self, object: str | int, part: str | int | None = None, *, to: str) -> None:
        """Name an object, or a part of it. Raises ClickError when there is no such target or the name is taken."""

    @abstractmethod
    def create(self, object: str | int | None = None, part: str | int | None = None) -> Target:
        """Make an object, or a part of one, before its first click; without a name or id it takes the next free id.

        Raises:
            ClickError: there is one of that name already, or a name or id that cannot be.
        """

    @abstractmethod
    def paint(
        self,
        rows: Int64 | Sequence[int],
        object: str | int | None = None,
        part: str | int | None = None,
        *,
        erase: bool = False,
    ) -> None:
        """Give points to a target by hand, over whatever the model says of them.

        Args:
            rows: the points, by their rows.
            object: as in `click`; None paints background.
            part: as in `click`.
            erase: take the points from the target instead: to the background, or to the rest of a part's object.

        Raises:
            ClickError: no such point or target, a locked target, or nothing that changes.
        """

    @abstractmethod
    def lock(self, object: str | int, part: str | int | None = None) -> None:
        """Keep the points of a target exactly as they are until it is unlocked. Raises ClickError."""

    @abstractmethod
    def unlock(self, object: str | int, part: str | int | None = None) -> None:
        """Let a target follow its clicks again. Raises ClickError when it is not locked."""

    @abstractmethod
    def import_labels(self, labels: Hierarchy) -> None:
        """Bring labels along, as `load_labels` reads them; an object or part stays so until it is clicked.

        Raises:
            ClickError: they are not one label a point, or have an id beyond what a session can hold.
        """

    @abstractmethod
    def undo(self) -> bool:
        """Take the last change back; False when there is none."""

    @abstractmethod
    def redo(self) -> bool:
        """Make the change last taken back again; False when there is none."""

    @property
    @abstractmethod
    def masks(self) -> Hierarchy:
        """Object and part of all N points, with names; points without finite coordinates are unlabelled (-1)."""

    @property
    @abstractmethod
    def confidence(self) -> Float32:
        """f32 [N]: probability of each point's object label; 0 for points without finite coordinates."""

    @abstractmethod
    def candidate(self, request: ClickRequest) -> Int64:
        """i64: rows of the points the target would hold if this click were made. Raises ClickError as `click` does."""

    @abstractmethod
    def summary(self) -> list[TargetSummary]:
        """Every object, each followed by its parts."""

    def requests(self) -> list[ClickRequest]:
        """The clicks in world coordinates and by name, as a clicks file holds them."""
        found = []
        for c in self.clicks:
            x, y, z = (float(round(w, 6)) for w in self.scene.origin + c.xyz)
            name = self.state.name((c.object, 0)) if c.object else None
            part = self.state.name((c.object, c.part)) if c.part else None
            found.append(ClickRequest((x, y, z), name, part, c.positive))
        return found

    def load_clicks(self, path: str | Path) -> None:
        """Make the clicks of a clicks file, as `read_clicks` reads it; none is made if one is faulty.

        Raises:
            FileError: names the entry's index and what is wrong with it.
        """
        path = Path(path)
        self._add(read_clicks(path), path)

    def save_clicks(self, path: str | Path) -> None:
        """Write the clicks to a clicks file. Raises FileError."""
        with atomic_path(Path(path)) as temporary:
            temporary.write_text(clicks_json(self.requests()), encoding="utf-8")

    @abstractmethod
    def save(self, path: str | Path) -> None:
        """Write everything to one `.pp3d` file: scene, clicks, names, undo steps, masks. Raises FileError."""

    @abstractmethod
    def export(self, path: str | Path) -> None:
        """Write the labels of every point, in the order of the scan; the end of its name tells the format (`EXPORTS`).

        Raises:
            FileError: no such format, or the file cannot be written.
        """


def three(xyz: Sequence[float]) -> tuple[float, float, float]:
    """Three coordinates. Raises ClickError where there are more or fewer."""
    if len(xyz) != 3:
        raise ClickError(f"click {tuple(xyz)}: needs three coordinates x, y, z in metres")
    x, y, z = (float(c) for c in xyz)
    return x, y, z
