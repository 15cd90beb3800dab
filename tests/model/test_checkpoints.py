"""Weights on disk: what is read, what is refused, and in which words."""

import argparse
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from pinpoint3d.errors import FileError, ModelError
from pinpoint3d.model import Agile3D, NetworkConfig, create_network, load_network, save_network
from pinpoint3d.model.published import published_name


def as_published(network: Agile3D) -> dict[str, Tensor]:
    """The network's weights in the names and layouts of the released checkpoints."""
    published: dict[str, Tensor] = {}
    for name, weight in network.state_dict().items():
        key = published_name(name)
        if key.endswith(".kernel") and weight.ndim == 2:
            weight = weight.T
        elif key.endswith(".bias") and key.startswith(("lin_squeeze_head", "adapter.net.0", "adapter.net.3")):
            weight = weight[None]
        elif key.endswith(("in_proj_weight", "in_proj_bias")) and key in published:
            weight = torch.cat([published[key], weight])  # query, key, value in the order of the modules
        published[key] = weight
    return published


def same_weights(a: Agile3D, b: Agile3D) -> bool:
    mine, theirs = a.state_dict(), b.state_dict()
    return mine.keys() == theirs.keys() and all(torch.equal(mine[name], theirs[name]) for name in mine)


@pytest.fixture
def network(small_config: NetworkConfig, rng: np.random.Generator) -> Agile3D:
    return create_network(small_config, rng)


@pytest.mark.parametrize("prefix", ["", "module."])
@pytest.mark.parametrize("wrapped", [True, False])
def test_released_checkpoint(network: Agile3D, tmp_path: Path, prefix: str, wrapped: bool) -> None:
    path = tmp_path / "checkpoint.pth"
    weights = {prefix + name: weight for name, weight in as_published(network).items()}
    extras = {"epoch": 1099, "args": argparse.Namespace(lr=1e-4), "best": np.float64(0.7), "optimizer": {"state": {}}}
    torch.save({"model": weights, **extras} if wrapped else weights, path)
    loaded = load_network(path, network.config)
    assert same_weights(loaded, network)
    assert not loaded.training


def test_safetensors_carry_their_settings(network: Agile3D, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "network.safetensors"
    save_network(network, path, {"licence": "MIT"})
    loaded = load_network(path)
    assert loaded.config == network.config
    assert same_weights(loaded, network)
    with safe_open(path, framework="pt") as file:
        assert file.metadata()["licence"] == "MIT"
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_what_differs_is_named(network: Agile3D, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pth"
    weights = as_published(network)
    del weights["lin_squeeze_head.bias"]
    weights["classifier.weight"] = torch.zeros(2)
    weights["backbone.conv0p1s1.kernel"] = torch.zeros(27, 3, 4)
    torch.save({"model": weights}, path)
    with pytest.raises(ModelError) as caught:
        load_network(path, network.config)
    for words in (
        str(path),
        "missing lin_squeeze_head.bias",
        "unexpected classifier.weight",
        "backbone.conv0p1s1.kernel (has [27, 3, 4], needs [125, 3, 4])",
    ):
        assert words in str(caught.value)


def test_other_architectures_are_refused(network: Agile3D, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pth"
    torch.save({"model": as_published(network)}, path)
    other = {"AGILE3D": "PinPoint3D", "PinPoint3D": "AGILE3D"}[network.config.architecture]
    with pytest.raises(ModelError, match=r"p_c2o_attention|adapter\.net"):
        load_network(path, replace(network.config, architecture=other))
    with pytest.raises(ModelError, match=r"of another shape .* \(has \["):
        load_network(path)  # the published sizes
    torch.save(torch.nn.Linear(2, 2).state_dict(), path)
    with pytest.raises(ModelError, match=r"missing .* and 4\d\d more; unexpected bias, weight"):
        load_network(path)


class Trap:
    """Runs a command when unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


def test_nothing_in_a_checkpoint_is_executed(tmp_path: Path) -> None:
    path, sprung = tmp_path / "checkpoint.pth", tmp_path / "sprung"
    torch.save({"model": {"weight": torch.zeros(1)}, "args": Trap(sprung)}, path)
    with pytest.raises(ModelError, match="plain weights"):
        load_network(path)
    assert not sprung.exists()


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"PK\x03\x04 cut short", b"\x80\x02}q\x00."])
def test_damaged_files(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"checkpoint{suffix}"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=f"checkpoint{suffix}"):
        load_network(path)


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_files_cut_short(network: Agile3D, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"checkpoint{suffix}"
    if suffix == ".pth":
        torch.save(as_published(network), path)
    else:
        save_network(network, path)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(ModelError, match="not a readable"):
        load_network(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        load_network(tmp_path / "nowhere.pth")


def test_unwritable(network: Agile3D, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="cannot be written"):
        save_network(network, tmp_path / "file" / "network.safetensors")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        ('{"depth": 3}', "newer version"),
        ('{"architecture": "SAM"}', "unknown"),
        ('{"planes": [1, 2]}', "eight numbers"),
        ('{"hidden": 12}', "multiple of heads"),
    ],
)
def test_unreadable_settings(tmp_path: Path, settings: str, words: str) -> None:
    path = tmp_path / "network.safetensors"
    save_file({"weight": torch.zeros(1)}, path, metadata={"pinpoint3d-network": settings})
    with pytest.raises(ModelError, match=words) as caught:
        load_network(path)
    assert str(path) in str(caught.value)
