"""What a person has said about a scene: clicks and names, points painted and locked, labels brought along."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pinpoint3d.prompts import ClickSet
from pinpoint3d.session.points import Stroke
from pinpoint3d.session.targets import Target


@dataclass(frozen=True)
class State:
    """Immutable; every command makes a new one.

    Attributes:
        clicks: the clicks, oldest first.
        names: name of every target that was given one.
        strokes: points given to targets by hand, oldest first; of two on one point the later stands.
        locked: the points every locked target is kept at.
        imported: labels from a file; an object or part stays so until it is clicked.
    """

    clicks: ClickSet = field(default_factory=ClickSet)
    names: Mapping[Target, str] = field(default_factory=dict)
    strokes: tuple[Stroke, ...] = ()
    locked: Mapping[Target, tuple[Stroke, ...]] = field(default_factory=dict)
    imported: tuple[Stroke, ...] = ()

    def named(self, names: Mapping[Target, str]) -> "State":
        """The same with further names."""
        return replace(self, names={**self.names, **names}) if names else self

    def same_labels(self, other: "State") -> bool:
        """Whether the labels of all points follow to be the same: everything but the names is."""
        return replace(self, names={}) == replace(other, names={})

    def targets(self) -> list[Target]:
        """Every object and part that has a click, a name or points by hand, ascending; objects before their parts."""
        clicked = {(c.object, c.part or 0) for c in self.clicks}
        given = {stroke.target for stroke in (*self.strokes, *self.imported)}
        known = {target for target in clicked | given | set(self.names) | set(self.locked) if target[0] > 0}
        return sorted(known | {(o, 0) for o, _ in known})

    def name(self, target: Target) -> str:
        """The given name, or one made from the id."""
        return self.names.get(target, default_name(target))

    def siblings(self, object_id: int | None) -> dict[str, int]:
        """Name -> id of the parts of an object, or of all objects where `object_id` is None."""
        if object_id is None:
            return {self.name((o, 0)): o for o, p in self.targets() if p == 0}
        return {self.name((o, p)): p for o, p in self.targets() if o == object_id and p > 0}

    def is_locked(self, target: Target) -> bool:
        """Whether the target itself, or the object it is a part of, is locked."""
        return target in self.locked or (target[0], 0) in self.locked


def default_name(target: Target) -> str:
    """What a target is called that nobody has named."""
    return f"part {target[1]}" if target[1] else f"object {target[0]}"
