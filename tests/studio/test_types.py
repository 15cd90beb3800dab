"""The page's types are those of the server."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

STUDIO = Path(__file__).parents[2] / "studio"


def test_the_pages_types_are_generated_from_the_server(tmp_path: Path) -> None:
    generator = STUDIO / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    if not generator.exists():
        pytest.skip("the page's packages are not installed (make test-studio)")
    described = subprocess.run([sys.executable, STUDIO / "describe_server.py"], check=True, capture_output=True).stdout
    (tmp_path / "openapi.json").write_bytes(described)
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert node, "Node comes with the development environment"
    subprocess.run(
        [
            node,
            generator,
            tmp_path / "openapi.json",
            "--default-non-nullable=false",
            "--output",
            tmp_path / "schema.ts",
        ],
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "schema.ts").read_text() == (STUDIO / "src" / "api" / "schema.ts").read_text(), (
        "run `make studio-types`"
    )
