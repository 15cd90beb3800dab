"""Binary frames: a JSON header that says where the arrays lie, then the arrays. All numbers are little endian.

| bytes | what |
|---|---|
| 4 | u32: length H of the header, a multiple of 8 less 4 |
| H | the header, JSON in UTF-8, padded with blanks |
| rest | the body: arrays at their `offset`, each a multiple of 8; `zlib` ones are deflated |
"""

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from pinpoint3d.arrays import AnyArray
from pinpoint3d.server.wire import Array, Header

_LENGTH = struct.Struct("<I")
_WORTH_DEFLATING = 1024  # bytes
MEDIA_TYPE = "application/octet-stream"


def encode(header: Header, arrays: Mapping[str, AnyArray], *, deflate: bool) -> bytes:
    """A frame of arrays; `header.arrays` is filled in.

    Args:
        header: the JSON part.
        arrays: by name, of a type `wire.Array.dtype` knows.
        deflate: whether to compress arrays of over 1 kB; pays off for labels, not for coordinates.
    """
    described, body, offset = [], [], 0
    for name, array in arrays.items():
        content: Any = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        raw = content.nbytes
        small = deflate and raw >= _WORTH_DEFLATING
        content = zlib.compress(content, 1) if small else content.tobytes()
        described.append(
            {
                "name": name,
                "dtype": array.dtype.str[1:],
                "shape": list(array.shape),
                "offset": offset,
                "bytes": len(content),
                "encoding": "zlib" if small else "raw",
            }
        )
        gap = -len(content) % 8
        body += [content, bytes(gap)]
        offset += len(content) + gap
    header.arrays = [Array.model_validate(each) for each in described]
    text = header.model_dump_json().encode()
    text += b" " * (-(len(text) + _LENGTH.size) % 8)
    return b"".join([_LENGTH.pack(len(text)), text, *body])


def decode(frame: bytes) -> tuple[dict[str, Any], dict[str, AnyArray]]:
    """Header and arrays of a frame.

    Raises:
        ValueError: it is no frame, or cut short.
    """
    try:
        (length,) = _LENGTH.unpack_from(frame)
        body = memoryview(frame)[_LENGTH.size + length :]
        header = json.loads(frame[_LENGTH.size : _LENGTH.size + length])
        arrays = {}
        for described in map(Array.model_validate, header["arrays"]):
            content = body[described.offset : described.offset + described.bytes]
            whole = zlib.decompress(content) if described.encoding == "zlib" else content
            values = np.frombuffer(whole, dtype=np.dtype(described.dtype).newbyteorder("<"))
            arrays[described.name] = values.reshape(described.shape)
    except (struct.error, zlib.error, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no sound frame: {error}") from error
    return header, arrays
