"""Print what the server says of itself (OpenAPI); the page's types are generated from it: `make studio-types`."""

import json
import sys
import tempfile
from pathlib import Path

from pinpoint3d.segmenters.registry import load_model
from pinpoint3d.server.app import make_app
from pinpoint3d.server.settings import ServerSettings

with tempfile.TemporaryDirectory() as data:
    app = make_app(ServerSettings(data=Path(data)), load_model("voronoi"))
    json.dump(app.openapi(), sys.stdout, indent=1)
