"""What the server says of itself."""

from typing import Literal

from pydantic import Field

from pinpoint3d.server.wire.base import Name, Wire


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
