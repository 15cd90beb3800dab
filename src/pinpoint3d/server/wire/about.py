"""What the server says of itself."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from pinpoint3d.server.wire.base import Wire

Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


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
    """A kind of object, the names of its parts, and its colour in the page."""

    name: Label
    parts: list[Label] = Field(default_factory=list, max_length=200)
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")] | None = Field(
        default=None, description="As #rrggbb; None leaves every object its own."
    )

    @field_validator("parts")
    @classmethod
    def _parts_differ(cls, parts: list[str]) -> list[str]:
        return _different(parts, "part")


class LabelSet(Wire):
    """Names to complete from."""

    name: Label
    categories: list[Category] = Field(max_length=2000)

    @field_validator("categories")
    @classmethod
    def _labels_differ(cls, categories: list[Category]) -> list[Category]:
        _different([category.name for category in categories], "label")
        return categories


class OfferedSet(LabelSet):
    """A label set as the page gets it."""

    shipped: bool = Field(description="It came with the program: saved under its name, another takes its place.")


def _different(names: list[str], what: str) -> list[str]:
    """The names, if no two are the same but for capitals."""
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            raise PydanticCustomError("twice", "the {what} {name} is there twice", {"what": what, "name": repr(name)})
        seen.add(name.lower())
    return names
