"""The compiled judgement of clicks against the plain path."""

from collections.abc import Callable
from unittest import mock

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from pinpoint3d import native
from pinpoint3d.model.config import SurfaceConfig
from pinpoint3d.model.surface import Surface
from pinpoint3d.model.surface_decoder import JUDGED, LOWEST, ClickDecoder, Previous, SurfaceFeatures, Targets

needs_kernels = pytest.mark.skipif(not native.available(), reason="the compiled kernels were not built here")
CONFIGS = st.sampled_from(
    [SurfaceConfig(), SurfaceConfig(planes=(32,) * 7 + (20,), heads=3, key=5, hidden=48, negatives=0)]
)
COUNTS = st.tuples(st.sampled_from([0, 1, 3]), st.lists(st.sampled_from([0, 1, 2, 30]), min_size=1, max_size=12)).map(
    lambda clicks: [clicks[0], *clicks[1]]
)
SEEDS = st.integers(0, 2**32 - 1)


def decoder_of(config: SurfaceConfig, seed: int) -> ClickDecoder:
    """One whose every weight matters."""
    generator = torch.Generator().manual_seed(seed)
    decoder = ClickDecoder(config, bend=0.0)
    for weight in decoder.parameters():
        if weight.ndim:
            weight.data = torch.randn(weight.shape, generator=generator) * weight.shape[-1] ** -0.5
    return decoder


class Asked:
    """Clicks on a scene of scattered voxels, the background's and every target's, and which voxels are asked about."""

    def __init__(self, config: SurfaceConfig, counts: list[int], seed: int, n_voxels: int = 700) -> None:
        rng = np.random.default_rng(seed)
        position = torch.from_numpy(rng.uniform(-400, 400, (n_voxels, 3)).astype(np.float32))
        features = torch.from_numpy(rng.normal(size=(n_voxels, config.planes[-1])).astype(np.float32))
        self.scene = SurfaceFeatures(mock.Mock(spec=Surface, position=position), features, torch.zeros(0, 2))
        column = torch.from_numpy(np.repeat(np.arange(len(counts)), counts))
        clicked = torch.from_numpy(rng.choice(n_voxels, len(column), replace=False))
        self.targets = Targets.of(clicked, column, len(counts) - 1)
        self.paths = torch.from_numpy(rng.uniform(0, 12, (len(counts), n_voxels)).astype(np.float32))
        self.paths[torch.from_numpy(rng.random(self.paths.shape) < 0.2)] = torch.inf
        self.rows = torch.from_numpy(np.sort(rng.choice(n_voxels, rng.integers(1, n_voxels), replace=False)))
        shown = torch.from_numpy(rng.integers(-1, len(counts), n_voxels))
        self.previous = Previous(shown, int(rng.integers(n_voxels)), int(rng.integers(len(counts))))

    def judged(self, decoder: ClickDecoder, corrects: bool = False, width: int | None = None) -> Tensor:
        """By the compiled kernel of a vector width, or by the plain path."""
        previous = self.previous if corrects else None
        with torch.inference_mode(), native.vectors_of(width) if width else native.disabled():
            return decoder.judge(self.scene, self.targets, self.paths, self.rows, previous)


@needs_kernels
@settings(max_examples=40)
@given(CONFIGS, COUNTS, st.booleans(), SEEDS)
def test_equal_to_the_plain_path(config: SurfaceConfig, counts: list[int], corrects: bool, seed: int) -> None:
    decoder, asked = decoder_of(config, seed), Asked(config, counts, seed)
    expected = asked.judged(decoder, corrects)
    for width in native.vector_widths():
        torch.testing.assert_close(asked.judged(decoder, corrects, width), expected, rtol=1e-4, atol=1e-4)


@needs_kernels
@pytest.mark.parametrize("out_of_reach", [torch.inf, 3.0])
def test_of_equally_near_targets_the_first_are_weighed(out_of_reach: float) -> None:
    counts = [1, 1, 1, 1, 1, 1, 1, 1]
    decoder, asked = decoder_of(SurfaceConfig(), 3), Asked(SurfaceConfig(), counts, 3)
    asked.paths[:] = out_of_reach
    asked.paths[6, ::2] = 0.5
    asked.scene.surface.position[asked.targets.voxel] = 1e4  # as far as can be told apart, all of them
    expected = asked.judged(decoder)
    nearest = torch.where(asked.rows % 2 == 0, 6, 3)
    for width in native.vector_widths():
        logits = asked.judged(decoder, width=width)
        torch.testing.assert_close(logits, expected, rtol=1e-4, atol=1e-4)
        far = ~torch.isin(asked.rows, asked.targets.voxel)
        weighed = (logits != LOWEST)[far]
        assert (weighed.sum(dim=1) == 1 + JUDGED).all()
        assert weighed[:, :3].all()
        assert weighed.gather(1, nearest[far][:, None]).all()


@needs_kernels
@pytest.mark.parametrize("width", native.vector_widths() if native.available() else [])
def test_threads_do_not_change_a_bit(width: int) -> None:
    decoder, asked = decoder_of(SurfaceConfig(), 1), Asked(SurfaceConfig(), [2, 1, 5, 1, 1, 9], 1, n_voxels=5000)
    results = []

    def judge(*arguments: object, compiled: Callable[..., Tensor] = native.judge) -> Tensor:
        before = torch.get_num_threads()
        try:
            for threads in (1, 2, 3):
                torch.set_num_threads(threads)
                results.append(compiled(*arguments))
        finally:
            torch.set_num_threads(before)
        return results[-1]

    with mock.patch.object(native, "judge", judge):
        asked.judged(decoder, corrects=True, width=width)
    assert torch.equal(results[0], results[1])
    assert torch.equal(results[0], results[2])


@needs_kernels
def test_the_kernel_is_taken_without_gradients_only() -> None:
    decoder, asked = decoder_of(SurfaceConfig(), 4), Asked(SurfaceConfig(), [1, 1], 4)
    with mock.patch.object(native, "judge", wraps=native.judge) as judge:
        asked.judged(decoder, width=native.vector_widths()[0])
        assert judge.call_count == 1
        logits = decoder.judge(asked.scene, asked.targets, asked.paths, asked.rows, None)
        assert judge.call_count == 1
    assert logits.requires_grad


def test_a_step_costs_more_where_the_surface_bends() -> None:
    geometry = torch.tensor([[1.0, 0.0, 0, 0], [1.0, 1.0, 0, 0], [2.0, 1.0, 0, 0]])
    scene = SurfaceFeatures(mock.Mock(spec=Surface, geometry=geometry), torch.zeros(4, 1), torch.zeros(3, 2))
    border = torch.tensor([-1.0, -1.0, -1.0])
    level, bends, long = ClickDecoder(SurfaceConfig(), bend=0.3).costs(scene, border).tolist()
    straight = ClickDecoder(SurfaceConfig(), bend=0.0).costs(scene, border).tolist()
    assert level == straight[0] == straight[1]
    assert bends - level == pytest.approx(0.3)
    assert long - straight[2] == pytest.approx(0.6)
