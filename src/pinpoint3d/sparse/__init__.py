"""Sparse convolution on voxels: kernel maps and the products over them."""
