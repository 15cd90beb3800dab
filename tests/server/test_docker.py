"""The files of `docker/`, as far as they can be checked where no Docker engine is."""

import re
import shlex
from pathlib import Path

import pytest
from sqlalchemy import make_url
from typer.main import get_command

from pinpoint3d.cli import app

yaml = pytest.importorskip("yaml", reason="the package PyYAML is not installed")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (ROOT / "docker" / "Dockerfile").read_text()


def test_services_find_each_other(compose):
    services, volumes = compose["services"], compose["volumes"]
    studio = services["studio"]
    build = ROOT / "docker" / studio["build"]["context"]
    assert (build / studio["build"]["dockerfile"]).is_file()
    assert set(studio["depends_on"]) <= set(services)
    for service in services.values():
        for volume in service["volumes"]:
            source = re.sub(r"\$\{[^}]*\}", "/some/folder", volume).split(":")[0]
            assert source.startswith("/") or source in volumes, volume
    url = make_url(re.sub(r"\$\{[^}]*\}", "secret", studio["environment"]["PINPOINT3D_DATABASE"]))
    assert url.host in services
    assert url.database == url.username == services[url.host]["environment"]["POSTGRES_USER"]


def test_no_secret_has_a_default(compose):
    for service in compose["services"].values():
        for name, value in service["environment"].items():
            if re.search("TOKEN|PASSWORD", name):
                assert re.fullmatch(r"\$\{\w+:\?.+\}", value), name


def test_the_image_starts_what_the_command_line_knows(dockerfile):
    entry = re.search(r"ENTRYPOINT (\[.*\])", dockerfile)
    assert entry is not None
    program, command, *options = yaml.safe_load(entry[1])
    assert (program, command) == ("pinpoint3d", "studio")
    studio = get_command(app).commands[command]
    known = {name for parameter in studio.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert {option for option in options if option.startswith("--")} <= known
    variables = {parameter.envvar for parameter in studio.params if parameter.envvar}
    assert {"PINPOINT3D_TOKEN", "PINPOINT3D_DATABASE"} <= variables


def test_what_is_copied_is_there(dockerfile):
    ignored = (ROOT / ".dockerignore").read_text().split()
    for needed in ("src", "studio", "setup.py", "pyproject.toml", "constraints.txt"):
        assert (ROOT / needed).exists()
        assert needed not in ignored
    for line in dockerfile.splitlines():
        if line.startswith("COPY --from="):
            source = shlex.split(line)[1].removeprefix("--from=")
            assert re.search(rf"^FROM .* AS {source}$", dockerfile, re.MULTILINE), line
