"""Ingestion configurations of the CryoET Data Portal: what is known of a whole data set before its runs.

A configuration describes kinds of tilt series, tomograms and annotations; which files these are is found out
by patterns over a private bucket. So one region stands for all runs, and no path is taken.
https://github.com/chanzuckerberg/cryoet-data-portal-backend, ingestion_tools/dataset_configs
"""

import re
from collections.abc import Sequence

from cetsgraph.errors import DocumentError
from cetsgraph.importers.claim import HEAD, Recognised, Sample, each_file
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.importer import Importer
from cetsgraph.importers.json_kinds import recognised_json
from cetsgraph.importers.portal_annotations import annotations
from cetsgraph.importers.portal_entries import data_set_entry, preparation, words
from cetsgraph.importers.portal_metadata import (
    data_set,
    deposition,
    microscope,
    take_identity,
    tilt_series,
    tomogram,
)
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import (
    Alignment,
    CrossReference,
    DataSet,
    MovieStackCollection,
    Region,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)

__all__ = ["IMPORTER"]

_BLOCKS = frozenset(
    (
        *("alignments", "annotations", "collection_metadata", "ctfs", "dataset_keyphotos", "datasets"),
        *("deposition_keyphotos", "depositions", "frames", "gains", "identified_objects", "rawtilts"),
        *("rotated_tilts", "runs", "standardization_config", "tiltseries", "tomograms", "version"),
        "voxel_spacings",
    )
)
_KEY = re.compile(r"^([A-Za-z_]\w*):", re.MULTILINE)
_ITEM = re.compile(r"^ *(?:- )?(?:metadata|sources):", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{[\w-]+\}|^(?:REQUIRED|OPTIONAL)\b|^\w+://OPTIONAL$|^\d{4}-XX-XX$")


def _recognise(sample: Sample) -> Recognised | None:
    if sample.is_json:
        return recognised_json("portal-config", sample)
    keys = set(_KEY.findall(sample.text))
    blocks = len(keys & _BLOCKS)
    # In a file of many annotations the other blocks come after the first 64 kB.
    known = 2 * blocks > len(keys) and (blocks > 2 or len(sample.head) == HEAD)
    return Recognised("configuration") if known and _ITEM.search(sample.text) else None


def _dataset(session: ImportSession) -> DataSet:
    (path,) = session.claim.files
    root = session.json(path, placeholder=_PLACEHOLDER)
    heads = [block.part("metadata") for block in root.parts("datasets") if "metadata" in block]
    head = heads[0] if heads else None
    dataset = _of_deposition(root, str(path)) if head is None else _of_data_set(head, str(path))
    dataset.thumbnail = _thumbnail(root)
    dataset.regions = [_all_runs(root, head, dataset.cross_references)]
    return dataset


def _of_data_set(head: Fields, path: str) -> DataSet:
    number = head.integer("dataset_identifier")
    title = head.text("dataset_title")
    if number is None or title is None:
        raise _draft(path, "dataset_identifier" if number is None else "dataset_title")
    return data_set(head, number)


def _of_deposition(root: Fields, path: str) -> DataSet:
    """A configuration that adds annotations to data sets of others: known by its deposition."""
    head = next(iter(root.parts("depositions")), root).part("metadata")
    number = head.integer("deposition_identifier")
    if number is None:
        number = root.part("standardization_config").integer("deposition_id")
    if number is None:
        raise _draft(path, "deposition_identifier")
    return deposition(head, number, _annotated_data_sets(root))


def _annotated_data_sets(root: Fields) -> list[CrossReference]:
    numbers = [
        word
        for block in root.parts("datasets")
        for source in block.parts("sources")
        for word in source.part("literal").words("value")
    ]
    return [data_set_entry(int(word)) for word in numbers if word.isdecimal()]


def _draft(path: str, key: str) -> DocumentError:
    return DocumentError(
        "this configuration is a draft",
        path=path,
        found=f"no {key}, or a placeholder",
        hint="Import it once its values are there.",
    )


def _thumbnail(root: Fields) -> str | None:
    """The address of the first picture; keys of a private bucket are none."""
    for block in root.parts("dataset_keyphotos"):
        for source in block.parts("sources"):
            literal = source.part("literal")
            picture = literal.part("value") if isinstance(literal.peek("value"), dict) else literal
            if str(picture.peek("thumbnail")).startswith("https://"):
                return picture.text("thumbnail")
    return None


def _all_runs(root: Fields, head: Fields | None, known: Sequence[CrossReference]) -> Region:
    """The region that stands for all runs."""
    series = root.parts("tiltseries")
    sets = [_images(block.part("metadata"), number, known) for number, block in enumerate(series)] or [
        TomoImageSet()
    ]
    first = sets[0]
    first.sample_preparation = None if head is None else preparation(head)
    first.movie_stack_collections = _movies(root)
    only = "tiltseries-0" if len(series) == 1 else None
    first.alignments = _alignments(root, only)
    tomograms = _tomograms(root, only)
    if tomograms:
        first.tomogram_sets = [TomogramSet(tomograms=[one for one, _ in tomograms])]
    region = Region(id="all-runs", name="all runs", tomo_image_sets=sets if series or head else [])
    for source, annotation in annotations(root.parts("annotations"), known):
        (_place(source, tomograms) or region).annotations.append(annotation)
    return region


def _images(block: Fields, number: int, known: Sequence[CrossReference]) -> TomoImageSet:
    """The tilt series of a block, with the microscope that they were taken on."""
    series = tilt_series(block, f"tiltseries-{number}", known)
    return TomoImageSet(imaging=microscope(block), tilt_series_sets=[TiltSeriesSet(tilt_series=[series])])


def _movies(root: Fields) -> list[MovieStackCollection]:
    corrected = [block.part("metadata").truth("is_gain_corrected") for block in root.parts("frames")]
    return [MovieStackCollection(gain_corrected=one) for one in corrected if one is not None]


def _alignments(root: Fields, series: str | None) -> list[Alignment]:
    """Alignments of which more is said than where their files are."""
    found = []
    for number, block in enumerate(root.parts("alignments")):
        if "metadata" not in block:
            continue
        said = block.part("metadata")
        kind = said.text("alignment_type")
        take_identity(said)
        found.append(
            Alignment(
                id=f"alignment-{number}",
                tilt_series_id=series,
                alignment_type=None if kind is None else kind.lower(),
                alignment_method=words(said.text("method_type")),
                file_format=said.text("format"),
                tilt_offset=said.number("tilt_offset"),
                x_rotation_offset=said.number("x_rotation_offset"),
            )
        )
    return found


def _tomograms(root: Fields, series: str | None) -> list[tuple[Tomogram, bool]]:
    """The tomograms of each block, and whether annotations are shown on them."""
    found = []
    for number, block in enumerate(root.parts("tomograms")):
        said = block.part("metadata")
        one = tomogram(said, f"tomogram-{number}")
        one.tilt_series_id = None if series is None else [series]
        found.append((one, said.peek("is_visualization_default") is True))
    return found


def _place(source: Fields, tomograms: Sequence[tuple[Tomogram, bool]]) -> Tomogram | None:
    """The tomogram that an annotation is on: of the voxel size that its source asks for, else the one that is
    shown, else the first."""
    wanted = source.part("parent_filters").part("include").words("voxel_spacing")
    sizes = {float(word) for word in wanted if re.fullmatch(r"\d+(\.\d+)?", word)}
    of_size = [pair for pair in tomograms if pair[0].voxel_size in sizes] or tomograms
    shown = [one for one, is_shown in of_size if is_shown] or [one for one, _ in of_size]
    return shown[0] if shown else None


IMPORTER = Importer(
    name="portal-config",
    mapping=1,
    evidence="YAML or JSON with the blocks datasets, runs, tiltseries … of an ingestion configuration",
    recognise=_recognise,
    gather=each_file,
    dataset=_dataset,
    mapped={
        "datasets/*/metadata/dataset_title": "DataSet.title",
        "datasets/*/metadata/dataset_description": "DataSet.description",
        "datasets/*/metadata/authors": "DataSet.authors",
        "datasets/*/metadata/organism": "DataSet.organism",
        "datasets/*/metadata/sample_type": "DataSet.sample_type",
        "tiltseries/*/metadata/acceleration_voltage": "TiltSeriesMicrographStack.accelerating_voltage",
        "tiltseries/*/metadata/tilt_axis": "TiltSeriesMicrographStack.tilt_axis_angle",
        "tiltseries/*/metadata/tilt_range": "TiltSeriesMicrographStack.tilt_range_min",
        "tomograms/*/metadata/voxel_spacing": "Tomogram.voxel_size",
        "tomograms/*/metadata/reconstruction_software": "Tomogram.software",
        "annotations/*/metadata/annotation_object": "Annotation.annotated_object",
        "annotations/*/metadata/annotation_method": "Annotation.method_description",
    },
)
