"""The compiled part of the package; everything else is in pyproject.toml.

Where no compiler is found the build goes on without it, and sparse convolution takes the plain PyTorch path.
"""

import sys

from setuptools import Extension, setup

SOURCES = "src/pinpoint3d/native/cpp"
UNIX = sys.platform != "win32"
COMPILE = ["-std=c++17", "-O3", "-ffp-contract=fast", "-pthread"] if UNIX else []
LINK = ["-pthread"] if UNIX else []

setup(
    ext_modules=[
        Extension(
            "pinpoint3d.native._library",
            sources=[f"{SOURCES}/native.cpp"],
            depends=[f"{SOURCES}/{name}.inc" for name in ("tiles", "convolution", "attention", "paths")],
            language="c++",
            extra_compile_args=COMPILE,
            extra_link_args=LINK,
            optional=True,
        )
    ]
)
