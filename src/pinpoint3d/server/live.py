"""A scene in memory: a session, what its client was told last, and the frames that tell it."""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

import numpy as np

from pinpoint3d.arrays import AnyArray
from pinpoint3d.errors import ClickError
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Hierarchy, Scene, part_colour
from pinpoint3d.segmenters import MaskLogits, SceneEmbedding, Segmenter
from pinpoint3d.server import frames, wire
from pinpoint3d.server.store import Event
from pinpoint3d.server.tables import EventRow
from pinpoint3d.session import ClickRequest, Session, TargetSummary
from pinpoint3d.session.answers import Labelling, OnPoints
from pinpoint3d.session.commands import from_json, to_json
from pinpoint3d.session.naming import known_target, next_id
from pinpoint3d.session.points import to_bits, unpack
from pinpoint3d.session.state import default_name
from pinpoint3d.session.summary import summarise

_STEPS = 65_535  # of 16 bit

P = ParamSpec("P")
T = TypeVar("T")


class Timed:
    """A segmenter that tells how long it took; weights stay shared."""

    def __init__(self, model: Segmenter[Any]) -> None:
        self._model = model
        self.name, self.voxel_size = model.name, model.voxel_size
        self.seconds = 0.0

    def encode(self, scene: Scene) -> SceneEmbedding:
        embedding: SceneEmbedding = self._timed(self._model.encode, scene)
        return embedding

    def segment(self, embedding: SceneEmbedding, clicks: ClickTensors) -> MaskLogits:
        return self._timed(self._model.segment, embedding, clicks)

    def _timed(self, call: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        started = time.perf_counter()
        try:
            return call(*args, **options)
        finally:
            self.seconds += time.perf_counter() - started


class Live:
    """One scene being worked on. Everything here runs on the device's thread.

    Attributes:
        session: its clicks, names and masks.
        revision: how many commands were ever accepted.
        progress: columns of the queue, as told last; empty before the first answer.
    """

    def __init__(self, model: Segmenter[Any], scene: Scene, log: Sequence[EventRow]) -> None:
        """Replay a log.

        Raises:
            ClickError, KeyError, ValueError: it is damaged.
        """
        self.model = Timed(model)
        self.session = Session(self.model, scene)
        self.revision = 0
        self.progress: dict[str, Any] = {}
        for event in log:
            if event.kind == "do":
                self.session.history.do(from_json(json.loads(event.body)))
            elif event.kind == "undo":
                self.session.undo()
            else:
                self.session.redo()
            self.revision += 1
        nothing = np.zeros(len(scene))
        self._told: tuple[int, Labelling] = (
            self.revision,
            OnPoints(nothing.astype(np.uint16), nothing.astype(np.float32), {}),
        )
        self._known = {event.command_id for event in log if event.command_id}

    def carry_out(self, command: wire.Command, labels: Hierarchy | None = None) -> Event | None:
        """Do what a command says; what is to be logged of it, None for a refresh or a command that was done before.

        Args:
            command: the command.
            labels: the labels an import brings along.

        Raises:
            ClickError: it cannot be carried out; nothing has changed then.
        """
        if command.id is not None and command.id in self._known:
            return None
        session, history = self.session, self.session.history
        kind = "do"
        match command:
            case wire.AddClick():
                session.click(
                    self._world(command.point, command.xyz), command.object, command.part, positive=command.positive
                )
            case wire.MoveClick():
                session.move(command.place, self._world(command.point, command.xyz))
            case wire.RemoveClick():
                session.remove(command.place)
            case wire.ReassignClick():
                session.reassign(command.place, command.object, command.part, positive=command.positive)
            case wire.Rename():
                session.rename(command.object, command.part, to=command.name)
            case wire.Create():
                part = command.part
                if command.new_part and part is None:
                    object_id, _ = known_target(session.state, command.object or 0)
                    part = next_id(session.state.siblings(object_id))
                session.create(command.object, part)
            case wire.Paint():
                rows = unpack(command.points, len(session.scene))
                session.paint(rows, command.object, command.part, erase=command.erase)
            case wire.Lock():
                session.lock(command.object, command.part)
            case wire.Unlock():
                session.unlock(command.object, command.part)
            case wire.ImportLabels():
                if labels is not None:
                    session.import_labels(labels)
            case wire.Undo() | wire.Redo():
                kind = command.do
                if not (session.undo() if kind == "undo" else session.redo()):
                    raise ClickError(f"there is nothing to {kind}")
            case wire.Refresh():
                return None
        self.revision += 1
        if command.id is not None:
            self._known.add(command.id)
        body = json.dumps(to_json(history.commands[history.cursor - 1])) if kind == "do" else ""
        return Event(kind, body, command.id)

    def answer(self, started: float, *, ask: bool = True, deflate: bool = True) -> bytes:
        """The frame that leads from what was told last to what holds now.

        Args:
            started: `time.perf_counter()` when the request came.
            ask: False leaves the model alone: the labels stay as they were told.
            deflate: whether the labels are worth compressing, as they are for a client on another machine.
        """
        base, before = self._told
        state = self._state(started, ask=ask)
        now = self._told[1]
        changed = now.label != before.label
        arrays: dict[str, AnyArray] = {
            "changed": np.packbits(changed, bitorder="little"),
            "labels": now.label[np.flatnonzero(changed)],
        }
        return frames.encode(wire.Answer(arrays=[], base=base, **state), arrays, deflate=deflate)

    def labels(self, started: float) -> bytes:
        """The frame of all labels."""
        header = wire.Labels(arrays=[], **self._state(started, ask=True))
        return frames.encode(header, {"labels": self._told[1].label}, deflate=True)

    def state(self, started: float) -> wire.State:
        """All but the arrays, as told last."""
        return wire.State(**self._state(started, ask=False))

    def confidence(self) -> bytes:
        """The frame of confidences."""
        header = wire.Confidence(arrays=[], revision=self.revision)
        confidence = np.rint(self.session.confidence * 255).astype(np.uint8)
        return frames.encode(header, {"confidence": confidence}, deflate=True)

    def preview(self, request: wire.PreviewRequest) -> bytes:
        """The frame of a click that is only considered. Raises ClickError."""
        click = ClickRequest(self._world(request.point), request.object, request.part, request.positive)
        before = self.model.seconds
        rows = self.session.candidate(click)
        header = wire.Preview(
            arrays=[],
            id=request.id,
            revision=self.revision,
            points=len(rows),
            model_ms=1000 * (self.model.seconds - before),
        )
        return frames.encode(header, {"mask": to_bits(rows, len(self.session.scene))}, deflate=True)

    def _world(self, point: int | None, xyz: tuple[float, float, float] | None = None) -> tuple[float, float, float]:
        """World coordinates of a point, or of a place in the scene's own frame."""
        scene = self.session.scene
        if point is not None:
            if point >= len(scene) or not scene.finite[point]:
                raise ClickError(f"there is no point {point} with coordinates among {len(scene):,}")
            x, y, z = scene.origin + scene.xyz[point]
        elif xyz is not None:
            x, y, z = scene.origin + xyz
        else:
            raise ClickError("a click needs its point, or xyz")
        return float(x), float(y), float(z)

    def _state(self, started: float, *, ask: bool) -> dict[str, Any]:
        """The fields of `wire.State`; the model is asked where wanted, and what it says is told from now on."""
        session, before = self.session, self.model.seconds
        if ask:
            self._told = self.revision, session.labelling
        rows = [self._row(row) for row in summarise(self._told[1], session.state, session.palette)]
        objects = [row for row in rows if row.part is None]
        self.progress = {
            "points": len(session.scene),
            "labelled": sum(row.points for row in objects) / len(session.scene),
            "objects": len(objects),
            "clicks": len(session.clicks),
        }
        return {
            "revision": self.revision,
            "can_undo": session.history.cursor > 0,
            "can_redo": session.history.cursor < len(session.history.commands),
            "targets": rows,
            "clicks": self._clicks(),
            "current": self._told[0] == self.revision,
            "model_ms": 1000 * (self.model.seconds - before),
            "server_ms": 1000 * (time.perf_counter() - started),
        }

    def _row(self, row: TargetSummary) -> wire.TargetRow:
        target = row.object, row.part or 0
        return wire.TargetRow(
            object=row.object,
            part=row.part,
            name=row.name,
            named=row.name != default_name(target),
            label=self.session.palette.number(target),
            colour=part_colour(*target),
            points=row.points,
            clicks=row.clicks,
            confidence=row.confidence,
            status=None if row.status is None else row.status.value,
            locked=row.locked,
        )

    def _clicks(self) -> list[wire.ClickRow]:
        return [
            wire.ClickRow(
                place=place,
                point=self.session.locator.nearest(click.xyz)[0],
                xyz=click.xyz,
                object=click.object,
                part=click.part,
                positive=click.positive,
            )
            for place, click in enumerate(self.session.clicks)
        ]


def geometry(scene: Scene, *, quantised: bool) -> bytes:
    """The frame of a scan: coordinates as float32, or as 16 bit steps of its bounds."""
    low, high = scene.bounds
    lost = np.flatnonzero(~scene.finite).astype(np.uint32)
    xyz: AnyArray = scene.xyz
    scale: tuple[float, float, float] | None = None
    if quantised:
        step = np.maximum((high - low) / np.float32(_STEPS), np.finfo(np.float32).tiny)
        with np.errstate(invalid="ignore"):
            xyz = np.nan_to_num(np.rint((scene.xyz - low) / step), posinf=0, neginf=0).astype(np.uint16)
        scale = _xyz(step)
    arrays = {"xyz": xyz, "rgb": scene.rgb, "faces": None if scene.faces is None else scene.faces.astype(np.uint32)}
    if scene.normal is not None:
        arrays["normal"] = np.rint(np.nan_to_num(scene.normal) * 127).astype(np.int8)
    arrays["missing"] = lost if len(lost) else None
    header = wire.Geometry(
        arrays=[],
        points=len(scene),
        origin=_xyz(scene.origin),
        bounds=(_xyz(low), _xyz(high)),
        scale=scale,
        missing=len(lost),
    )
    return frames.encode(header, {name: array for name, array in arrays.items() if array is not None}, deflate=False)


def _xyz(values: AnyArray) -> tuple[float, float, float]:
    x, y, z = values.tolist()
    return x, y, z
