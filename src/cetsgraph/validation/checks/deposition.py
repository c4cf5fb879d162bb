"""Checks on what an archive needs: names, doses, movies, angles, people."""

import re
from collections.abc import Iterator
from itertools import groupby

from cetsgraph.authorities import is_licence, orcid_check_digit
from cetsgraph.findings import Severity
from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import (
    CrossReference,
    DataSet,
    MaskLabel,
    Person,
    ProjectionExclusion,
    SegmentationMask,
    TiltAngleObservation,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    Tomogram,
    TomoImageSet,
)
from cetsgraph.texts import nearest
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import again, included, lacking
from cetsgraph.validation.checks.surroundings import referred

__all__ = [
    "address_is_of_the_entry",
    "archive_is_known",
    "author_has_a_name",
    "authors_differ",
    "entries_are_named_once",
    "images_have_a_dose",
    "images_have_an_angle",
    "images_name_their_movies",
    "labels_differ",
    "labels_say_something",
    "licence_can_be_found",
    "movies_are_enough",
    "names_are_no_placeholders",
    "orcid_is_no_other",
    "series_has_a_dose",
    "series_is_long",
    "series_spans_enough",
    "voxel_size_can_be_derived",
]

_NO_MOVIE_NAMED = "no image of the tilt series names its movie, though there are raw movies"
_FEWEST_IMAGES = 10
_SMALLEST_SPAN = 30.0  # degrees
_ORCID = re.compile(r"(?:https?://(?:www[.])?orcid[.]org/)?([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])")


@check("tomogram-sampling", Tomogram, shape="tomogram-sampling-voxel")
def voxel_size_can_be_derived(place: PlaceOf[Tomogram], placement: Placement) -> Iterator[Fault]:
    """Transformations of a tomogram without a voxel size tell how long a voxel is, or it is said why not."""
    tomogram = place.entity
    stated = (tomogram.voxel_size, tomogram.voxel_size_x, tomogram.voxel_size_y, tomogram.voxel_size_z)
    if tomogram.coordinate_transformations and all(size is None for size in stated):
        message = f"the tomogram has no voxel size: {_why_not(tomogram)}"
        yield Fault(None, expected="the size of a voxel, in Å", message=message)


def _why_not(tomogram: Tomogram) -> str:
    """Why no size of a voxel follows from the transformations of a tomogram."""
    systems = {system.name: system for system in tomogram.coordinate_systems}
    scaling = [one for one in tomogram.coordinate_transformations if one.scale or one.matrix or one.sequence]
    if not scaling:
        return "none of its transformations is a scale or a matrix"
    for one in scaling:
        if lost := next((name for name in (one.input, one.output) if name not in systems), None):
            return f"a transformation names {lost}, which is none of its coordinate systems"
        if one.scale is not None and len(one.scale) != 3:
            return f"the scale has {len(one.scale)} numbers for three axes"
    axes = [axis for system in systems.values() for axis in system.axes]
    if not any(axis.axis_type == "array" or axis.axis_unit in ("pixel", "voxel") for axis in axes):
        return "no coordinate system counts voxels (axes of the type array)"
    if strange := next((axis.axis_unit for axis in axes if axis.axis_unit not in _LENGTHS), None):
        return f"{strange} is no unit that can be turned into Å"
    return "its transformations disagree, or do more than scale, turn and shift"


_LENGTHS = (None, "pixel", "voxel", "angstrom", "nanometre", "nanometer", "micrometre", "micrometer")


@check("series-angles", TiltSeriesMicrographStack, shape="series-angles")
def images_have_an_angle(place: Place, placement: Placement) -> Iterator[Fault]:
    """Every image has a nominal tilt angle, a refined one or an observed one, unless it is excluded."""
    for image in included(place.entity):
        if _is_tilted(image):
            continue
        if placement.place_of(image) not in placement.once(_spoken_of, lambda: _spoken_of(placement)):
            yield Fault("nominal_tilt_angle", entity=image)


def _is_tilted(image: TiltSeriesMicrograph) -> bool:
    if image.nominal_tilt_angle is not None or image.refined_tilt_angle is not None:
        return True
    return any(one.tilt_angle is not None for one in image.tilt_angle_observations)


def _spoken_of(placement: Placement) -> set[Place]:
    """The images that alignments exclude, or observed the tilt of."""
    stating = (
        there
        for there in placement.of(TiltAngleObservation, ProjectionExclusion)
        if there.entity.__dict__.get("tilt_angle", 0.0) is not None
    )
    return {image for there in stating for image in referred(there, "tilt_image_id", placement)}


@check("series-dose", TiltSeriesMicrographStack, shape="series-dose")
def series_has_a_dose(place: PlaceOf[TiltSeriesMicrographStack], placement: Placement) -> Iterator[Fault]:
    """A series that lists images says of one of them, or of all, which dose it received."""
    series = place.entity
    if series.micrographs and series.total_dose is None and not any(map(_has_dose, series.micrographs)):
        yield Fault(None)


@check("series-dose", TiltSeriesMicrographStack)
def images_have_a_dose(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where some images of a series have a dose, all have."""
    for image in lacking(place.entity, _dose):
        yield Fault("accumulated_dose", entity=image)


@check("tilt-has-movie", TomoImageSet)
def images_name_their_movies(place: PlaceOf[TomoImageSet], placement: Placement) -> Iterator[Fault]:
    """Where there are raw movies with ids, every image names one; where none of a series does, once of it."""
    images = place.entity
    collections = images.movie_stack_collections
    movies = (
        movie for some in collections for held in some.movie_stack_series for movie in held.movie_stacks
    )
    if all(movie.id is None for movie in movies):
        return
    all_series = [series for held in images.tilt_series_sets for series in held.tilt_series]
    shown = {series.movie_stack_series_id for series in all_series}
    known = {held.id for some in collections for held in some.movie_stack_series}
    for series in all_series:
        if series.movie_stack_series_id is None and known and known <= shown:
            continue  # all movies are of other series
        if series.micrographs and all(image.movie_stack_id is None for image in series.micrographs):
            yield Fault(None, message=_NO_MOVIE_NAMED, entity=series)
        for image in lacking(series, lambda image: image.movie_stack_id):
            yield Fault("movie_stack_id", entity=image)


@check("tilt-has-movie", TiltSeriesMicrographStack, given="movie_stack_series_id")
def movies_are_enough(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where images do not name their movies, there are at least as many movies as images."""
    images = included(place.entity)
    for movies in referred(place, "movie_stack_series_id", placement):
        count = len(movies.entity.__dict__["movie_stacks"])
        if 0 < count < len(images) and all(image.movie_stack_id is None for image in images):
            yield Fault(
                None,
                found=f"{count} movies",
                expected=f"at least {len(images)}, one for each image",
                message="the series has more images than there are movies",
                hint="Add the movies that are missing, or take out the images that are of another series.",
                severity=Severity.INFO,
            )


@check("mask-labels", SegmentationMask)
def labels_differ(place: PlaceOf[SegmentationMask], placement: Placement) -> Iterator[Fault]:
    """Each value of a mask has one label; shapes ask that there are any."""
    mask = place.entity
    for value, group in groupby(sorted(mask.mask_labels, key=_value), key=_value):
        for label in [*group][1:]:
            hint = "Write the value that voxels of this label have in the mask."
            message = "another label has this value"
            yield Fault("value", value, "a value of its own", message, entity=label, hint=hint)


@check("mask-labels", MaskLabel)
def labels_say_something(place: Place, placement: Placement) -> Iterator[Fault]:
    """A label says what it marks, unless its mask is of one object."""
    mask = None if place.parent is None else place.parent.entity.__dict__
    texts = [place.entity.__dict__[field] for field in ("annotated_object", "annotated_object_name")]
    of_mask = [mask.get(field) for field in ("annotated_object", "annotated_object_name")] if mask else []
    if not any(text and text.strip() for text in (*texts, place.entity.name, *of_mask)):
        yield Fault(None, expected="a term or name", message="this label does not say what it marks")


def _value(label: MaskLabel) -> int:
    return label.value or 0


@check("series-length", TiltSeriesMicrographStack, shape="series-length")
def series_is_long(place: PlaceOf[TiltSeriesMicrographStack], placement: Placement) -> Iterator[Fault]:
    """A series that lists its images has at least 10."""
    series = place.entity
    if 0 < len(series.micrographs) < _FEWEST_IMAGES:
        yield Fault(None)


@check("series-length", TiltSeriesMicrographStack)
def series_spans_enough(place: PlaceOf[TiltSeriesMicrographStack], placement: Placement) -> Iterator[Fault]:
    """The angles of a series span at least 30°."""
    series = place.entity
    angles = [
        image.nominal_tilt_angle for image in series.micrographs if image.nominal_tilt_angle is not None
    ]
    if len(angles) < _FEWEST_IMAGES:
        return
    span = max(angles) - min(angles)
    if span < _SMALLEST_SPAN:
        yield Fault(None, found=f"{span:.4g}°", expected=f"at least {_SMALLEST_SPAN:g}°")


@check("authors", Person)
def orcid_is_no_other(place: Place, placement: Placement) -> Iterator[Fault]:
    """The check digit of an ORCID is the one that its other digits demand; shapes ask for its form."""
    orcid = place.entity.__dict__["orcid"]
    found = _ORCID.fullmatch(orcid or "")
    if found is None:
        return
    digit = orcid_check_digit(found[1].replace("-", "")[:15])
    if orcid[-1] != digit:
        yield Fault(
            "orcid", found=orcid, expected=f"an ORCID whose check digit is {digit}, if the others are right"
        )


def _has_dose(image: TiltSeriesMicrograph) -> bool:
    return _dose(image) is not None


@check("authors", Person)
def author_has_a_name(place: Place, placement: Placement) -> Iterator[Fault]:
    """An author is named, in letters."""
    name = place.entity.name
    if not any(map(str.isalpha, name or "")) or (name or "").strip().casefold() in _NOBODY:
        hint = "Write the name of the person, or take the entry out."
        yield Fault("name", found=name, expected="a name", message="this author has no name", hint=hint)


@check("authors", DataSet)
def authors_differ(place: Place, placement: Placement) -> Iterator[Fault]:
    """No two authors of a data set have one ORCID, and those of one name have ORCIDs that tell them apart."""
    first: dict[tuple[str, str | None], Person] = {}
    for person in place.entity.__dict__["authors"]:
        name = " ".join((person.name or "").casefold().split())
        for field, key in (("orcid", person.orcid), ("name", name)):
            other = first.setdefault((field, key), person)
            told_apart = field == "name" and None not in (person.orcid, other.orcid)
            if key and other is not person and not told_apart:
                yield Fault(
                    field,
                    found=person.__dict__[field],
                    expected="each author once, with an ORCID of their own",
                    message=f"another author has this {'name' if field == 'name' else 'ORCID'}: {other.name}",
                    hint="Take one of the two out, if they are one person; otherwise correct it.",
                    severity=Severity.INFO if field == "name" else None,
                    entity=person,
                )


@check("licence", DataSet, given="license")
def licence_can_be_found(place: Place, placement: Placement) -> Iterator[Fault]:
    """A licence is an address, or on the SPDX list, or at least has a version; shapes ask for any."""
    text: str = place.entity.__dict__["license"]
    if not is_licence(text):
        meant = nearest(text.strip(), _LICENCES_OF_DATA, count=1, cutoff=_CLOSE)
        yield Fault(
            "license",
            found=text,
            expected="an SPDX identifier, such as CC0-1.0 or CC-BY-4.0, or an address",
            message=f"{text} is neither the identifier of a licence on the SPDX list, nor an address",
            hint=f"Write {meant[0]}, if it is meant, or another licence as in the list at "
            "https://spdx.org/licenses, or its address."
            if meant
            else "Write it with its version as in the list at https://spdx.org/licenses, or as an address.",
            severity=Severity.INFO if _VERSION.search(text) and not meant else Severity.WARNING,
        )


_VERSION = re.compile(r"\d\.\d")
_LICENCES_OF_DATA = (
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "ODbL-1.0",
    "ODC-By-1.0",
    "PDDL-1.0",
)


@check("dataset-named", DataSet)
def names_are_no_placeholders(place: Place, placement: Placement) -> Iterator[Fault]:
    """Name, title and description of a data set are its own, and not what a form began with."""
    for field in ("name", "title", "description"):
        value = place.entity.__dict__[field]
        for text in value.values() if isinstance(value, dict) else [value or ""]:
            if _PLACEHOLDER.fullmatch(str(text)):
                yield Fault(
                    field,
                    found=text,
                    expected="what the data set is called" if field == "name" else "what the data set is",
                    message=f"this is no {field} of its own",
                    hint="Write what others will look for, or take the field out.",
                    severity=Severity.WARNING,
                )


_PLACEHOLDER = re.compile(
    r"\s*(?:untitled(?: data ?set)?|todo\b.*|tbd|fixme\b.*|lorem ipsum\b.*|<[^<>]*>|title|description)[\s.]*",
    re.IGNORECASE | re.DOTALL,
)


@check("archive-ids", CrossReference, given="database")
def archive_is_known(place: Place, placement: Placement) -> Iterator[Fault]:
    """The name of an archive is not that of a usual one with letters swapped, left out or added."""
    database: str = place.entity.__dict__["database"]
    word = database.strip().upper()
    swapped = [name for name in _ARCHIVES if sorted(name) == sorted(word)]
    meant = swapped or ([*nearest(word, _ARCHIVES, count=1, cutoff=_CLOSE)] if len(word) >= _LONG else [])
    if meant and word not in _ARCHIVES:
        yield Fault(
            "database",
            found=database,
            expected=meant[0],
            message=f"no archive is called {database}",
            severity=Severity.WARNING,
        )


_ARCHIVES = ("EMPIAR", "EMDB", "BIOIMAGE ARCHIVE", "BIOSTUDIES", "ZENODO", "CRYOET DATA PORTAL", "PUBMED")
_CLOSE = 0.8
_LONG = 5  # letters


_NOBODY = {"n/a", "na", "none", "unknown", "anonymous", "tbd", "todo", "author"}


@check("archive-ids", DataSet, given="cross_references")
def entries_are_named_once(place: Place, placement: Placement) -> Iterator[Fault]:
    """A data set names each entry of an archive once; the second of two is the one reported."""
    named = (
        ((entry.database or "").strip().upper(), (entry.accession or "").strip().upper(), entry)
        for entry in place.entity.__dict__["cross_references"]
    )
    for entry in again(((archive, name), entry) for archive, name, entry in named if archive and name):
        yield Fault(
            "accession",
            found=entry.accession,
            expected="each entry once",
            message="this entry is named already",
            hint="Take it out, or name the entry that is meant.",
            severity=Severity.INFO,
            entity=entry,
        )


@check("archive-ids", CrossReference, given="url")
def address_is_of_the_entry(place: Place, placement: Placement) -> Iterator[Fault]:
    """An address that names an entry of EMPIAR or EMDB names the one beside it."""
    values = place.entity.__dict__
    accession, address = str(values["accession"]).strip().upper(), values["url"]
    named = {found.upper() for found in _ACCESSION.findall(address)}
    if named and _ACCESSION.fullmatch(accession) and accession not in named:
        yield Fault(
            "url",
            found=address,
            expected=f"the address of {accession}",
            message=f"this is the address of {min(named)}, not of {accession}",
            severity=Severity.WARNING,
        )

    number, others = re.findall(r"\d\w{3,}", accession), re.findall(r"/(\d\w{3,})/?$", address.upper())
    if len(number) == len(others) == 1 and not number[0].endswith(others[0]) and "/" not in accession:
        yield Fault(
            "url",
            found=address,
            expected=f"the address of {accession}",
            message=f"this is the address of entry {others[0]}, not of {accession}",
            severity=Severity.WARNING,
        )


_ACCESSION = re.compile(r"EMPIAR-\d+|EMD-\d+", re.IGNORECASE)


def _dose(image: TiltSeriesMicrograph) -> float | None:
    stated = (image.accumulated_dose, image.total_accumulated_dose, image.exposure_dose)
    return next((dose for dose in stated if dose is not None), None)
