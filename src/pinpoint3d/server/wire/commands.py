"""What a client asks of a session."""

from typing import Annotated, Literal

from pydantic import Field

from pinpoint3d.server.wire.base import Key, Name, Row, Target, Wire, Xyz


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
