"""Stores of older versions, and what they hold."""

import json
from pathlib import Path

import folders
from serving import EXAMPLES

from cetsgraph import archive
from cetsgraph.store import LocalStore
from cetsgraph.versions import ONTOLOGY_VERSION as NOW
from cetsgraph.versions import edition

OLD = "0.0.9"
MAJOR, MINOR = edition(NOW)
NEWER = f"{MAJOR}.{MINOR + 1}.0"
SOME = sorted(EXAMPLES, key=lambda path: path.stat().st_size)[:3]
FOREIGN = b"""<ex:s> <ex:p> "kept" <ex:another-graph> .
<ex:s> <ex:p> "kept too" .
<ex:s> <ex:p> "kept in the catalogue" <https://w3id.org/cetsgraph/catalogue> .
"""


def record(directory: Path, **changes: object) -> dict[str, object]:
    path = directory / "format.json"
    kept = json.loads(path.read_text()) | changes
    if changes:
        path.write_text(json.dumps({key: value for key, value in kept.items() if value is not None}))
    return dict(kept)


def to_format_1(directory: Path) -> None:
    """Lay a store out as version 1 of the format did."""
    snapshot = record(directory)["snapshot"]
    (directory / "current").write_text(f"{snapshot}\n")
    record(directory, format=1, ontology=None, snapshot=None)


def add(directory: Path, nquads: bytes) -> None:
    with LocalStore.open(directory, "w") as store, store.writing() as writing:
        writing.add(nquads)


def content(directory: Path) -> tuple[set[str], list[archive.Record]]:
    """What a store of any version holds; the records without the time of the load."""
    with LocalStore.migrating(directory) as store:
        quads = {str(quad) for quad in store.quads() if "generatedAtTime" not in str(quad.predicate)}
        return quads, list(archive.list(store))


def files(directory: Path) -> dict[str, bytes]:
    return {name: data for name, data in folders.files(directory).items() if Path(name).name != "lock"}
