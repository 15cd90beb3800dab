"""CAD objects with parts, from the formats in which people have them.

`open_object` finds the reader; every reader answers with `Shape`s, and `assemble` makes one `PartMesh` of them.
"""

from pinpoint3d.synthesis.cad.library import ObjectLibrary, load_object, save_object
from pinpoint3d.synthesis.cad.open import open_object
from pinpoint3d.synthesis.cad.shapes import CadWarning

__all__ = ["CadWarning", "ObjectLibrary", "load_object", "open_object", "save_object"]
