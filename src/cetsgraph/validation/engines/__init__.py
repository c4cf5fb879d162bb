"""Two SHACL engines behind one interface: `shacl` (Rust) by default, pySHACL as the reference.

Both run the same shapes on the same triples and give the same results. Messages are not taken from them:
their default texts differ, so findings are worded here (`verdicts`).
"""

from collections.abc import Sequence

from cetsgraph.errors import ExtraNotInstalled, UnknownName
from cetsgraph.texts import did_you_mean, nearest
from cetsgraph.validation.engines.engine import Engine, Result, Results
from cetsgraph.validation.engines.rust import RustEngine

__all__ = ["ENGINES", "Engine", "Result", "Results", "load_engine"]

ENGINES = ("shacl", "pyshacl")
"""Names of the engines, the default first."""


def load_engine(texts: Sequence[str], name: str | None = None) -> Engine:
    """Make the shapes, each text a part of them in Turtle, ready.

    Args:
        texts: the shapes graph.
        name: one of `ENGINES`. If none is named, pySHACL serves where `shacl` cannot be loaded.

    Raises:
        UnknownName: there is no such engine.
        CetsGraphError: it does not take the shapes.
        ExtraNotInstalled: the engine, or any of them, cannot be loaded.
    """
    if name not in (None, *ENGINES):
        raise UnknownName(
            f"there is no SHACL engine {name!r}",
            expected=" or ".join(ENGINES),
            hint=did_you_mean(nearest(str(name), ENGINES)),
        )
    if name == "pyshacl":
        return _reference(texts)
    try:
        return RustEngine(texts)
    except ImportError as error:
        if name is not None:
            raise ExtraNotInstalled(package="shacl", extra="validate") from error
        engine = _reference(texts)
        engine.note = f"The SHACL engine shacl cannot be loaded ({error}); pySHACL serves, more slowly."
        return engine


def _reference(texts: Sequence[str]) -> Engine:
    from cetsgraph.validation.engines.reference import ReferenceEngine

    try:
        return ReferenceEngine(texts)
    except ImportError as error:
        raise ExtraNotInstalled(package="pyshacl", extra="validate") from error
