"""The tools: their arguments as models, and what each gives of a store.

The docstrings and the descriptions of fields are what a client is shown.
"""

from abc import abstractmethod
from dataclasses import asdict
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from cetsgraph import ontologies, queries
from cetsgraph.mcp.answers import JSON, table
from cetsgraph.queries.describe import describe
from cetsgraph.queries.rows import run_sparql
from cetsgraph.queries.scope import object_iri
from cetsgraph.store import Store, open_store
from cetsgraph.validation import PROFILES, Validator
from cetsgraph.validation.render.json import as_object

__all__ = ["TOOLS", "Tool", "answer"]

_MOST = 1000  # rows of an answer
_FINDINGS = 10  # of each rule

_LIMIT = Field(100, ge=1, le=_MOST, description="Rows to give at most.")
_DATASET = Field(None, description="Name or IRI of the only data set to ask; all if not given.")


class Tool(BaseModel):
    """A call of a tool."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"additionalProperties": False})
    name_of_tool: ClassVar[str]

    @abstractmethod
    def of(self, store: Store) -> JSON:
        """What the tool gives of a store."""


class ListQuestions(Tool):
    """List the questions that this cryo-ET archive can be asked, with their parameters."""

    name_of_tool = "list_questions"

    def of(self, store: Store) -> JSON:
        return {"questions": [_outline(queries.load(name)) for name in queries.names()]}


class AskQuestion(Tool):
    """Ask one of the questions by its name. Prefer this to SPARQL where a question fits."""

    name_of_tool = "ask_question"
    name: str = Field(description="Name of the question, as list_questions gives it.")
    parameters: dict[str, Any] = Field({}, description="Values of its parameters by their names.")
    dataset: str | None = _DATASET
    limit: int = _LIMIT
    offset: int = Field(0, ge=0, description="Rows to leave out at the beginning.")
    kinds_of: bool = Field(False, description="All kinds and parts of the object count, by ontologies.")

    def of(self, store: Store) -> JSON:
        page: queries.ScopedPage = {"limit": self.limit + 1, "offset": self.offset, "dataset": self.dataset}
        page["kinds_of"] = self.kinds_of
        rows = queries.run(store, queries.load(self.name), self.parameters, **page)
        units = {column.name: column.unit for column in rows.columns if column.unit}
        return {**table([column.name for column in rows.columns], rows, self.limit), "units": units}


class RunSparql(Tool):
    """Run a SPARQL 1.1 query that reads. `cets:` and other usual prefixes need no declaration.

    Classes and properties are found by find_term. All data sets are in the default graph.
    """

    name_of_tool = "run_sparql"
    query: str = Field(description="A SELECT, ASK, CONSTRUCT or DESCRIBE.")
    dataset: str | None = _DATASET
    limit: int = _LIMIT

    def of(self, store: Store) -> JSON:
        return table(*run_sparql(store, self.query, dataset=self.dataset), self.limit)


class DescribeObject(Tool):
    """Give all that is said about one object: a data set, tomogram, tilt series, annotation …"""

    name_of_tool = "describe_object"
    object: str = Field(description="Its IRI; of a data set the name will do.")
    limit: int = _LIMIT

    def of(self, store: Store) -> JSON:
        iri = object_iri(store, self.object)
        return {"iri": iri, **table(("property", "value"), map(asdict, describe(store, iri)), self.limit)}


class FindTerm(Tool):
    """Find terms: of the archive's ontologies by id, label or synonym, of the CETS ontology by words."""

    name_of_tool = "find_term"
    text: str = Field(description="An id, name or words, such as GO:0005840, ribosomes, or voxel size.")
    limit: int = _LIMIT

    def of(self, store: Store) -> JSON:
        found = ontologies.look_up(store, self.text)
        return table(("term", "label", "definition", "iri", "ontology"), map(asdict, found), self.limit)


class ValidateDocument(Tool):
    """Validate a CETS document, given as text, against the rules of a profile."""

    name_of_tool = "validate_document"
    text: str = Field(description="The document in JSON or YAML, in any dialect of CETS.")
    profile: str = Field("core", description=f"One of {', '.join(PROFILES)}.")

    def of(self, store: Store) -> JSON:
        reports = Validator(self.profile, limit=_FINDINGS).bytes(self.text.encode(), "document")
        return {"documents": [as_object(report) for report in reports]}


TOOLS: dict[str, type[Tool]] = {
    tool.name_of_tool: tool
    for tool in (ListQuestions, AskQuestion, RunSparql, DescribeObject, FindTerm, ValidateDocument)
}
"""Every tool by its name."""


def answer(location: str, tool: Tool) -> JSON:
    """What a tool gives of the store at a location, which is opened for it.

    Raises:
        CetsGraphError: the store cannot be read, or does not have what is asked for.
    """
    with open_store(location) as store:
        return tool.of(store)


def _outline(question: queries.Query) -> JSON:
    parameters = {
        one.name: " ".join(
            filter(None, (one.meaning, f"in {one.unit}" if one.unit else None, f"(such as {one.example})"))
        )
        for one in question.parameters
    }
    return {"name": question.name, "title": question.title, "parameters": parameters}
