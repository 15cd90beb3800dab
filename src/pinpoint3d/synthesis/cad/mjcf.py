"""MJCF: bodies are parts (MuJoCo, XML reference). Defaults, classes, includes and frames are followed.

A geom is drawn unless it is transparent or of a group that MuJoCo's viewer hides. Of a body that has geoms which
collide with nothing, these are its looks and the others its collision shapes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np
from scipy.spatial.transform import Rotation

from pinpoint3d.arrays import Float64
from pinpoint3d.errors import FileError
from pinpoint3d.synthesis.cad import primitives
from pinpoint3d.synthesis.cad.poses import along, pose, quaternion
from pinpoint3d.synthesis.cad.shapes import Shape
from pinpoint3d.synthesis.cad.sources import Meshes, numbers, read_xml

_SHOWN_GROUPS = (0, 1, 2)
_NOTHING = ("plane", "hfield")  # ground, no part of an object
_MAIN = "main"


def read(path: Path, skip_missing: bool = False) -> list[Shape]:
    """The visible geoms of all bodies; names are (body, geom, nodes of the mesh).

    Raises:
        FileError: the file is damaged, a mesh is missing, or a class or mesh is not defined.
    """
    root = _with_includes(path, read_xml(path), (path.resolve(),))
    if root.tag != "mujoco":
        raise FileError(path, f"begins with <{root.tag}>, expected <mujoco>")
    reader = _Reader(path, root, Meshes(path, skip_missing))
    shapes = [shape for world in root.findall("worldbody") for shape in reader.body(world, np.eye(4), "world", _MAIN)]
    reader.meshes.warn_of_missing()
    return shapes


def _with_includes(path: Path, root: Element, opened: tuple[Path, ...]) -> Element:
    """Includes replaced by what they hold; all their paths are relative to the first file."""
    for parent in list(root.iter()):
        for place, child in reversed(list(enumerate(parent))):
            if child.tag == "include":
                file = (opened[0].parent / child.get("file", "")).resolve()
                if file in opened:
                    raise FileError(path, f"includes {file.name}, which includes it; files must make a tree")
                parent[place : place + 1] = list(_with_includes(path, read_xml(file), (*opened, file)))
    return root


@dataclass
class _Reader:
    path: Path
    root: Element
    meshes: Meshes

    def __post_init__(self) -> None:
        merged: dict[str, str] = {}
        for compiler in self.root.findall("compiler"):
            merged |= compiler.attrib
        self.degrees = merged.get("angle", "degree") == "degree"
        self.order = merged.get("eulerseq", "xyz")
        self.folder = merged.get("meshdir", merged.get("assetdir", ""))
        self.defaults: dict[str, dict[str, dict[str, str]]] = {_MAIN: {}}
        for default in self.root.findall("default"):
            self._read_defaults(default, default.get("class", _MAIN), {})
        self.mesh_assets: dict[str, dict[str, str]] = {}
        self.materials: dict[str, dict[str, str]] = {}
        for asset in self.root.findall("asset"):
            for mesh in asset.findall("mesh"):
                name = mesh.get("name") or Path(mesh.get("file", "")).stem
                self.mesh_assets[name] = self._full(mesh, _MAIN)
            for material in asset.findall("material"):
                self.materials[material.get("name", "")] = self._full(material, _MAIN)

    def _read_defaults(self, default: Element, name: str, outer: dict[str, dict[str, str]]) -> None:
        own = {tag: dict(values) for tag, values in outer.items()}
        for child in default:
            if child.tag != "default":
                own[child.tag] = own.get(child.tag, {}) | child.attrib
        self.defaults[name] = own
        for child in default.findall("default"):
            self._read_defaults(child, child.get("class", ""), own)

    def _full(self, element: Element, around: str) -> dict[str, str]:
        """The attributes of an element, over those of its class or of the class around it."""
        name = element.get("class", around)
        if name not in self.defaults:
            raise FileError(self.path, f"the class {name!r} of <{element.tag}> is not defined")
        return self.defaults[name].get(element.tag, {}) | element.attrib

    def body(self, element: Element, place: Float64, name: str, around: str) -> Iterator[Shape]:
        """The shapes of a body and of those inside it."""
        geoms = list(self._geoms(element, place, around))
        if any(self._is_looks(geom) for geom, _ in geoms):
            geoms = [(geom, at) for geom, at in geoms if self._is_looks(geom)]
        for number, (geom, at) in enumerate(geoms, start=1):
            for shape in self._geom(geom, name):
                yield shape.inside(name, geom.get("name") or f"geom {number}").moved(at)
        for number, (child, at, inside) in enumerate(self._bodies(element, place, around), start=1):
            label = child.get("name") or f"{name} body {number}"
            yield from self.body(child, at, label, inside)

    def _geoms(self, element: Element, place: Float64, around: str) -> Iterator[tuple[dict[str, str], Float64]]:
        for child in element:
            if child.tag == "frame":
                yield from self._geoms(child, place @ self._pose(child.attrib), child.get("childclass", around))
            elif child.tag == "geom":
                geom = self._full(child, around)
                shown = int(geom.get("group", "0")) in _SHOWN_GROUPS and geom.get("type") not in _NOTHING
                if shown and self._rgba(geom)[3] > 0:
                    yield geom, place @ self._pose(geom)

    def _bodies(self, element: Element, place: Float64, around: str) -> Iterator[tuple[Element, Float64, str]]:
        for child in element:
            if child.tag in ("frame", "body"):
                at, inside = place @ self._pose(child.attrib), child.get("childclass", around)
                if child.tag == "body":
                    yield child, at, inside
                else:
                    yield from self._bodies(child, at, inside)

    def _is_looks(self, geom: dict[str, str]) -> bool:
        return geom.get("contype") == "0" and geom.get("conaffinity") == "0"

    def _rgba(self, geom: dict[str, str]) -> list[float]:
        material = self.materials.get(geom.get("material", ""), {})
        return numbers(self.path, geom.get("rgba", material.get("rgba")), "0.5 0.5 0.5 1")

    def _geom(self, geom: dict[str, str], body: str) -> list[Shape]:
        form, where = geom.get("type", "sphere"), f"a geom of body {body}"
        is_mesh = form == "mesh"
        shapes = self._mesh(geom.get("mesh", ""), where) if is_mesh else [self._primitive(form, geom, where)]
        return [shape if shape.material else shape.coloured(self._rgba(geom)) for shape in shapes]

    def _mesh(self, name: str, where: str) -> list[Shape]:
        asset = self.mesh_assets.get(name)
        if asset is None or "file" not in asset:
            raise FileError(self.path, f"{where} names the mesh {name!r}, which is no mesh asset with a file")
        file = asset["file"] if "://" in asset["file"] else str(Path(self.folder) / asset["file"])
        scale = pose((0, 0, 0), scale=numbers(self.path, asset.get("scale"), "1 1 1"))
        return [shape.moved(scale) for shape in self.meshes.read(file, where)]

    def _primitive(self, form: str, geom: dict[str, str], where: str) -> Shape:
        size = numbers(self.path, geom.get("size"), "")
        if "fromto" in geom:
            ends = np.reshape(numbers(self.path, geom["fromto"], ""), (2, 3))
            size[1:] = [float(np.linalg.norm(ends[1] - ends[0])) / 2]
            size = [size[0], size[0], size[1]] if form in ("box", "ellipsoid") else size
        wanted = {"sphere": 1, "capsule": 2, "cylinder": 2, "ellipsoid": 3, "box": 3}.get(form)
        if wanted is None or len(size) < wanted:
            raise FileError(self.path, f"{where} is a {form!r} of size {geom.get('size')!r}, which cannot be drawn")
        if form == "box":
            return primitives.box([2 * half for half in size[:3]])
        if form in ("sphere", "ellipsoid"):
            return primitives.ellipsoid(size[:3] if form == "ellipsoid" else [size[0]] * 3)
        return getattr(primitives, form)(size[0], 2 * size[1])  # type: ignore[no-any-return]

    def _pose(self, given: dict[str, str]) -> Float64:
        if "fromto" in given:
            ends = np.reshape(numbers(self.path, given["fromto"], ""), (2, 3))
            return pose(ends.mean(axis=0), along(ends[0] - ends[1]))
        return pose(numbers(self.path, given.get("pos"), "0 0 0"), self._turn(given))

    def _turn(self, given: dict[str, str]) -> Rotation | None:
        def values(key: str) -> list[float]:
            return numbers(self.path, given[key], "")

        if "quat" in given:
            return quaternion(values("quat"))
        if "euler" in given:
            # MuJoCo writes axes that turn with the body in small letters, SciPy in capitals.
            return Rotation.from_euler(self.order.swapcase(), values("euler"), degrees=self.degrees)
        if "axisangle" in given:
            *axis, angle = values("axisangle")
            angle = np.radians(angle) if self.degrees else angle
            return Rotation.from_rotvec(np.asarray(axis) / np.linalg.norm(axis) * angle)
        if "zaxis" in given:
            return along(values("zaxis"))
        if "xyaxes" in given:
            x, y = np.reshape(values("xyaxes"), (2, 3))
            x = x / np.linalg.norm(x)
            y = y - x * (x @ y)
            y = y / np.linalg.norm(y)
            return Rotation.from_matrix(np.column_stack([x, y, np.cross(x, y)]))
        return None
