"""What a person has said about a scene: clicks and names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pinpoint3d.prompts import ClickSet

Target: TypeAlias = tuple[int, int]
"""(object id, part id); part 0 is the object as a whole."""


@dataclass(frozen=True)
class State:
    """Immutable; every command makes a new one.

    Attributes:
        clicks: the clicks, oldest first.
        names: name of every target that was given one.
    """

    clicks: ClickSet = field(default_factory=ClickSet)
    names: Mapping[Target, str] = field(default_factory=dict)

    def targets(self) -> list[Target]:
        """Every object and part that has a click or a name, ascending; an object stands before its parts."""
        clicked = {(c.object, c.part or 0) for c in self.clicks if c.object > 0}
        known = clicked | set(self.names)
        return sorted(known | {(o, 0) for o, _ in known})

    def name(self, target: Target) -> str:
        """The given name, or one made from the id."""
        object_id, part_id = target
        return self.names.get(target, f"part {part_id}" if part_id else f"object {object_id}")

    def siblings(self, object_id: int | None) -> dict[str, int]:
        """Name -> id of the parts of an object, or of all objects where `object_id` is None."""
        if object_id is None:
            return {self.name((o, 0)): o for o, p in self.targets() if p == 0}
        return {self.name((o, p)): p for o, p in self.targets() if o == object_id and p > 0}
