"""A learned network behind the segmenter interface."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from pinpoint3d.arrays import Float32
from pinpoint3d.errors import FileError, ModelError
from pinpoint3d.io.atomic import atomic_path
from pinpoint3d.model import Agile3D, Masks, SceneFeatures, SceneInput, load_network
from pinpoint3d.model.backbone import STEPS
from pinpoint3d.progress import track
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene, VoxelGrid
from pinpoint3d.segmenters.masks import MaskLogits, PartLogits

_NETWORK = "pinpoint3d-embedding-of"  # key in a saved embedding's metadata: fingerprint of the network that made it
_GRID_ARRAYS = ("grid_coord", "coord", "feat", "voxel_to_point", "point_to_voxel")


@dataclass(frozen=True, eq=False)
class NetworkEmbedding:
    """An encoded scene.

    Attributes:
        grid: its voxels.
        scene: features and position encodings of the voxels, on the network's device.
    """

    grid: VoxelGrid
    scene: SceneFeatures


class NetworkSegmenter:
    """AGILE3D or PinPoint3D as a segmenter.

    The object decoder runs once a call; the part decoder once for every object that has a positive click on a part.

    Args:
        network: its weights are used as they are, in evaluation mode.
        name: under which `load_model` finds it.
        device: "cpu", "cuda", ...; by default CUDA where there is a GPU.
    """

    def __init__(self, network: Agile3D, name: str, device: torch.device | str | None = None) -> None:
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self.network = network.to(self.device).eval()
        self.name = name

    @classmethod
    def from_file(cls, path: Path, name: str, device: torch.device | str | None = None) -> "NetworkSegmenter":
        """Load a `.safetensors` file of this program or a released `.pth` checkpoint.

        Raises:
            FileError: there is no such file, or it cannot be read.
            ModelError: no checkpoint, or weights of another architecture.
        """
        network = load_network(path)
        if not isinstance(network, Agile3D):
            raise ModelError(f"{path}: are the weights of another architecture, {network.config.architecture}")
        return cls(network, name, device)

    @property
    def voxel_size(self) -> float:
        """Edge of the voxels the network was trained on, in metres."""
        return self.network.config.voxel_size

    @torch.inference_mode()
    def encode(self, scene: Scene) -> NetworkEmbedding:
        """Run the backbone on a scene; a progress bar appears when it takes over a second."""
        grid = VoxelGrid.from_scene(scene, self.voxel_size)
        with track("Encoding", STEPS) as advance:
            features = self.network.encode([SceneInput.from_grid(grid, self.device)], advance)
        return NetworkEmbedding(grid, features[0])

    @torch.inference_mode()
    def segment(self, embedding: NetworkEmbedding, clicks: ClickTensors) -> MaskLogits:
        """Masks of every clicked object and part. Without a positive click, everything is background."""
        if len(clicks.objects()) == 0:
            nothing = np.zeros((len(embedding.grid), 1), dtype=np.float32)
            return MaskLogits(clicks, ids=np.zeros(0, dtype=np.int64), logits=nothing)
        objects = self.network.decode_objects(embedding.scene, clicks)
        parts = {}
        columns = {i: column for column, i in enumerate(objects.ids.tolist(), start=1) if len(clicks.parts(i))}
        for object_id, column in columns.items():
            inside, last = torch.nonzero(objects.label == column)[:, 0], object_id == max(columns)
            masks = self.network.decode_parts(embedding.scene, clicks, objects, object_id, inside, last=last)
            parts[object_id] = PartLogits(masks.ids, _spread(masks, inside, len(objects.label)))
        logits = objects.decoded.logits[-1].cpu().numpy()
        return MaskLogits(clicks, objects.ids, logits, parts, clicks.status())

    def save_embedding(self, embedding: NetworkEmbedding, path: Path) -> None:
        """Write an embedding to a safetensors file, whole or not at all.

        Raises:
            FileError: the file cannot be written.
        """
        arrays = {name: torch.from_numpy(getattr(embedding.grid, name)) for name in _GRID_ARRAYS}
        arrays["features"] = embedding.scene.features.cpu()
        metadata = {_NETWORK: self._fingerprint, "voxel_size": repr(embedding.grid.size)}
        try:
            with atomic_path(path) as temporary:
                save_file({name: array.contiguous() for name, array in arrays.items()}, temporary, metadata)
        except SafetensorError as error:
            raise FileError(path, f"cannot be written: {error}") from error

    @torch.inference_mode()
    def load_embedding(self, path: Path) -> NetworkEmbedding:
        """Inverse of `save_embedding`.

        Raises:
            FileError: the file is not there, or no saved embedding.
            ModelError: another network made it.
        """
        try:
            with safe_open(path, framework="pt") as file:
                metadata = file.metadata() or {}
                if metadata.get(_NETWORK) not in (None, self._fingerprint):
                    raise ModelError(f"{path}: was encoded by another network than {self.name}; encode the scene again")
                arrays = {name: file.get_tensor(name) for name in (*_GRID_ARRAYS, "features")}
                size = float(metadata["voxel_size"])
        except FileNotFoundError as error:
            raise FileError(path, "no such file") from error
        except (OSError, SafetensorError, KeyError, ValueError) as error:
            raise FileError(path, f"no saved embedding ({error})") from error
        scene = self.network.scene_features(arrays["features"].to(self.device), arrays["coord"].to(self.device))
        grid = VoxelGrid(size, **{name: arrays[name].numpy() for name in _GRID_ARRAYS})
        return NetworkEmbedding(grid, scene)

    @cached_property
    def _fingerprint(self) -> str:
        """Digest of settings and weights."""
        digest = hashlib.sha256(self.network.config.to_json().encode())
        for weight in self.network.state_dict().values():
            digest.update(weight.cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()


def _spread(masks: Masks, inside: Tensor, n_voxels: int) -> Float32:
    """f32 [V, 1 + P]: logits of the voxels inside the object; outside it no part has a chance."""
    logits = torch.full((n_voxels, 1 + len(masks.ids)), -torch.inf, device=inside.device)
    logits[:, 0] = 0.0
    logits[inside] = masks.decoded.logits[-1]
    return logits.cpu().numpy()
