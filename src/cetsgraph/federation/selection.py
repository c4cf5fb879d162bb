"""Which sources can know: those that hold objects of a class that the question is about.

What a source holds is asked once a day and kept in the user's cache, so that no question goes to a
source that cannot answer it.
"""

import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cetsgraph.federation.bridge import needed
from cetsgraph.federation.sources import Source
from cetsgraph.namespaces import CETS
from cetsgraph.vocabulary import vocabulary
from cetsgraph.whole_files import whole_file

__all__ = ["Selection", "classes_of"]

_CLASS = re.compile(r"\ba\s+cets:([A-Z]\w*)")
_DAY = 24 * 3600.0
Ask = Callable[[str], list[str] | None]


def classes_of(sparql: str) -> tuple[str, ...]:
    """The classes that a question needs objects of, by local name."""
    known = vocabulary().classes
    return tuple(sorted({name for name in _CLASS.findall(needed(sparql)) if name in known}))


class Selection:
    """What sources hold, kept in a file.

    Args:
        path: the file; in the user's cache if not given.
        seconds: how long what was found is believed.
    """

    def __init__(self, path: Path | None = None, seconds: float = _DAY) -> None:
        home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        self._path = path or Path(home) / "cetsgraph" / "sources.json"
        self._seconds = seconds
        self._known = self._read()

    def cannot_know(self, source: Source, sparql: str, ask: Ask) -> str | None:
        """Why a source cannot answer, or None if it may.

        Args:
            source: who would be asked.
            sparql: the question.
            ask: asks the source; gives the IRIs of a single column, or None where it fails.
        """
        classes = classes_of(sparql)
        if not classes:
            return None
        held = self._held(source, classes, ask)
        if held is None or any(held.values()):
            return None
        return f"it has no {' and no '.join(vocabulary().classes[name].label for name in classes)}"

    def _held(self, source: Source, classes: tuple[str, ...], ask: Ask) -> dict[str, bool] | None:
        kept = self._known.get(source.location, {})
        now = time.time()
        fresh = {
            name: bool(found)
            for name, (found, at) in kept.items()
            if name in classes and 0 <= now - at < self._seconds
        }
        missing = [name for name in classes if name not in fresh]
        if missing:
            values = " ".join(f"<{CETS}{name}>" for name in missing)
            exists = "FILTER EXISTS { ?object a ?class }"
            found = ask(f"SELECT DISTINCT ?class {{ VALUES ?class {{ {values} }} {exists} }}")
            if found is None:
                return None
            fresh |= {name: CETS + name in found for name in missing}
            self._known[source.location] = {**kept, **{name: [fresh[name], now] for name in missing}}
        return fresh

    def keep(self) -> None:
        """Write what was found; a cache that cannot be written is done without."""
        if self._path.parts[0] == "~":  # this user has no home
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(self._path) as file:
                file.write(json.dumps(self._known).encode())
        except OSError:
            pass

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}
