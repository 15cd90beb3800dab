"""Which voxels a click on an object with parts means, of those that it could change: learned from the robot's clicks.

The network judges every voxel for itself, and it has learned from few clicks an object: with many it is too sure of
what a click speaks for, takes a small part for a large one, or a whole part where a few voxels were meant. A small
network weighs what it says against all that is known of the click. It is trained so that clicks seldom make masks
worse (`python benchmarks/click_gate.py`).
"""

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
_MISSED = 25.0  # voxels; a piece that was missed is seldom larger


class Kind(StrEnum):
    """What a click on an object with parts does."""

    BETWEEN = "between"  # from one part to another that was clicked before
    ADDED = "added"  # to the object, what was none of it
    TAKEN = "taken"  # from the object


class ClickGate(nn.Module):
    """Log odds that a click means a voxel, by a network for each kind of click."""

    def __init__(self) -> None:
        super().__init__()
        self.weighers = nn.ModuleDict({kind: _Weigher() for kind in Kind})

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
        """f32 [M]: what log odds must exceed for a voxel to change; see `caution.Caution`.

        The robot clicks every part at once, so that a whole one is seldom missed; a person goes from part to part. A
        click that adds beyond doubt therefore adds all that is likely around it.
        """
        means = torch.where(correction.odds > ASKED, self(kind, correction.evidence), _NEVER)
        needed = correction.odds - means
        if kind is Kind.ADDED and correction.beside >= _CERTAIN:
            return torch.where(correction.away <= _MISSED, needed.clamp(max=0), needed)
        return needed


class _Weigher(nn.Module):
    mean: Tensor
    scale: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(EVIDENCE))
        self.register_buffer("scale", torch.ones(EVIDENCE))
        self.layers = nn.Sequential(
            nn.Linear(EVIDENCE, _HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, _HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, 1)
        )

    def forward(self, evidence: Tensor) -> Tensor:
        odds: Tensor = self.layers((evidence - self.mean) / self.scale)
        return odds[:, 0]
