"""The files a session can be written to: the formats of labels, and those that hold clicks or the session itself."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pinpoint3d.errors import FileError
from pinpoint3d.io import atomic_path, save_labels
from pinpoint3d.io.formats import LABEL_FORMATS
from pinpoint3d.session.request import clicks_json

if TYPE_CHECKING:
    from pinpoint3d.session.session import Session


@dataclass(frozen=True)
class Export:
    """A way to write a session.

    Attributes:
        id: how programs ask for it.
        title: what people call it.
        about: one line on what it holds.
        suffix: how its files end.
        whole: labels and names come back as they were when the file is imported; else labels alone.
    """

    id: str
    title: str
    about: str
    suffix: str
    whole: bool
    write: Callable[["Session", Path], None]


def _labels(session: "Session", path: Path) -> None:
    save_labels(path, session.scene, session.masks)


def _session(session: "Session", path: Path) -> None:
    session.save(path)


def _partscan(session: "Session", path: Path) -> None:
    """A zip of a PartScan-style PLY and the clicks."""
    stem = session.scene.name
    with atomic_path(path) as temporary:
        labelled = temporary.with_suffix(".ply")
        try:
            save_labels(labelled, session.scene, session.masks, convention="partscan")
            with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.write(labelled, f"{stem}.ply")
                archive.writestr(f"{stem}.clicks.json", clicks_json(session.requests()))
        finally:
            labelled.unlink(missing_ok=True)


EXPORTS = {
    export.id: export
    for export in [
        Export("project", "Project", "everything: scan, clicks, names, undo steps, masks", ".pp3d", True, _session),
        Export("ply", "PLY", "the scan with the fields object and part", ".ply", True, _labels),
        Export(
            "partscan",
            "PartScan",
            "PLY with label = object * 100 + part, and the clicks as JSON",
            ".partscan.zip",
            True,
            _partscan,
        ),
        Export("las", "LAS", "classes, and the extra dimensions object and part", ".las", True, _labels),
        Export("laz", "LAZ", "LAS, compressed", ".laz", True, _labels),
        Export("npz", "NPZ", "NumPy arrays of the scan, object and part", ".npz", True, _labels),
        Export("hdf5", "HDF5", "data sets of the scan, object and part", ".h5", True, _labels),
        *(
            Export(form.id, form.name, form.about, suffix, form.whole, _labels)
            for suffix, form in LABEL_FORMATS.items()
        ),
    ]
}


def export_of(path: Path) -> Export:
    """The format that the end of a file's name tells; of two that fit, the longer one.

    Raises:
        FileError: there is none; lists them.
    """
    fitting = [form for form in EXPORTS.values() if path.name.lower().endswith(form.suffix)]
    if not fitting:
        known = ", ".join(form.suffix for form in EXPORTS.values())
        raise FileError(path, f"unknown suffix {path.suffix!r}; labels are written as {known}")
    return max(fitting, key=lambda form: len(form.suffix))
