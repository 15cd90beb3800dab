"""PartNet: a tree of parts whose leaves name OBJ files (Mo et al., PartNet, CVPR 2019; y up).

A folder a shape: `result_after_merging.json` or `result.json` with nodes `{"id", "name", "children" | "objs"}`, and
`objs/<name>.obj`; PartNet-Mobility has `textured_objs/` instead.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pinpoint3d.errors import FileError
from pinpoint3d.synthesis.cad.meshes import read_mesh
from pinpoint3d.synthesis.cad.shapes import Shape
from pinpoint3d.synthesis.cad.sources import Meshes

TREES = ("result_after_merging.json", "result.json")
_FOLDERS = ("textured_objs", "objs")
_UP = "y"


@dataclass(frozen=True)
class Leaf:
    """A part of the finest level.

    Attributes:
        id: its number in the tree.
        names: of the nodes from below the root down to it, numbered where siblings share a name.
        objs: names of its OBJ files.
    """

    id: int
    names: tuple[str, ...]
    objs: tuple[str, ...]


def read_tree(path: Path) -> tuple[str, list[Leaf]]:
    """The name of the root, and the leaves.

    Raises:
        FileError: the file is missing or damaged, a node is its own ancestor, or an id comes twice.
    """
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
        root = tree[0] if isinstance(tree, list) else tree
        leaves = list(_leaves(path, root, (), set()))
        return str(root["name"]), leaves
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from error
    except RecursionError as error:
        raise FileError(path, "its tree of parts has no end; download it again") from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise FileError(path, f"is no tree of parts ({error!r}); download it again") from error


def _leaves(path: Path, node: Any, above: tuple[tuple[int, str], ...], seen: set[int]) -> Iterator[Leaf]:
    number, name = int(node["id"]), str(node["name"])
    if number in (passed for passed, _ in above):
        raise FileError(path, f"node {number} ({name}) is its own ancestor: a cycle, no tree; download it again")
    if number in seen:
        raise FileError(path, f"the id {number} belongs to two nodes; download it again")
    seen.add(number)
    children = node.get("children") or []
    labels = _numbered([str(child["name"]) for child in children])
    for child, label in zip(children, labels, strict=True):
        renamed = {**child, "name": label}
        yield from _leaves(path, renamed, (*above, (number, name)), seen)
    if not children:
        names = tuple(passed for _, passed in above[1:]) + ((name,) if above else ())
        yield Leaf(number, names or (name,), tuple(node.get("objs") or ()))


def _numbered(names: list[str]) -> list[str]:
    """Names told apart by a number where they are the same."""
    return [
        f"{name} {names[: place + 1].count(name)}" if names.count(name) > 1 else name
        for place, name in enumerate(names)
    ]


def read(folder: Path, skip_missing: bool = False) -> tuple[str, list[Shape]]:
    """The category and the shapes of a folder; names are those of the nodes below the root.

    Raises:
        FileError: the tree is damaged, or an OBJ file is missing or damaged.
    """
    tree = next((folder / name for name in TREES if (folder / name).is_file()), folder / TREES[0])
    category, leaves = read_tree(tree)
    meshes = Meshes(tree, skip_missing)
    shapes = []
    for leaf in leaves:
        for name in leaf.objs:
            found = next((f for kind in _FOLDERS if (f := folder / kind / f"{name}.obj").is_file()), None)
            if found is None:
                meshes.read(f"{_FOLDERS[1]}/{name}.obj", f"node {leaf.id} ({leaf.names[-1]})")
                continue
            shapes += [replace(shape, names=leaf.names) for shape in read_mesh(found, up=_UP)]
    meshes.warn_of_missing()
    return category, shapes
