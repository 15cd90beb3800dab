"""Models by name or file. Each is imported when asked for: naming them costs nothing."""

import difflib
import importlib
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pinpoint3d.errors import FileError, ModelError
from pinpoint3d.segmenters.base import Segmenter

_LOG = logging.getLogger(__name__)
_FILES = (".safetensors", ".pth", ".pt", ".ckpt")


@dataclass(frozen=True)
class ModelInfo:
    """A model that `load_model` knows.

    Attributes:
        name: how to ask for it.
        about: one line on what it does.
        weights: file its weights are kept in; None where it needs none.
    """

    name: str
    about: str
    weights: Path | None = None

    @property
    def ready(self) -> bool:
        """Whether it can be loaded now."""
        return self.weights is None or self.weights.is_file()


_BASELINES = {
    "geodesic": ("GeodesicSegmenter", "shortest paths over the surface that avoid creases and colour edges"),
    "random_walker": ("RandomWalkerSegmenter", "random walks from the clicks over the surface (Grady 2006)"),
    "region_growing": ("RegionGrowingSegmenter", "regions grown from the clicks over smooth surface"),
    "voronoi": ("VoronoiSegmenter", "every point goes to the nearest click"),
}
_SHIPPED = "pinpoint3d"
_PUBLISHED = {
    "pinpoint3d-published": "the published network for objects and parts, with weights of yours",
    "agile3d": "the published network for objects, with weights of yours",
}
_NETWORKS = {_SHIPPED: "learned borders and paths from the clicks, for objects and parts", **_PUBLISHED}
_BEST_FIRST = (_SHIPPED, *_BASELINES)


def available_models() -> list[ModelInfo]:
    """Every model known by name, the best first."""
    baselines = [ModelInfo(name, about) for name, (_, about) in _BASELINES.items()]
    networks = [ModelInfo(name, about, weights_path(name)) for name, about in _NETWORKS.items()]
    order = {name: i for i, name in enumerate(_BEST_FIRST)}
    return sorted([*baselines, *networks], key=lambda model: order.get(model.name, len(order)))


def load_model(name_or_path: str | Path | None = None) -> Segmenter[Any]:
    """Load a segmenter.

    Args:
        name_or_path: a name of `available_models`, a `.safetensors` file of this program, or a released `.pth`
            checkpoint; by default the best model that is ready. Its `name` says which that was.

    Raises:
        ModelError: an unknown name, a network whose weights are not installed, or weights of another architecture.
        FileError: no such file.
    """
    if name_or_path is None:
        name_or_path = next(model.name for model in available_models() if model.ready)
        _LOG.info("using the model %s", name_or_path)
    key = str(name_or_path)
    if key in _BASELINES:
        module = importlib.import_module(f"pinpoint3d.segmenters.{key}")
        build: Callable[[], Segmenter[Any]] = getattr(module, _BASELINES[key][0])
        return build()
    if key in _NETWORKS:
        return _network(weights_of(key), key)
    path = Path(name_or_path)
    if path.suffix.lower() in _FILES:
        return _network(path, str(path.resolve()))  # sessions saved with it reopen from any folder
    raise _unknown(key)


def weights_of(name_or_path: str | Path) -> Path:
    """The weights file of a network, by name or by path.

    Raises:
        ModelError: an unknown name, or a network whose weights are not installed.
    """
    key = str(name_or_path)
    if key in _NETWORKS:
        path = weights_path(key)
        if not path.is_file():
            raise ModelError(
                f"{key}: no trained weights ship with this program; download a released checkpoint and run "
                f'"pinpoint3d weights import CHECKPOINT.pth", or use the model "geodesic", which needs none'
            )
        return path
    path = Path(name_or_path)
    if path.suffix.lower() in _FILES:
        return path
    raise _unknown(key)


def _unknown(key: str) -> ModelError:
    known = [model.name for model in available_models()]
    near = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}? " if near else ""
    return ModelError(f"unknown model {key!r}: {hint}known are {', '.join(known)}, or a file *{', *'.join(_FILES[:2])}")


def import_weights(path: Path) -> tuple[str, Path]:
    """Keep a published network for this user, as safetensors with its settings, so that `load_model` finds it by name.

    Returns:
        The name to load it by, and where it is kept.

    Raises:
        FileError: there is no such file, or the models' folder cannot be written to.
        ModelError: no checkpoint of a published network.
    """
    from pinpoint3d.model import load_network, save_network

    network = load_network(path)
    names = {"PinPoint3D": "pinpoint3d-published", "AGILE3D": "agile3d"}
    architecture = network.config.architecture
    if architecture not in names:
        raise ModelError(f"{path}: is no published network; give the file itself wherever a model is asked for")
    name = names[architecture]
    kept = weights_path(name)
    save_network(network, kept)
    return name, kept


def weights_path(name: str) -> Path:
    """Where the weights of a network are: in the package, or kept for this user."""
    if name == _SHIPPED:
        return Path(__file__).parents[1] / "assets" / f"{name}.safetensors"
    return home() / "models" / f"{name}.safetensors"


def home() -> Path:
    """This user's folder: the variable PINPOINT3D_HOME, else where the platform keeps a program's data.

    Raises:
        FileError: PINPOINT3D_HOME names a file.
    """
    if chosen := os.environ.get("PINPOINT3D_HOME"):
        path = Path(chosen).expanduser()
        if path.is_file():
            raise FileError(path, "is a file, but PINPOINT3D_HOME must name a folder")
        return path
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "pinpoint3d"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "pinpoint3d"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "pinpoint3d"


def _network(path: Path, name: str) -> Segmenter[Any]:
    from pinpoint3d.model import SurfaceNetwork, load_network
    from pinpoint3d.segmenters.network import NetworkSegmenter
    from pinpoint3d.segmenters.surface_network import SurfaceNetworkSegmenter

    network = load_network(path)
    if isinstance(network, SurfaceNetwork):
        return SurfaceNetworkSegmenter(network, name)
    return NetworkSegmenter(network, name)
