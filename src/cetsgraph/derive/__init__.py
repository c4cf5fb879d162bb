"""Writes what repeats the model: ontology, JSON-LD context, structural shapes, JSON Schema, page of terms.

All of it is committed, so that it can be used without this package; `drift` says which files no longer agree
with what they are derived from, these and those of other packages.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from cetsgraph import resources
from cetsgraph.derive.context import context
from cetsgraph.derive.ontology import ontology
from cetsgraph.derive.schema import schema
from cetsgraph.derive.shapes import shapes
from cetsgraph.derive.terms import terms
from cetsgraph.vocabulary import vocabulary

__all__ = ["drift", "outputs", "write"]


def outputs() -> dict[Path, bytes]:
    """Every file that repeats the model: its place under the root of the checkout, and what belongs in it."""
    words = vocabulary()
    mappings = (resources.folder("ontology") / "mappings.sssom.tsv").read_text(encoding="utf-8")
    return {
        Path("docs/reference/terms.md"): terms(words),
        Path("ontology/cets.schema.json"): schema(words),
        Path("ontology/cets.ttl"): ontology(words, mappings),
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
    kept = (path.relative_to(root) for folder in whole for path in sorted((root / folder).glob("*")))
    return [*wrong, *(path for path in kept if path not in made)]
