"""The networks: backbone, position encodings, attention, decoders, checkpoints."""

from pinpoint3d.model.checkpoints import load_network, save_network
from pinpoint3d.model.config import NetworkConfig
from pinpoint3d.model.decoder import Decoded, Queries
from pinpoint3d.model.networks import (
    Agile3D,
    Masks,
    PinPoint3D,
    SceneFeatures,
    SceneInput,
    create_network,
)

__all__ = [
    "Agile3D",
    "Decoded",
    "Masks",
    "NetworkConfig",
    "PinPoint3D",
    "Queries",
    "SceneFeatures",
    "SceneInput",
    "create_network",
    "load_network",
    "save_network",
]
