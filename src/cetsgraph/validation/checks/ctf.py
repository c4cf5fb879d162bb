"""Checks on the contrast transfer functions of a series, which change slowly from tilt to tilt."""

import re
import statistics
from collections.abc import Iterable, Iterator, Sequence

from cetsgraph.findings import Severity
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    CTFMetadata,
    MovieStack,
    SubTomogram,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
)
from cetsgraph.validation.checks.movies import movies_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import ctfs_of, included
from cetsgraph.validation.checks.surroundings import has_phase_plate, microscopes_of

__all__ = [
    "defocus_changes_slowly",
    "defocus_is_no_tenth",
    "defocus_is_whole",
    "frames_are_about_round",
    "images_have_the_defocus_of_their_movies",
    "one_phase_is_not_shifted_alone",
    "phase_is_shifted_by_a_plate",
    "sub_tomograms_are_about_round",
]

_HIGHEST_TILT = 60.0  # beyond which defocus is hard to fit
_IN_FOCUS = 500.0  # Å
_FACTOR = 3.0  # between defoci of neighbours
_TENFOLD = (8.0, 12.5)  # between defoci in Å and nm


@check("ctf-coherent", TiltSeriesMicrographStack)
def defocus_changes_slowly(place: Place, placement: Placement) -> Iterator[Fault]:
    """Below 60°, V is at least half of U, and the defocus is within a factor of 3 of both neighbours'."""
    images = [
        image
        for image in included(place.entity)
        if image.ctf_metadata is not None
        and abs(image.nominal_tilt_angle or 0.0) < _HIGHEST_TILT
        and (image.ctf_metadata.defocus_u or 0.0) >= _IN_FOCUS
    ]
    yield from _astigmatic(image.ctf_metadata for image in images)
    yield from _jumps(sorted(images, key=lambda image: image.nominal_tilt_angle or 0.0))


@check("ctf-coherent", TiltSeriesMicrographStack)
def defocus_is_no_tenth(place: Place, placement: Placement) -> Iterator[Fault]:
    """Not all images of a series without a phase plate are as near to focus as if nm stood for Å."""
    ctfs = ctfs_of(place.entity)
    defoci = [ctf.defocus_u for ctf in ctfs if ctf.defocus_u is not None]
    if len(defoci) < _FEWEST or not 2 * _IN_FOCUS <= min(defoci) <= max(defoci) < _NEAR_FOCUS:
        return
    if not any(ctf.phase_shift for ctf in ctfs) and not has_phase_plate(placement):
        yield Fault(
            "defocus_u",
            found=defoci[0],
            expected=f"at least {_NEAR_FOCUS:g} Å somewhere in the series",
            message=f"no image of the series has a defocus above {max(defoci):.6g} Å: it looks like nm",
            hint=f"Write {10 * defoci[0]:.10g}, and the other defoci alike, if they are in nm.",
            severity=Severity.WARNING,
            entity=ctfs[0],
        )


_FEWEST = 5  # images
_NEAR_FOCUS = 5000.0  # Å


@check("ctf-coherent", TiltSeriesMicrographStack)
def one_phase_is_not_shifted_alone(place: Place, placement: Placement) -> Iterator[Fault]:
    """The phase of one image is not shifted where those of many others are all 0."""
    ctfs = ctfs_of(place.entity)
    known = [(ctf, ctf.phase_shift) for ctf in ctfs if ctf.phase_shift is not None]
    shifted = [(ctf, shift) for ctf, shift in known if shift]
    if len(known) >= 2 * _FEWEST and len(shifted) == 1:
        ctf, shift = shifted[0]
        yield Fault(
            "phase_shift",
            found=shift,
            expected="0°, as of all other images",
            message=f"the phase of this image alone is shifted, by {shift:.6g}°",
            hint="Write 0, or the phase shifts of the others.",
            severity=Severity.WARNING,
            entity=ctf,
        )


@check("ctf-coherent", CTFMetadata)
def defocus_is_whole(place: Place, placement: Placement) -> Iterator[Fault]:
    """A defocus along one direction has the other beside it."""
    ctf = place.entity.__dict__
    for own, other in (("defocus_u", "defocus_v"), ("defocus_v", "defocus_u")):
        if ctf[own] is not None and ctf[other] is None:
            yield Fault(
                own,
                found=ctf[own],
                expected=f"{other} beside it",
                message=f"this CTF has {own} and no {other}",
                hint=f"Add `{other}`: the same number, if no astigmatism was fitted.",
                severity=Severity.WARNING,
            )


@check("ctf-coherent", MovieStack)
def frames_are_about_round(place: Place, placement: Placement) -> Iterator[Fault]:
    """Of frames below 60°, defocus V is at least half of defocus U."""
    frames = place.entity.__dict__["frames"]
    low = (frame for frame in frames if abs(frame.nominal_tilt_angle or 0.0) < _HIGHEST_TILT)
    yield from _astigmatic([place.entity.__dict__["ctf_metadata"], *(frame.ctf_metadata for frame in low)])


def _astigmatic(ctfs: Iterable[CTFMetadata | None]) -> Iterator[Fault]:
    """CTFs whose two defoci are too unlike, but for images that are taken in focus."""
    for ctf in ctfs:
        u, v = (None, None) if ctf is None else (ctf.defocus_u, ctf.defocus_v)
        if u is not None and v is not None and u >= _IN_FOCUS and 0 < v < u / 2:
            yield Fault(
                "defocus_v",
                found=v,
                expected=f"at least half of defocus U, {u:.10g} Å",
                message=f"defocus V ({v:.10g} Å) is less than half of defocus U ({u:.10g} Å)",
                severity=Severity.INFO,
                entity=ctf,
            )


@check("ctf-coherent", SubTomogram, given="ctf_metadata")
def sub_tomograms_are_about_round(place: Place, placement: Placement) -> Iterator[Fault]:
    """Of a sub-tomogram, defocus V is at least half of defocus U."""
    yield from _astigmatic([place.entity.__dict__["ctf_metadata"]])


@check("ctf-coherent", TiltSeriesMicrographStack)
def images_have_the_defocus_of_their_movies(place: Place, placement: Placement) -> Iterator[Fault]:
    """The defocus of an image is within a factor of 3 of those of the frames of its movie."""
    for image, movie in movies_of(place, placement):
        ctfs = [movie.ctf_metadata, *(frame.ctf_metadata for frame in movie.frames)]
        theirs = [ctf.defocus_u for ctf in ctfs if ctf is not None and ctf.defocus_u is not None]
        own = None if image.ctf_metadata is None else image.ctf_metadata.defocus_u
        usual = statistics.median(theirs) if theirs else 0.0
        if own is not None and min(own, usual) > 0 and not 1 / _FACTOR < own / usual < _FACTOR:
            yield Fault(
                "defocus_u",
                found=own,
                expected=f"near {usual:.6g} Å, as of its movie",
                message="the defocus differs by more than a factor of 3 from that of the movie of this image",
                severity=Severity.WARNING,
                entity=image.ctf_metadata,
                hint=f"Write the defocus of the movie, near {usual:.6g} Å, in both, if it is right.",
            )


@check("ctf-coherent", TiltSeriesMicrographStack)
def phase_is_shifted_by_a_plate(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where no phase plate is said to be used, the phases of most images are not shifted."""
    ctfs = ctfs_of(place.entity)
    shifts = [ctf.phase_shift for ctf in ctfs if ctf.phase_shift is not None]
    if not shifts or not _SHIFTED < statistics.median(shifts) < 360 - _SHIFTED:
        return
    for entity in microscopes_of(place, placement):
        plate = entity.__dict__.get("phase_plate")
        if plate and _NO_PLATE.fullmatch(plate.strip()):
            yield Fault(
                "phase_plate",
                found=plate,
                expected="the phase plate that was used",
                message=f"no phase plate is said to be used, and the images have phase shifts of about "
                f"{statistics.median(shifts):.4g}°",
                severity=Severity.WARNING,
                hint="Name the phase plate, or correct the phase shifts: they are 0 without one.",
                entity=entity,
            )


_SHIFTED = 20.0  # degrees: fits may be a little off
_NO_PLATE = re.compile(r"no|none|without|not used|n/?a", re.IGNORECASE)


def _jumps(images: Sequence[TiltSeriesMicrograph]) -> Iterator[Fault]:
    """Images, by tilt angle, whose defocus is unlike that of their neighbours, which agree."""
    defoci = [image.ctf_metadata.defocus_u or 1.0 for image in images if image.ctf_metadata]
    if len(defoci) < 3:
        return
    for index, defocus in enumerate(defoci):
        neighbours = defoci[index - 1 : index] + defoci[index + 1 : index + 2]
        if len(neighbours) == 1:  # the first and the last one: of the next two
            neighbours = defoci[1:3] if index == 0 else defoci[-3:-1]
        low, high = min(neighbours), max(neighbours)
        if high < 2 * low and (defocus > _FACTOR * high or defocus < low / _FACTOR):
            usual = statistics.median(neighbours)
            tenfold = _TENFOLD[0] < max(usual / defocus, defocus / usual) < _TENFOLD[1]
            yield Fault(
                "defocus_u",
                found=defocus,
                expected=f"near {usual:.6g} Å, as of the neighbouring tilts",
                message="the defocus is a tenth or ten times that of the neighbouring tilts: it looks like nm"
                if tenfold
                else "the defocus differs by more than a factor of 3 from those of the neighbouring tilts",
                severity=Severity.WARNING if tenfold else Severity.INFO,
                entity=images[index].ctf_metadata,
                hint=f"Write {defocus * (10 if defocus < usual else 0.1):.10g}, and the other defocus alike."
                if tenfold
                else None,
            )
