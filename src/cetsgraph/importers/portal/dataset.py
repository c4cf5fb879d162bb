"""The data set of some tables: its head, and a region for each run."""

from collections.abc import Iterator

from cetsgraph.errors import DocumentError
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.portal.rows import list_of_people, mirrored, term
from cetsgraph.importers.portal.runs import Run
from cetsgraph.importers.portal.tables import Tables, identifier
from cetsgraph.importers.portal_entries import cross_references, data_set_entry, preparation, stated, words
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import CrossReference, DataSet, Grant, Region

__all__ = ["dataset", "regions"]


def dataset(session: ImportSession) -> DataSet:
    """The head of the data set of a claim.

    Raises:
        DocumentError: its files have several data sets, or none.
    """
    return session.once(_Entry).dataset


def regions(session: ImportSession) -> Iterator[Region]:
    """A region for each run, by their numbers."""
    return session.once(_Entry).regions()


class _Entry:
    """A data set with its tables."""

    def __init__(self, session: ImportSession) -> None:
        self._session = session
        self._tables = tables = Tables(session)
        self._number = _only(session, tables)
        row = tables.open("datasets", self._number) if tables.numbers("datasets") else None
        self._deposition = None if row is None else identifier(row, "deposition_id")
        self._prepared = None if row is None else preparation(row)
        name = f"CryoET-Data-Portal-{self._number}"
        self.dataset = DataSet(name=name) if row is None else _head(row, tables, self._number)
        self.dataset.license = "CC0-1.0"
        if row is None:
            self.dataset.cross_references = [data_set_entry(self._number)]
        session.modified = self.dataset.last_modified_date

    def regions(self) -> Iterator[Region]:
        """A region for each run."""
        known = self.dataset.cross_references
        for row in self._tables.of("runs", self._number):
            with self._tables.part():
                run = Run(self._session, self._tables, row)
                found = run.region(known, self._prepared, self._deposition)
            yield found
        self._tables.report_others()


def _only(session: ImportSession, tables: Tables) -> int:
    """The number of the data set."""
    numbers = tables.numbers("datasets") or tables.owners("runs")
    if len(numbers) != 1:
        raise DocumentError(
            "the tables are those of several data sets" if numbers else "the tables have no data set",
            path=session.claim.path,
            found=", ".join(map(str, numbers[:5])) or "no row of datasets, no run with a dataset_id",
            expected="the tables of one data set in a folder",
            hint="`cetsgraph import portal all --from FOLDER` takes them apart." if numbers else None,
        )
    return numbers[0]


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
