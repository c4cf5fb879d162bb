"""Binary models of IMOD, .mod: objects, their contours, sizes of points and angles of the slicer.

https://bio3d.colorado.edu/imod/doc/binspec.html
"""

import struct
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

__all__ = ["MARK", "Cut", "ModelContour", "ModelObject", "ImodModel", "SlicerView", "parse"]

MARK = b"IMODV1.2"
"""What a file begins with."""

_HEAD = struct.Struct(">8x128s3i4x I 4i 6f 5i f i i 3f")
_OBJECT = struct.Struct(">64s64xi I ii 3f i 8B ii")
_CONTOUR = struct.Struct(">iIii")
_MESH = struct.Struct(">iiIhh")
_CLOSED = 1 << 3, 1 << 9  # either flag of an object says that its contours are not closed: open, scattered


class Cut(Exception):
    """The file ends within a part of it."""

    def __init__(self, offset: int, part: str) -> None:
        super().__init__(f"{part} at byte {offset}")


@dataclass(slots=True)
class ModelContour:
    """Points in their order."""

    points: list[tuple[float, float, float]]
    """Voxels of the volume, as the model has them."""
    sizes: list[float] = field(default_factory=list)
    """Radius of each point in voxels, negative where it is that of the object; empty if none has its own."""


@dataclass(slots=True)
class ModelObject:
    """Contours of one colour."""

    name: str
    closed: bool
    sphere_radius: int
    """Radius of points in voxels; 0 if they are no spheres."""
    contours: list[ModelContour] = field(default_factory=list)
    meshes: int = 0


@dataclass(frozen=True, slots=True)
class SlicerView:
    """A view that the slicer window had, about X, Y and Z in degrees."""

    angles: tuple[float, float, float]
    centre: tuple[float, float, float]


@dataclass(slots=True)
class ImodModel:
    """A model."""

    name: str
    size: tuple[int, int, int]
    """Voxels of the volume that it was drawn on."""
    pixel_size: float
    units: int
    """Power of ten of the unit of `pixel_size` in m; 0 where that is a pixel."""
    objects: list[ModelObject] = field(default_factory=list)
    slicer: list[SlicerView] = field(default_factory=list)
    spacing: tuple[float, float, float] | None = None
    """Size of a voxel in Å along X, Y and Z, by the header of the volume."""
    others: Counter[str] = field(default_factory=Counter)
    """How many parts there are that have no place here, by their marks."""


def parse(data: bytes) -> ImodModel | None:
    """The model of a file; None if it is none.

    >>> parse(b"IMODV1.1") is None
    True

    Raises:
        Cut: it ends within a part.
    """
    if not data.startswith(MARK):
        return None
    return _Reader(data).model()


class _Reader:
    """A file and how far it was read."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._offset = 0

    def model(self) -> ImodModel:
        name, x, y, z, *numbers = self._unpack(_HEAD, "the header")
        pixel_size, units = numbers[16], numbers[17]
        model = ImodModel(_text(name), (x, y, z), pixel_size, units)
        while (mark := self._mark()) != b"IEOF":
            self._part(model, mark)
        return model

    def _part(self, model: ImodModel, mark: bytes) -> None:
        current = model.objects[-1] if model.objects else None
        if mark == b"OBJT":
            model.objects.append(self._object())
        elif mark == b"CONT" and current is not None:
            current.contours.append(self._contour())
        elif mark == b"MESH":
            self._mesh()
            if current is not None:
                current.meshes += 1
        else:
            self._chunk(model, current, mark.decode("latin-1"))

    def _chunk(self, model: ImodModel, current: ModelObject | None, mark: str) -> None:
        """A part that says its own length."""
        (length,) = self._unpack(struct.Struct(">i"), mark)
        data = self._bytes(length, mark)
        if mark == "MINX" and length >= 72:
            model.spacing = struct.unpack_from(">3f", data, 36)
        elif mark == "SLAN" and length >= 28:
            model.slicer.append(
                SlicerView(struct.unpack_from(">3f", data, 4), struct.unpack_from(">3f", data, 16))
            )
        elif mark == "SIZE" and current is not None and current.contours:
            current.contours[-1].sizes = list(struct.unpack(f">{length // 4}f", data[: length // 4 * 4]))
        else:
            model.others[mark] += 1

    def _object(self) -> ModelObject:
        name, _, flags, _, _, *rest = self._unpack(_OBJECT, "an object")
        return ModelObject(_text(name), not any(flags & bit for bit in _CLOSED), rest[3])

    def _contour(self) -> ModelContour:
        count, *_ = self._unpack(_CONTOUR, "a contour")
        numbers = self._unpack_many(count, "points")
        return ModelContour(list(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)))

    def _unpack_many(self, count: int, part: str) -> tuple[float, ...]:
        data = self._bytes(12 * count, part)
        return struct.unpack(f">{3 * count}f", data)

    def _mesh(self) -> None:
        vertices, indices, *_ = self._unpack(_MESH, "a mesh")
        self._bytes(12 * vertices + 4 * indices, "a mesh")

    def _mark(self) -> bytes:
        return bytes(self._bytes(4, "a mark"))

    def _unpack(self, form: struct.Struct, part: str) -> tuple[Any, ...]:
        return form.unpack(self._bytes(form.size, part))

    def _bytes(self, length: int, part: str) -> memoryview:
        start, self._offset = self._offset, self._offset + length
        if length < 0 or self._offset > len(self._data):
            raise Cut(start, part)
        return memoryview(self._data)[start : self._offset]


def _text(padded: bytes) -> str:
    return padded.partition(b"\0")[0].decode("utf-8", "replace").strip()
