"""Where the meshes lie that a description of a robot or a piece of furniture names."""

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from pinpoint3d.errors import FileError
from pinpoint3d.io.formats import one_line
from pinpoint3d.synthesis.cad.meshes import read_mesh
from pinpoint3d.synthesis.cad.shapes import CadWarning, Shape


@dataclass
class Meshes:
    """The meshes that one file names.

    Attributes:
        path: the file that names them.
        skip_missing: leave out what is not there, and warn once at the end, instead of giving up.
        missing: what was left out.
    """

    path: Path
    skip_missing: bool = False
    missing: list[str] = field(default_factory=list)

    def read(self, uri: str, where: str) -> list[Shape]:
        """The shapes of a mesh by its path or URI (`package://`, `model://`, `file://`); none where it is left out.

        Args:
            uri: as the file has it.
            where: which element names it, for the message of an error.

        Raises:
            FileError: it is missing or damaged.
        """
        found = find(self.path.parent, uri)
        if found is not None:
            return read_mesh(found)
        if not self.skip_missing:
            raise FileError(self.path, f"{where} names the mesh {uri}, which is missing; put it there, or skip it")
        self.missing.append(uri)
        return []

    def warn_of_missing(self) -> None:
        if self.missing:
            first = ", ".join(dict.fromkeys(self.missing))
            warnings.warn(
                f"{self.path}: {len(self.missing)} meshes are missing and left out: {first}", CadWarning, stacklevel=3
            )


def find(folder: Path, uri: str) -> Path | None:
    """The file of a path or URI named by a file in `folder`, or None.

    The package of `package://PACKAGE/REST` and the model of `model://MODEL/REST` are looked for in the folder and
    all those above it, by their name and inside it.
    """
    scheme, separator, rest = uri.partition("://")
    if not separator:
        named = Path(uri.replace("\\", "/"))
        return next((p for p in (folder / named, folder / named.name) if p.is_file()), None)
    if scheme == "file":
        return next((p for p in (Path(unquote(rest)), folder / unquote(rest)) if p.is_file()), None)
    package, _, inner = unquote(rest).partition("/")
    for above in (folder.resolve(), *folder.resolve().parents):
        if (above / package / inner).exists():
            return above / package / inner
        if above.name == package and (above / inner).exists():
            return above / inner
    # The package's folder often goes by another name on this disk.
    return next((p for p in (folder / inner, folder.parent / inner) if p.is_file()), None)


def read_xml(path: Path) -> ElementTree.Element:
    """The root element of a file.

    Raises:
        FileError: it is missing or no XML.
    """
    try:
        return ElementTree.fromstring(path.read_bytes())
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from error
    except (ElementTree.ParseError, ValueError) as error:
        raise FileError(path, f"is no sound XML ({one_line(error)}); export it again") from error


def numbers(path: Path, text: str | None, otherwise: str) -> list[float]:
    """The numbers of an attribute.

    Raises:
        FileError: they are none.
    """
    try:
        return [float(word) for word in (text or otherwise).split()]
    except ValueError as error:
        raise FileError(path, f"expected numbers, found {text!r}") from error
