"""What several sources say of the same images, as one: which source has a value, and where others differ."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cetsgraph.geometry.projections import between_lines
from cetsgraph.importers.tally import SourcePlace, Tally

__all__ = ["merged"]

Saying = tuple[str, SourcePlace, Mapping[str, Any]]
"""A source, the place of what it says, and its values by field."""

ORDER = ("mdoc", "relion", "imod", "aretomo", "warp", "ctffind")
"""Sources in the order in which they are believed, where `_OWNERS` says nothing else."""

_OWNERS = {
    "ctf_metadata": ("relion", "warp", "aretomo", "imod", "ctffind"),
    "refined_tilt_angle": ("relion", "warp", "aretomo", "imod"),
    "acquisition_order": ("mdoc", "relion", "aretomo", "warp", "imod"),
    "pixel_size": ("imod", "mdoc", "relion", "warp", "aretomo", "ctffind"),
}


def _within(tolerance: float) -> Callable[[Any, Any], bool]:
    return lambda kept, other: abs(kept - other) <= tolerance


def _relative(tolerance: float) -> Callable[[Any, Any], bool]:
    return lambda kept, other: abs(kept - other) <= tolerance * max(abs(kept), abs(other))


def _same_axis(kept: Any, other: Any) -> bool:
    return between_lines(kept, other) <= 2


_AGREE: dict[str, Callable[[Any, Any], bool]] = {
    "nominal_tilt_angle": _within(0.1),
    "accumulated_dose": _relative(0.05),
    "exposure_dose": _relative(0.05),
    "acquisition_order": _within(0),
    "pixel_size": _relative(0.01),
    "tilt_axis_angle": _same_axis,
    "accelerating_voltage": _relative(0.01),
    "spherical_aberration": _relative(0.01),
}
"""Whether two values of a field agree; those of other fields are not compared."""


def merged(sayings: Sequence[Saying], tally: Tally, *, alignment: str | None = None) -> dict[str, Any]:
    """The values of all sources, each of the first that has it; where others differ, that is a finding.

    >>> place, tally = SourcePlace("TS_01.mdoc", 7), Tally()
    >>> sayings = [("mdoc", place, {"pixel_size": 5.4, "width": 924}), ("imod", place, {"pixel_size": 1.3})]
    >>> merged(sayings, tally)
    {'pixel_size': 1.3, 'width': 924}
    >>> [finding.found for finding in tally.findings()]
    ['1.3 of imod (kept) and 5.4 of mdoc']

    Args:
        sayings: what each source says.
        tally: notes where they differ.
        alignment: source whose alignment counts; the first by `ORDER` if not given.
    """
    fields = dict.fromkeys(name for _, _, values in sayings for name in values)
    found = {name: _owned(name, sayings, tally, alignment) for name in fields}
    return {name: value for name, value in found.items() if value is not None}


def _owned(name: str, sayings: Iterable[Saying], tally: Tally, alignment: str | None) -> Any:
    said = [
        (source, place, values[name]) for source, place, values in sayings if values.get(name) is not None
    ]
    order = _OWNERS.get(name, ORDER)
    if alignment is not None and name == "refined_tilt_angle":
        order = (alignment, *order)
    said.sort(key=lambda one: order.index(one[0]) if one[0] in order else len(order))
    if not said:
        return None
    owner, _, kept = said[0]
    agree = _AGREE.get(name)
    for source, place, other in said[1:]:
        if agree is not None and not agree(kept, other):
            tally.conflict(name, place, kept=f"{kept} of {owner}", other=f"{other} of {source}")
    return kept
