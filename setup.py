"""The compiled part of the package; everything else is in pyproject.toml.

Where no compiler is found the build goes on without it, and sparse convolution takes the plain PyTorch path.
"""

import sys

from setuptools import Extension, setup

SOURCES = "src/pinpoint3d/native/cpp"
UNIX = sys.platform != "win32"
COMPILE = ["-std=c++17", "-O3", "-pthread"] if UNIX else []
LINK = ["-pthread"] if UNIX else []


def library(name: str, source: str, parts: tuple[str, ...], contract: str) -> Extension:
    """A shared library of one source file; `contract` says whether a product and a sum may become one operation."""
    return Extension(
        f"pinpoint3d.native.{name}",
        sources=[f"{SOURCES}/{source}.cpp"],
        depends=[f"{SOURCES}/{part}.inc" for part in parts],
        language="c++",
        extra_compile_args=[*COMPILE, f"-ffp-contract={contract}"] if UNIX else [],
        extra_link_args=LINK,
        optional=True,
    )


setup(
    ext_modules=[
        library("_library", "native", ("parallel", "tiles", "convolution", "attention", "paths"), contract="fast"),
        library("_rays", "rays", ("parallel",), contract="off"),  # the same bits on every machine
    ]
)
