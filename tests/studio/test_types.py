"""The page's types are those of the server."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from pinpoint3d.segmenters.registry import load_model
from pinpoint3d.server.app import make_app
from pinpoint3d.server.settings import ServerSettings

pytestmark = pytest.mark.slow

STUDIO = Path(__file__).parents[2] / "studio"


def test_the_pages_types_are_generated_from_the_server(tmp_path: Path) -> None:
    generator = STUDIO / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    if not generator.exists():
        pytest.skip("the page's packages are not installed (make test-studio)")
    described = make_app(ServerSettings(data=tmp_path), load_model("voronoi")).openapi()
    (tmp_path / "openapi.json").write_text(json.dumps(described))
    node = shutil.which("node")
    assert node, "Node comes with the development environment"
    subprocess.run(
        [node, generator, tmp_path / "openapi.json", "--default-non-nullable=false", "--output", tmp_path / "schema.ts"],
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "schema.ts").read_text() == (STUDIO / "src" / "api" / "schema.ts").read_text(), (
        "run `make studio-types`"
    )
