"""Volumes of EM as TOM and AV3 write motivelists: 20 numbers for each particle.

https://pytom.readthedocs.io: 512 bytes of header, then the numbers, the first axis fastest.
"""

import struct

__all__ = ["is_motivelist", "motivelist"]

_HEAD = 512
_ROWS = 20
_ORDERS = {6: "<", 5: ">", 3: ">", 0: ">"}
"""Order of bytes by the number of the machine."""
_TYPES = {5: "f", 9: "d"}
"""Codes of struct by the number of the type."""


def is_motivelist(data: bytes) -> bool:
    """Whether a file begins as a motivelist does.

    >>> is_motivelist(bytes([6, 0, 0, 5]) + struct.pack("<3i", 20, 2, 1) + bytes(496))
    True
    """
    if len(data) < _HEAD or data[0] not in _ORDERS or data[3] not in _TYPES:
        return False
    x, y, z = struct.unpack_from(f"{_ORDERS[data[0]]}3i", data, 4)
    return bool(x == _ROWS and y > 0 and z == 1)


def motivelist(data: bytes) -> tuple[list[tuple[float, ...]], int]:
    """The particles of a motivelist, 20 numbers each, and how many it states: more if the file is cut."""
    order, code = _ORDERS[data[0]], _TYPES[data[3]]
    (count,) = struct.unpack_from(f"{order}i", data, 8)
    row = struct.Struct(f"{order}{_ROWS}{code}")
    there = min(count, (len(data) - _HEAD) // row.size)
    return [row.unpack_from(data, _HEAD + number * row.size) for number in range(there)], count
