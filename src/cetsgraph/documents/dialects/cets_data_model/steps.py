"""Transformations in the forms that dialect B has: each of one type, with what belongs to that type."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cetsgraph.documents.dialects.mapping import WriteSession
from cetsgraph.graph.matrices import Matrix, product
from cetsgraph.model import Entity, Transformation

__all__ = ["composed", "is_simple", "simplify"]

_PAYLOADS = {"translation": "translation", "scale": "scale", "affine": "matrix", "map_axis": "map_axis"}


def simplify(writing: WriteSession, entity: Entity, values: dict[str, Any], pointer: str) -> None:
    """Let a transformation be of a type that the dialect has: several steps become a Sequence.

    A 4×4 matrix is a 3×3 one and a translation; a 2×2 matrix one of three rows and columns; a flip or
    rotation is affine. Sequences hold no others.
    """
    if (
        not isinstance(entity, Transformation)
        or writing.own
        or _is_simple(entity)
        or _is_simple_sequence(entity)
    ):
        return
    steps = list(_steps(entity))
    if any(not _is_simple(step) for step in steps):
        return  # the type or the numbers are missing, which is reported where they are demanded
    only = steps[0] if len(steps) == 1 else None
    for name in ("translation", "scale", "matrix", "map_axis", "transformation_type"):
        values[name] = getattr(only, name) if only is not None else ([] if name == "map_axis" else None)
    values["sequence"] = []
    if only is None:
        values["transformation_type"], values["sequence"] = "sequence", steps
    writing.report_normalised(pointer, "the transformation is written in the forms that the dialect has")


def is_simple(writing: WriteSession, values: Mapping[str, Any]) -> bool:
    """Whether values are those of a transformation that the dialect has, or that its document had."""
    found = Transformation.model_construct(**values)
    if writing.own and found.transformation_type is not None:
        return True
    return _is_simple(found) or _is_simple_sequence(found)


def composed(steps: Sequence[Transformation], most: int) -> list[Transformation] | None:
    """At most so many steps of affine matrices and translations that do the same; None if there are none.

    Matrices that follow each other become their product.
    """
    flat = [simple for step in steps for simple in _steps(step) if simple.transformation_type != "identity"]
    if any(
        step.transformation_type not in ("affine", "translation") or not _is_simple(step) for step in flat
    ):
        return None
    while len(flat) > most:
        pair = next((i for i in range(len(flat) - 1) if _alike(flat[i], flat[i + 1])), None)
        if pair is None:
            return None
        flat[pair : pair + 2] = [_together(flat[pair], flat[pair + 1])]
    return flat


def _alike(first: Transformation, second: Transformation) -> bool:
    kinds = {first.transformation_type, second.transformation_type}
    same_length = len(first.translation or ()) == len(second.translation or ())
    return kinds == {"affine"} or (kinds == {"translation"} and same_length)


def _together(first: Transformation, second: Transformation) -> Transformation:
    """Two transformations as one: the first is applied first."""
    if first.transformation_type == "translation":
        sums = [a + b for a, b in zip(first.translation or (), second.translation or (), strict=True)]
        return Transformation(transformation_type="translation", translation=sums)
    both = product(second.matrix or [], first.matrix or [])
    return Transformation(transformation_type="affine", matrix=both)


def _is_simple(found: Transformation) -> bool:
    """Whether it is of one type, with nothing that belongs to another."""
    kind = found.transformation_type or ""
    others = {"translation", "scale", "matrix", "map_axis", "sequence"} - {_PAYLOADS.get(kind, "")}
    if any(getattr(found, name) not in (None, []) for name in others):
        return False
    if kind == "affine":
        return found.matrix is None or _shape(found.matrix) == (3, 3)
    return kind in ("identity", "translation", "scale", "map_axis")


def _is_simple_sequence(found: Transformation) -> bool:
    others = ("translation", "scale", "matrix", "map_axis")
    return (
        found.transformation_type == "sequence"
        and all(getattr(found, name) in (None, []) for name in others)
        and all(map(_is_simple, found.sequence))
    )


def _steps(found: Transformation) -> Iterator[Transformation]:
    """What it does, in the dialect's types; as it stands where that is not known."""
    kind = found.transformation_type
    if kind == "sequence":
        for step in found.sequence:
            yield from _steps(step)
    elif _is_simple(found):
        yield found
    elif kind == "identity":
        yield _named(found, "identity")
    elif kind in ("translation", "scale", "map_axis") and getattr(found, kind) not in (None, []):
        yield _named(found, kind, **{kind: getattr(found, kind)})
    elif found.matrix is not None and kind is not None:
        yield from _of_matrix(found, found.matrix)
    else:
        yield found


def _of_matrix(found: Transformation, matrix: Matrix) -> Iterator[Transformation]:
    shape = _shape(matrix)
    if shape == (2, 2):
        yield _named(found, "affine", matrix=[[*matrix[0], 0.0], [*matrix[1], 0.0], [0.0, 0.0, 1.0]])
    elif shape == (3, 3):
        yield _named(found, "affine", matrix=[list(row) for row in matrix])
    elif shape == (4, 4) and list(matrix[3]) == [0.0, 0.0, 0.0, 1.0]:
        yield _named(found, "affine", matrix=[list(row[:3]) for row in matrix[:3]])
        if any(row[3] for row in matrix[:3]):
            yield Transformation(
                transformation_type="translation", translation=[row[3] for row in matrix[:3]]
            )
    else:
        yield found


def _named(found: Transformation, kind: Any, **payload: Any) -> Transformation:
    return Transformation(
        transformation_type=kind, name=found.name, input=found.input, output=found.output, **payload
    )


def _shape(matrix: Matrix) -> tuple[int, int] | None:
    widths = {len(row) for row in matrix}
    return (len(matrix), widths.pop()) if len(widths) == 1 else None
