"""Compare this package's networks with recorded outputs of the published AGILE3D and PinPoint3D.

    python benchmarks/golden.py FOLDER

FOLDER holds golden_meta.json, state_dict_<architecture>.json and scene_*.npz. The weights are not stored: they follow
from a rule, the names of the published weights and the salt in golden_meta.json. Exit code 0: everything agrees;
1: some row is out; 2: the folder is not in this format.
"""

import argparse
import json
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from pinpoint3d.arrays import AnyArray
from pinpoint3d.model import Agile3D, NetworkConfig, PinPoint3D, SceneFeatures, SceneInput, create_network
from pinpoint3d.model.published import from_published
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene, VoxelGrid

LARGEST_DIFFERENCE = 1e-3  # of the reference's largest magnitude
LEAST_AGREEMENT = 0.999
ARCHITECTURES = {"a": "AGILE3D", "p": "PinPoint3D"}  # by the first letter of a case


class FormatError(Exception):
    """The folder is not in the golden format."""


@dataclass(frozen=True)
class Row:
    """One comparison: the largest difference relative to the reference, and how often the labels agree."""

    scene: str
    case: str
    what: str
    difference: float | None = None
    agreement: float | None = None

    @property
    def passed(self) -> bool:
        small = self.difference is None or self.difference <= LARGEST_DIFFERENCE
        return small and (self.agreement is None or self.agreement >= LEAST_AGREEMENT)


def compare(scene: str, case: str, what: str, ours: AnyArray, reference: AnyArray, labels: bool = False) -> Row:
    """Compare two arrays of the same shape; with `labels`, also the argmax of their rows."""
    if ours.shape != reference.shape:
        return Row(scene, case, f"{what}: shape {ours.shape}, not {reference.shape}", np.inf)
    scale = max(float(np.abs(reference).max(initial=0.0)), np.finfo(np.float32).tiny)
    difference = float(np.abs(ours.astype(np.float64) - reference).max(initial=0.0)) / scale
    agreement = float((ours.argmax(1) == reference.argmax(1)).mean()) if labels else None
    return Row(scene, case, what, np.inf if np.isnan(difference) else difference, agreement)


def rule_weight(key: str, shape: list[int], salt: str) -> torch.Tensor:
    """The weight that the golden rule gives a published name."""
    if key.endswith("num_batches_tracked"):
        return torch.zeros(shape, dtype=torch.int64)
    rng = np.random.Generator(np.random.PCG64(zlib.crc32((salt + key).encode())))
    n = np.asarray(rng.standard_normal(shape))
    if key.endswith((".running_mean", ".running_var")):
        n = 0.1 * n if key.endswith("mean") else 1 + 0.1 * np.abs(n)
    elif key.endswith((".bias", ".in_proj_bias")):
        n = 0.05 * n
    elif key.endswith(".kernel") and len(shape) == 3:
        offsets = 1 if "convtr" in key else shape[0] ** (2 / 3)
        n = n / np.sqrt(shape[1] * offsets)
    elif key.endswith(".kernel"):
        n = n / np.sqrt(shape[0])
    elif key.endswith("weight") and not key.startswith("bg_query_"):
        n = n / np.sqrt(shape[1]) if len(shape) == 2 else 1 + 0.1 * n
    if key.endswith(("norm2.bn.weight", "out_proj.weight", "linear2.weight")):
        n = 0.5 * n
    return torch.from_numpy(n.astype(np.float32))


class Golden:
    """A folder of recorded outputs.

    Raises:
        FormatError: no such folder, or something in it is missing or unreadable.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.meta = self._json("golden_meta.json")
        if not isinstance(self.meta.get("salt"), str) or not isinstance(self.meta.get("voxel_size"), float):
            raise FormatError(f"{folder / 'golden_meta.json'}: needs a text `salt` and a number `voxel_size`")
        self.scenes = sorted(folder.glob("scene_*.npz"))
        if not self.scenes:
            raise FormatError(f"{folder}: holds no scene_*.npz")

    def _json(self, name: str) -> dict[str, Any]:
        try:
            content = json.loads((self.folder / name).read_text())
        except (OSError, ValueError) as error:
            raise FormatError(f"{self.folder / name}: cannot be read ({error})") from error
        if not isinstance(content, dict):
            raise FormatError(f"{self.folder / name}: is not a table")
        return content

    def scene(self, path: Path) -> dict[str, AnyArray]:
        try:
            with np.load(path) as file:
                arrays = {name: file[name] for name in file.files}
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise FormatError(f"{path}: cannot be read ({error})") from error
        for name in ("voxel", "raw_coords", "feats", "rows"):
            if name not in arrays:
                raise FormatError(f"{path}: holds no array `{name}`")
        return arrays

    def weights(self, architecture: str) -> dict[str, torch.Tensor]:
        shapes = self._json(f"state_dict_{architecture}.json")
        try:
            return {key: rule_weight(key, shape, self.meta["salt"]) for key, shape in shapes.items()}
        except (TypeError, ValueError, IndexError) as error:
            raise FormatError(f"state_dict_{architecture}.json: needs a shape for every weight ({error})") from error


def rule_network(architecture: str, weights: Mapping[str, torch.Tensor]) -> Agile3D:
    """The network with weights under their published names.

    Raises:
        FormatError: the weights are not those of the architecture.
    """
    network = create_network(NetworkConfig(architecture=architecture), np.random.default_rng(0))
    try:
        network.load_state_dict(from_published(list(network.state_dict()), weights))
    except RuntimeError as error:
        raise FormatError(f"state_dict_{architecture}.json: is of another architecture ({error})") from error
    return network.eval()


def clicks_of(case: Mapping[str, Any]) -> tuple[ClickTensors, int]:
    """Clicks in the published layout (object -> part -> voxels, or object -> voxels) as arrays, and the target."""
    rows: list[tuple[int, int, int, int]] = []
    for name, of_object in case["clicks"].items():
        parts = of_object if isinstance(of_object, dict) else {"0": of_object}
        times = case["times"][name] if isinstance(of_object, dict) else {"0": case["times"][name]}
        for part, voxels in parts.items():
            rows += [(time, voxel, int(name), int(part)) for time, voxel in zip(times[part], voxels, strict=True)]
    order, voxel, obj, part = np.array(sorted(rows), dtype=np.int64).reshape(-1, 4).T
    return ClickTensors(voxel, obj, part, order, np.ones(len(rows), dtype=np.bool_)), int(case["target"])


def weight_rows(golden: Golden, architecture: str, weights: Mapping[str, torch.Tensor]) -> Iterator[Row]:
    """The checksums of some weights."""
    checks = golden.meta.get(f"weight_check_{architecture}", {})
    wrong = 0
    for key, check in checks.items():
        if key not in weights:
            raise FormatError(f"golden_meta.json: checks the weight {key}, which {architecture} lacks")
        ours = np.array([float(weights[key].double().sum()), *weights[key].flatten()[:3].tolist()])
        row = compare("", architecture, f"weight {key}", ours, np.array([check["sum"], *check["first"]]))
        if not row.passed:
            wrong += 1
            yield row
    if checks:
        yield Row("", architecture, f"checksums of {len(checks)} weights", agreement=1 - wrong / len(checks))


def voxel_rows(scene: str, arrays: Mapping[str, AnyArray], size: float) -> Iterator[Row]:
    """Our voxelisation of the points."""
    if "points_xyz" not in arrays:
        return
    grid = VoxelGrid.from_scene(Scene(scene, arrays["points_xyz"], rgb=arrays["points_rgb"]), size)
    pairs = {
        "unique_map": (grid.voxel_to_point, arrays["unique_map"]),
        "inverse_map": (grid.point_to_voxel, arrays["inverse_map"]),
        "voxel": (grid.grid_coord, arrays["voxel"]),
        "feats": (grid.feat, arrays["feats"]),
        "raw_coords": (grid.coord, arrays["raw_coords"]),
    }
    for name, (ours, reference) in pairs.items():
        same = ours.shape == reference.shape and float((ours == reference).mean())
        yield Row(scene, "voxels", name, agreement=float(same))


def feature_rows(
    scene: str, case: str, arrays: Mapping[str, AnyArray], network: Agile3D, given: SceneInput
) -> Iterator[Row]:
    """Backbone, projections and position encoding."""
    rows = arrays["rows"]
    maps = network.backbone(torch.nn.functional.pad(given.grid_coord, (1, 0)), given.feat)
    for level in maps[:-1]:
        name = f"level{level.stride}"
        if f"{name}_coord" in arrays:
            row_of = {tuple(c): i for i, c in enumerate(level.coord[:, 1:].tolist())}
            ours = [row_of.get(tuple(c), -1) for c in arrays[f"{name}_coord"].tolist()]
            if -1 in ours:
                yield Row(scene, case, f"{name}: a voxel is missing", np.inf)
            else:
                yield compare(scene, case, name, level.features[ours].cpu().numpy(), arrays[f"{name}_feat"])
    finest = maps[-1].features
    parts = {"unet": finest, "squeeze": network.squeeze(finest), "posenc": network.fourier(given.coord)}
    if isinstance(network, PinPoint3D):
        parts["adapter"] = network.project(finest)
    for name, ours in parts.items():
        if f"{name}_rows" in arrays:
            yield compare(scene, case, name, ours[rows].cpu().numpy(), arrays[f"{name}_rows"])


def case_rows(
    scene: str, case: str, arrays: Mapping[str, AnyArray], network: Agile3D, features: SceneFeatures
) -> Iterator[Row]:
    """Every recorded decoder stage of one case."""
    try:
        clicks, target = clicks_of(json.loads(str(arrays[f"{case}_clicks"])))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormatError(f"{scene}: the clicks of {case} cannot be read ({error})") from error
    objects = network.decode_objects(features, clicks)
    stages = {"obj": objects.decoded.logits}
    if isinstance(network, PinPoint3D):
        stages["part"] = network.decode_parts(features, clicks, objects, target).decoded.logits
    for kind, logits in stages.items():
        names = [*(f"{case}_stage{i}_{kind}" for i in range(len(logits) - 1)), f"{case}_{kind}"]
        for name, tensor in zip(names, logits, strict=True):
            ours, what = tensor.cpu().numpy(), name.removeprefix(f"{case}_")
            if name in arrays:
                yield compare(scene, case, what, ours, arrays[name], labels=True)
            elif f"{name}_rows" in arrays:
                yield compare(scene, case, what, ours[arrays["rows"]], arrays[f"{name}_rows"], labels=True)


@torch.inference_mode()
def check(folder: Path, device: str = "cpu") -> Iterator[Row]:
    """Every comparison the folder allows.

    Raises:
        FormatError: the folder is not in the golden format.
    """
    golden = Golden(folder)
    scenes = {path.stem: golden.scene(path) for path in golden.scenes}
    for scene, arrays in scenes.items():
        yield from voxel_rows(scene, arrays, golden.meta["voxel_size"])
    for letter, architecture in ARCHITECTURES.items():
        if not (folder / f"state_dict_{architecture}.json").exists():
            continue
        weights = golden.weights(architecture)
        yield from weight_rows(golden, architecture, weights)
        network = rule_network(architecture, weights).to(device)
        for scene, arrays in scenes.items():
            given = SceneInput(
                torch.as_tensor(arrays["voxel"], dtype=torch.int64, device=device),
                torch.as_tensor(arrays["raw_coords"], device=device),
                torch.as_tensor(arrays["feats"], device=device),
            )
            yield from feature_rows(scene, architecture, arrays, network, given)
            features = network.encode([given])[0]
            for name in sorted(arrays):
                if name.startswith(f"{letter}_") and name.endswith("_clicks"):
                    yield from case_rows(scene, name.removesuffix("_clicks"), arrays, network, features)


def table_of(rows: list[Row]) -> Table:
    """The comparisons as a table, failures in red."""
    table = Table(title="Agreement with the published networks")
    for heading, justify in (("scene", "left"), ("case", "left"), ("what", "left")):
        table.add_column(heading, justify=justify)
    table.add_column("difference / magnitude", justify="right")
    table.add_column("agreement", justify="right")
    for row in rows:
        table.add_row(
            row.scene,
            row.case,
            row.what,
            "" if row.difference is None else f"{row.difference:.1e}",
            "" if row.agreement is None else f"{row.agreement:.3%}",
            style=None if row.passed else "bold red",
        )
    return table


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compare our networks with outputs of the published ones.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    options = parser.parse_args(arguments)
    try:
        rows = list(check(options.folder, options.device))
    except FormatError as error:
        Console(stderr=True, soft_wrap=True).print(str(error), markup=False, highlight=False)
        return 2
    Console().print(table_of(rows))
    out = [row for row in rows if not row.passed]
    Console().print(f"{len(rows) - len(out)} of {len(rows)} comparisons agree.")
    return 1 if out else 0


if __name__ == "__main__":
    sys.exit(main())
