"""Every action of a person as a value: it makes the next state from the last, and has a JSON form.

Undo needs no inverse: states are immutable and the history keeps them.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from pinpoint3d.prompts import Click
from pinpoint3d.session.points import Stroke
from pinpoint3d.session.state import State
from pinpoint3d.session.targets import Target


class Command(Protocol):
    """One undo step."""

    def apply(self, state: State) -> State: ...


@dataclass(frozen=True)
class AddClick:
    """Append a click; `names` are the names of the targets it creates."""

    click: Click
    names: Mapping[Target, str]

    def apply(self, state: State) -> State:
        return replace(state, clicks=state.clicks.add(self.click)).named(self.names)


@dataclass(frozen=True)
class ReplaceClick:
    """Move a click or give it to another target; its place in time stays."""

    place: int
    click: Click
    names: Mapping[Target, str]

    def apply(self, state: State) -> State:
        return replace(state, clicks=state.clicks.replace(self.place, self.click)).named(self.names)


@dataclass(frozen=True)
class RemoveClick:
    """Take a click away; its target keeps its name and id."""

    place: int

    def apply(self, state: State) -> State:
        return replace(state, clicks=state.clicks.remove(self.place))


@dataclass(frozen=True)
class Rename:
    """Name an object or a part; a new one is made so."""

    target: Target
    name: str

    def apply(self, state: State) -> State:
        return state.named({self.target: self.name})


@dataclass(frozen=True)
class Paint:
    """Give points to a target by hand; `names` are the names of the targets that creates."""

    stroke: Stroke
    names: Mapping[Target, str]

    def apply(self, state: State) -> State:
        return replace(state, strokes=(*state.strokes, self.stroke)).named(self.names)


@dataclass(frozen=True)
class Lock:
    """Keep a target at the points of `strokes`, which are its own and its parts'."""

    target: Target
    strokes: tuple[Stroke, ...]

    def apply(self, state: State) -> State:
        return replace(state, locked={**state.locked, self.target: self.strokes})


@dataclass(frozen=True)
class Unlock:
    """Let a target follow its clicks again."""

    target: Target

    def apply(self, state: State) -> State:
        return replace(state, locked={t: s for t, s in state.locked.items() if t != self.target})


@dataclass(frozen=True)
class ImportLabels:
    """Bring labels along from a file, in place of those brought along before."""

    strokes: tuple[Stroke, ...]
    names: Mapping[Target, str]

    def apply(self, state: State) -> State:
        return replace(state, imported=self.strokes).named(self.names)


_KINDS: dict[str, type[Command]] = {
    "add_click": AddClick,
    "replace_click": ReplaceClick,
    "remove_click": RemoveClick,
    "rename": Rename,
    "paint": Paint,
    "lock": Lock,
    "unlock": Unlock,
    "import_labels": ImportLabels,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def to_json(command: Command) -> dict[str, Any]:
    """The JSON form of a command: `{"do": "add_click", "click": {...}, "names": [[1, 0, "chair"]]}`."""
    fields = {**vars(command)}
    if "click" in fields:
        fields["click"] = asdict(fields["click"])
    if "names" in fields:
        fields["names"] = [[*target, name] for target, name in fields["names"].items()]
    if "stroke" in fields:
        fields["stroke"] = _stroke_json(fields["stroke"])
    if "strokes" in fields:
        fields["strokes"] = [_stroke_json(stroke) for stroke in fields["strokes"]]
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
    if "stroke" in fields:
        fields["stroke"] = _stroke(fields["stroke"])
    if "strokes" in fields:
        fields["strokes"] = tuple(map(_stroke, fields["strokes"]))
    return kind(**fields)


def _stroke_json(stroke: Stroke) -> list[int | str]:
    return [*stroke.target, stroke.points]


def _stroke(entry: tuple[int, int, str]) -> Stroke:
    object_id, part_id, points = entry
    return Stroke((int(object_id), int(part_id)), str(points))
