"""Data sets by name: `folder:DIR`, `mosd:DIR` and so on."""

from collections.abc import Callable
from pathlib import Path

from pinpoint3d.datasets.base import Dataset
from pinpoint3d.datasets.folder import Folder
from pinpoint3d.datasets.mosd import Mosd
from pinpoint3d.datasets.objects import Objects
from pinpoint3d.datasets.partscan import PartScan
from pinpoint3d.datasets.synth import Synth
from pinpoint3d.errors import PinPointError

DATASETS: dict[str, Callable[[Path], Dataset]] = {
    "folder": Folder,
    "mosd": Mosd,
    "objects": Objects,
    "partscan": PartScan,
    "synth": Synth,
}


def open_dataset(name: str) -> Dataset:
    """The data set `KIND:DIR`.

    Raises:
        PinPointError: the name has another form or the kind is unknown. A wrong folder is found on first use.
    """
    kind, colon, folder = name.partition(":")
    if not colon or not folder or kind not in DATASETS:
        raise PinPointError(f"data set {name!r}: expected KIND:DIR with KIND one of {', '.join(sorted(DATASETS))}")
    return DATASETS[kind](Path(folder))
