"""SDF as Gazebo has it: links and their visuals are parts (http://sdformat.org/spec)."""

from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.errors import FileError
from pinpoint3d.synthesis.cad import primitives
from pinpoint3d.synthesis.cad.poses import pose, roll_pitch_yaw
from pinpoint3d.synthesis.cad.shapes import Shape
from pinpoint3d.synthesis.cad.sources import Meshes, find, numbers, read_xml

MODEL_FILE = "model.sdf"
_NOTHING = ("plane", "empty", "heightmap", "image")  # no part of a piece of furniture
# Of the scripts in Gazebo's media/materials/scripts/gazebo.material, those that furniture is given.
_SCRIPTS = {
    "Gazebo/Wood": (0.60, 0.44, 0.28),
    "Gazebo/WoodFloor": (0.55, 0.38, 0.22),
    "Gazebo/WoodPallet": (0.62, 0.49, 0.33),
    "Gazebo/White": (1.0, 1.0, 1.0),
    "Gazebo/Grey": (0.7, 0.7, 0.7),
    "Gazebo/DarkGrey": (0.175, 0.175, 0.175),
    "Gazebo/Black": (0.05, 0.05, 0.05),
    "Gazebo/Red": (1.0, 0.0, 0.0),
    "Gazebo/Green": (0.0, 1.0, 0.0),
    "Gazebo/Blue": (0.0, 0.0, 1.0),
    "Gazebo/Yellow": (1.0, 1.0, 0.0),
}


def read(path: Path, skip_missing: bool = False) -> list[Shape]:
    """The visual shapes of the first model; names are (link, visual, nodes of the mesh).

    Raises:
        FileError: the file is damaged or has no model, or a mesh or included model is missing.
    """
    model = read_xml(path).find("model")
    if model is None:
        raise FileError(path, "holds no <model>; name the file of a model, not of a world")
    meshes = Meshes(path, skip_missing)
    shapes = _model(path, model, meshes, (path.resolve(),))
    meshes.warn_of_missing()
    return shapes


def _model(path: Path, model: Element, meshes: Meshes, opened: tuple[Path, ...]) -> list[Shape]:
    frames = _frames(path, model)
    shapes = []
    for link in model.findall("link"):
        name = link.get("name", "link")
        for number, visual in enumerate(link.findall("visual"), start=1):
            label = visual.get("name") or f"visual {number}"
            matrix = frames[name] @ _pose(path, visual)
            shapes += [
                _coloured(path, shape, visual.find("material")).inside(name, label).moved(matrix)
                for shape in _geometry(path, visual, meshes, f"visual {label} of link {name}")
            ]
    for nested in model.findall("model"):
        matrix = _pose(path, nested)
        shapes += [shape.moved(matrix) for shape in _model(path, nested, meshes, opened)]
    for include in model.findall("include"):
        file = _included(path, include)
        if file in opened:
            raise FileError(path, f"includes {file}, which includes it; models must make a tree")
        inner = read_xml(file).find("model")
        if inner is None:
            raise FileError(file, "holds no <model>")
        found = Meshes(file, meshes.skip_missing, meshes.missing)
        matrix = _pose(path, include if include.find("pose") is not None else inner)
        shapes += [shape.moved(matrix) for shape in _model(file, inner, found, (*opened, file))]
    return shapes


def _included(path: Path, include: Element) -> Path:
    uri = include.findtext("uri", "").strip()
    found = find(path.parent, uri)
    if found is not None and found.is_dir():
        found = found / MODEL_FILE
    if found is None or not found.is_file():
        raise FileError(path, f"includes {uri!r}, which is missing; put the model beside this one")
    return found.resolve()


def _frames(path: Path, model: Element) -> dict[str, Float64]:
    """Where links and frames stand in the model; a pose may be relative to another of them."""
    given = {e.get("name", ""): e for e in (*model.findall("link"), *model.findall("frame"))}
    frames: dict[str, Float64] = {"": np.eye(4), "__model__": np.eye(4)}

    def place(name: str, asked: tuple[str, ...]) -> Float64:
        if name in asked:
            raise FileError(path, f"the pose of {name} is relative to itself; poses must make a tree")
        if name not in frames:
            if name not in given:
                raise FileError(path, f"a pose is relative to {name!r}, which is no link or frame of the model")
            element = given[name]
            entry = element.find("pose")
            base = element.get("attached_to", "") if element.tag == "frame" else ""
            base = base if entry is None else entry.get("relative_to", base)
            frames[name] = place(base, (*asked, name)) @ _pose(path, element)
        return frames[name]

    for name in given:
        place(name, ())
    return frames


def _pose(path: Path, element: Element) -> Float64:
    values = numbers(path, element.findtext("pose"), "0 0 0 0 0 0")
    if len(values) != 6:
        raise FileError(path, f"a pose has {len(values)} numbers, expected x y z roll pitch yaw")
    return pose(values[:3], roll_pitch_yaw(values[3:]))


def _geometry(path: Path, visual: Element, meshes: Meshes, where: str) -> list[Shape]:
    form = next((child for geometry in visual.findall("geometry") for child in geometry), None)
    if form is None or form.tag in _NOTHING:
        return []

    def number(key: str) -> float:
        return (numbers(path, form.findtext(key), "") or [0.0])[0]

    if form.tag == "mesh":
        scale = pose((0, 0, 0), scale=numbers(path, form.findtext("scale"), "1 1 1"))
        read = [shape.moved(scale) for shape in meshes.read(form.findtext("uri", "").strip(), where)]
        wanted = form.findtext("submesh/name")
        return [shape for shape in read if wanted is None or wanted in shape.names]
    if form.tag == "box":
        return [primitives.box(numbers(path, form.findtext("size"), ""))]
    if form.tag == "sphere":
        return [primitives.ellipsoid([number("radius")] * 3)]
    if form.tag == "ellipsoid":
        return [primitives.ellipsoid(numbers(path, form.findtext("radii"), ""))]
    if form.tag in ("cylinder", "cone", "capsule"):
        return [getattr(primitives, form.tag)(number("radius"), number("length"))]
    raise FileError(path, f"{where} has a geometry {form.tag!r}, which this program does not know")


def _coloured(path: Path, shape: Shape, material: Element | None) -> Shape:
    """The colour that the visual gives, unless the mesh has one of its own."""
    if material is None or shape.material:
        return shape
    given = numbers(path, material.findtext("diffuse") or material.findtext("ambient"), "")
    rgb = given or _SCRIPTS.get(material.findtext("script/name", "").strip())
    return shape.coloured(rgb) if rgb else shape
