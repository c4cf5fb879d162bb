"""The pages of the Python interface, made from the docstrings of what the public modules show."""

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import cetsgraph
from cetsgraph.queries import typed

__all__ = ["MODULES", "python_pages"]

MODULES = ("", "archive", "queries", "documents", "store", "validation", "federation", "graph", "errors")
"""The modules that are described, below `cetsgraph`. The classes of the model have the pages of terms."""

_NOTE = "<!-- Derived from the docstrings by `make derive`; edit those instead. -->"
_HEAD = f"""\
{_NOTE}
# Python

`import cetsgraph` is enough: what it shows is imported when it is first used. Its modules have
[a page of their own](python-modules.md). The classes of the model are described with [the terms](terms.md),
the functions of the questions with [the questions](questions.md). Everything that is raised on purpose is a
`CetsGraphError`.
"""
_HEAD_OF_MODULES = f"""\
{_NOTE}
# Python modules

The modules of [cetsgraph](python.md), each with what it shows.
"""
_SECTIONS = {"Args:": "Arguments", "Returns:": "Returns", "Raises:": "Raises", "Yields:": "Yields"}
_ROLE = re.compile(r":\w+:`~?([^`]+)`")
_QUALIFIED = re.compile(r"\bcetsgraph\.(?:\w+\.)+(?=[A-Z])")


def python_pages() -> Iterator[tuple[Path, bytes]]:
    """The page of the package and that of its modules, each with its place in the checkout."""
    folder = Path("docs/reference")
    yield folder / "python.md", _page(_HEAD, MODULES[:1])
    yield folder / "python-modules.md", _page(_HEAD_OF_MODULES, MODULES[1:])


def _page(head: str, names: tuple[str, ...]) -> bytes:
    lines = [head]
    for name in names:
        lines += _module(import_module(f"cetsgraph.{name}" if name else "cetsgraph"))
    return ("\n".join(lines).rstrip() + "\n").encode()


def _module(module: ModuleType) -> Iterator[str]:
    yield f"## {module.__name__}\n"
    yield from _text(inspect.getdoc(module) or "")
    for name in module.__all__:
        thing = getattr(module, name)
        if name in typed.__all__ or not inspect.isroutine(thing) | inspect.isclass(thing):
            continue
        if module.__name__ == "cetsgraph" or not _shown_by_package(thing):
            yield from _described(name, thing)
        else:
            yield f"### {name}\n\nAs [`cetsgraph.{name}`](python.md#{name.lower()}).\n"


def _shown_by_package(thing: Any) -> bool:
    name = getattr(thing, "__name__", "")
    return name in cetsgraph.__all__ and getattr(cetsgraph, name) is thing


def _described(name: str, thing: Any) -> Iterator[str]:
    yield f"### {name}\n"
    if inspect.isroutine(thing) or not issubclass(thing, Enum | Exception):
        yield f"```text\n{_signature(name, thing)}\n```\n"
    yield from _text(inspect.getdoc(thing) or "")
    if inspect.isclass(thing) and not issubclass(thing, Enum | Exception):
        for method, function in vars(thing).items():
            yield from _method(name, method, function)


def _method(owner: str, name: str, member: Any) -> Iterator[str]:
    if name.startswith("_"):
        return
    function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
    if isinstance(function, FunctionType) and function.__doc__:
        yield f"#### {owner}.{name}\n"
        yield f"```text\n{_signature(name, function)}\n```\n"
        yield from _text(inspect.getdoc(function) or "")
    elif isinstance(member, property) and member.__doc__:
        yield f"#### {owner}.{name}\n"
        yield from _text(inspect.getdoc(member) or "")


def _signature(name: str, thing: Any) -> str:
    """Names and defaults; annotations are worded differently by versions of Python."""
    try:
        signature = inspect.signature(thing)
    except ValueError:
        return f"{name}(…)"
    parameters = [
        one.replace(annotation=inspect.Parameter.empty)
        for key, one in signature.parameters.items()
        if key not in ("self", "cls") and not key.startswith("_")
    ]
    return f"{name}{signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty)}"


def _text(doc: str) -> Iterator[str]:
    """A docstring as Markdown: examples fenced, sections as lists."""
    for block in re.split(r"\n\s*\n", doc.strip()):
        head, _, rest = block.partition("\n")
        if head.startswith(">>>"):
            yield f"```pycon\n{block}\n```\n"
        elif head in _SECTIONS:
            yield f"{_SECTIONS[head]}:\n"
            yield _list(inspect.cleandoc(rest))
        else:
            yield f"{_plain(block)}\n"


def _list(items: str) -> str:
    entries = re.split(r"\n(?=\S)", items)
    return "\n".join(f"- {_plain(' '.join(entry.split()))}" for entry in entries) + "\n"


def _plain(text: str) -> str:
    return _QUALIFIED.sub("", _ROLE.sub(r"`\1`", text)).replace("``", "`") if "```" not in text else text
