"""Sparse convolution on voxels: kernel maps and the products over them."""

from pinpoint3d.sparse.convolve import convolve
from pinpoint3d.sparse.kernel_map import KernelMap
from pinpoint3d.sparse.layers import SparseConv, conv_norm_relu, linear_norm_relu
from pinpoint3d.sparse.norm import leaning_norm
from pinpoint3d.sparse.pyramid import Level, Pyramid

__all__ = [
    "KernelMap",
    "Level",
    "Pyramid",
    "SparseConv",
    "conv_norm_relu",
    "convolve",
    "leaning_norm",
    "linear_norm_relu",
]
