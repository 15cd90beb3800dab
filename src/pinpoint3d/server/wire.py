"""What travels between server and clients, written once: the page's TypeScript is generated from it.

Commands and answers are JSON; arrays are binary frames (`frames`), whose JSON header is one of the types here.
Coordinates are metres, z up, relative to the scene's `origin`; points are named by their row in the scan's order.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(min_length=1, max_length=200)]
Id = Annotated[int, Field(ge=1, le=65_535)]
Row = Annotated[int, Field(ge=0, lt=2**31)]
Coordinate = Annotated[float, Field(allow_inf_nan=False)]
Xyz = tuple[Coordinate, Coordinate, Coordinate]
Target = Annotated[int, Field(ge=1, le=65_535)] | Name
Key = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]

SceneState = Literal["todo", "in_work", "review", "done"]


class Wire(BaseModel):
    """A field that is not known is a mistake, and is told as one."""

    model_config = ConfigDict(extra="forbid")


# Errors


class Owner(Wire):
    """Who holds a scene."""

    name: str
    idle_s: float = Field(description="Seconds since the owner was last heard of.")
    free_in_s: float = Field(description="Seconds until the scene can be taken over, if the owner stays away.")


class Problem(Wire):
    """Every answer that is no success has this body."""

    code: Literal[
        "bad_request",  # 400, 405, 413, 415, 422: the request is malformed, too large or of another kind
        "bad_command",  # 422: the command cannot be carried out; the message says why
        "bad_file",  # 422: a file that cannot be read, or a scan that is none
        "unauthorised",  # 401: a token is needed
        "forbidden",  # 403: not from this address, or not this path
        "not_found",  # 404: no such scene, session, upload, format
        "leased",  # 409: somebody else works on the scene; see owner
        "lease_lost",  # 409: somebody else took the scene over; see owner
        "superseded",  # 409: a newer preview of the session took this one's place
        "capacity",  # 503: as many scenes are open as the server can hold; see retry_after_s
        "rate",  # 429: too many requests; see retry_after_s
        "unavailable",  # 503: the model or the storage failed; what was accepted before is safe
    ]
    message: str = Field(description="One sentence for the person at the page.")
    owner: Owner | None = None
    retry_after_s: float | None = None
    capacity: int | None = None


# Scenes


class Scene(Wire):
    """A scene of the queue."""

    id: str
    name: str
    state: SceneState
    owner: str | None = Field(description="Who holds the scene now.")
    points: int | None = Field(description="None until the scene was opened for the first time.")
    labelled: float | None = Field(description="Share of the points that belong to an object.")
    objects: int
    clicks: int
    changed_at: float = Field(description="Seconds since 1970, UTC.")
    sample: bool = Field(description="The room that comes along.")


class OpenPath(Wire):
    """Add a scan of the server's disk to the queue; a path that is there already is not added twice."""

    path: Annotated[str, Field(min_length=1, max_length=4096)]
    up: Literal["x", "y", "z", "-x", "-y", "-z"] | None = None
    unit: Literal["m", "cm", "mm", "in", "ft"] = "m"


class ChangeScene(Wire):
    """What is to be changed of a scene; what is left out stays."""

    state: SceneState | None = None
    name: Name | None = None


class Folder(Wire):
    """What lies in an allowed folder of the server."""

    path: str
    parent: str | None
    folders: list[str]
    scans: list[str]


# Uploads


class BeginUpload(Wire):
    """A file to be sent in chunks of `Upload.chunk_bytes`, numbered from 0; the last one may be shorter."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    size: Annotated[int, Field(ge=1, le=2**40)]


class Upload(Wire):
    """A file on its way."""

    id: str
    chunk_bytes: int
    chunks: int
    missing: list[int] = Field(description="Chunks still to come: an upload that was cut off goes on with these.")


class FinishUpload(Wire):
    """What the file is for: a new scene of the queue, or labels to be imported into an open one."""

    use: Literal["scene", "labels"] = "scene"
    up: Literal["x", "y", "z", "-x", "-y", "-z"] | None = None
    unit: Literal["m", "cm", "mm", "in", "ft"] = "m"


class Uploaded(Wire):
    """A file that has come whole: the scene it became, or None where it holds labels for `ImportLabels`."""

    upload: str
    scene: Scene | None


# Leases


class LeaseRequest(Wire):
    """Ask for a scene to work on. `client` is a random key the browser keeps: the same client gets its scene back."""

    owner: Name
    client: Key


class Lease(Wire):
    """A scene to work on, by `session` in the addresses that follow."""

    session: str
    scene: Scene
    idle_s: float = Field(description="The lease ends when nothing is heard for so long; a heartbeat counts.")


# Commands


class _Command(Wire):
    id: Key | None = Field(default=None, description="A command sent twice under one id is carried out once.")
    answer: bool = Field(default=True, description="False: the model is not asked now; `refresh` asks it later.")


class AddClick(_Command):
    """Click a point, by its row or by coordinates. A name or id never heard of creates its target."""

    do: Literal["add_click"]
    point: Row | None = None
    xyz: Xyz | None = None
    object: Target | None = Field(default=None, description="None is the background.")
    part: Target | None = None
    positive: bool = True


class MoveClick(_Command):
    """Put a click elsewhere."""

    do: Literal["move_click"]
    place: Row
    point: Row | None = None
    xyz: Xyz | None = None


class RemoveClick(_Command):
    """Take a click away."""

    do: Literal["remove_click"]
    place: Row


class ReassignClick(_Command):
    """Give a click to another target."""

    do: Literal["reassign_click"]
    place: Row
    object: Target | None = None
    part: Target | None = None
    positive: bool = True


class Rename(_Command):
    """Name an object, or a part of it."""

    do: Literal["rename"]
    object: Target
    part: Target | None = None
    name: Name


class Create(_Command):
    """Make an object, or a part of one, before its first click; without a name it is called by its id."""

    do: Literal["create"]
    object: Target | None = Field(default=None, description="None takes the next free id.")
    part: Target | None = Field(default=None, description="With `new_part`, None takes the next free id.")
    new_part: bool = False


class Paint(_Command):
    """Give points to a target by hand, over whatever the model says; points of locked targets stay as they are.

    `points` is one bit a point, the first in the lowest bit of the first byte, deflated (zlib) and in base64; bytes
    after the last set bit may be left out. `erase` takes from the target instead: from an object to the background,
    from a part to the rest of its object.
    """

    do: Literal["paint"]
    object: Target | None = Field(default=None, description="None is the background.")
    part: Target | None = None
    points: Annotated[str, Field(min_length=1, max_length=8_000_000, pattern=r"^[A-Za-z0-9+/]+=*$")]
    erase: bool = False


class Lock(_Command):
    """Keep the points of a target exactly as they are until it is unlocked."""

    do: Literal["lock"]
    object: Target
    part: Target | None = None


class Unlock(_Command):
    """Let a target follow its clicks again."""

    do: Literal["unlock"]
    object: Target
    part: Target | None = None


class ImportLabels(_Command):
    """Take labels from an uploaded file; an export of this scene comes back so. One undo step.

    An imported object or part stays as it is until it is clicked; clicks on parts alone keep their object's outline.
    """

    do: Literal["import_labels"]
    upload: Key


class Undo(_Command):
    """Take the last change back."""

    do: Literal["undo"]


class Redo(_Command):
    """Make the change last taken back again."""

    do: Literal["redo"]


class Refresh(_Command):
    """Change nothing; answer what commands sent with `answer: false` left open."""

    do: Literal["refresh"]


Command = Annotated[
    AddClick
    | MoveClick
    | RemoveClick
    | ReassignClick
    | Rename
    | Create
    | Paint
    | Lock
    | Unlock
    | ImportLabels
    | Undo
    | Redo
    | Refresh,
    Field(discriminator="do"),
]


class PreviewRequest(Wire):
    """Which points would the target hold after this click? Of several in flight the newest is answered."""

    id: Annotated[int, Field(ge=0, lt=2**53)] = 0
    point: Row
    object: Target | None = None
    part: Target | None = None
    positive: bool = True


# Answers: the headers of binary frames


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


# About the server


class Model(Wire):
    """A model that can answer clicks."""

    name: str
    about: str
    ready: bool
    active: bool


class Health(Wire):
    """Whether the server answers."""

    status: Literal["ok"] = "ok"
    version: str
    model: str
    sessions: int
    capacity: int


class ExportFormat(Wire):
    """A way to write labels. All can be imported again; `whole` ones with parts and names as they were."""

    id: str
    title: str
    about: str
    suffix: str
    whole: bool


class Category(Wire):
    """A kind of object and the names of its parts."""

    name: Name
    parts: list[Name] = Field(default_factory=list, max_length=200)


class LabelSet(Wire):
    """Names to complete from."""

    name: Name
    categories: list[Category] = Field(max_length=2000)
