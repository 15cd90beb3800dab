"""Synthetic scenes as `pinpoint3d data synth` writes them: objects, parts and their names, nothing unlabelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pinpoint3d.datasets.base import ListedSample
from pinpoint3d.scene import LabelledScene
from pinpoint3d.synthesis.storage.recipe import Recipe
from pinpoint3d.synthesis.storage.shards import Shards


@dataclass(frozen=True)
class Synth:
    """`synth:DIR`.

    Attributes:
        folder: where the shards and their `synth.json` lie.
    """

    folder: Path

    def scenes(self) -> Sequence[str]:
        return self._shards.names()

    def listed(self) -> Sequence[ListedSample]:
        return ()

    def load(self, scene: str) -> LabelledScene:
        return self._shards.load(scene)

    def split(self, scene: str) -> str | None:
        """Which designs of objects its scenes show; the same for all."""
        return self._shards.recipe.split

    @property
    def recipe(self) -> Recipe:
        """What its scenes were made from."""
        return self._shards.recipe

    @cached_property
    def _shards(self) -> Shards:
        return Shards.open(self.folder)
