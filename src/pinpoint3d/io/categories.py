"""Kinds of objects, found in their names: "chair 2" is a chair."""

import re

import numpy as np

from pinpoint3d.arrays import Int32
from pinpoint3d.scene import BACKGROUND, Hierarchy

_COUNTED = re.compile(r"(.*\S)[\s_-]+\d+", re.DOTALL)


def category(name: str) -> str:
    """The name without a number at its end."""
    found = _COUNTED.fullmatch(name)
    return found[1] if found else name


def categories(labels: Hierarchy) -> tuple[list[str], Int32]:
    """The kinds of objects there are, in the order of their first object.

    Returns:
        Their names, and i32 [N]: the kind of every point, from 0; -1 where there is no object.
    """
    names: dict[str, int] = {}
    kind = np.full(int(labels.object.max(initial=0)) + 1, -1, dtype=np.int32)
    for object_id in labels.objects():
        kind[object_id] = names.setdefault(category(labels.object_name(int(object_id))), len(names))
    return list(names), kind[np.maximum(labels.object, BACKGROUND)]
