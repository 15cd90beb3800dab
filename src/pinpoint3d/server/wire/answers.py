"""What a session answers: the headers of binary frames."""

from typing import Literal

from pydantic import Field

from pinpoint3d.server.wire.base import Problem, Wire, Xyz


class TargetRow(Wire):
    """A row of the tree; an object stands before its parts."""

    object: int
    part: int | None
    name: str
    named: bool = Field(description="A person gave the name; else it is made from the id.")
    label: int = Field(description="What points of the target carry in the array `labels`.")
    colour: tuple[int, int, int]
    points: int
    clicks: int
    confidence: float | None
    status: Literal["ok", "no voxel"] | None = Field(description="None while it has no positive click.")
    locked: bool


class ClickRow(Wire):
    """A click, named in commands by its place, from 0, in the order of making."""

    place: int
    point: int
    xyz: Xyz
    object: int = Field(description="0 is the background.")
    part: int | None
    positive: bool


class Array(Wire):
    """Where an array lies in the body of a frame."""

    name: str
    dtype: Literal["u1", "i1", "u2", "u4", "f4"]
    shape: list[int]
    offset: int
    bytes: int
    encoding: Literal["raw", "zlib"]


class Header(Wire):
    arrays: list[Array]


class State(Wire):
    """Everything about a session but its arrays.

    Labels: 0 where nothing is said of a point, 1 background, from 2 the targets. A target keeps its label for as long
    as the session stays open.
    """

    revision: int = Field(description="Goes up by one with every change.")
    can_undo: bool
    can_redo: bool
    targets: list[TargetRow]
    clicks: list[ClickRow]
    current: bool = Field(description="False while commands sent with `answer: false` are unanswered.")
    model_ms: float = Field(description="What the model took of it.")
    server_ms: float = Field(description="From the request's arrival to its answer, waiting included.")


class Answer(Header, State):
    """To a command. Arrays: `changed` u1 one bit a point, lowest first; `labels` u2, one for each set bit in order.

    They lead from the labels of revision `base` to those of `revision`. A client that is elsewhere asks for all.
    """

    kind: Literal["answer"] = "answer"
    base: int


class Labels(Header, State):
    """Array `labels` u2 [N]: the labels of all points."""

    kind: Literal["labels"] = "labels"


class Geometry(Header):
    """The scan. Arrays: `xyz` f4 or u2 [N, 3]; `rgb` u1 [N, 3]; `normal` i1 [N, 3], times 127; `faces` u4 [F, 3];
    `missing` u4: rows without finite coordinates, which keep their place (NaN as f4, 0 as u2). All but the first may
    be absent.
    """

    kind: Literal["geometry"] = "geometry"
    points: int
    origin: Xyz = Field(description="World coordinate = origin + xyz.")
    bounds: tuple[Xyz, Xyz]
    scale: Xyz | None = Field(description="With u2: xyz = bounds[0] + scale * number.")
    missing: int


class Confidence(Header):
    """Array `confidence` u1 [N]: probability of each point's label times 255; uncertainty is what lacks to 255."""

    kind: Literal["confidence"] = "confidence"
    revision: int


class Preview(Header):
    """Array `mask` u1, one bit a point, lowest first: the points the target would hold."""

    kind: Literal["preview"] = "preview"
    id: int
    revision: int
    points: int
    model_ms: float


FRAMES: tuple[type[Header], ...] = (Answer, Labels, Geometry, Confidence, Preview)
"""The headers of binary frames."""


class SocketProblem(Wire):
    """What the WebSocket answers, as text, where it cannot answer a preview with a frame."""

    kind: Literal["problem"] = "problem"
    id: int | None
    problem: Problem
