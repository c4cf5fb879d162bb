"""The configuration of a project of copick: its name, and the objects that are picked."""

from pathlib import Path
from typing import Any

from cetsgraph.importers.archive_entries import entry
from cetsgraph.importers.portal_entries import curie
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import CrossReference, MaskLabel

__all__ = ["CopickProject"]


class CopickProject:
    """The configuration of a project."""

    def __init__(self, session: ImportSession, path: Path) -> None:
        fields = session.json(path)
        self.name = fields.text("name")
        self.description = fields.text("description")
        for root in [key for key in fields if key.endswith("_root")]:
            fields.take(root)
            fields.dropped(root, None)  # folders of a computer stay out
        self.entries = [
            CrossReference(database="CryoET Data Portal", accession=f"DS-{identifier}")
            for identifier in fields.words("dataset_ids")
        ]
        self._objects = {str(one.peek("name")): one for one in fields.parts("pickable_objects")}

    def about(self, name: str) -> dict[str, Any]:
        """Fields of annotations of an object: its term, and the entries of its structure."""
        fields = self._objects.get(name)
        if fields is None:
            return {}
        fields.take("name")
        entries = {"PDB": fields.text("pdb_id"), "EMDB": fields.text("emdb_id")}
        return {
            "annotated_object": curie(fields.text("identifier")),
            "cross_references": [
                entry(database, accession) for database, accession in entries.items() if accession is not None
            ],
        }

    def labels(self) -> list[MaskLabel]:
        """What the values of a mask of all objects mean."""
        return [
            MaskLabel(
                value=value,
                annotated_object=curie(fields.text("identifier")),
                annotated_object_name=fields.text("name"),
            )
            for fields in self._objects.values()
            if (value := fields.integer("label")) is not None
        ]
