"""What follows from all exposures of a series: their order, and the dose before each."""

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from cetsgraph.importers.claim import stem
from cetsgraph.importers.numbers import rounded
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tilt_series.mdoc_sections import Exposure, numbered

__all__ = ["accumulated_doses", "put_in_order"]


def put_in_order(session: ImportSession, exposures: Sequence[Exposure]) -> None:
    """Count the exposures in the order in which they were made, from 0: by time, by the numbers of their
    movies, by the dose before them; else they are taken to be in order."""
    place = exposures[0].fields.place()
    if len(exposures) == 1:
        exposures[0].order = 0
        return
    for what, keys in (
        ("DateTime", [one.time for one in exposures]),
        ("the numbers in the names of movies", [_number(one.movie) for one in exposures]),
        ("PriorRecordDose", [one.prior_dose for one in exposures]),
    ):
        known = [key for key in keys if key is not None]
        if len(known) == len(exposures) and len(set(known)) == len(known):
            ranks = {key: rank for rank, key in enumerate(sorted(known))}
            for one, key in zip(exposures, known, strict=True):
                one.order = ranks[key]
            session.tally.derived(f"order of acquisition is the rank of {what}", place)
            return
    for order, one in enumerate(exposures):
        one.order = order
    what = "images stand in the order in which they were taken, since no time says otherwise"
    session.tally.assumed(what, place)


def _number(movie: str | None) -> int | None:
    found = None if movie is None else numbered(stem(Path(movie)))
    return None if found is None else found[1]


def accumulated_doses(session: ImportSession, exposures: Sequence[Exposure]) -> list[float | None]:
    """The dose before each exposure: as it is stated, else the sum of those made before; e/Å²."""
    stated, doses = [one.prior_dose for one in exposures], [one.dose for one in exposures]
    if len(exposures) > 1 and not any(stated) and None not in stated:
        what = "PriorRecordDose = 0 of all images means that doses were not calibrated"
        session.tally.assumed(what, exposures[0].fields.place("PriorRecordDose"), option="--dose-per-tilt")
        stated = [None for _ in exposures]
    if len(exposures) == 1 or None not in stated or None in doses:
        return stated
    what = "dose before each image is the sum of the exposures before it"
    session.tally.derived(what, exposures[0].fields.place())
    by_order = {one.order: one.dose or 0.0 for one in sorted(exposures, key=lambda one: one.order or 0)}
    before = dict(zip(by_order, accumulate(by_order.values(), initial=0.0), strict=False))
    return [rounded(before[one.order]) for one in exposures]
