"""URDF: links are parts, joints stand at zero (ROS, http://wiki.ros.org/urdf/XML)."""

from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.errors import FileError
from pinpoint3d.synthesis.cad import primitives
from pinpoint3d.synthesis.cad.poses import pose, roll_pitch_yaw
from pinpoint3d.synthesis.cad.shapes import Shape
from pinpoint3d.synthesis.cad.sources import Meshes, numbers, read_xml


def read(path: Path, skip_missing: bool = False) -> list[Shape]:
    """The visual shapes of all links; names are (link, visual, nodes of the mesh).

    Raises:
        FileError: the file is damaged, a mesh or link is missing, or joints run in a circle.
    """
    root = read_xml(path)
    colours = {
        element.get("name"): numbers(path, colour.get("rgba"), "")
        for element in root.findall("material")
        if (colour := element.find("color")) is not None
    }
    places = _places(path, root)
    meshes = Meshes(path, skip_missing)
    shapes = []
    for link in root.findall("link"):
        name = link.get("name", "")
        for number, visual in enumerate(link.findall("visual"), start=1):
            where = f"link {name}"
            matrix = places[name] @ _origin(path, visual)
            label = visual.get("name") or f"visual {number}"
            for shape in _geometry(path, visual.find("geometry"), meshes, where):
                coloured = _coloured(path, shape, visual.find("material"), colours)
                shapes.append(coloured.inside(name, label).moved(matrix))
    meshes.warn_of_missing()
    return shapes


def _places(path: Path, root: Element) -> dict[str, Float64]:
    """Where every link stands."""
    names = [link.get("name", "") for link in root.findall("link")]
    parents: dict[str, tuple[str, Float64]] = {}
    for joint in root.findall("joint"):
        ends = [joint.find(end) for end in ("parent", "child")]
        parent, child = ("" if end is None else end.get("link", "") for end in ends)
        for end in (parent, child):
            if end not in names:
                raise FileError(path, f"joint {joint.get('name')} names the link {end!r}, which is not there")
        parents[child] = (parent, _origin(path, joint))
    places = {}
    for name in names:
        matrix, at, passed = np.eye(4), name, {name}
        while at in parents:
            at, step = parents[at]
            matrix = step @ matrix
            if at in passed:
                raise FileError(path, f"link {name} is its own ancestor; joints must make a tree")
            passed.add(at)
        places[name] = matrix
    return places


def _origin(path: Path, element: Element) -> Float64:
    origin = element.find("origin")
    if origin is None:
        return np.eye(4)
    angles = numbers(path, origin.get("rpy"), "0 0 0")
    return pose(numbers(path, origin.get("xyz"), "0 0 0"), roll_pitch_yaw(angles))


def _geometry(path: Path, geometry: Element | None, meshes: Meshes, where: str) -> list[Shape]:
    form = None if geometry is None else next(iter(geometry), None)
    if form is None:
        raise FileError(path, f"{where} has a visual without geometry; remove it")

    def number(key: str) -> float:
        return (numbers(path, form.get(key), "") or [0.0])[0]

    if form.tag == "mesh":
        scale = pose((0, 0, 0), scale=numbers(path, form.get("scale"), "1 1 1"))
        return [shape.moved(scale) for shape in meshes.read(form.get("filename", ""), where)]
    if form.tag == "box":
        return [primitives.box(numbers(path, form.get("size"), ""))]
    if form.tag == "sphere":
        return [primitives.ellipsoid([number("radius")] * 3)]
    if form.tag in ("cylinder", "capsule"):
        return [getattr(primitives, form.tag)(number("radius"), number("length"))]
    raise FileError(path, f"{where} has a geometry {form.tag!r}; known are mesh, box, sphere, cylinder and capsule")


def _coloured(path: Path, shape: Shape, material: Element | None, colours: dict[str | None, list[float]]) -> Shape:
    """The colour of the link's material, unless the mesh has one of its own."""
    if material is None or shape.material:
        return shape
    colour = material.find("color")
    rgba = colours.get(material.get("name")) if colour is None else numbers(path, colour.get("rgba"), "")
    return shape.coloured(rgba) if rgba else shape
