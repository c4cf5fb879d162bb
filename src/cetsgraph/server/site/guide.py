"""What is here, in a page of text for programs that work with language models (https://llmstxt.org)."""

from cetsgraph.namespaces import CETS
from cetsgraph.queries import Parameter, Query
from cetsgraph.server.site.questions import all_questions

__all__ = ["guide"]

_TEXT = """\
# {archive}: cryo-electron tomography metadata

> CETS metadata as one knowledge graph, asked by addresses of questions, or by SPARQL 1.1 with the prefix
> `cets: <{cets}>`.

- [SPARQL]({address}/sparql): `?query=…&format=csv` (json, tsv, xml; turtle, jsonld of graphs)
- [Data sets]({address}/queries/dataset_summary?format=json)
- [Terms of the ontology]({address}/ontology?format=turtle), with definitions and units
- [OpenAPI]({address}/openapi.json): parameters and columns of all questions
- [Validation]({address}/validate): POST a document, get a report as JSON

## Questions

Each is an address, {address}/queries/NAME?PARAMETER=VALUE&format=json. `dataset`, `limit` and `offset` are
parameters of most.

{questions}
"""


def guide(archive: str, address: str) -> str:
    """The text, for the archive of a server at an address."""
    questions = "\n".join(f"- {_line(one)}" for one in all_questions())
    return _TEXT.format(archive=archive, address=address, cets=CETS, questions=questions)


def _line(question: Query) -> str:
    given = ", ".join(map(_parameter, question.parameters))
    return f"{question.name}{f' ({given})' if given else ''}: {question.title}"


def _parameter(parameter: Parameter) -> str:
    return f"{parameter.name}{'?' if parameter.optional else ''} {parameter.unit or parameter.kind}"
