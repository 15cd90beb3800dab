"""LZF, the compression of PCD files."""

import h5py
import numpy as np

from pinpoint3d.arrays import UInt8

# Appended as one literal run (a length byte, then the bytes): only a sound stream ends with it exactly in place.
_END = bytes(range(1, 17))
_END_RUN = bytes([len(_END) - 1]) + _END


def lzf_decompress(data: bytes, size: int) -> UInt8:
    """u8 [size]: the bytes `data` holds.

    HDF5 files know LZF as a filter, so a dataset of one chunk in a file in memory decodes it at the speed of C.

    Raises:
        ValueError: the data is damaged, or decodes to another length.
    """
    total = size + len(_END)
    with h5py.File("lzf", "w", driver="core", backing_store=False) as file:
        chunk = file.create_dataset("chunk", shape=(total,), dtype=np.uint8, chunks=(total,), compression="lzf")
        chunk.id.write_direct_chunk((0,), data + _END_RUN)
        try:
            decoded: UInt8 = chunk[:]
        except OSError as error:
            raise ValueError("the compressed data is damaged") from error
    if decoded[size:].tobytes() != _END:
        raise ValueError("the compressed data is damaged")
    return decoded[:size]
