"""Synthetic scenes as `pinpoint3d data synth` writes them: objects, parts and their names, nothing unlabelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pinpoint3d.datasets.base import ListedSample
from pinpoint3d.scene import LabelledScene
from pinpoint3d.synthesis.shards import Shards


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

    @property
    def split(self) -> str:
        """Which object designs its scenes show: "train", "validation" or "test"."""
        return self._shards.recipe.split

    @cached_property
    def _shards(self) -> Shards:
        return Shards.open(self.folder)
