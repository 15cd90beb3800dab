"""A PartScan-style PLY in a zip, with the clicks beside it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from pinpoint3d.io.archive import read_archive
from pinpoint3d.io.labels import load_labels
from pinpoint3d.scene import Hierarchy


def read_labels(path: Path) -> Hierarchy:
    """The labels of the PLY. Raises FileError."""
    (content,) = read_archive(path, ".ply")
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "scan.ply"
        plain.write_bytes(content)
        return load_labels(plain)
