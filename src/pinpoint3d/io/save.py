"""Scenes and labels to files: whole or not at all, always in the order of the scene's points."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from pinpoint3d.arrays import Int32
from pinpoint3d.errors import FileError
from pinpoint3d.io.atomic import atomic_path
from pinpoint3d.io.formats import FORMATS, LABEL_FORMATS, label_format, module_of
from pinpoint3d.scene import Hierarchy, Scene

_GREY = 128


def save_scene(path: str | Path, scene: Scene) -> None:
    """Write a scan as PLY, NPZ, LAS, LAZ, XYZ, TXT, ASC or CSV, in metres and z up.

    Coordinates include the scene's origin. PLY and NPZ keep everything; LAS and text keep coordinates and colours.

    Raises:
        FileError: an unknown suffix, a folder that cannot be written to, or points LAS cannot hold.
    """
    _write(Path(path), scene, {}, None)


def save_labels(
    path: str | Path, scene: Scene, labels: Hierarchy, *, convention: Literal["pair", "partscan"] = "pair"
) -> None:
    """Write labels and their names; `load_labels` gives the same `Hierarchy` back.

    Args:
        path: PLY, NPZ, LAS or LAZ hold the scene and its labels; the formats of
            `LABEL_FORMATS` the labels alone, or in a way of their own.
        scene: the scene the labels belong to.
        labels: one label a point.
        convention: "pair" writes the fields `object` and `part`; "partscan" the one field `label`, object * 100 +
            part, and in a PLY always the colours its readers expect (grey where there are none).

    Raises:
        FileError: as `save_scene`; labels of another number of points; over 99 parts for the PartScan convention.
    """
    path = Path(path)
    if len(labels) != len(scene):
        raise FileError(
            path, f"cannot be written: {len(labels):,} labels for the {len(scene):,} points of {scene.name}"
        )
    form = label_format(path)
    if form is not None:
        with atomic_path(path) as temporary:
            module_of(form).write_labels(temporary, scene, labels)
        return
    if convention == "pair":
        fields = {"object": labels.object, "part": labels.part}
    else:
        try:
            fields = {"label": labels.codes().astype(np.int32)}
        except ValueError as error:
            raise FileError(path, f"{error}; write object and part as a pair") from error
        if scene.rgb is None and path.suffix.lower() == ".ply":
            scene = replace(scene, rgb=np.full(scene.xyz.shape, _GREY, dtype=np.uint8))
    _write(path, scene, fields, labels)


def _write(path: Path, scene: Scene, fields: Mapping[str, Int32], labels: Hierarchy | None) -> None:
    form = FORMATS.get(path.suffix.lower())
    if form is None or not (form.writes if labels is None else form.labels):
        known = [suffix for suffix, form in FORMATS.items() if (form.writes if labels is None else form.labels)]
        known += LABEL_FORMATS if labels is not None else []
        what = "scenes" if labels is None else "labels"
        raise FileError(path, f"{what} cannot be written as {path.suffix!r}; choose one of {', '.join(known)}")
    with atomic_path(path) as temporary:
        module_of(form).write(temporary, scene, fields, labels)
