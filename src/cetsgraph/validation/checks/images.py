"""Checks on the files that a document names, and on the size of pixels."""

import re
from collections.abc import Iterable, Iterator

from cetsgraph.findings import Severity
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    Alignment,
    CrossReference,
    DataFile,
    DataSet,
    DefectFile,
    Entity,
    FitMap,
    GainFile,
    ImageCollection,
    Map,
    MovieFrame,
    MovieStack,
    NonRigidAlignment,
    NonTomoImageSet,
    ProbabilityMap,
    Raster2D,
    SegmentationMask,
    Software,
    Surface,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    Tomogram,
    TomogramSet,
)
from cetsgraph.texts import nearest
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import exposed
from cetsgraph.validation.checks.surroundings import referred

__all__ = [
    "addresses_are_whole",
    "checksum_has_its_digits",
    "collected_pixels_have_a_possible_size",
    "digest_has_its_digits",
    "files_are_named_once",
    "files_hold_one_kind",
    "halves_are_named_as_they_are",
    "halves_are_named_once",
    "halves_differ",
    "other_pixels_have_a_possible_size",
    "path_is_no_placeholder",
    "path_is_of_a_volume",
    "paths_are_whole",
    "pixels_have_a_likely_size",
    "stack_or_images_name_a_file",
]

# Several references to one gain file, or placements of one map, are meant.
_OF_THEIR_OWN = (
    MovieStack,
    MovieFrame,
    TiltSeriesMicrographStack,
    TiltSeriesMicrograph,
    Tomogram,
    Map,
    SegmentationMask,
    ProbabilityMap,
    Surface,
)


_WITH_PIXELS = (MovieStack, MovieFrame, TiltSeriesMicrographStack, TiltSeriesMicrograph)
_WITH_HALVES = (Tomogram, Map, TiltSeriesMicrographStack, TiltSeriesMicrograph)
_LEAST, _MOST = 0.3, 60.0  # Å


@check("path-unique", DataSet)
def files_are_named_once(place: Place, placement: Placement) -> Iterator[Fault]:
    """No two objects of a kind name the same section of a file; SHACL would compare all with all."""
    first: dict[tuple[type[Entity], str, int | None], Place] = {}
    for there in placement.of(*_OF_THEIR_OWN):
        entity = there.entity
        path = entity.__dict__["path"]
        if path is None:
            continue
        known = first.setdefault((type(entity), path, entity.__dict__.get("section")), there)
        if known is not there:
            named = known.entity.id or known.entity.name or known.entity.pointer or known.pointer
            yield Fault(
                "path",
                found=path,
                expected=f"not the file of {named}",
                severity=Severity.WARNING if _is_listed_twice(known, there) else Severity.INFO,
                entity=entity,
            )


def _is_listed_twice(one: Place, other: Place) -> bool:
    """Whether two images of one series have the same tilt and dose, too: they are one image."""
    if one.parent is not other.parent or not isinstance(one.entity, TiltSeriesMicrograph):
        return False
    fields = ("nominal_tilt_angle", "accumulated_dose", "total_accumulated_dose")
    said = [[place.entity.__dict__[field] for field in fields] for place in (one, other)]
    return said[0] == said[1] and any(value is not None for value in said[0])


@check("path-unique", DataSet)
def halves_are_named_once(place: Place, placement: Placement) -> Iterator[Fault]:
    """No two series, tomograms or maps have one file of a half."""
    first: dict[tuple[type[Entity], str], Place] = {}
    for there, field, path in _paths(placement.of(TiltSeriesMicrographStack, Tomogram, Map)):
        known = first.setdefault((type(there.entity), path), there)
        if known is not there and field != "path":
            yield Fault(field, found=path, expected=f"not the file of {_called(known)}", entity=there.entity)


@check("path-unique", DataSet)
def files_hold_one_kind(place: Place, placement: Placement) -> Iterator[Fault]:
    """No file is named as that of things of different kinds, but for containers."""
    first: dict[str, tuple[str, Place]] = {}
    for kind, classes in _KINDS_OF_FILES.items():
        for there, field, path in _paths(placement.of(*classes)):
            known, other = first.setdefault(path, (kind, there))
            if known != kind and not _CONTAINER.search(path):
                yield Fault(
                    field,
                    found=path,
                    expected=f"a file of its own, not that of {_called(other)}",
                    message=f"{known} and {kind} name the same file",
                    severity=Severity.WARNING,
                    entity=there.entity,
                )


def _called(place: Place) -> str:
    return place.entity.id or place.entity.name or place.pointer


def _paths(places: Iterable[Place]) -> Iterator[tuple[Place, str, str]]:
    """The files of objects, and those of their halves: place, field, path."""
    for there in places:
        values = there.entity.__dict__
        for field in _PATHS if "even_path" in values else _PATHS[:1]:
            if path := values[field]:
                yield there, field, path


_KINDS_OF_FILES: dict[str, tuple[type[Entity], ...]] = {
    "images": (MovieStack, MovieFrame, TiltSeriesMicrographStack, TiltSeriesMicrograph),
    "gain files": (GainFile,),
    "defect files": (DefectFile,),
    "tomograms": (Tomogram,),
    "masks": (SegmentationMask,),
    "probability maps": (ProbabilityMap,),
    "maps": (Map, FitMap),
}
_PATHS = ("path", "even_path", "odd_path")
_CONTAINER = re.compile(r"\.(?:zarr|n5|h5|hdf5?|zip|tar|tgz)\b|/$", re.IGNORECASE)
"""Files and folders that may hold many things."""


@check("path-present", *_OF_THEIR_OWN, GainFile, DefectFile, FitMap, given="path")
def path_is_no_placeholder(place: Place, placement: Placement) -> Iterator[Fault]:
    """A path names a file: it is not empty, and no word that stands for one."""
    path = place.entity.__dict__["path"]
    if _PLACEHOLDER.fullmatch(path):
        yield Fault("path", found=path, message="this path names no file")
    elif _NO_NAME.search(path):
        message = "this path has a space at an end, a line break, or one of < > *, and names no single file"
        hint = "Write the name of the file as it is, without spaces or line breaks at its ends."
        yield Fault("path", found=repr(path), message=message, hint=hint)


_NO_NAME = re.compile(r"^\s|\s$|[<>*\x00-\x1f]")


_PLACEHOLDER = re.compile(
    r"\s*|(?:/?path/to/.*)|(?:none|null|nan|n/?a|todo|tbd|unknown|x+|\?+|-+)", re.IGNORECASE
)


@check("path-present", MovieStack, MovieFrame, TiltSeriesMicrograph, GainFile, given="path")
@check("path-present", Tomogram, Map, FitMap, SegmentationMask, ProbabilityMap, given="path")
def path_is_of_a_volume(place: Place, placement: Placement) -> Iterator[Fault]:
    """The file of an image or volume is no text, table, film or program, by the end of its name."""
    path = place.entity.__dict__["path"]
    if path.rpartition(".")[2].lower() in _NO_VOLUME:
        kind = "image" if isinstance(place.entity, Raster2D) else "volume"
        yield Fault(
            "path",
            found=path,
            expected=f"the file of {'an image' if kind == 'image' else 'a volume'}, such as MRC",
            message=f"by its name, this file holds no {kind}",
        )


_TEXTS = ("pdf", "doc", "docx", "txt", "log", "md", "htm", "html", "ppt", "pptx")
_TABLES = ("csv", "tsv", "xls", "xlsx", "star", "mdoc")
_OTHERS = ("com", "py", "sh", "gif", "mp4", "mov")
_NO_VOLUME = frozenset((*_TEXTS, *_TABLES, *_OTHERS))
"""Ends of the names of other files."""


@check("address-form", *_OF_THEIR_OWN, GainFile, DefectFile, FitMap, DataFile, given="path")
def paths_are_whole(place: Place, placement: Placement) -> Iterator[Fault]:
    """A path that is an address of the web is a whole one."""
    return _broken_addresses(place, "path")


@check("address-form", CrossReference, Software, given="url")
@check("address-form", DataSet)
def addresses_are_whole(place: Place, placement: Placement) -> Iterator[Fault]:
    """An address of the web has two slashes and a host, and no spaces; a path may have them."""
    return _broken_addresses(place, "url", "thumbnail", "base_address")


def _broken_addresses(place: Place, *fields: str) -> Iterator[Fault]:
    for field in fields:
        address = place.entity.__dict__.get(field)
        if not address:
            continue
        scheme, slashes, _ = address.partition("://")
        mistyped = bool(slashes) and _is_mistyped(scheme.strip().lower())
        if _WHOLE.fullmatch(address.strip()) and not mistyped:
            continue
        bare = isinstance(place.entity, CrossReference) and not _SCHEME.match(address)
        if bare or mistyped or _WEB.match(address) or (field != "path" and _HOST.match(address)):
            yield Fault(field, found=address)


def _is_mistyped(scheme: str) -> bool:
    """Whether a scheme is nearly that of the web.

    >>> _is_mistyped("htps"), _is_mistyped("https"), _is_mistyped("sftp")
    (True, False, False)
    """
    return scheme not in _OF_THE_WEB and bool(nearest(scheme, _OF_THE_WEB, count=1, cutoff=0.75))


_OF_THE_WEB = ("http", "https")
_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_WEB = re.compile(r"\s*(?:https?|ftp)\s*(?::|//)|\s*www\.", re.IGNORECASE)
_HOST = re.compile(r"\s*[a-z0-9-]+(?:\.[a-z0-9-]+)+\.[a-z]{2,}/", re.IGNORECASE)
_WHOLE = re.compile(r"[a-z][a-z0-9]+://[^\s/:]+(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)


@check("checksum-form", DataFile, given="checksum")
def checksum_has_its_digits(place: Place, placement: Placement) -> Iterator[Fault]:
    """A checksum has as many hexadecimal digits as its algorithm gives."""
    checksum: str = place.entity.__dict__["checksum"]
    name, _, digits = checksum.rpartition(":")
    count = _DIGITS.get(name.lower().replace("-", ""))
    if count is not None and not re.fullmatch(f"[0-9a-fA-F]{{{count}}}|0", digits.strip()):
        yield Fault("checksum", found=checksum, expected=f"{count} hexadecimal digits behind {name}:")


@check("checksum-form", NonRigidAlignment, given="context_digest")
def digest_has_its_digits(place: Place, placement: Placement) -> Iterator[Fault]:
    """The digest of a deformation is one of SHA-256."""
    digest: str = place.entity.__dict__["context_digest"]
    if not _SHA256.fullmatch(digest):
        yield Fault("context_digest", found=digest, expected="64 hexadecimal digits")


_SHA256 = re.compile(r"(?:sha-?256:)?[0-9a-f]{64}", re.IGNORECASE)
_DIGITS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128, "crc32": 8}


@check("path-present", MovieStack, shape="path-present-movie")
@check("path-present", TiltSeriesMicrographStack, shape="path-present-series")
def stack_or_images_name_a_file(place: Place, placement: Placement) -> Iterator[Fault]:
    """A stack names its file, or each of its images does, or the movie that it was made from."""
    stack = place.entity
    assert isinstance(stack, MovieStack | TiltSeriesMicrographStack)
    images = exposed(stack)
    named = stack.path is not None or any(file.path is not None for file in stack.files)
    if not named and not (images and all(map(_is_found, images))) and not _is_virtual(place, placement):
        yield Fault(None)


def _is_virtual(place: Place, placement: Placement) -> bool:
    """Whether a tilt series is aligned, and neither its images nor its tomograms name files."""
    if isinstance(place.entity, MovieStack) or any(map(_is_found, exposed(place.entity))):
        return False
    of_it = placement.once(_made_of_series, lambda: _made_of_series(placement)).get(place, ())
    aligned = any(isinstance(one, Alignment) for one in of_it)
    return aligned and all(one.__dict__.get("path") is None for one in of_it)


def _made_of_series(placement: Placement) -> dict[Place, list[Entity]]:
    """For each tilt series: its alignments, tomograms and sets of these."""
    found: dict[Place, list[Entity]] = {}
    for there in placement.of(Alignment, Tomogram, TomogramSet):
        for series in referred(there, "tilt_series_id", placement):
            found.setdefault(series, []).append(there.entity)
    return found


def _is_found(image: Entity) -> bool:
    return any(image.__dict__.get(field) is not None for field in _FILES_OF_IMAGES)


_FILES_OF_IMAGES = ("path", "movie_stack_id", "frame_name")


@check("pixel-size-range", *_WITH_PIXELS, given="pixel_size", shape="pixel-size-range-pixelSize")
@check("pixel-size-range", *_WITH_PIXELS, given="pixel_size_x", shape="pixel-size-range-pixelSizeX")
@check("pixel-size-range", *_WITH_PIXELS, given="pixel_size_y", shape="pixel-size-range-pixelSizeY")
def pixels_have_a_likely_size(place: Place, placement: Placement) -> Iterator[Fault]:
    """Pixels of electron micrographs have 0.3 to 60 Å."""
    values = place.entity.__dict__
    for field in ("pixel_size", "pixel_size_x", "pixel_size_y"):
        if (size := values[field]) is not None and not _LEAST <= size <= _MOST:
            yield Fault(field, found=size, severity=Severity.WARNING)


@check("pixel-size-range", NonTomoImageSet)
def other_pixels_have_a_possible_size(place: Place, placement: Placement) -> Iterator[Fault]:
    """Pixels of other images, which may be of light, have at least 0.3 Å."""
    for image in place.entity.__dict__["images"]:
        yield from _too_small(image)


def _too_small(image: Entity) -> Iterator[Fault]:
    size = image.__dict__.get("pixel_size")
    if size is not None and 0 < size < _LEAST:
        expected = f"at least {_LEAST:g} Å"
        message = f"a pixel of {size:.10g} Å is unlikely"
        yield Fault("pixel_size", size, expected, message, Severity.WARNING, entity=image)


@check("pixel-size-range", ImageCollection, GainFile, DefectFile, given="pixel_size")
def collected_pixels_have_a_possible_size(place: Place, placement: Placement) -> Iterator[Fault]:
    """Pixels of images that are described as a whole, which may be of light, and of gains have at least
    0.3 Å."""
    yield from _too_small(place.entity)


@check("halves-differ", *_WITH_HALVES, given="even_path", shape="halves-differ-even")
@check("halves-differ", *_WITH_HALVES, given="odd_path", shape="halves-differ-odd")
def halves_differ(place: Place, placement: Placement) -> Iterator[Fault]:
    """The halves made from even and odd images are different files, and neither is that of the whole."""
    values = place.entity.__dict__
    for field, others in (("even_path", ("path",)), ("odd_path", ("path", "even_path"))):
        path = values[field]
        if path is not None and any(path == values[other] for other in others):
            yield Fault(field, found=path)


@check("halves-differ", *_WITH_HALVES, given="even_path")
def halves_are_named_as_they_are(place: Place, placement: Placement) -> Iterator[Fault]:
    """By its name, the file of the even images is not that of the odd ones, nor the other way round."""
    for field, other in (("even", "odd"), ("odd", "even")):
        path = place.entity.__dict__[f"{field}_path"]
        words = set(_WORD.findall((path or "").rpartition("/")[2].lower()))
        if other in words and field not in words:
            yield Fault(
                f"{field}_path",
                found=path,
                expected=f"the file of the {field} images",
                message=f"by its name, this is the file of the {other} images",
                hint="Swap the two paths, if both are so.",
            )


_WORD = re.compile(r"[a-z]+")
