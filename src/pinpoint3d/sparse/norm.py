"""Batch norm that leans to the scan at hand."""

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm


def leaning_norm(x: Tensor, norm: nn.BatchNorm1d, lean: float) -> Tensor:
    """Batch norm in evaluation mode, [N, C] -> [N, C], with statistics between those learned and those of x itself.

    What is the same everywhere in a scan, its noise or its light, counts for less then: a network keeps its footing on
    scans unlike those it learned from (Schneider et al., Improving robustness against common corruptions by covariate
    shift adaptation, NeurIPS 2020, section 3).

    Args:
        x: float [N, C], N > 0.
        norm: with the statistics that were learned.
        lean: share of the statistics of x, 0 to 1.
    """
    assert norm.running_mean is not None
    assert norm.running_var is not None
    var, mean = torch.var_mean(x.float(), dim=0, correction=0)
    mean, var = norm.running_mean.lerp(mean, lean), norm.running_var.lerp(var, lean)
    return batch_norm(x, mean, var, norm.weight, norm.bias, eps=norm.eps)
