"""A network of given sizes."""

from typing import TypeAlias

import numpy as np
import torch

from pinpoint3d.model.config import AnyConfig, SurfaceConfig
from pinpoint3d.model.networks import Agile3D, PinPoint3D
from pinpoint3d.model.surface_network import SurfaceNetwork

Network: TypeAlias = Agile3D | SurfaceNetwork


def create_network(config: AnyConfig, rng: np.random.Generator) -> Network:
    """A network with random weights, in training mode."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(rng.integers(2**63)))
        if isinstance(config, SurfaceConfig):
            return SurfaceNetwork(config)
        return PinPoint3D(config) if config.architecture == "PinPoint3D" else Agile3D(config)
