"""The extras of the package: which one brings a module that is not installed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, requires

from cetsgraph.errors import ExtraNotInstalled

__all__ = ["extra_of", "importing_extras", "not_installed"]

_REQUIREMENT = re.compile(r"""([A-Za-z0-9._-]+)[^;]*;.*\bextra\s*==\s*['"]([^'"]+)['"]""")
_COLLECTIONS = ("all", "dev")  # extras that bring what others have


def extra_of(module: str) -> str | None:
    """The extra that brings the package of a module; None if none does.

    >>> extra_of("pyshacl.validate"), extra_of("json")
    ('validate', None)
    """
    package = _normal(module.partition(".")[0])
    for requirement in _requirements():
        found = _REQUIREMENT.match(requirement)
        if found and _normal(found[1]) == package and found[2] not in _COLLECTIONS:
            return found[2]
    return None


def not_installed(error: ImportError) -> ExtraNotInstalled | None:
    """The error that says which extra to install, if a package of one is missing; None if another is.

    >>> not_installed(ModuleNotFoundError(name="pandas")).extra
    'frames'
    """
    package = (error.name or "").partition(".")[0]
    extra = extra_of(package)
    return None if extra is None else ExtraNotInstalled(package=package, extra=extra)


@contextmanager
def importing_extras() -> Iterator[None]:
    """Imports in this block say which extra to install, if a package of one is missing.

    Raises:
        ExtraNotInstalled: it is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (missing := not_installed(error)) is None:
            raise
        raise missing from error


def _requirements() -> list[str]:
    try:
        return requires("cetsgraph") or []
    except PackageNotFoundError:
        return []


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()
