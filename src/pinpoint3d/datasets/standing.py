"""How things stand in synthetic scenes: the room is made again from its seed, and measured."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pinpoint3d.synthesis.cad import ObjectLibrary
from pinpoint3d.synthesis.generate import VERSION, SceneConfig, room_of
from pinpoint3d.synthesis.rooms import check_assembly
from pinpoint3d.synthesis.storage.make import describe
from pinpoint3d.synthesis.storage.recipe import Recipe

GAP_M, OVERLAP = 0.01, 0.01  # metres above or below what it stands on; share of the smaller box


@dataclass(frozen=True)
class Standing:
    """What a scene is made of.

    Attributes:
        designs: names of its objects' designs.
        problems: what floats, sinks in, or runs into something else.
    """

    designs: frozenset[str]
    problems: tuple[str, ...]


def why_unknown(recipe: Recipe, library: Path | None) -> str:
    """Why the rooms of a recipe cannot be made again; empty where they can."""
    if recipe.version != VERSION:
        return f"made by version {recipe.version} of the generator, this is {VERSION}: how things stand is not checked"
    if describe(_config(recipe, None), library) != recipe.config:
        return "made with a library of objects: give --objects to check how things stand"
    return ""


def standing(recipe: Recipe, index: int, library: Path | None) -> Standing:
    """Measure scene `index`.

    Args:
        recipe: one that `why_unknown` has nothing against.
        index: of the scene.
        library: that it was made with.

    Raises:
        FileError: an object of the library cannot be read.
    """
    assembly = room_of(recipe.seed, index, split=recipe.split, config=_config(recipe, library)).assembly
    found = check_assembly(assembly)
    names = [f"object {number} ({one.design.category})" for number, one in enumerate(assembly.objects, start=1)]
    gaps = [
        f"{name} {'floats' if gap > 0 else 'sinks in'} by {abs(gap) * 100:.1f} cm"
        for name, gap in zip(names, found.gaps.tolist(), strict=True)
        if abs(gap) > GAP_M
    ]
    overlaps = [
        f"{names[a]} runs into {names[b]}: {share:.1%} of its box"
        for (a, b), share in found.overlaps.items()
        if share > OVERLAP
    ]
    return Standing(frozenset(one.design.name for one in assembly.objects), (*gaps, *overlaps))


def _config(recipe: Recipe, library: Path | None) -> SceneConfig:
    fields: dict[str, Any] = dict(recipe.config)
    fields["frames"] = tuple(fields["frames"])  # JSON has lists
    return SceneConfig(**fields | {"library": None if library is None else ObjectLibrary(library)})
