"""The images of a tilt series as plots and as a table: scheme, angles, dose and defocus."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from cetsgraph.queries import Row
from cetsgraph.server.site.page_queries import draft_address, selected
from cetsgraph.server.site.plots import Mark, beams, legend, scale_of, scatter
from cetsgraph.server.site.rendering import shown_number
from cetsgraph.server.site.tables import Head, PageTable, Shown, file_cell, plain_cell
from cetsgraph.store import Store
from cetsgraph.texts import counted, shortened

__all__ = ["Tilts", "tilts_of"]

_COLUMNS = (
    ("image", None, lambda row: row["name"]),
    ("section", None, lambda row: row["section"]),
    ("nominal angle", "°", lambda row: row["nominal_tilt_angle"]),
    ("refined angle", "°", lambda row: row["refined_tilt_angle"]),
    ("order", None, lambda row: row["acquisition_order"]),
    ("dose", "e⁻/Å²", lambda row: row["dose"]),
    ("exposure", "e⁻/Å²", lambda row: row["exposure_dose"]),
    ("defocus U", "µm", lambda row: _micrometres(row["defocus_u"])),
    ("defocus V", "µm", lambda row: _micrometres(row["defocus_v"])),
    ("left out", None, lambda row: row["exclusion_reason"] or ("yes" if row["excluded"] else None)),
    ("movie", None, lambda row: row["movie_path"]),
)
"""Columns of the table: name, unit, and the value of a row of `tilt_images`."""
_MICROMETRE = 10_000  # Å
_DEGREES = 30.0  # from number to number of an axis of angles
_DOSE = " e⁻/Å²"
_KINDS = {"mark": "U", "second": "V", "out": "left out"}
"""Kinds of marks, and words for them."""


@dataclass(frozen=True, slots=True)
class Tilts:
    """A tilt series for people."""

    sentence: str
    order: str
    """What the order of exposure was taken from."""
    dose: str
    """The total dose, if it is known."""
    plots: Sequence[tuple[Markup, Markup]]
    """Caption and picture of each."""
    table: PageTable
    rows: str
    """Address of its rows for programs."""
    sparql: str
    """Address of the query for them."""


def tilts_of(store: Store, series: str) -> Tilts | None:
    """The images of a tilt series; None if none is listed."""
    rows = selected(store, "images", None, tilt_series=[series])
    if not rows:
        return None
    order, taken = _in_order(rows)
    known = [angle for row in rows if (angle := _number(row, "nominal_tilt_angle")) is not None]
    address = f"/queries/tilt_images?{urlencode({'tilt_series': series})}"
    draft = draft_address("images", of=series)
    sentence = counted(len(rows), "image")
    if known:
        sentence += f", {shown_number(min(known))}° to {shown_number(max(known))}°"
    return Tilts(sentence, taken, _total_dose(rows), _plots(order, sentence), _table(rows), address, draft)


def _total_dose(rows: Sequence[Row]) -> str:
    """What the specimen had received in the end: at the last image, or else by all of them."""
    after = [dose for row in rows if (dose := _number(row, "dose")) is not None]
    each = [dose for row in rows if (dose := _number(row, "exposure_dose")) is not None]
    total = max(after) if after else sum(each)
    return f"{shown_number(total)}{_DOSE}" if total else ""


def _in_order(rows: Sequence[Row]) -> tuple[list[Row], str]:
    """The rows in the order of exposure, and what it was taken from."""
    for name, taken in (("acquisition_order", "acquisition order"), ("dose", "dose")):
        if all(isinstance(row[name], int | float) for row in rows):
            return sorted(rows, key=lambda row: float(str(row[name]))), taken
    return [*rows], "place in the stack, since neither order nor dose is stated"


def _plots(rows: Sequence[Row], sentence: str) -> list[tuple[Markup, Markup]]:
    """Of the rows in the order of exposure; a plot without marks is left out."""
    tilted = [
        (place, angle, row)
        for place, row in enumerate(rows)
        if (angle := _number(row, "nominal_tilt_angle")) is not None
    ]
    if not tilted:
        return []
    last = max(len(rows) - 1, 1)
    fan = [(angle, place / last, _said(row, place)) for place, angle, row in tilted]
    doses = [(angle, dose, row) for _, angle, row in tilted if (dose := _number(row, "dose")) is not None]
    plots = [
        ("Tilt scheme, first images strongest", beams(fan, f"Tilt scheme: {sentence}.")),
        _scatter(
            "Angle by exposure",
            ("exposure", "tilt angle (°)"),
            [_mark(place + 1.0, angle, row) for place, angle, row in tilted],
        ),
        _scatter(
            "Dose by angle",
            ("tilt angle (°)", "dose (e⁻/Å²)"),
            [_mark(angle, dose, row) for angle, dose, row in doses],
            zero=True,
        ),
        _scatter(
            "Defocus by angle",
            ("tilt angle (°)", "defocus (µm)"),
            [
                _mark(angle, defocus / _MICROMETRE, row, kind, name)
                for _, angle, row in tilted
                for name, kind in (("defocus_u", "mark"), ("defocus_v", "second"))
                if (defocus := _number(row, name)) is not None
            ],
        ),
    ]
    return [(Markup(caption), Markup(picture)) for caption, picture in plots if picture]


def _scatter(
    caption: str, labels: tuple[str, str], marks: Sequence[Mark], *, zero: bool = False
) -> tuple[str, str]:
    """The caption and the picture, which is empty where there are no marks."""
    if not marks:
        return caption, ""
    across, up = [mark.x for mark in marks], [mark.y for mark in marks]
    said = f"{caption}: {len(marks)} marks, {shown_number(min(up))} to {shown_number(max(up))}, {labels[1]}."
    x, y = scale_of(across, step=_step(labels[0])), scale_of(up, zero=zero, step=_step(labels[1]))
    drawn = {mark.kind for mark in marks}
    told = _KINDS if "second" in drawn else {"out": _KINDS["out"]}
    kinds = [(kind, words) for kind, words in told.items() if kind in drawn]
    return f"{caption} {legend(kinds)}".strip(), scatter(
        marks, x, y, x_label=labels[0], y_label=labels[1], label=said
    )


def _step(label: str) -> float:
    """From number to number of an axis."""
    return _DEGREES if "°" in label else 0.0


def _mark(x: float, y: float, row: Row, kind: str = "mark", defocus: str = "defocus_u") -> Mark:
    return Mark(x, y, _said(row, defocus=defocus), "out" if row["excluded"] else kind)


def _number(row: Row, name: str) -> float | None:
    value = row[name]
    return float(value) if isinstance(value, int | float) else None


def _said(row: Row, place: int | None = None, defocus: str = "defocus_u") -> str:
    """What a mark says: the image, and its numbers as they are stated; of the two defoci one."""
    parts = [shortened(str(row["name"] or row["position"]), 200)]
    parts += [] if place is None else [f"exposure {place + 1}"]
    known = (("nominal_tilt_angle", "°"), ("dose", _DOSE), (defocus, " Å"))
    parts += [f"{row[name]}{unit}" for name, unit in known if row[name] is not None]
    return ", ".join(parts)


def _table(rows: Sequence[Row]) -> PageTable:
    """Columns of which some row has a value."""
    columns = [(name, unit, [of(row) for row in rows]) for name, unit, of in _COLUMNS]
    stated = [one for one in columns if any(value is not None for value in one[2])]
    heads = [Head(name, unit, number=all(map(_is_number, values))) for name, unit, values in stated]
    cells = [[_cell(name, value) for value in values] for name, _, values in stated]
    return PageTable(heads, [*zip(*cells, strict=True)])


def _cell(column: str, value: object) -> Shown:
    return file_cell(str(value)) if column == "movie" and value is not None else plain_cell(value)


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _micrometres(angstroms: object) -> float | None:
    return angstroms / _MICROMETRE if isinstance(angstroms, int | float) else None
