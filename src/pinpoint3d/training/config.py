"""What a training does, and how a model is changed by it."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from pinpoint3d.prompts import ClickRule


@dataclass(frozen=True)
class Augmentation:
    """How training scans are varied.

    Attributes:
        voxel_size: metres; None for what suits the scan, as the surface network's segmenter has it.
        voxels: most voxels of a sample.
        parts: share of samples about the parts of one object, seen in the voxels of `surface_network.FINE`.
        scale: logarithm of the greatest change of size, either way.
        noise: greatest standard deviation of what is added to coordinates, in voxels.
        thinning: greatest share of points left out.
        light: strength of the change of colours; about the logarithm of a gain.
        patterned: share of the objects, and of the rooms around them, that are painted in a new way, many of them in
            one colour and most with a pattern.
        colourless: share of samples without colour.
    """

    voxel_size: float | None = None
    voxels: int = 9_000
    parts: float = 0.6
    scale: float = 0.4
    noise: float = 0.4
    thinning: float = 0.3
    light: float = 0.15
    patterned: float = 0.0
    colourless: float = 0.1


@dataclass(frozen=True)
class TrainingConfig:
    """A training; the same settings and data give the same weights.

    Attributes:
        steps: optimiser steps in all.
        batch: samples a step, over all processes.
        rate: greatest learning rate.
        warmup: steps in which it rises.
        cooldown: share of the steps, at the end, in which it falls to zero; norms are frozen there.
        decay: weight decay.
        clip: greatest norm of a gradient.
        average: decay of the moving average of weights, a step.
        rounds: rounds of clicks a sample.
        edges: weight of the loss on borders.
        seed: of data order, augmentation, clicks and initial weights.
        workers: processes that prepare samples; 0 prepares them in this one.
        frozen: modules of the network that stay as they are, such as "backbone".
        augmentation: of the samples.
        rule: how the robot clicks.
    """

    steps: int = 6000
    batch: int = 3
    rate: float = 2e-3
    warmup: int = 100
    cooldown: float = 0.3
    decay: float = 0.01
    clip: float = 1.0
    average: float = 0.995
    rounds: int = 4
    edges: float = 1.0
    seed: int = 0
    workers: int = 0
    frozen: tuple[str, ...] = ()
    augmentation: Augmentation = field(default_factory=Augmentation)
    rule: ClickRule = field(default_factory=lambda: ClickRule(jitter=0.01))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "TrainingConfig":
        nested = {"augmentation": Augmentation(**values["augmentation"]), "rule": ClickRule(**values["rule"])}
        return cls(**values | nested | {"frozen": tuple(values["frozen"])})

    def text(self) -> str:
        return json.dumps(self.to_json(), indent=1)
