"""What defines a network beside its weights."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Protocol, TypeAlias

from pinpoint3d.errors import ModelError

PUBLISHED = ("AGILE3D", "PinPoint3D")
SURFACE = "Surface"


class BackboneSizes(Protocol):
    """What the backbone needs to know: see `NetworkConfig`."""

    @property
    def in_channels(self) -> int: ...
    @property
    def stem(self) -> int: ...
    @property
    def planes(self) -> tuple[int, ...]: ...
    @property
    def blocks(self) -> tuple[int, ...]: ...


@dataclass(frozen=True)
class NetworkConfig:
    """Sizes of a published network; the defaults are the published ones.

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
        if self.architecture not in PUBLISHED:
            raise ModelError(f"architecture {self.architecture!r} is unknown; it is one of {', '.join(ARCHITECTURES)}")
        _check_stages(self)
        if self.hidden % self.heads or self.hidden % 2:
            raise ModelError(f"hidden = {self.hidden} must be even and a multiple of heads = {self.heads}")

    def to_json(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class SurfaceConfig:
    """Sizes of the surface network; the defaults are those of the model that ships.

    Attributes:
        architecture: "Surface".
        in_channels: features of a voxel, `surface.FEATURES`.
        stem: channels of the backbone's first convolution.
        planes: channels of the four encoder and the four decoder stages of the backbone.
        blocks: residual blocks of the eight stages.
        edge: width of the head that tells whether an edge crosses a border.
        heads: dot products between a voxel and a click.
        key: channels of each.
        hidden: width of the head that weighs the evidence for a target at a voxel.
        negatives: learned queries of the background.
    """

    architecture: str = SURFACE
    in_channels: int = 14
    stem: int = 24
    planes: tuple[int, ...] = (32, 48, 64, 96, 96, 64, 48, 32)
    blocks: tuple[int, ...] = (1, 1, 2, 2, 1, 1, 1, 1)
    edge: int = 24
    heads: int = 4
    key: int = 8
    hidden: int = 32
    negatives: int = 4

    def __post_init__(self) -> None:
        if self.architecture != SURFACE:
            raise ModelError(f"architecture {self.architecture!r} is unknown; it is one of {', '.join(ARCHITECTURES)}")
        _check_stages(self)

    def to_json(self) -> str:
        return json.dumps(asdict(self))


AnyConfig: TypeAlias = NetworkConfig | SurfaceConfig
ARCHITECTURES = (*PUBLISHED, SURFACE)


def small(architecture: str) -> NetworkConfig:
    """A published design in the size of the surface network."""
    sizes = SurfaceConfig()
    return NetworkConfig(
        architecture=architecture,
        stem=sizes.stem,
        planes=sizes.planes,
        blocks=sizes.blocks,
        hidden=96,
        heads=6,
        feedforward=384,
    )


def read_config(text: str) -> AnyConfig:
    """Inverse of `to_json`.

    Raises:
        ModelError: not such a text, or a field this version does not know.
    """
    try:
        values: dict[str, Any] = json.loads(text)
        kind: type[AnyConfig] = SurfaceConfig if values.get("architecture") == SURFACE else NetworkConfig
        unknown = sorted(values.keys() - {field.name for field in fields(kind)})
        if unknown:
            raise ModelError(f"unknown network setting {unknown[0]!r}; the file may be of a newer version")
        settings: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        return kind(**settings)
    except (ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"the network's settings cannot be read: {error}") from error


def _check_stages(sizes: BackboneSizes) -> None:
    if len(sizes.planes) != 8 or len(sizes.blocks) != 8:
        raise ModelError("planes and blocks need eight numbers each: four encoder and four decoder stages")
