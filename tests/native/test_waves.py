"""Compiled sines and cosines against those of float64."""

import pytest
import torch

from pinpoint3d import native

needs_kernels = pytest.mark.skipif(not native.available(), reason="the compiled kernels were not built here")


@needs_kernels
@pytest.mark.parametrize("width", native.vector_widths() if native.available() else [])
def test_equal_to_exact_ones(width: int) -> None:
    phase = torch.linspace(-300, 300, 1000 * 48).view(1000, 48)
    exact = torch.cat([phase.double().sin(), phase.double().cos()], dim=1)
    with native.vectors_of(width):
        made = native.waves(phase)
    torch.testing.assert_close(made.double(), exact, rtol=0, atol=2e-7)
