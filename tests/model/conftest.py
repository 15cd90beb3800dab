"""Small networks and scenes that take milliseconds."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from pinpoint3d.model import NetworkConfig
from pinpoint3d.scene import Scene

GOLDEN = Path(__file__).resolve().parents[2] / "benchmarks" / "golden.py"
SMALL = {
    "stem": 4,
    "planes": (4, 4, 6, 8, 8, 6, 4, 4),
    "blocks": (1, 1, 1, 1, 1, 1, 1, 1),
    "hidden": 16,
    "heads": 2,
    "feedforward": 24,
    "background_queries": 3,
}


@pytest.fixture(params=["AGILE3D", "PinPoint3D"])
def small_config(request: pytest.FixtureRequest) -> NetworkConfig:
    return NetworkConfig(architecture=request.param, **SMALL)


@pytest.fixture
def scene(rng: np.random.Generator) -> Scene:
    """A bumpy floor of 4 m^2 around the origin."""
    xy = rng.uniform(-1, 1, (3000, 2))
    z = 0.2 * np.sin(5 * xy[:, :1])
    rgb = rng.integers(0, 256, (3000, 3), dtype=np.uint8)
    return Scene("floor", np.hstack([xy, z]).astype(np.float32), rgb=rgb)


@pytest.fixture(scope="session")
def golden() -> ModuleType:
    """The module benchmarks/golden.py."""
    spec = importlib.util.spec_from_file_location("golden", GOLDEN)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["golden"] = module
    spec.loader.exec_module(module)
    return module
