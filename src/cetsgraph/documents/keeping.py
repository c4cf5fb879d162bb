"""How a document came: what a catalogue keeps of that, so that the document can be written back."""

import json
from typing import Any

from cetsgraph.documents.dialects import default_revision
from cetsgraph.documents.document import Document

__all__ = ["as_it_came", "form_with_revision", "remainder_text"]

_OF = ", revision "


def form_with_revision(document: Document) -> str:
    """The form of a document, with its revision where that is not the default one.

    >>> from cetsgraph.model import DataSet
    >>> form_with_revision(Document(DataSet(), "cets-data-model", "Region", revision="nonrigid"))
    'Region, revision nonrigid'
    """
    if document.revision in (None, default_revision(document.dialect)):
        return document.form
    return f"{document.form}{_OF}{document.revision}"


def remainder_text(document: Document) -> str | None:
    """What the model has no place for, and the files beside the document, as JSON; None if nothing is."""
    kept = {"remainder": dict(document.remainder), "beside": dict(document.beside)}
    kept = {name: found for name, found in kept.items() if found}
    return json.dumps(kept, ensure_ascii=True, separators=(",", ":")) if kept else None


def as_it_came(dialect: str, form: str, remainder: str | None) -> dict[str, Any]:
    """The fields of a document that `form_with_revision` and `remainder_text` tell."""
    name, _, revision = form.partition(_OF)
    kept = json.loads(remainder) if remainder else {}
    return {"form": name, "revision": revision or default_revision(dialect), **kept}
