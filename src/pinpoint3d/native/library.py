"""Finding and loading the compiled library: plain C++ behind ctypes, which knows nothing of Python or PyTorch."""

import ctypes
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

# PyTorch reads this at its first allocation: on Linux, arrays of megabytes then come in few large pages. Touching fresh
# memory page by page takes longer than many a layer.
os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")


def _keep_freed_memory() -> None:
    """Have glibc keep up to 256 MiB that was freed: layer after layer would hand it back and ask for it again."""
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (OSError, TypeError, AttributeError):
        return
    m_trim_threshold, m_mmap_threshold = -1, -3  # as in malloc.h
    set_option(m_mmap_threshold, 32 << 20)
    set_option(m_trim_threshold, 256 << 20)


_keep_freed_memory()

TILES = 8192  # bits of a matrix tile, the widest of vectors, as in native.cpp
PANEL = 16  # columns of a packed weight panel, as in native.cpp
_TYPES = (torch.float32, torch.int64)
_POINTER: Any = ctypes.c_void_p
_INT: Any = ctypes.c_int
_INT32: Any = ctypes.c_int32
_INT64: Any = ctypes.c_int64
_FLOAT: Any = ctypes.c_float
_ARGUMENTS: dict[str, list[Any]] = {
    "pp_neighbours": [_POINTER, _INT32, _INT64, _INT64, _INT, *[_POINTER] * 4, _INT],
    "pp_bounds": [*[_POINTER] * 2, *[_INT] * 3, _POINTER],
    "pp_pack": [*[_POINTER] * 3, *[_INT] * 6],
    "pp_forward": [*[_POINTER] * 8, *[_INT] * 3, *[_INT64] * 2, *[_INT] * 7],
    "pp_linear": [*[_POINTER] * 6, _INT64, *[_INT] * 5],
    "pp_weight_gradient": [*[_POINTER] * 6, *[_INT] * 6],
    "pp_scene_update": [*[_POINTER] * 15, _FLOAT, _INT64, *[_INT] * 6],
    "pp_gaze": [*[_POINTER] * 10, *[_INT64] * 2, *[_INT] * 5],
    "pp_judge": [*[_POINTER] * 17, *[_FLOAT] * 6, *[_INT64] * 2, *[_INT] * 10],
    "pp_waves": [*[_POINTER] * 2, _INT64, *[_INT] * 3],
    "pp_paths": [*[_POINTER] * 5, _INT32, *[_POINTER] * 2, _INT, _FLOAT, *[_POINTER] * 5, _INT],
    "pp_paths_gradient": [*[_POINTER] * 5, _INT32, _INT, _POINTER],
}
_enabled = True
_widest: int | None = None  # bits of a vector; None for what the processor has


def available() -> bool:
    """Whether the kernels were built."""
    return _find() is not None


def serves(*tensors: Tensor) -> bool:
    """Whether the kernels are on and take these tensors: float32 features or int64 keys on a CPU."""
    return _enabled and all(t.dtype in _TYPES and t.device.type == "cpu" for t in tensors) and available()


@contextmanager
def disabled() -> Iterator[None]:
    """Take the plain paths inside, to compare the two."""
    global _enabled
    before, _enabled = _enabled, False
    try:
        yield
    finally:
        _enabled = before


@contextmanager
def vectors_of(width: int) -> Iterator[None]:
    """Take vectors of so many bits inside, to compare them.

    Raises:
        ValueError: the width is not one of `vector_widths`.
    """
    global _widest
    if width not in vector_widths():
        raise ValueError(f"vectors of {width} bits: this processor has {vector_widths()}")
    before, _widest = _widest, width
    try:
        yield
    finally:
        _widest = before


def vector_width() -> int:
    """Bits of the vectors that the kernels use."""
    return _widest or int(library().pp_vector_width())


def vector_widths() -> list[int]:
    """Widths in bits of the vector units that the kernels can use here, the widest first."""
    widest = library().pp_vector_width()
    return [width for width in (TILES, 512, 256, 128) if width <= widest]


def library() -> ctypes.CDLL:
    """The loaded library.

    Raises:
        RuntimeError: it was not built.
    """
    found = _find()
    if found is None:
        raise RuntimeError("the compiled kernels were not built")
    return found


@cache
def _find() -> ctypes.CDLL | None:
    found = load("_library", _ARGUMENTS)
    if found is None:
        logging.getLogger(__name__).warning(
            "compiled kernels were not built (no C++ compiler at installation): using the slower plain PyTorch path"
        )
    return found


def load(stem: str, arguments: dict[str, list[Any]]) -> ctypes.CDLL | None:
    """The library of that name beside this file, with the arguments of its functions; None where it was not built."""
    for suffix in EXTENSION_SUFFIXES:
        path = Path(__file__).parent / f"{stem}{suffix}"
        if path.exists():
            found = ctypes.CDLL(os.fspath(path))
            for name, types in (arguments | {"pp_share_threads": [_POINTER]}).items():
                getattr(found, name).argtypes = types
                getattr(found, name).restype = None
            found.pp_share_threads(threads_of_pytorch())
            return found
    return None


def threads_of_pytorch() -> Any:
    """Where the OpenMP runtime behind PyTorch takes work for its threads; None where that is another runtime."""
    path = Path(torch.__file__).parent / "lib" / "libtorch_cpu.so"
    try:
        return ctypes.cast(ctypes.CDLL(os.fspath(path)).GOMP_parallel, _POINTER)
    except (OSError, AttributeError):
        return None
