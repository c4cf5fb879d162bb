"""The data set of some tables: its head, and a region for each run."""

from cetsgraph.errors import DocumentError
from cetsgraph.importers.assembly import describe_coordinates
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.portal.annotations import annotate
from cetsgraph.importers.portal.rows import list_of_people, mirrored, term
from cetsgraph.importers.portal.series import (
    collection_metadata,
    microscope,
    movies,
    tilt_images,
    tilt_series,
)
from cetsgraph.importers.portal.tables import Tables, identifier
from cetsgraph.importers.portal.volumes import alignment, tomogram
from cetsgraph.importers.portal_entries import cross_references, data_set_entry, preparation, stated, words
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import (
    CrossReference,
    DataSet,
    Grant,
    Region,
    SamplePreparation,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)

__all__ = ["dataset"]


def dataset(session: ImportSession) -> DataSet:
    """The data set of a claim.

    Raises:
        DocumentError: its files have several data sets, or none.
    """
    tables = Tables(session)
    number, row = _only(session, tables)
    found = DataSet(name=f"CryoET-Data-Portal-{number}") if row is None else _head(row, tables, number)
    session.modified = found.last_modified_date
    found.license = "CC0-1.0"
    if not found.cross_references:
        found.cross_references = [data_set_entry(number)]
    deposition = None if row is None else identifier(row, "deposition_id")
    prepared = None if row is None else preparation(row)
    for run in tables.of("runs", number):
        found.regions.append(_Run(session, tables, run).region(found.cross_references, prepared, deposition))
    return found


def _only(session: ImportSession, tables: Tables) -> tuple[int, Fields | None]:
    """The number of the data set, and its row where there is one."""
    rows = tables.rows("datasets")
    numbers = [identifier(row) for row in rows or tables.rows("runs")]
    if not rows:
        numbers = [identifier(row, "dataset_id") for row in tables.rows("runs")]
    distinct = sorted({number for number in numbers if number is not None})
    if len(distinct) != 1:
        raise DocumentError(
            "the tables are those of several data sets" if distinct else "the tables have no data set",
            path=session.claim.path,
            found=", ".join(map(str, distinct[:5])) or "no row of datasets, no run with a dataset_id",
            expected="the tables of one data set in a folder",
        )
    return distinct[0], rows[0] if rows else None


def _head(row: Fields, tables: Tables, number: int) -> DataSet:
    row.take("id")
    return DataSet(
        name=f"CryoET-Data-Portal-{number}",
        title=row.text("title"),
        description=row.text("description"),
        organism=stated(row.text("organism_name")),
        organism_taxid=row.integer("organism_taxid"),
        sample_type=words(row.text("sample_type")),
        tissue=term(row, "tissue_name", "tissue_id"),
        cell_type=term(row, "cell_name", "cell_type_id"),
        cell_strain=term(row, "cell_strain_name", "cell_strain_id"),
        cell_component=term(row, "cell_component_name", "cell_component_id"),
        disease=term(row, "disease_name", "disease_ontology_id"),
        development_stage=term(row, "development_stage_name", "development_stage_ontology_id"),
        assay=term(row, "assay_label", "assay_ontology_id"),
        grid_preparation=row.text("grid_preparation"),
        deposition_date=row.date("deposition_date"),
        release_date=row.date("release_date"),
        last_modified_date=row.date("last_modified_date"),
        base_address=mirrored(row, "https_prefix", "s3_prefix"),
        thumbnail=row.text("key_photo_thumbnail_url"),
        authors=list_of_people(tables.of("datasetAuthors", number)),
        funding=[
            Grant(agency=one.text("funding_agency_name"), grant=one.text("grant_id"))
            for one in tables.of("datasetFunding", number)
        ],
        cross_references=_entries(row, number),
    )


def _entries(row: Fields, number: int) -> list[CrossReference]:
    own = data_set_entry(number)
    found = [own, *cross_references(row, "dataset_publications", without=[own])]
    return [*found, *cross_references(row, "related_database_entries", without=found)]


class _Run:
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
        for row in self._tables.of("tiltseries", self._number):
            known += cross_references(row, "related_empiar_entry", without=known)
            self._add_series(row)
        if not self._sets:
            self._sets[None] = TomoImageSet()
        first = next(iter(self._sets.values()))
        first.sample_preparation = prepared
        first.movie_stack_collections = movies(self._tables, self._number)
        self._add_alignments(first)
        volumes = [
            (row, tomogram(self._tables, row, known, deposition))
            for row in self._tables.of("tomograms", self._number)
        ]
        self._place_tomograms([one for _, one in volumes], first)
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

    def _place_tomograms(self, tomograms: list[Tomogram], first: TomoImageSet) -> None:
        """Put each tomogram beside its tilt series, and name the coordinates that alignments are in."""
        for one in tomograms:
            made_of = int(one.tilt_series_id[0]) if one.tilt_series_id else None
            images = self._sets.get(made_of, first)
            images.tomogram_sets = images.tomogram_sets or [TomogramSet()]
            images.tomogram_sets[0].tomograms.append(one)
        for number, images in self._sets.items():
            if any(one.projection_alignments for one in images.alignments):
                below = [one for group in images.tomogram_sets for one in group.tomograms]
                series = self._series.get(number)
                describe_coordinates(below, [] if series is None else series.micrographs)
