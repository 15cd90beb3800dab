"""A scene being annotated."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np

from pinpoint3d.arrays import Float32, Int64
from pinpoint3d.errors import ClickError, FileError, SceneError
from pinpoint3d.prompts import Click, ClickSet, ClickTensors, PointLocator
from pinpoint3d.scene import Hierarchy, Scene
from pinpoint3d.segmenters import SceneEmbedding, Segmenter
from pinpoint3d.session import bundle, by_hand
from pinpoint3d.session.answers import Answer, AnswerCache, Labelling, OnPoints
from pinpoint3d.session.commands import AddClick, Command, RemoveClick, Rename, ReplaceClick, Unlock
from pinpoint3d.session.exports import export_of
from pinpoint3d.session.history import History
from pinpoint3d.session.layers import Layers
from pinpoint3d.session.naming import checked_name, known_target, next_id, target_of, to_click
from pinpoint3d.session.palette import Palette
from pinpoint3d.session.request import ClickRequest
from pinpoint3d.session.state import State, default_name
from pinpoint3d.session.summary import TargetSummary, summarise
from pinpoint3d.session.surface import SessionSurface, three
from pinpoint3d.session.targets import Target


class Session(SessionSurface):
    """A scene annotated in this process; what can be done to it is told in `SessionSurface`.

    The scene is encoded once, when the first mask is asked for; masks follow from the clicks and are kept per click
    set.

    Raises:
        SceneError: the scene has no finite point.
    """

    def __init__(self, model: Segmenter[Any], scene: Scene, history: History | None = None) -> None:
        if not scene.finite.any():
            raise SceneError(f"{scene.name}: no point with finite coordinates, so there is nothing to click on")
        self.model = model
        self.scene = scene
        self.history = history or History()
        self.palette = Palette()
        self._voxel_answers = AnswerCache()
        self._layers = Layers(scene.finite, self.palette)
        self._answered: tuple[ClickSet, Labelling] | None = None
        self._latest: tuple[State, Labelling] | None = None

    @classmethod
    def open(cls, path: str | Path, model: Segmenter[Any] | None = None) -> "Session":
        """Reopen a saved session; its undo steps and masks are still there.

        Args:
            path: a `.pp3d` file.
            model: what answers further clicks; by default the model that was saved with.

        Raises:
            FileError: the file is missing, damaged or no session.
            ModelError: the session's model is not installed here.
        """
        saved = bundle.read(Path(path))
        if model is None:
            from pinpoint3d.segmenters.registry import load_model

            model = load_model(saved.model)
        session = cls(model, saved.scene, saved.history)
        labels = session.palette.labels(saved.object, saved.part)
        session._latest = saved.history.state, OnPoints(labels, saved.confidence, saved.status)
        return session

    @property
    def state(self) -> State:
        return self.history.state

    @property
    def model_name(self) -> str:
        return self.model.name

    def prepare(self) -> str:
        grid = self.embedding.grid
        return f"{self.model.name}: {len(grid):,} voxels of {grid.size * 100:.2g} cm prepared"

    def _add(self, requests: Sequence[ClickRequest], source: Path | None) -> None:
        # Checked one after another without touching the history.
        state = self.state
        commands: list[Command] = []
        for i, request in enumerate(requests):
            try:
                click, names = self._placed(state, request)
            except ClickError as error:
                if source is None:
                    raise
                raise FileError(source, f"clicks[{i}]: {error}") from error
            commands.append(AddClick(click, names))
            state = commands[-1].apply(state)
        for command in commands:
            self.history.do(command)

    def move(self, place: int, xyz: Sequence[float]) -> None:
        click = replace(self._changeable(place), xyz=self._local(three(xyz)))
        self.locator.point_of(click)
        self.history.do(ReplaceClick(place, click, {}))

    def remove(self, place: int) -> None:
        self._changeable(place)
        self.history.do(RemoveClick(place))

    def reassign(
        self, place: int, object: str | int | None = None, part: str | int | None = None, *, positive: bool = True
    ) -> None:
        xyz = self._changeable(place).xyz
        click, names = to_click(self.state, ClickRequest(xyz, object, part, positive), xyz)
        by_hand.require_unlocked(self.state, (click.object, click.part or 0))
        self.history.do(ReplaceClick(place, click, names))

    def rename(self, object: str | int, part: str | int | None = None, *, to: str) -> None:
        target = known_target(self.state, object, part)
        siblings = self.state.siblings(target[0] if target[1] else None)
        self.history.do(Rename(target, checked_name(siblings, to, "part" if target[1] else "object")))

    def create(self, object: str | int | None = None, part: str | int | None = None) -> Target:
        target, names, is_new = target_of(self.state, object or next_id(self.state.siblings(None)), part)
        if not is_new:
            raise ClickError(f"{self.state.name(target)} is there already")
        self.history.do(Rename(target, names.get(target, default_name(target))))
        return target

    def paint(
        self,
        rows: Int64 | Sequence[int],
        object: str | int | None = None,
        part: str | int | None = None,
        *,
        erase: bool = False,
    ) -> None:
        found = np.unique(np.asarray(rows, dtype=np.int64))
        if len(found) and not 0 <= found[0] <= found[-1] < len(self.scene):
            raise ClickError(f"a painted point lies beyond the {len(self.scene):,} points of {self.scene.name}")
        if erase:
            target = known_target(self.state, object or 0, part)
            self.history.do(by_hand.erase(self.state, self.labelling.label, self.palette, found, target))
        else:
            self.history.do(by_hand.paint(self.state, self.labelling.label, self.palette, found, object, part))

    def lock(self, object: str | int, part: str | int | None = None) -> None:
        target = known_target(self.state, object, part)
        by_hand.require_unlocked(self.state, target)
        self.history.do(by_hand.lock(self.labelling.label, self.palette, target))

    def unlock(self, object: str | int, part: str | int | None = None) -> None:
        target = known_target(self.state, object, part)
        if target not in self.state.locked:
            raise ClickError(f"{self.state.name(target)} is not locked")
        self.history.do(Unlock(target))

    def import_labels(self, labels: Hierarchy) -> None:
        if len(labels) != len(self.scene):
            raise ClickError(
                f"{len(labels):,} labels for the {len(self.scene):,} points of {self.scene.name}: "
                "they belong to another scan"
            )
        self.history.do(by_hand.import_labels(self.state, labels))

    def undo(self) -> bool:
        return self.history.undo()

    def redo(self) -> bool:
        return self.history.redo()

    @property
    def masks(self) -> Hierarchy:
        label, state = self.labelling.label, self.state
        return Hierarchy(
            self.palette.object[label],
            self.palette.part[label],
            object_names={o: state.name((o, p)) for o, p in state.targets() if p == 0},
            part_names={(o, p): state.name((o, p)) for o, p in state.targets() if p > 0},
        )

    @property
    def confidence(self) -> Float32:
        return self.labelling.confidence

    @property
    def labelling(self) -> Labelling:
        """Labels of all N points as numbers of `palette`: the masks in two bytes a point."""
        if self._latest is None or not self._latest[0].same_labels(self.state):
            self._latest = self.state, self._layers.over(self._on_points(), self.state)
        return self._latest[1]

    def candidate(self, request: ClickRequest) -> Int64:
        click, _ = self._placed(self.state, request)
        clicks = self.clicks.add(click)
        answer = self._on_voxels(clicks)
        self._voxel_answers.consider(clicks, answer)
        held = answer.object == click.object
        if click.part:
            held &= answer.part == click.part
        grid = self.embedding.grid
        return np.flatnonzero(held[grid.point_to_voxel] & (grid.point_to_voxel >= 0))

    def summary(self) -> list[TargetSummary]:
        return summarise(self.labelling, self.state, self.palette)

    def save(self, path: str | Path) -> None:
        masks, labelling = self.masks, self.labelling
        saved = bundle.Saved(
            self.scene, self.history, masks.object, masks.part, labelling.confidence, labelling.status, self.model.name
        )
        bundle.write(Path(path), saved)

    def export(self, path: str | Path) -> None:
        path = Path(path)
        export_of(path).write(self, path)

    @cached_property
    def embedding(self) -> SceneEmbedding:
        """What the model knows of the scene; made once."""
        return cast(SceneEmbedding, self.model.encode(self.scene))

    @cached_property
    def locator(self) -> PointLocator:
        """Finds the point under a click."""
        return PointLocator(self.scene)

    def _on_points(self) -> Labelling:
        """What the model answers to the clicks as they stand; kept, since strokes come one after another."""
        if self._answered is None or self._answered[0] != self.clicks:
            voxels = self._on_voxels(self.clicks)
            self._voxel_answers.put(self.clicks, voxels)
            self._answered = self.clicks, voxels.on_points(self.embedding.grid, self.palette)
        return self._answered[1]

    def _on_voxels(self, clicks: ClickSet) -> Answer:
        answer = self._voxel_answers.get(clicks)
        if answer is None:
            tensors = ClickTensors.from_clicks(clicks, self.embedding.grid, self.locator)
            answer = Answer.from_logits(self.model.segment(self.embedding, tensors))
        return answer

    def _local(self, xyz: tuple[float, float, float]) -> tuple[float, float, float]:
        x, y, z = (np.array(xyz) - self.scene.origin).tolist()
        return x, y, z

    def _placed(self, state: State, request: ClickRequest) -> tuple[Click, dict[Target, str]]:
        click, names = to_click(state, request, self._local(request.xyz))
        by_hand.require_unlocked(state, (click.object, click.part or 0))
        self.locator.point_of(click)
        return click, names

    def _changeable(self, place: int) -> Click:
        if not 0 <= place < len(self.clicks):
            raise ClickError(f"there is no click {place}; there are {len(self.clicks)}, counted from 0")
        click = self.clicks[place]
        by_hand.require_unlocked(self.state, (click.object, click.part or 0))
        return click
