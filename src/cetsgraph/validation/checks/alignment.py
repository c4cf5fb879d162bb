"""Checks on alignments and on what tilt images refer to."""

from collections import Counter
from collections.abc import Iterator

from cetsgraph.findings import Severity
from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import (
    Alignment,
    AnnotationRelation,
    FrameAlignment,
    MovieAlignment,
    MovieStack,
    NonRigidAlignment,
    TiltSeriesMicrographStack,
    Tomogram,
)
from cetsgraph.texts import listed
from cetsgraph.validation.checks.file_names import name_of
from cetsgraph.validation.checks.movies import movies_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import again, included
from cetsgraph.validation.checks.surroundings import naming_the_same, referred, rows_of

__all__ = [
    "alignments_are_of_their_movie",
    "alignments_are_of_their_series",
    "deformations_cover_images_once",
    "deformations_have_their_axes",
    "excluded_images_are_all",
    "excluded_images_are_not_aligned",
    "frames_are_aligned_once",
    "frames_are_of_their_own_movie",
    "images_are_aligned_once",
    "images_are_of_one_stack",
    "images_are_of_the_series",
    "most_images_are_aligned",
    "movies_are_of_the_series",
    "movies_are_of_the_session",
    "movies_serve_once",
    "relations_are_of_two",
    "rows_name_their_images",
    "rows_say_something",
    "tomograms_come_from_others",
]


@check("alignment-target", Alignment)
def images_are_aligned_once(place: PlaceOf[Alignment], placement: Placement) -> Iterator[Fault]:
    """Each projection alignment of an alignment has a tilt image of its own."""
    alignment = place.entity
    for one in naming_the_same(alignment.projection_alignments, "tilt_image_id", placement):
        yield Fault(
            "tilt_image_id",
            found=one.tilt_image_id,
            expected="each tilt image once",
            message="another projection alignment of the same alignment has the same tilt image",
            hint=_without_row(place, placement),
            entity=one,
        )


def _without_row(place: Place, placement: Placement) -> str:
    """Which images of the series an alignment has no row for, so that one of them may be meant."""
    others = _unaligned(place, placement)
    hint = "Name another image in one of the two, or take it out."
    return f"{hint} Without a row: {listed(others)}." if others else hint


def _unaligned(place: Place, placement: Placement) -> list[str]:
    """The ids of images of a series that its alignment has no row for."""
    aligned = {image.id for _, image in rows_of(place, placement) if image is not None}
    return [
        image.id
        for series in referred(place, "tilt_series_id", placement)
        for image in included(series.entity)
        if image.id is not None and image.id not in aligned
    ]


@check("alignment-target", Alignment)
def excluded_images_are_not_aligned(place: PlaceOf[Alignment], placement: Placement) -> Iterator[Fault]:
    """An image that an alignment excludes has no projection alignment there."""
    alignment = place.entity
    aligned = {one.tilt_image_id for one in alignment.projection_alignments}
    for one in alignment.exclusions:
        if one.tilt_image_id is not None and one.tilt_image_id in aligned:
            yield Fault(
                "tilt_image_id",
                found=one.tilt_image_id,
                expected="an image without projection alignment",
                message="the alignment leaves this image out, and has a projection alignment for it",
                hint="Take out this entry, or the projection alignment of the image.",
                entity=one,
            )


@check("alignment-target", Alignment, given="exclusions")
def excluded_images_are_all(place: PlaceOf[Alignment], placement: Placement) -> Iterator[Fault]:
    """An alignment that names images it leaves out does so once, and has a row for each of the others."""
    alignment = place.entity
    named = [(one.tilt_image_id, one) for one in alignment.exclusions if one.tilt_image_id is not None]
    for one in again(named):
        yield Fault(
            "tilt_image_id",
            found=one.tilt_image_id,
            expected="each image once",
            message="the alignment leaves this image out already",
            hint="Take this entry out, or name another image.",
            entity=one,
        )
    missing = _unaligned(place, placement) if alignment.projection_alignments else []
    if lost := [name for name in missing if name not in dict(named)]:
        yield Fault(
            "projection_alignments",
            found=listed(lost),
            expected="a projection alignment, or an exclusion, for each image",
            message="the alignment says which images it leaves out, and others have no projection alignment",
            hint="Add the projection alignments of these images, or list them among those left out.",
        )


@check("alignment-target", Alignment, given="projection_alignments")
def most_images_are_aligned(place: PlaceOf[Alignment], placement: Placement) -> Iterator[Fault]:
    """An alignment has rows for half of the images of its series, unless it says which are left out."""
    alignment = place.entity
    count = len(alignment.projection_alignments)
    images = sum(len(included(series.entity)) for series in referred(place, "tilt_series_id", placement))
    if images > 2 * count and not alignment.exclusions:
        yield Fault(
            "projection_alignments",
            found=f"{count} rows",
            expected=f"up to {images}, one for each image",
            message="most images of the series have no projection alignment",
            hint="Add the rows of the other images, if they were aligned.",
            severity=Severity.INFO,
        )


@check("alignment-target", Alignment, shape="alignment-target-image")
def rows_name_their_images(place: PlaceOf[Alignment], placement: Placement) -> Iterator[Fault]:
    """Each projection alignment names a tilt image."""
    alignment = place.entity
    for row in alignment.projection_alignments:
        if row.tilt_image_id is None:
            yield Fault(None, entity=row)


@check("alignment-target", Alignment, shape="alignment-target-series")
def images_are_of_the_series(place: Place, placement: Placement) -> Iterator[Fault]:
    """The image of each projection alignment is one of the series that is aligned."""
    all_series = list(referred(place, "tilt_series_id", placement))
    for row, image in rows_of(place, placement) if all_series else ():
        held = None if image is None else placement.place_of(image).parent
        if held is not None and any(held is not series for series in all_series):
            yield Fault("tilt_image_id", found=row.tilt_image_id, entity=row)


@check("reference-consistent", TiltSeriesMicrographStack, shape="reference-consistent")
def movies_are_of_the_series(
    place: PlaceOf[TiltSeriesMicrographStack], placement: Placement
) -> Iterator[Fault]:
    """The movie of each tilt image is one of the movie series that its tilt series names."""
    series = place.entity
    for held in referred(place, "movie_stack_series_id", placement):
        for image in series.micrographs:
            movies = referred(placement.place_of(image), "movie_stack_id", placement)
            if any(movie.parent is not held for movie in movies):
                yield Fault("movie_stack_id", found=image.movie_stack_id, entity=image)


@check("reference-consistent", TiltSeriesMicrographStack, given="acquisition_session_id")
def movies_are_of_the_session(place: Place, placement: Placement) -> Iterator[Fault]:
    """A tilt series and the movies that it was made from are of one session."""
    field = "acquisition_session_id"
    own = {session.iri for session in referred(place, field, placement)}
    for movies in referred(place, "movie_stack_series_id", placement) if own else ():
        theirs = [*referred(movies, field, placement)]
        if theirs and own.isdisjoint(session.iri for session in theirs):
            yield Fault(
                field,
                found=place.entity.__dict__[field],
                expected="the session of its movies",
                message=f"its movies were recorded in another session, {theirs[0].entity.id}",
                hint="Name the session in which both were recorded.",
                severity=Severity.WARNING,
            )


@check("reference-consistent", TiltSeriesMicrographStack)
def movies_serve_once(place: PlaceOf[TiltSeriesMicrographStack], placement: Placement) -> Iterator[Fault]:
    """Each tilt image of a series has a movie of its own."""
    series = place.entity
    for image in naming_the_same(series.micrographs, "movie_stack_id", placement):
        yield Fault(
            "movie_stack_id",
            found=image.movie_stack_id,
            expected="a movie of its own",
            message="another tilt image of the series names the same movie",
            hint="Name the movie that has the tilt angle of this image, if it is not this one.",
            severity=Severity.WARNING,
            entity=image,
        )


@check("reference-consistent", Tomogram, given="alignment_id")
@check("reference-consistent", Alignment, given="reference_volume_id")
def alignments_are_of_their_series(place: Place, placement: Placement) -> Iterator[Fault]:
    """A tomogram and its alignment, or an alignment and its reference volume, are of one tilt series."""
    field = "alignment_id" if isinstance(place.entity, Tomogram) else "reference_volume_id"
    own = {series.iri for series in referred(place, "tilt_series_id", placement)}
    for other in referred(place, field, placement) if own else ():
        theirs = [*referred(other, "tilt_series_id", placement)]
        if theirs and own.isdisjoint(series.iri for series in theirs):
            yield Fault(
                field,
                found=other.entity.id,
                expected="one of the same tilt series",
                message=f"{other.entity.id} is of the tilt series {theirs[0].entity.id}, unlike this "
                f"{type(place.entity).__name__.lower()}",
                hint="Name the one of the same tilt series, or correct the tilt series of one of the two.",
                severity=Severity.WARNING,
            )


@check("reference-consistent", TiltSeriesMicrographStack, given="micrographs")
def frames_are_of_their_own_movie(place: Place, placement: Placement) -> Iterator[Fault]:
    """The file that an image says it was recorded in is not that of the movie of another image."""
    pairs = movies_of(place, placement)
    files = {name_of(movie.path): movie for _, movie in pairs if movie.path}
    for image, movie in pairs:
        other = files.get(name_of(image.frame_name or ""))
        if other is not None and other is not movie and name_of(movie.path or "") in files:
            yield Fault(
                "frame_name",
                found=image.frame_name,
                expected=f"{name_of(movie.path or '')}, as its movie {movie.id or ''} has".replace("  ", " "),
                message=f"this is the file of another movie, {other.id or 'of the series'}",
                hint="Correct the name of the file, or name the movie that has it.",
                severity=Severity.WARNING,
                entity=image,
            )


@check("reference-consistent", TiltSeriesMicrographStack, given="micrographs")
def images_are_of_one_stack(
    place: PlaceOf[TiltSeriesMicrographStack], placement: Placement
) -> Iterator[Fault]:
    """Where nearly all images of a series are sections of one file, all are."""
    series = place.entity
    files = [(image, image.path.rpartition("@")[2]) for image in series.micrographs if image.path]
    usual, times = Counter(path for _, path in files).most_common(1)[0] if files else ("", 0)
    for image, path in files if times >= _MANY and len(files) - times <= _FEW * len(files) else ():
        if path != usual:
            yield Fault(
                "path",
                found=image.path,
                expected=f"a section of {usual}, as most images are",
                message="this image is in another file than the others of its series",
                hint="Correct the file, or take the image out, if it is of another series.",
                severity=Severity.WARNING,
                entity=image,
            )


_MANY = 10  # images
_FEW = 0.1  # of all images


@check("reference-consistent", Tomogram, given="derived_from")
def tomograms_come_from_others(place: Place, placement: Placement) -> Iterator[Fault]:
    """No tomogram was made from itself, nor from one that was made from it."""
    sources, seen = [*referred(place, "derived_from", placement)], set[Place]()
    while sources:
        source = sources.pop()
        if source is place:
            yield Fault(
                "derived_from",
                found=place.entity.__dict__["derived_from"],
                expected="another tomogram, that was there before",
                message="by this, the tomogram was made from itself",
                hint="Name the tomogram that this one was made from, or take the field out of the first one.",
                severity=Severity.WARNING,
            )
            return
        if source not in seen:
            seen.add(source)
            sources += referred(source, "derived_from", placement)


@check("reference-consistent", MovieStack, given="movie_alignments")
def alignments_are_of_their_movie(place: Place, placement: Placement) -> Iterator[Fault]:
    """An alignment that a movie holds is of that movie."""
    for alignment in place.entity.__dict__["movie_alignments"]:
        named = list(referred(placement.place_of(alignment), "movie_stack_id", placement))
        if any(movie is not place for movie in named):
            yield Fault(
                "movie_stack_id",
                found=alignment.movie_stack_id,
                expected=place.entity.id,
                message="this alignment is held by one movie and names another",
                severity=Severity.WARNING,
                entity=alignment,
            )


@check("alignment-target", MovieAlignment, given="frame_alignments")
def frames_are_aligned_once(place: PlaceOf[MovieAlignment], placement: Placement) -> Iterator[Fault]:
    """An alignment of a movie has a row for each frame that it covers, and only for these, none twice."""
    alignment = place.entity
    rows = [row for row in alignment.frame_alignments if row.frame_id is not None]
    for row in again((row.frame_id, row) for row in rows):
        yield _of_frame(row, "another row has this frame", "each frame once")
    covered = alignment.covered_frame_id or []
    names = [row.frame_id for row in rows]
    for row in rows if covered else ():
        if row.frame_id not in covered:
            yield _of_frame(row, "the alignment does not cover this frame", "one of the frames that it lists")
    if lost := [name for name in covered if name not in names]:
        yield Fault(
            "frame_alignments",
            found=listed(lost),
            expected="a row for each frame that is listed",
            message="the alignment lists frames that it has no row for",
            hint="Add the rows of these frames, or take them out of the list.",
            severity=Severity.WARNING,
        )


def _of_frame(row: FrameAlignment, message: str, expected: str) -> Fault:
    hint = "Name another frame, or take this row out."
    return Fault("frame_id", row.frame_id, expected, message, Severity.WARNING, entity=row, hint=hint)


@check("reference-consistent", AnnotationRelation, given="object_id")
def relations_are_of_two(place: Place, placement: Placement) -> Iterator[Fault]:
    """No annotation is related to itself."""
    relation = place.entity.__dict__
    if relation["subject_id"] == relation["object_id"]:
        yield Fault(
            "object_id",
            found=relation["object_id"],
            expected="another annotation",
            message=f"this annotation is said to be {relation['predicate']} of itself",
            hint="Name the other annotation.",
        )


@check("alignment-target", Alignment, given="non_rigid_alignment")
def deformations_cover_images_once(place: Place, placement: Placement) -> Iterator[Fault]:
    """A deformation lists each image that it covers once."""
    deformation = place.entity.__dict__["non_rigid_alignment"]
    names = deformation.covered_image_id or []
    for index in again((name, index) for index, name in enumerate(names)):
        yield Fault(
            "covered_image_id",
            found=names[index],
            expected="each tilt image once",
            message="the deformation lists this image twice",
            index=index,
            entity=deformation,
        )


@check("alignment-target", NonRigidAlignment, given="sampling")
def deformations_have_their_axes(place: PlaceOf[NonRigidAlignment], placement: Placement) -> Iterator[Fault]:
    """A deformation of a tilt series is sampled along three axes, one of a movie along two."""
    deformation = place.entity
    shape = getattr(deformation.sampling, "grid_shape", None)
    count = 3 if isinstance(place.parent and place.parent.entity, Alignment) else 2
    whole, axes = ("tilt series", "x, y and z") if count == 3 else ("movie", "x and y")
    if shape and deformation.sampling and len(shape) != count:
        yield Fault(
            "grid_shape",
            found=f"{len(shape)} numbers",
            expected=f"{count} numbers",
            message=f"a deformation of a {whole} has samples along {count} axes",
            hint=f"Write the number of samples along {axes}.",
            severity=Severity.WARNING,
            entity=deformation.sampling,
        )


@check("alignment-target", Alignment, given="projection_alignments")
def rows_say_something(place: Place, placement: Placement) -> Iterator[Fault]:
    """No row is without numbers where nearly all others have some."""
    rows = place.entity.__dict__["projection_alignments"]
    empty = [row for row in rows if not any(row.__dict__[field] not in (None, []) for field in _NUMBERS)]
    for row in empty if len(empty) <= _FEW * len(rows) else ():
        yield Fault(
            None,
            expected="the transformation of its image",
            message="this projection alignment has no transformation, unlike nearly all others",
            hint="Write the steps of its transformation, or take it out, if the image was not aligned.",
            severity=Severity.WARNING,
            entity=row,
        )


_NUMBERS = ("sequence", "shift", "x_tilt", "y_tilt", "z_rotation")
