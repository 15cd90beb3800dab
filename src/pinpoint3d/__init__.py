"""Cut a 3D scan into objects and their parts with a few clicks.

```python
from pinpoint3d import Session, load_model, load_scene

scene = load_scene("room.ply")
session = Session(load_model(), scene)
session.click([1.2, 0.4, 0.8], object="chair", part="seat")
session.export("room.labelled.ply")
```
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pinpoint3d.errors import ClickError, FileError, ModelError, PinPointError, SceneError
    from pinpoint3d.io import load_labelled, load_labels, load_scene, save_labels, save_scene
    from pinpoint3d.prompts import Click, ClickSet, TargetStatus
    from pinpoint3d.scene import Hierarchy, Scene
    from pinpoint3d.segmenters.registry import available_models, load_model
    from pinpoint3d.server.remote import RemoteSession
    from pinpoint3d.session import ClickRequest, Session, read_clicks

_HOMES = {
    "pinpoint3d.errors": ("ClickError", "FileError", "ModelError", "PinPointError", "SceneError"),
    "pinpoint3d.io": ("load_labelled", "load_labels", "load_scene", "save_labels", "save_scene"),
    "pinpoint3d.prompts": ("Click", "ClickSet", "TargetStatus"),
    "pinpoint3d.scene": ("Hierarchy", "Scene"),
    "pinpoint3d.segmenters.registry": ("available_models", "load_model"),
    "pinpoint3d.server.remote": ("RemoteSession",),
    "pinpoint3d.session": ("ClickRequest", "Session", "read_clicks"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Click",
    "ClickError",
    "ClickRequest",
    "ClickSet",
    "FileError",
    "Hierarchy",
    "ModelError",
    "PinPointError",
    "RemoteSession",
    "Scene",
    "SceneError",
    "Session",
    "TargetStatus",
    "available_models",
    "load_labelled",
    "load_labels",
    "load_model",
    "load_scene",
    "read_clicks",
    "save_labels",
    "save_scene",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home when first used, so that `import pinpoint3d` is instant."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
