"""Labelled scans made while a network learns from them: nothing is stored, and no two are the same.

    stream = Stream(seed=7, make=generate_crop, config=GeneratorConfig())
    for crop in torch.utils.data.DataLoader(stream, batch_size=None, num_workers=2):
        ...

A sample is a function of seed and position alone. So the position, an integer, is all that a training run has to keep:
`replace(stream, start=position)` goes on exactly where it stopped, with any number of workers.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from torch.utils.data import IterableDataset, get_worker_info

from pinpoint3d.scene import LabelledScene
from pinpoint3d.synthesis.storage.shards import Generate


@dataclass(frozen=True, eq=False)
class Stream(IterableDataset[LabelledScene]):
    """Samples `start`, `start + stride`, `start + 2 * stride` and so on, without end.

    A `DataLoader` with `batch_size=None` yields them in this order, whatever its number of workers.

    Attributes:
        seed: of all that is random.
        make: what makes a sample: `generate_scene` or `generate_crop`.
        config: its settings.
        split: which object designs are used.
        start: position of the first sample.
        stride: step between positions; the number of ranks where several share the work, each with a start of its own.
    """

    seed: int
    make: Generate
    config: Any
    split: str = "train"
    start: int = 0
    stride: int = 1

    def __getitem__(self, position: int) -> LabelledScene:
        return self.make(self.seed, position, split=self.split, config=self.config)

    def __iter__(self) -> Iterator[LabelledScene]:
        worker = get_worker_info()
        first, step = (0, 1) if worker is None else (worker.id, worker.num_workers)
        for turn in itertools.count(first, step):
            yield self[self.start + turn * self.stride]
