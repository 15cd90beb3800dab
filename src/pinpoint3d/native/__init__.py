"""The compiled kernels behind the hot loops, for float32 on a CPU; every one has a plain PyTorch path beside it."""

from pinpoint3d.native.attention import gaze, scene_queries, scene_update
from pinpoint3d.native.convolution import block_bounds, convolve, linear, neighbours, pack_kernel, weight_gradient
from pinpoint3d.native.judge import Newest, Scales, Sight, Spoken, Weigher, judge
from pinpoint3d.native.library import PANEL, available, disabled, serves, vector_width, vector_widths, vectors_of
from pinpoint3d.native.paths import Paths, cheapest_paths, paths_gradient
from pinpoint3d.native.waves import waves

__all__ = [
    "PANEL",
    "Newest",
    "Paths",
    "Scales",
    "Sight",
    "Spoken",
    "Weigher",
    "available",
    "block_bounds",
    "cheapest_paths",
    "convolve",
    "disabled",
    "gaze",
    "judge",
    "linear",
    "neighbours",
    "pack_kernel",
    "paths_gradient",
    "scene_queries",
    "scene_update",
    "serves",
    "vector_width",
    "vector_widths",
    "vectors_of",
    "waves",
    "weight_gradient",
]
