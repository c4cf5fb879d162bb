"""Turtle as a person would write it: one block per subject, always in the same order."""

from collections.abc import Iterable, Mapping

__all__ = ["PredicateObjects", "block", "collection", "document", "long_text", "number", "text"]

PredicateObjects = tuple[str, Iterable[str]]
"""A predicate and its objects, each as it stands in Turtle."""

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_LONG_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\r": "\\r"})
_WIDTH = 100
_BREAK = "\n        "


def text(value: str, language: str | None = None) -> str:
    """A literal.

    >>> text('a "b"'), text("Region", "en")
    ('"a \\\\"b\\\\""', '"Region"@en')
    """
    return f'"{value.translate(_ESCAPES)}"' + (f"@{language}" if language else "")


def long_text(value: str) -> str:
    """A literal of several lines, as they are.

    >>> print(long_text('a "b"'))
    '''a "b"'''
    """
    return f"'''{value.translate(_LONG_ESCAPES)}'''"


def number(value: float, double: bool) -> str:
    """A number as `xsd:double` or `xsd:integer`.

    >>> number(-90, double=True), number(0, double=False)
    ('-90.0e0', '0')
    """
    return f"{float(value)!r}e0" if double else str(int(value))


def collection(items: Iterable[str]) -> str:
    """A list; a long one goes over several lines.

    >>> collection(["cets:Point", "cets:Vector"])
    '( cets:Point cets:Vector )'
    """
    return f"( {_filled(items, ' ')} )"


def block(subject: str, statements: Iterable[PredicateObjects]) -> str:
    """All statements about one subject; predicates without objects are left out."""
    lines = [_line(predicate, list(objects)) for predicate, objects in statements]
    body = " ;\n    ".join(line for line in lines if line)
    return f"{subject} {body} .\n"


def _line(predicate: str, objects: list[str]) -> str:
    if not objects:
        return ""
    line = f"{predicate} {', '.join(objects)}"
    if max(map(len, line.split("\n"))) <= _WIDTH:
        return line
    return f"{predicate}{_BREAK}{_filled(objects, ', ')}"


def _filled(items: Iterable[str], separator: str) -> str:
    """The items in lines of limited width; no item is broken."""
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + len(separator) + len(item) <= _WIDTH:
            lines[-1] += separator + item
        else:
            lines.append(item)
    return (separator.rstrip() + _BREAK).join(lines)


def document(comment: str, prefixes: Mapping[str, str], blocks: Iterable[str]) -> bytes:
    """A file: what it is, the prefixes, the blocks."""
    head = [f"# {line}\n" for line in comment.splitlines()]
    head += [f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(prefixes.items())]
    return "\n".join(["".join(head), *blocks]).encode()
