"""What a companion says of objects that its document does not have, or against what that says."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from cetsgraph.documents.companion import FACTS, listed_facts, named_facts, taken
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    Alignment,
    Annotation,
    Entity,
    TiltSeriesMicrographStack,
    Tomogram,
)
from cetsgraph.texts import did_you_mean, listed, nearest
from cetsgraph.validation.checks import Fault
from cetsgraph.validation.checks.agreement import DEGREES, deviations, same_axis
from cetsgraph.validation.checks.file_names import name_of
from cetsgraph.validation.checks.movies import movies_of
from cetsgraph.validation.checks.views import is_integer, near, sampling, stated_sampling

__all__ = ["faults_of_companion"]

Facts = Mapping[str, Any]
Found = Iterator[tuple[Fault, Place]]
ByName = Mapping[str, Place]

_SAME = 0.01  # of a number
_SAME_SAMPLING = 0.03  # of a voxel
_BINNINGS = 0.4, 20.0  # of an image to its movie


def faults_of_companion(placement: Placement, companion: Facts) -> Found:
    """What is wrong with a companion, at the objects of the document that it is about."""
    kinds: dict[str, type[Entity]] = {
        "tilt_series": TiltSeriesMicrographStack,
        "tomograms": Tomogram,
        "annotations": Annotation,
    }
    places = {part: _by_id(placement, cls) for part, cls in kinds.items()}
    described = {part: dict(named_facts(companion.get(part))) for part in kinds}
    for part, known in places.items():
        for name, facts in described[part].items():
            if name in known:
                yield from _of_facts(known[name], facts, part)
            else:
                yield _unknown(part, part, name, known, described[part]), placement.root

    def of(part: str) -> Iterator[tuple[Place, Facts]]:
        return (
            (places[part][name], facts) for name, facts in described[part].items() if name in places[part]
        )

    for place, facts in of("tilt_series"):
        yield from _of_series(place, facts, placement)
    for place, facts in of("tomograms"):
        yield from _of_tomogram(place, facts)
    for place, facts in of("annotations"):
        yield from _of_annotation(place, facts)
    for facts in listed_facts(companion.get("alignments")):
        yield from _of_alignment(facts, places, placement)


def _by_id(placement: Placement, cls: type[Entity]) -> dict[str, Place]:
    return {place.entity.id: place for place in placement.of(cls) if place.entity.id is not None}


def _unknown(
    part: str,
    field: str,
    name: str,
    known: Mapping[str, object],
    described: Mapping[str, object] | None = None,
) -> Fault:
    """The fault of an id that the document does not have; one of those not yet described may be meant."""
    left = [one for one in known if one not in (described or {})]
    kind = {"tilt_series": "tilt series", "images": "image"}.get(part, part.removesuffix("s"))
    return Fault(
        None,
        found=name,
        expected=f"the id of {'an' if kind[0] in 'aeio' else 'a'} {kind} of the document",
        message=f"the companion names the {kind} {name} in `{field}`, and the document has none of that id",
        hint=did_you_mean(nearest(name, left, count=1))
        or f"Correct the id in the companion: the document has {listed(left or known) or 'none'}.",
    )


def _of_facts(place: Place, facts: Facts, part: str) -> Found:
    """Facts of another type than asked, with another value than the document, or with no known name."""
    fields = FACTS[part]
    cls = type(place.entity)
    for key, found in facts.items():
        field = fields.get(key)
        if field is None:
            alike = [one for one in nearest(key, fields, count=1, cutoff=0.85) if one not in facts]
            if alike:
                message = f"the companion has a field {key} here, which it does not know"
                yield Fault(None, key, alike[0], message, hint=did_you_mean(alike)), place
        elif found not in (None, "", []) and field in cls.model_fields:
            yield from ((fault, place) for fault in _of_fact(place.entity, field, key, found))


def _of_fact(entity: Entity, field: str, key: str, found: Any) -> Iterator[Fault]:
    value, own = taken(type(entity), field, found), entity.__dict__[field]
    if value is None:
        message, number = f"`{key}` of the companion is not what belongs there", taken(type(entity), field, 1)
        kind = "a text" if number is None else "a number"
        hint = f"Write {kind} as `{key}`" + (", without quotes and unit." if kind == "a number" else ".")
        yield Fault(field, found, kind, message, hint=hint)
    elif own not in (None, []) and not _is_same(field, own, value):
        yield Fault(
            field,
            found=own,
            expected=found,
            message=f"the document says {own} here, and `{key}` of its companion {found}",
        )


def _is_same(field: str, one: Any, other: Any) -> bool:
    """Whether two values are the same: numbers nearly, tilt axes as lines, files by their names."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        if field == "tilt_axis_angle":
            return same_axis(one, other)
        return one == other or (other != 0 and near(one / other, _SAME))
    if field.endswith("path") and isinstance(one, str) and isinstance(other, str):
        return name_of(one) == name_of(other)
    return bool(one == other)


def _of_series(place: Place, facts: Facts, placement: Placement) -> Found:
    series = place.entity
    assert isinstance(series, TiltSeriesMicrographStack)
    images = {image.id: placement.place_of(image) for image in series.micrographs if image.id is not None}
    movies = {name_of(movie.path): image.id for image, movie in movies_of(place, placement) if movie.path}
    described = dict(named_facts(facts.get("images")))
    for name, of_image in described.items():
        if name in images:
            yield from _of_image(images[name], of_image, movies)
        elif of_image.get("use_tilt") is not False:  # such as were left out of the document, too
            yield _unknown("images", "images", name, images, described), place
    yield from _of_stage({name: images[name] for name in described if name in images}, described)
    if series.micrographs:
        yield from _of_pixels(placement.place_of(series.micrographs[0]), facts)


def _of_image(image: Place, facts: Facts, movies: Mapping[str, str | None]) -> Found:
    """Facts of an image, its place in the order, and its movie; `movies` has images by files."""
    yield from _of_facts(image, facts, "images")
    order, recorded = facts.get("acquisition_index_1b"), facts.get("frame_name")
    if type(order) is int and order < 1:
        message = "`acquisition_index_1b` of the companion is counted from 0 for this image"
        yield Fault("acquisition_order", order, "1 for the image taken first", message, hint=_FROM_1), image
    other = movies.get(name_of(recorded)) if isinstance(recorded, str) else None
    if other is not None and other != image.entity.id:
        message = f"`frame_name` of the companion is the file of the movie of {other}"
        expected = "the file of the movie of this image"
        yield Fault("movie_stack_id", recorded, expected, message, hint=_FRAMES), image


def _of_pixels(image: Place, facts: Facts) -> Found:
    """Pixels of images that are no binning of those that they were taken with."""
    pixel, size = facts.get("pixel_size_acquisition_a"), sampling(image.entity)
    if not (isinstance(pixel, int | float) and pixel > 0 and size):
        return
    binning = size / pixel
    if not (_BINNINGS[0] < binning < _BINNINGS[1] and is_integer(binning)):
        message = (
            f"the images have pixels of {size:.6g} Å, and by the companion were taken with {pixel:.6g} Å"
        )
        expected = f"{pixel:.6g} Å, or a binning"
        yield Fault(stated_sampling(image.entity), size, expected, message, hint=_SIZES), image


_FROM_1 = "Add 1 to `acquisition_index_1b` of each image: it counts from 1, as its name says."
_FRAMES = "Correct `frame_name` in the companion, or the movie that the image names."
_SIZES = "Correct the one that is wrong: both are in Å."


def _of_stage(images: ByName, described: Mapping[str, Facts]) -> Found:
    """Angles of the stage that are far from the nominal ones, beside what all of a series have in common."""
    known = [
        (image, float(angle), nominal)
        for name, image in images.items()
        if isinstance(angle := described[name].get("stage_angle_deg"), int | float)
        and math.isfinite(angle)
        and (nominal := image.entity.__dict__["nominal_tilt_angle"]) is not None
    ]
    apart = deviations([(angle, nominal) for _, angle, nominal in known]) if known else []
    for (image, angle, nominal), deviation in zip(known, apart, strict=True):
        if abs(deviation) > DEGREES:
            said = f"{angle:.6g}° by `stage_angle_deg` of the companion"
            message = f"the tilt angle is {nominal:.6g}° here, and {said}"
            expected = f"near {angle:.6g}°"
            yield Fault("nominal_tilt_angle", nominal, expected, message, hint=_ANGLES), image


_ANGLES = "Correct the one that is wrong: the mdoc file has both."


def _of_tomogram(place: Place, facts: Facts) -> Found:
    own = sampling(place.entity)
    for key in ("voxel_header_a", "voxel_implied_a"):
        size = facts.get(key)
        if isinstance(size, int | float) and size > 0 and own and not near(own / size, _SAME_SAMPLING):
            message = f"the voxels are {own:.6g} Å here, and {size:.6g} Å by `{key}` of the companion"
            yield Fault(stated_sampling(place.entity), own, f"{size:.6g} Å", message, hint=_SIZES), place
            return


def _of_annotation(place: Place, facts: Facts) -> Found:
    named_here, other = place.entity.__dict__["source_tomogram_id"], facts.get("tomogram_id")
    if isinstance(other, str) and named_here and other not in named_here:
        message = f"the companion has this annotation in the tomogram {other}, and the document in another"
        hint = "Name the same tomogram in both."
        yield Fault("source_tomogram_id", named_here[0], other, message, hint=hint), place


def _of_alignment(facts: Facts, places: Mapping[str, ByName], placement: Placement) -> Found:
    tomograms = facts.get("tomogram_ids")
    volumes = tomograms if isinstance(tomograms, list) else []
    for part, key, name in (
        ("tilt_series", "tilt_series_id", facts.get("tilt_series_id")),
        ("tomograms", "reference_tomogram_id", facts.get("reference_tomogram_id")),
        *(("tomograms", "tomogram_ids", name) for name in volumes),
    ):
        if isinstance(name, str) and name not in places[part]:
            named_in = next(placement.of(Alignment), placement.root)
            yield _unknown(part, key, name, places[part]), named_in
