"""Every action of a person as a value: it makes the next state from the last, and has a JSON form.

Undo needs no inverse: states are immutable and the history keeps them.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from pinpoint3d.prompts import Click
from pinpoint3d.session.state import State, Target


class Command(Protocol):
    """One undo step."""

    def apply(self, state: State) -> State: ...


@dataclass(frozen=True)
class AddClick:
    """Append a click; `names` are the names of the targets it creates."""

    click: Click
    names: Mapping[Target, str]

    def apply(self, state: State) -> State:
        return State(state.clicks.add(self.click), {**state.names, **self.names})


@dataclass(frozen=True)
class ReplaceClick:
    """Move a click or give it to another target; its place in time stays."""

    place: int
    click: Click
    names: Mapping[Target, str]

    def apply(self, state: State) -> State:
        return State(state.clicks.replace(self.place, self.click), {**state.names, **self.names})


@dataclass(frozen=True)
class RemoveClick:
    """Take a click away; its target keeps its name and id."""

    place: int

    def apply(self, state: State) -> State:
        return State(state.clicks.remove(self.place), state.names)


@dataclass(frozen=True)
class Rename:
    """Name an object or a part."""

    target: Target
    name: str

    def apply(self, state: State) -> State:
        return State(state.clicks, {**state.names, self.target: self.name})


_KINDS: dict[str, type[Command]] = {
    "add_click": AddClick,
    "replace_click": ReplaceClick,
    "remove_click": RemoveClick,
    "rename": Rename,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def to_json(command: Command) -> dict[str, Any]:
    """The JSON form of a command: `{"do": "add_click", "click": {...}, "names": [[1, 0, "chair"]]}`."""
    fields = {**vars(command)}
    if "click" in fields:
        fields["click"] = asdict(fields["click"])
    if "names" in fields:
        fields["names"] = [[*target, name] for target, name in fields["names"].items()]
    return {"do": _NAMES[type(command)], **fields}


def from_json(entry: Mapping[str, Any]) -> Command:
    """Inverse of `to_json`.

    Raises:
        KeyError, TypeError, ValueError, ClickError: the entry is no command.
    """
    fields = dict(entry)
    kind = _KINDS[fields.pop("do")]
    if "click" in fields:
        click = fields["click"]
        fields["click"] = Click(**{**click, "xyz": tuple(float(c) for c in click["xyz"])})
    if "names" in fields:
        fields["names"] = {(int(o), int(p)): str(name) for o, p, name in fields["names"]}
    if "target" in fields:
        object_id, part_id = fields["target"]
        fields["target"] = (int(object_id), int(part_id))
    return kind(**fields)
