"""The queue: scenes, folders, uploads, leases."""

from typing import Annotated, Literal

from pydantic import Field

from pinpoint3d.server.wire.base import Key, Name, Wire

SceneState = Literal["todo", "in_work", "review", "done"]


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
    sent_back: int = Field(description="Objects and parts that a reviewer sent back.")
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


class LeaseRequest(Wire):
    """Ask for a scene to work on. `client` is a random key the browser keeps: the same client gets its scene back."""

    owner: Name
    client: Key


class Lease(Wire):
    """A scene to work on, by `session` in the addresses that follow."""

    session: str
    scene: Scene
    idle_s: float = Field(description="The lease ends when nothing is heard for so long; a heartbeat counts.")
