"""A run of the portal as a region: its tilt series, each with alignments and tomograms."""

from cetsgraph.importers.assembly import place_tomograms
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.portal.annotations import annotate
from cetsgraph.importers.portal.series import (
    collection_metadata,
    microscope,
    movies,
    tilt_images,
    tilt_series,
)
from cetsgraph.importers.portal.tables import Tables, identifier
from cetsgraph.importers.portal.volumes import alignment, tomogram
from cetsgraph.importers.portal_entries import cross_references
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import (
    CrossReference,
    Region,
    SamplePreparation,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    TomoImageSet,
)

__all__ = ["Run"]


class Run:
    """One run: its tilt series, each with alignments and tomograms, as a region."""

    def __init__(self, session: ImportSession, tables: Tables, row: Fields) -> None:
        self._tally = session.tally
        self._tables = tables
        self._number = row.integer("id")
        self._name = row.text("name")
        self._series: dict[int | None, TiltSeriesMicrographStack] = {}
        self._sets: dict[int | None, TomoImageSet] = {}

    def region(
        self, known: list[CrossReference], prepared: SamplePreparation | None, deposition: int | None
    ) -> Region:
        """The region of the run.

        Args:
            known: entries of the data set; those that its tilt series add come to these.
            prepared: how the sample was prepared.
            deposition: that of the data set.
        """
        collections = movies(self._tables, self._number)
        for row in self._tables.of("tiltseries", self._number):
            known += cross_references(row, "related_empiar_entry", without=known)
            self._add_series(row)
        if not self._sets:
            self._sets[None] = TomoImageSet()
        first = next(iter(self._sets.values()))
        first.sample_preparation = prepared
        first.movie_stack_collections = collections
        self._add_alignments(first)
        volumes = [
            (row, tomogram(self._tables, row, known, deposition))
            for row in self._tables.of("tomograms", self._number)
        ]
        place_tomograms([one for _, one in volumes], [*self._sets.values()])
        region = Region(id=str(self._number), name=self._name, tomo_image_sets=list(self._sets.values()))
        annotate(self._tables, self._number, volumes, region, known, deposition)
        return region

    def _add_series(self, row: Fields) -> None:
        number = identifier(row)
        series = tilt_series(row, self._name)
        series.micrographs = tilt_images(self._tables, series, number, self._tally)
        series.collection_metadata_path = collection_metadata(self._tables, self._number)
        if self._tables.of("frames", self._number):
            series.movie_stack_series_id = f"frames-{self._number}"
        self._series[number] = series
        self._sets[number] = TomoImageSet(
            imaging=microscope(row), tilt_series_sets=[TiltSeriesSet(tilt_series=[series])]
        )

    def _add_alignments(self, first: TomoImageSet) -> None:
        for row in self._tables.of("alignments", self._number):
            number = identifier(row, "tiltseries_id")
            found = alignment(self._tables, row, self._series.get(number), self._tally)
            self._sets.get(number, first).alignments.append(found)
