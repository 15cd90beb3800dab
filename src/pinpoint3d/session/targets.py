"""How a target is written."""

from typing import TypeAlias

Target: TypeAlias = tuple[int, int]
"""(object id, part id); part 0 is the object as a whole."""
