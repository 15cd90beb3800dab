"""Where training scans come from: by number, any number of them, the same scan for the same number."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from pinpoint3d.datasets.base import Dataset
from pinpoint3d.scene import LabelledScene


class Source(Protocol):
    """An endless list of labelled scans; small enough to be sent to another process."""

    def scan(self, number: int) -> LabelledScene:
        """The scan of a number from 0 on."""
        ...


@dataclass(frozen=True)
class Shuffled:
    """The scans of a data set, over and over, in another order each time.

    Attributes:
        dataset: where they are read from.
        seed: of the order.
    """

    dataset: Dataset
    seed: int

    def scan(self, number: int) -> LabelledScene:
        names = self._names
        turn, place = divmod(number, len(names))
        order = np.random.default_rng([self.seed, turn]).permutation(len(names))
        return self.dataset.load(names[order[place]])

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.dataset.scenes())
