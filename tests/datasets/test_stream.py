import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from torch.utils.data import DataLoader

from pinpoint3d.datasets.stream import Stream

sys.path.insert(0, str(Path(__file__).parents[1] / "synthesis"))
from stand_in import Config, generate


@pytest.fixture
def stream():
    return Stream(seed=3, make=generate, config=Config())


def first_points(samples, count):
    return [sample.scene.xyz[0].tolist() for sample in islice(samples, count)]


def test_a_sample_depends_on_seed_and_position_alone(stream):
    wanted = [generate(3, position, split="train", config=Config()) for position in range(4)]
    for found, expected in zip(stream, wanted, strict=False):
        np.testing.assert_array_equal(found.scene.xyz, expected.scene.xyz)
    assert first_points(replace(stream, seed=4), 4) != first_points(stream, 4)


def test_it_goes_on_where_it_stopped(stream):
    assert first_points(replace(stream, start=5), 3) == first_points(stream, 8)[5:]


def test_ranks_share_the_positions(stream):
    ranks = [first_points(replace(stream, start=rank, stride=2), 3) for rank in range(2)]
    assert [point for pair in zip(*ranks, strict=True) for point in pair] == first_points(stream, 6)


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_workers_keep_the_order(stream, workers):
    loader = DataLoader(replace(stream, start=2), batch_size=None, num_workers=workers, multiprocessing_context="spawn")
    assert first_points(loader, 7) == first_points(stream, 9)[2:]
