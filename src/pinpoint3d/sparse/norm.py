"""Batch norm that leans to the scan at hand."""

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm


class AdaptiveNorm(nn.BatchNorm1d):
    """Batch norm whose statistics, once they are learned, lean to those of what it is given.

    What is the same everywhere in a scan, its noise or its light, then counts for less: a network keeps its footing on
    scans unlike those it learned from (Schneider et al., Improving robustness against common corruptions by covariate
    shift adaptation, NeurIPS 2020, section 3).

    Args:
        channels: C.
        momentum: of the running statistics while they are learned.
        lean: share of the given features' own statistics, 0 to 1; with 0 it is batch norm.
    """

    def __init__(self, channels: int, momentum: float = 0.1, lean: float = 0.0) -> None:
        super().__init__(channels, momentum=momentum)
        self.lean = lean

    def forward(self, x: Tensor) -> Tensor:
        """[N, C] -> [N, C]. Gradients take the statistics for constants."""
        if self.training or not self.lean:
            out: Tensor = super().forward(x)
            return out
        assert self.running_mean is not None
        assert self.running_var is not None
        with torch.no_grad():
            var, mean = torch.var_mean(x.float(), dim=0, correction=0)
            mean, var = self.running_mean.lerp(mean, self.lean), self.running_var.lerp(var, self.lean)
        return batch_norm(x, mean, var, self.weight, self.bias, eps=self.eps)
