"""Weights on disk: our safetensors files with the network's settings inside, and the released `.pth` checkpoints."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from pinpoint3d.errors import FileError, ModelError
from pinpoint3d.io.atomic import atomic_path
from pinpoint3d.model.config import AnyConfig, NetworkConfig, read_config
from pinpoint3d.model.create import Network, create_network
from pinpoint3d.model.published import from_published, published_name

_SETTINGS = "pinpoint3d-network"  # key of the settings in the metadata of a safetensors file
_SHOWN = 3  # so many differing weights are named in a message


def save_network(network: Network, path: Path, record: Mapping[str, str] | None = None) -> None:
    """Write weights and settings to a `.safetensors` file, whole or not at all; its folder is made where absent.

    Args:
        network: to be saved.
        path: of the file.
        record: what else its header tells, such as the licence and how the network was trained.

    Raises:
        FileError: the file cannot be written.
    """
    weights = {name: weight.detach().cpu().contiguous() for name, weight in network.state_dict().items()}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(path) as temporary:
            save_file(weights, temporary, metadata={**(record or {}), _SETTINGS: network.config.to_json()})
    except (OSError, SafetensorError) as error:
        raise FileError(path, f"cannot be written: {error}") from error


def load_network(path: Path, config: AnyConfig | None = None) -> Network:
    """Read a network, in evaluation mode on the CPU.

    Args:
        path: a `.safetensors` file of `save_network`, or a released checkpoint of AGILE3D or PinPoint3D.
        config: settings of a released checkpoint, which carries none; by default the published sizes, and PinPoint3D
            if there are weights of a part decoder.

    Raises:
        FileError: there is no such file, or it cannot be read.
        ModelError: no checkpoint, or one whose weights are not those of the architecture.
    """
    if not path.is_file():
        raise FileError(path, "no such file")
    weights, settings = _read_safetensors(path) if path.suffix == ".safetensors" else (_read_pickle(path), None)
    if settings is not None:
        config = _settings(path, settings)
    elif config is None:
        parts = any(name.startswith("part_mask_embed_head.") for name in weights)
        config = NetworkConfig(architecture="PinPoint3D" if parts else "AGILE3D")
    network = create_network(config, np.random.default_rng(0))  # initial weights, all replaced below
    needed = network.state_dict()
    if settings is None:
        found = from_published(list(needed), weights)
        names = {name: published_name(name) for name in needed}
    else:
        found, names = dict(weights), {name: name for name in needed}
    differing = _differences(needed, found, names, unexpected=sorted(weights.keys() - set(names.values())))
    if differing:
        raise ModelError(
            f"{path}: these are not the weights of {config.architecture}: {'; '.join(differing)}. "
            "Give a checkpoint of AGILE3D or PinPoint3D in the published sizes, or a file that this program saved."
        )
    network.load_state_dict(found)
    return network.eval()


def _settings(path: Path, text: str) -> AnyConfig:
    try:
        return read_config(text)
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error


def _differences(
    needed: Mapping[str, Tensor], found: Mapping[str, Tensor], names: Mapping[str, str], unexpected: Sequence[str]
) -> list[str]:
    """What is missing, unexpected or of another shape, in the names of the file."""
    missing = [names[name] for name in needed if name not in found]
    reshaped = [
        f"{names[name]} (has {list(found[name].shape)}, needs {list(weight.shape)})"
        for name, weight in needed.items()
        if name in found and found[name].shape != weight.shape
    ]
    kinds = {"missing": missing, "unexpected": unexpected, "of another shape": reshaped}
    return [f"{kind} {_first(which)}" for kind, which in kinds.items() if which]


def _first(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    rest = len(unique) - _SHOWN
    return ", ".join(unique[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _read_safetensors(path: Path) -> tuple[dict[str, Tensor], str | None]:
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            return {name: file.get_tensor(name) for name in file.keys()}, metadata.get(_SETTINGS)  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{path}: not a readable safetensors file ({error})") from error


def _read_pickle(path: Path) -> dict[str, Tensor]:
    """Weights of a PyTorch checkpoint, alone or beside other things under "model"; nothing in it is executed."""
    # The published training scripts store their command line and plain numbers beside the weights.
    scalar = np.float64(0).__reduce__()[0]
    harmless: list[Any] = [
        argparse.Namespace,
        np.dtype,
        *(type(np.dtype(kind)) for kind in ("f4", "f8", "i8")),
        (scalar, "numpy.core.multiarray.scalar"),
        (scalar, "numpy._core.multiarray.scalar"),
    ]
    try:
        with torch.serialization.safe_globals(harmless):
            content = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise FileError(path, f"cannot be read: {error}") from error
    except Exception as error:  # a damaged pickle fails in any way
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(f"{path}: not a readable PyTorch checkpoint of plain weights ({reason})") from error
    if isinstance(content, dict) and isinstance(content.get("model"), dict):
        content = content["model"]
    if not isinstance(content, dict) or not content or not all(isinstance(w, Tensor) for w in content.values()):
        raise ModelError(f'{path}: no checkpoint; it needs a table of weights, alone or under "model"')
    return {str(name).removeprefix("module."): weight for name, weight in content.items()}
