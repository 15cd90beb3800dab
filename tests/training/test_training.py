import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from pinpoint3d.errors import FileError, PinPointError
from pinpoint3d.model import create_network, load_network
from pinpoint3d.model.config import small
from pinpoint3d.training import surface
from pinpoint3d.training.crops import make_crop
from pinpoint3d.training.run import run
from pinpoint3d.training.state import TrainingState
from pinpoint3d.training.tasks import choose_task

from .conftest import SMALL

HERE = Path(__file__).parent


def network(seed=0):
    return create_network(SMALL, np.random.default_rng(seed))


def curve(folder):
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def losses(folder):
    return [{k: v for k, v in line.items() if k != "seconds"} for line in curve(folder)]


@pytest.mark.slow
def test_a_training_that_was_stopped_goes_on_to_the_same_curve(tmp_path, boxes, config):
    run(network(), boxes, config, tmp_path / "whole")
    assert run(network(), boxes, config, tmp_path / "broken", minutes=0) == 1
    with (tmp_path / "broken" / "log.jsonl").open("a") as log:  # steps after the last save are made again
        log.write(json.dumps({"step": 2, "loss_mask": 9.0}) + "\n" + '{"step": 3, "lo')
    assert run(network(seed=5), boxes, config, tmp_path / "broken") == 6
    assert losses(tmp_path / "broken") == losses(tmp_path / "whole")
    one, other = (load_network(tmp_path / name / "model.safetensors").state_dict() for name in ("whole", "broken"))
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert (tmp_path / "whole" / "curves.png").stat().st_size > 1000


def test_other_settings_do_not_go_on(tmp_path, boxes, config):
    run(network(), boxes, replace(config, steps=1), tmp_path)
    with pytest.raises(FileError, match=r"other settings \(rate"):
        run(network(), boxes, replace(config, steps=1, rate=1.0), tmp_path)


@pytest.mark.slow
def test_preparing_samples_elsewhere_changes_nothing(tmp_path, boxes, config):
    config = replace(config, steps=2)
    run(network(), boxes, config, tmp_path / "here")
    run(network(), boxes, replace(config, workers=1), tmp_path / "there")
    assert losses(tmp_path / "here") == losses(tmp_path / "there")


def test_frozen_modules_stay(tmp_path, boxes, config):
    before = network().state_dict()
    trained = network()
    run(trained, boxes, replace(config, steps=2, frozen=("backbone",)), tmp_path)
    after = trained.state_dict()
    changed = {name.partition(".")[0] for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"edges", "decoders"}
    with pytest.raises(PinPointError, match="no module 'backbones'; its modules are backbone, edges"):
        TrainingState.begin(network(), replace(config, frozen=("backbones",)))


@pytest.mark.parametrize("architecture", ["AGILE3D", "PinPoint3D"])
def test_published_designs_learn_in_the_same_loop(tmp_path, boxes, config, architecture):
    sizes = replace(small(architecture), stem=4, planes=(4,) * 8, blocks=(1,) * 8, hidden=16, heads=2, feedforward=16)
    run(create_network(sizes, np.random.default_rng(0)), boxes, replace(config, steps=3), tmp_path)
    assert load_network(tmp_path / "model.safetensors").config == sizes
    assert all(np.isfinite(line["loss_mask"]) for line in curve(tmp_path))


@pytest.mark.slow
def test_boxes_are_learned(tmp_path, boxes, config):
    run(network(), boxes, replace(config, steps=100), tmp_path)
    lines = curve(tmp_path)
    first, last = (np.mean([line["loss_border"] for line in part]) for part in (lines[:10], lines[-10:]))
    assert last < 0.85 * first


@pytest.mark.slow
def test_two_processes_are_one_with_their_batches_together(tmp_path):
    """With frozen norms, but for the order of sums, whose noise Adam blows up where gradients are small."""
    for world in (1, 2):
        command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(world)]
        subprocess.run([*command, str(HERE / "train_boxes.py"), str(tmp_path / str(world))], check=True)
    alone, together = (curve(tmp_path / str(world)) for world in (1, 2))
    for a, b in zip(alone, together, strict=True):
        assert a["norm"] == pytest.approx(b["norm"], rel=1e-2)
    one, two = (load_network(tmp_path / str(world) / "model.safetensors").state_dict() for world in (1, 2))
    for name, weight in one.items():
        torch.testing.assert_close(weight, two[name], rtol=1e-3, atol=1e-3)


def test_a_crop_keeps_to_its_size_and_labels(boxes, config, rng):
    crop = make_crop(boxes.scan(0), replace(config.augmentation, voxels=900), rng)
    assert 700 < len(crop.surface) <= 1000
    assert len(crop.object) == len(crop.part) == len(crop.coord) == len(crop.surface)
    assert set(np.unique(crop.part[crop.object == 0])) == {0}


def test_tasks_name_targets_that_are_there(boxes, config, rng):
    kinds = set()
    for number in range(20):
        crop = make_crop(boxes.scan(number), config.augmentation, rng)
        task = choose_task(crop, rng)
        kinds.add(task.whole is None)
        assert set(np.unique(task.truth[task.truth > 0])) == set(range(1, task.n_targets + 1))
        if task.whole is not None:
            assert task.whole[task.truth > 0].all()
    assert kinds == {True, False}


def test_low_precision_learns_the_same_way(boxes, config, rng):
    """As on a GPU, but on the CPU, where the plain convolutions serve bfloat16."""
    crops = [make_crop(boxes.scan(number), config.augmentation, rng) for number in range(4)]
    gradients = []
    for low in (False, True):
        trained = network().train()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=low):
            rngs = [np.random.default_rng(number) for number in range(4)]
            found = surface.learn(trained, crops, rngs, replace(config, rounds=1))
        (found["loss_border"] + found["loss_mask"]).backward()
        gradients.append(trained.backbone.stem.conv.kernel.grad)
    assert gradients[1].dtype == torch.float32
    assert torch.nn.functional.cosine_similarity(*(g.flatten() for g in gradients), dim=0) > 0.9
