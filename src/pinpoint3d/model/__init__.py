"""The networks: backbone, position encodings, attention, decoders, checkpoints."""

from pinpoint3d.model.checkpoints import load_network, save_network
from pinpoint3d.model.config import AnyConfig, NetworkConfig, SurfaceConfig
from pinpoint3d.model.create import Network, create_network
from pinpoint3d.model.decoder import Decoded, Queries
from pinpoint3d.model.networks import (
    Agile3D,
    Masks,
    PinPoint3D,
    SceneFeatures,
    SceneInput,
)
from pinpoint3d.model.surface_network import SurfaceNetwork

__all__ = [
    "Agile3D",
    "AnyConfig",
    "Decoded",
    "Masks",
    "Network",
    "NetworkConfig",
    "PinPoint3D",
    "Queries",
    "SceneFeatures",
    "SceneInput",
    "SurfaceConfig",
    "SurfaceNetwork",
    "create_network",
    "load_network",
    "save_network",
]
