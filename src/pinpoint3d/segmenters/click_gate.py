"""Which voxels a click that corrects an answer means, of those that it could change: learned from the robot's clicks.

The network judges every voxel for itself, and it has learned from few clicks an object: with many it is too sure of
what a click speaks for, takes a small part for a large one, or a whole part where a few voxels were meant. A small
network weighs what it says against all that is known of the click. It is trained so that clicks seldom make masks
worse (`python benchmarks/click_gate.py`).
"""

from collections.abc import Container
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from pinpoint3d.segmenters.correction import EVIDENCE, Correction

WEIGHTS = Path(str(files("pinpoint3d"))) / "assets" / "click_gate.safetensors"
ASKED = -3.0  # log odds, as the network has them, below which a voxel never changes
_HIDDEN = 32
_NEVER = -30.0
_CERTAIN = 11.0  # log odds beside a click that is understood beyond doubt
_NEAR = 10.0  # voxels; a piece that was missed lies beside what was found
_MISSED = 25.0  # voxels; and is seldom larger
_STRANGE = 3.0  # standard deviations beyond which evidence counts as no stranger: real scans are unlike generated ones


class Kind(StrEnum):
    """What a click that corrects an answer does."""

    BETWEEN = "between"  # to a part that was clicked before, from what was shown as others
    ADDED = "added"  # to an object with parts, what was none of it
    TAKEN = "taken"  # from an object with parts
    WHOLE = "whole"  # to an object without parts, or from it

    @classmethod
    def of_object(cls, said: int, shown: int, with_parts: Container[int]) -> "Kind":
        """Of a click that says one object where another was shown, 0 the background."""
        if said in with_parts:
            return cls.ADDED
        return cls.TAKEN if said == 0 and shown in with_parts else cls.WHOLE


class ClickGate(nn.Module):
    """Log odds that a click means a voxel, by a network for each kind of click."""

    def __init__(self) -> None:
        super().__init__()
        # surroundings of an object are much alike in size, scans are not
        self.weighers = nn.ModuleDict({kind: _Weigher(EVIDENCE - (kind is Kind.WHOLE)) for kind in Kind})

    @classmethod
    def shipped(cls) -> "ClickGate":
        """With the weights of the package, in evaluation mode."""
        gate = cls()
        gate.load_state_dict(load_file(WEIGHTS))
        return gate.eval()

    def forward(self, kind: Kind, evidence: Tensor) -> Tensor:
        """f32 [M, EVIDENCE] -> f32 [M]."""
        odds: Tensor = self.weighers[kind](evidence)
        return odds

    def needed(self, kind: Kind, correction: Correction) -> Tensor:
        """f32 [M]: what log odds must exceed for a voxel to change.

        The robot clicks every part at once, so that a whole one is seldom missed; a person goes from part to part. A
        click that adds beyond doubt, near what was shown, therefore adds all that is likely around it.
        """
        asked = correction.odds > ASKED  # a few of the voxels that a click on a whole scan could change
        means = torch.full_like(correction.odds, _NEVER)
        means[asked] = self(kind, correction.evidence[asked])
        needed = correction.odds - means
        beyond_doubt = correction.beside >= _CERTAIN and correction.clearance <= _NEAR
        if kind is Kind.ADDED and beyond_doubt:
            return torch.where(correction.away <= _MISSED, needed.clamp(max=0), needed)
        return needed


class _Weigher(nn.Module):
    mean: Tensor
    scale: Tensor

    def __init__(self, evidence: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(evidence))
        self.register_buffer("scale", torch.ones(evidence))
        self.layers = nn.Sequential(
            nn.Linear(evidence, _HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, _HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, 1)
        )

    def forward(self, evidence: Tensor) -> Tensor:
        """f32 [M, EVIDENCE] -> f32 [M]."""
        known = (evidence[:, : len(self.mean)] - self.mean) / self.scale
        odds: Tensor = self.layers(known.clamp(-_STRANGE, _STRANGE))
        return odds[:, 0]
