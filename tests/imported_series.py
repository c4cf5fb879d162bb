"""What is in documents that were imported."""

from pathlib import Path
from typing import Any

from cetsgraph.documents import Document
from cetsgraph.importers import Options, claims, read
from cetsgraph.model import (
    Alignment,
    MovieStack,
    PointSet,
    Region,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
)


def imported(*paths: Path, importer: str | None = None, **options: Any) -> Document:
    (claim,) = claims(paths, importer=importer).claims
    return read(claim, Options(**options))


def series(region: Region) -> TiltSeriesMicrographStack:
    return region.tomo_image_sets[0].tilt_series_sets[0].tilt_series[0]


def images(document: Document) -> list[TiltSeriesMicrograph]:
    return series(document.dataset.regions[0]).micrographs


def movies(document: Document) -> list[MovieStack]:
    collections = document.dataset.regions[0].tomo_image_sets[0].movie_stack_collections
    return [movie for one in collections for some in one.movie_stack_series for movie in some.movie_stacks]


def alignments(document: Document) -> list[Alignment]:
    return [one for region in document.dataset.regions for one in region.tomo_image_sets[0].alignments]


def said(document: Document, rule: str) -> list[str]:
    return [one.message for one in document.findings if one.rule == rule]


def points(document: Document) -> list[PointSet]:
    return [one for one in document.dataset.walk() if isinstance(one, PointSet)]
