"""What defines a network beside its weights."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from pinpoint3d.errors import ModelError

ARCHITECTURES = ("AGILE3D", "PinPoint3D")


@dataclass(frozen=True)
class NetworkConfig:
    """Sizes of a network; the defaults are the published ones.

    Attributes:
        architecture: "AGILE3D" (masks of objects) or "PinPoint3D" (masks of objects and of their parts).
        voxel_size: edge of the voxels it was trained on, metres.
        in_channels: features of a voxel; 3 for red, green and blue in 0..1.
        stem: channels of the backbone's first convolution.
        planes: channels of the four encoder and the four decoder stages of the backbone.
        blocks: residual blocks of the eight stages.
        hidden: channels of queries and scene features in the mask decoders.
        heads: attention heads.
        feedforward: inner width of the decoders' feed-forward networks.
        layers: layers of a mask decoder.
        background_queries: number of learned background queries.
    """

    architecture: str = "PinPoint3D"
    voxel_size: float = 0.05
    in_channels: int = 3
    stem: int = 32
    planes: tuple[int, ...] = (32, 64, 128, 256, 256, 128, 96, 96)
    blocks: tuple[int, ...] = (2, 3, 4, 6, 2, 2, 2, 2)
    hidden: int = 128
    heads: int = 8
    feedforward: int = 1024
    layers: int = 3
    background_queries: int = 10

    def __post_init__(self) -> None:
        if self.architecture not in ARCHITECTURES:
            raise ModelError(f"architecture {self.architecture!r} is unknown; it is one of {', '.join(ARCHITECTURES)}")
        if len(self.planes) != 8 or len(self.blocks) != 8:
            raise ModelError("planes and blocks need eight numbers each: four encoder and four decoder stages")
        if self.hidden % self.heads or self.hidden % 2:
            raise ModelError(f"hidden = {self.hidden} must be even and a multiple of heads = {self.heads}")

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "NetworkConfig":
        """Inverse of `to_json`.

        Raises:
            ModelError: not such a text, or a field this version does not know.
        """
        try:
            values: dict[str, Any] = json.loads(text)
            unknown = sorted(values.keys() - {field.name for field in fields(cls)})
            if unknown:
                raise ModelError(f"unknown network setting {unknown[0]!r}; the file may be of a newer version")
            settings: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
            return cls(**settings)
        except (ValueError, TypeError, AttributeError) as error:
            raise ModelError(f"the network's settings cannot be read: {error}") from error
