"""The compiled part of the package; everything else is in pyproject.toml.

Where no compiler is found the build goes on without it, and sparse convolution takes the plain PyTorch path.
"""

import sys

from setuptools import Extension, setup

SOURCES = "src/pinpoint3d/sparse/cpp"

setup(
    ext_modules=[
        Extension(
            "pinpoint3d.sparse._native",
            sources=[f"{SOURCES}/conv.cpp"],
            depends=[f"{SOURCES}/conv_kernels.inc"],
            language="c++",
            extra_compile_args=[] if sys.platform == "win32" else ["-std=c++17", "-O3", "-ffp-contract=fast", "-pthread"],
            extra_link_args=[] if sys.platform == "win32" else ["-pthread"],
            optional=True,
        )
    ]
)
