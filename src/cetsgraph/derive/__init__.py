"""Writes what repeats the model: ontology, JSON-LD context, structural shapes, JSON Schema, page of terms.

All of it is committed, so that it can be used without this package; `drift` says which files no longer agree
with the model.
"""

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
    """Every derived file: its place under the root of the checkout, and what belongs in it."""
    words = vocabulary()
    mappings = (resources.folder("ontology") / "mappings.sssom.tsv").read_text(encoding="utf-8")
    return {
        Path("docs/reference/terms.md"): terms(words),
        Path("ontology/cets.schema.json"): schema(words),
        Path("ontology/cets.ttl"): ontology(words, mappings),
        Path("ontology/context.jsonld"): context(words),
        Path("shapes/structure.ttl"): shapes(words),
    }


def write(root: Path) -> list[Path]:
    """Write the derived files that differ from what belongs in them; return those written."""
    changed = drift(root)
    made = outputs()
    for path in changed:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(made[path])
    return changed


def drift(root: Path) -> list[Path]:
    """The derived files that are missing under `root` or differ from what belongs in them."""
    return [
        path
        for path, content in outputs().items()
        if not (root / path).is_file() or (root / path).read_bytes() != content
    ]
