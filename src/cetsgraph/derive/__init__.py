"""Build time: all that is committed and repeats the model, the questions, the rules or the commands.

`python -m cetsgraph.derive` writes it; `drift` says which files no longer agree with their source.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from cetsgraph.derive import command_page, questions, rule_pages
from cetsgraph.derive.context import context
from cetsgraph.derive.ontology import ontology
from cetsgraph.derive.schema import schema
from cetsgraph.derive.shapes import shapes
from cetsgraph.derive.term_page import terms
from cetsgraph.derive.typed_questions import FOLDER, typed_questions
from cetsgraph.queries.file import load, names
from cetsgraph.vocabulary import vocabulary

__all__ = ["WHOLE", "drift", "model_outputs", "outputs", "write"]

WHOLE = (rule_pages.FOLDER, FOLDER)
"""Folders in which everything is derived."""


def outputs(root: Path) -> dict[Path, bytes]:
    """Every derived file: its place under the root of the checkout, and what belongs in it."""
    return {
        **model_outputs(),
        **questions.outputs(),
        **typed_questions(map(load, names())),
        **rule_pages.pages(root),
        **command_page.outputs(),
    }


def model_outputs() -> dict[Path, bytes]:
    """The files that repeat the model: ontology, JSON-LD context, structural shapes, JSON Schema, terms."""
    words = vocabulary()
    return {
        Path("docs/reference/terms.md"): terms(words),
        Path("ontology/cets.schema.json"): schema(words),
        Path("ontology/cets.ttl"): ontology(words),
        Path("ontology/context.jsonld"): context(words),
        Path("shapes/structure.ttl"): shapes(words),
    }


def write(root: Path, made: Mapping[Path, bytes], *, whole: Collection[Path] = ()) -> list[Path]:
    """Write the derived files that differ from what belongs in them, and remove what `drift` finds too much.

    Returns:
        What was written or removed.
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
    """The derived files that are missing under `root`, differ from what belongs in them, or do not belong.

    Args:
        root: the checkout.
        made: places under the root, and what belongs there.
        whole: folders in which there is nothing else.
    """
    wrong = [
        path
        for path, content in made.items()
        if not (root / path).is_file() or (root / path).read_bytes() != content
    ]
    files = (path for folder in whole for path in sorted((root / folder).glob("*")) if path.is_file())
    kept = (path.relative_to(root) for path in files)
    return [*wrong, *(path for path in kept if path not in made)]
