"""Build time: the committed files that follow from the model, the questions, the rules or the commands.

`python -m cetsgraph.derive` writes them; `drift` finds those that no longer agree with their source. Each
module here makes one of them, or the files of one folder.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from cetsgraph.derive import dialect_pages, profile_shapes, rule_pages, typed_questions
from cetsgraph.derive.command_page import command_page
from cetsgraph.derive.context import context
from cetsgraph.derive.dialect_contexts import dialect_context
from cetsgraph.derive.dialect_fields import DESCRIBED
from cetsgraph.derive.dialect_schemas import dialect_schemas
from cetsgraph.derive.example_queries import example_queries
from cetsgraph.derive.importer_page import importer_page
from cetsgraph.derive.ontology import ontology
from cetsgraph.derive.python_page import python_pages
from cetsgraph.derive.question_page import question_page
from cetsgraph.derive.schema import schema
from cetsgraph.derive.shapes import shapes, shapes_of_documents
from cetsgraph.derive.term_page import term_pages
from cetsgraph.importers import importers
from cetsgraph.queries.file import load, names
from cetsgraph.vocabulary import vocabulary

__all__ = ["WHOLE", "drift", "model_outputs", "outputs", "write"]

WHOLE = (dialect_pages.FOLDER, profile_shapes.FOLDER, rule_pages.FOLDER, typed_questions.FOLDER)
"""Folders in which everything is derived."""


def outputs(root: Path) -> dict[Path, bytes]:
    """Every derived file: its place under the root of the checkout, and its content.

    Args:
        root: the checkout; the pages of rules show the test cases in it, that of questions its examples.
    """
    questions = [load(name) for name in names()]
    return {
        **model_outputs(),
        **dict(_of_dialects()),
        Path("queries/examples.ttl"): example_queries(questions),
        Path("docs/reference/questions.md"): question_page(questions, root / "examples"),
        **typed_questions.modules(questions),
        **profile_shapes.files(),
        **rule_pages.pages(root),
        Path("docs/reference/commands.md"): command_page(),
        Path("docs/reference/importers.md"): importer_page(importers()),
        **dict(python_pages()),
    }


def model_outputs() -> dict[Path, bytes]:
    """What follows from the model: ontology, JSON-LD context, shapes, JSON Schema, pages of terms."""
    words = vocabulary()
    return {
        **dict(term_pages(words)),
        Path("ontology/cets.schema.json"): schema(words),
        Path("ontology/cets.ttl"): ontology(words),
        Path("ontology/context.jsonld"): context(words),
        Path("shapes/structure.ttl"): shapes(words),
        Path("shapes/documents.ttl"): shapes_of_documents(words),
    }


def _of_dialects() -> Iterator[tuple[Path, bytes]]:
    """Page, JSON-LD context and JSON Schemas of each dialect."""
    for dialect in DESCRIBED:
        yield dialect_pages.FOLDER / f"{dialect.name}.md", dialect_pages.dialect_page(dialect)
        yield Path(f"ontology/dialects/{dialect.name}.context.jsonld"), dialect_context(dialect)
        for name, schema_of_revision in dialect_schemas(dialect):
            yield Path(f"ontology/dialects/{name}"), schema_of_revision


def write(root: Path, made: Mapping[Path, bytes], *, whole: Collection[Path] = ()) -> list[Path]:
    """Write the derived files that differ from their content, and remove the files that do not belong.

    Returns:
        The files that were written or removed.
    """
    changed = drift(root, made, whole=whole)
    for path in changed:
        if path in made:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(made[path])
        else:
            (root / path).unlink()
    return changed


def drift(root: Path, made: Mapping[Path, bytes], *, whole: Collection[Path] = ()) -> list[Path]:
    """The derived files that are missing under `root`, differ from their content, or do not belong.

    Args:
        root: the checkout.
        made: places under the root, and the content of each.
        whole: folders that hold derived files only.
    """
    wrong = [
        path
        for path, content in made.items()
        if not (root / path).is_file() or (root / path).read_bytes() != content
    ]
    files = (path for folder in whole for path in sorted((root / folder).glob("*")) if path.is_file())
    kept = (path.relative_to(root) for path in files)
    return [*wrong, *(path for path in kept if path not in made)]
