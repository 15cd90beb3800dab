"""Data sets by name: `folder:DIR`, `scannet:DIR#val` and so on."""

from collections.abc import Callable
from pathlib import Path

from pinpoint3d.datasets.base import Dataset, Subset
from pinpoint3d.datasets.folder import Folder
from pinpoint3d.datasets.mosd import Mosd
from pinpoint3d.datasets.multiscan import MultiScan
from pinpoint3d.datasets.objects import Objects
from pinpoint3d.datasets.partnet import PartNet
from pinpoint3d.datasets.partscan import PartScan
from pinpoint3d.datasets.s3dis import S3dis
from pinpoint3d.datasets.scannet import ScanNet
from pinpoint3d.datasets.synth import Synth
from pinpoint3d.errors import PinPointError

DATASETS: dict[str, Callable[[Path], Dataset]] = {
    "folder": Folder,
    "mosd": Mosd,
    "multiscan": MultiScan,
    "objects": Objects,
    "partnet": PartNet,
    "partscan": PartScan,
    "s3dis": S3dis,
    "scannet": ScanNet,
    "synth": Synth,
}


def open_dataset(name: str) -> Dataset:
    """The data set `KIND:DIR`, or of its own splits one, `KIND:DIR#SPLIT`.

    Raises:
        PinPointError: the name has another form or the kind is unknown. A wrong folder or split is found on first use.
    """
    kind, colon, place = name.partition(":")
    folder, mark, split = place.partition("#")
    if not colon or not folder or kind not in DATASETS:
        raise PinPointError(f"data set {name!r}: expected KIND:DIR with KIND one of {', '.join(sorted(DATASETS))}")
    dataset = DATASETS[kind](Path(folder))
    return Subset(dataset, split) if mark else dataset
