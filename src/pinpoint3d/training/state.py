"""All that a training needs to go on as if it had never stopped."""

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from pinpoint3d.errors import FileError, PinPointError
from pinpoint3d.io import atomic_path
from pinpoint3d.model import Network
from pinpoint3d.training.config import TrainingConfig

_VERSION = 1


@dataclass(eq=False)
class TrainingState:
    """Network, optimiser and position.

    Data, augmentation and clicks of a step follow from the seed and the step's number, so that no generator has a
    state that would have to be kept.

    Attributes:
        network: being trained.
        average: moving average of its weights, which is what is used later.
        optimiser: AdamW.
        step: steps done.
        seconds: spent on them.
    """

    network: Network
    average: Network
    optimiser: torch.optim.Optimizer
    step: int = 0
    seconds: float = 0.0

    @classmethod
    def begin(cls, network: Network, config: TrainingConfig) -> "TrainingState":
        """Before the first step.

        Raises:
            PinPointError: a module that is to stay as it is does not exist.
        """
        modules = {name for name, _ in network.named_modules() if name}
        for name in config.frozen:
            if name not in modules:
                raise PinPointError(f"the network has no module {name!r}; its modules are {', '.join(_top(network))}")
            network.get_submodule(name).requires_grad_(False)
        learned = [weight for weight in network.parameters() if weight.requires_grad]
        flat, shaped = [w for w in learned if w.ndim < 2], [w for w in learned if w.ndim >= 2]
        groups = [{"params": shaped, "weight_decay": config.decay}, {"params": flat, "weight_decay": 0.0}]
        return cls(network, copy.deepcopy(network).eval(), torch.optim.AdamW(groups, lr=config.rate))

    @torch.no_grad()
    def follow(self, decay: float) -> None:
        """Move the average towards the network; less than `decay` keeps in the first steps."""
        share = 1 - min(decay, (self.step + 1) / (self.step + 10))
        for mean, now in zip(self.average.state_dict().values(), self.network.state_dict().values(), strict=True):
            if mean.is_floating_point():
                mean.lerp_(now, share)
            else:
                mean.copy_(now)

    def save(self, path: Path, config: TrainingConfig) -> None:
        """Write everything to one file, whole or not at all.

        Raises:
            FileError: it cannot be written.
        """
        content = {
            "version": _VERSION,
            "config": config.to_json(),
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        try:
            with atomic_path(path) as temporary:
                torch.save(content, temporary)
        except (OSError, RuntimeError) as error:
            raise FileError(path, f"cannot be written: {error}") from error

    def load(self, path: Path, config: TrainingConfig) -> None:
        """Go on where `save` was called.

        Raises:
            FileError: the file cannot be read, or is of a training with other settings.
        """
        try:
            content: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        except Exception as error:  # a damaged pickle fails in any way
            raise FileError(path, f"is no state of a training ({error}); begin in another folder") from error
        there, here = content.get("config", {}), config.to_json()
        other = [name for name in here if there.get(name) != here[name]]
        if other:
            raise FileError(
                path, f"is of a training with other settings ({other[0]}: {there.get(other[0])}); choose another folder"
            )
        self.network.load_state_dict(content["network"])
        self.average.load_state_dict(content["average"])
        self.optimiser.load_state_dict(content["optimiser"])
        self.step, self.seconds = content["step"], content["seconds"]


def _top(network: nn.Module) -> list[str]:
    return [name for name, _ in network.named_children()]
