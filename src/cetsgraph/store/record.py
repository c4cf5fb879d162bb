"""What a store says of itself: how it is laid out, in which terms it is written, and what is committed.

```json
{"format": 2, "engine": "oxigraph", "base": "…", "archive": "…", "ontology": "0.2.0", "snapshot": 7,
 "files": {"sizes": {"000012.sst": 1065, "CURRENT": 16, …}, "sha256": "…"}}
```

All of it is in one small file, `DIR/format.json`, so that one rename changes the state together with what has
to be known to read it. Format 1 did not say the ontology, and named the snapshot in a file of its own,
`DIR/current`.
"""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cetsgraph.errors import StoreError, StoreOutdated
from cetsgraph.store.base import Settings
from cetsgraph.store.snapshot_files import SnapshotFiles
from cetsgraph.system import sync_folder
from cetsgraph.versions import ONTOLOGY_VERSION, edition

__all__ = ["FORMAT", "StoreRecord", "damaged", "read_record", "refuse_newer", "write_record"]

FORMAT = 2
_UPDATE = "Update cetsgraph to open it."


@dataclass(frozen=True, slots=True)
class StoreRecord:
    """The record of a store, of any format."""

    settings: Settings
    snapshot: int | None
    """Number of the committed state; None where the making of a store of format 1 was interrupted."""
    ontology: str | None
    """Version of the ontology that its data sets are written in; None where the format does not say."""
    format: int
    files: SnapshotFiles | None = None
    """The files of that snapshot; None where the store was written before they were taken down."""

    @property
    def up_to_date(self) -> bool:
        """Whether this version of cetsgraph reads and writes the store."""
        return self.format == FORMAT and not self._older_ontology

    @property
    def _older_ontology(self) -> bool:
        return self.ontology is not None and edition(self.ontology) < edition(ONTOLOGY_VERSION)

    def refuse_older(self, location: str) -> None:
        """Raise StoreOutdated where the store has to be migrated."""
        if self._older_ontology:
            what = "the store is written in an older version of the ontology"
            raise StoreOutdated(what, location=location, found=self.ontology, expected=ONTOLOGY_VERSION)
        if self.format < FORMAT:
            raise StoreOutdated(
                "the store has an older format", location=location, found=self.format, expected=FORMAT
            )


def read_record(directory: Path) -> StoreRecord | None:
    """Read the record of a store; None where there is none.

    Raises:
        StoreError: the store is newer than this version of cetsgraph, or damaged.
    """
    location = str(directory)
    try:
        kept = json.loads((directory / "format.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as error:
        raise StoreError(
            "the store may not be read", location=location, hint="Check its permissions."
        ) from error
    except ValueError as error:
        raise damaged(location, "format.json is not JSON") from error
    version = kept.get("format") if isinstance(kept, dict) else None
    if not isinstance(version, int):
        raise damaged(location, "format.json has no format version")
    if version > FORMAT:
        raise StoreError(
            "the store has a newer format", location=location, found=version, expected=FORMAT, hint=_UPDATE
        )
    if version not in _READERS:
        raise damaged(location, f"there never was a format {version}")
    record = _READERS[version](directory, kept)
    if record.ontology is not None:
        refuse_newer(record.ontology, location)
    return record


def write_record(directory: Path, settings: Settings, snapshot: int, files: SnapshotFiles) -> None:
    """Write the record of a store whose committed state is this snapshot: it is never seen half written."""
    record = {"format": FORMAT, "engine": "oxigraph"} | asdict(settings)
    record |= {"ontology": ONTOLOGY_VERSION, "snapshot": snapshot, "files": asdict(files)}
    new = directory / "format.json.new"
    with new.open("w", encoding="utf-8") as file:
        file.write(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(directory / "format.json")
    sync_folder(directory)


def refuse_newer(ontology: str, location: str) -> None:
    """Raise StoreError where something is written in a newer version of the ontology, or in none.

    Newer data have terms that this version of cetsgraph does not know.
    """
    try:
        newer = edition(ontology) > edition(ONTOLOGY_VERSION)
    except ValueError as error:
        raise damaged(location, f"the version of its ontology, {error}") from error
    if newer:
        raise StoreError(
            "the store is written in a newer version of the ontology",
            location=location,
            found=ontology,
            expected=ONTOLOGY_VERSION,
            hint=_UPDATE,
        )


def damaged(location: str, what: str) -> StoreError:
    """A StoreError for a store whose files are not as they were written."""
    hint = "Restore a backup into a new folder (cetsgraph restore), or load the documents into a new store."
    return StoreError(f"the store is damaged: {what}", location=location, hint=hint)


def _format_1(directory: Path, kept: dict[str, Any]) -> StoreRecord:
    try:
        snapshot = int((directory / "current").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return StoreRecord(_settings(directory, kept), None, None, 1)
    except ValueError as error:
        raise damaged(str(directory), "current names no snapshot") from error
    return StoreRecord(_settings(directory, kept), snapshot, None, 1)


def _format_2(directory: Path, kept: dict[str, Any]) -> StoreRecord:
    ontology, snapshot = kept.get("ontology"), kept.get("snapshot")
    if not isinstance(ontology, str) or not isinstance(snapshot, int):
        raise damaged(str(directory), "format.json lacks ontology or snapshot")
    return StoreRecord(_settings(directory, kept), snapshot, ontology, 2, _files(directory, kept))


def _files(directory: Path, kept: dict[str, Any]) -> SnapshotFiles | None:
    if "files" not in kept:
        return None
    match kept["files"]:
        case {"sizes": dict() as sizes, "sha256": str() as checksum}:
            return SnapshotFiles(sizes, checksum)
    raise damaged(str(directory), "format.json does not say which files there are")


def _settings(directory: Path, kept: dict[str, Any]) -> Settings:
    base, archive = kept.get("base"), kept.get("archive")
    if not isinstance(base, str) or not isinstance(archive, str):
        raise damaged(str(directory), "format.json lacks base or archive")
    return Settings(base, archive)


_READERS: dict[int, Callable[[Path, dict[str, Any]], StoreRecord]] = {1: _format_1, 2: _format_2}
"""How the record of each format is read, so that a store of it can be migrated."""
