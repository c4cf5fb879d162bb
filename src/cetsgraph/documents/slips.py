"""What is usually wrong where JSON or YAML cannot be read, by the text at that place, and what to write."""

import re

__all__ = ["BEGINNING", "json_slip", "other_format", "yaml_slip"]

_JSON = tuple(
    (re.compile(rf"(?:{before})\Z"), re.compile(after), hint)
    for before, after, hint in (
        (r"", r"['‘’“”]", 'Put names and text in straight double quotes: "text".'),
        (r"", r"//|/\*|#", "JSON has no comments: take it out."),
        (r"", r"(?:None|NULL|nil|NA)\b", "Write null."),
        (r"", r"(?:True|TRUE|False|FALSE|[Yy]es|[Nn]o)\b", "Write true or false, in small letters."),
        (r",\s*", r"[\]},]", "Take out the comma before it."),
        (r"", r",\s*[\]},]", "Take out this comma."),
        (r"\d,", r"\d", "Decimals follow a point: 1.52, and not 1,52."),
        (r"[\s:\[,-]0", r"\d", "Write numbers without zeros in front, and identifiers in quotes."),
        (r"", r"\+\d|\.\d", "Write numbers without +, and with a digit before the point."),
        (r"[{,]\s*", r"[A-Za-z_]\w*\s*:", "Put the name of the field in double quotes."),
        (r"", r"\\", r"Write a backslash in text twice, as in C:\\data, or write / in paths."),
        (r"[\"\]}\w]\s+", r"[\"\[{]", "Put a comma before it."),
    )
)
_BEFORE = 40  # characters
BEGINNING = 4096
"""Characters by which a format is known."""
_FORMATS = tuple(
    (re.compile(rf"(?:#.*\n|\s)*(?:{begins})"), name, endings)
    for begins, name, endings in (
        (r"(?:<\S+>|_:\S+)[ \t]*<\S+>[ \t]*[<\"_]", "N-Triples or N-Quads", (".nt", ".nq")),
        (
            r"@(?:prefix|base)\s|(?i:prefix)\s+[\w.-]*:\s*<|(?i:base)\s+<"
            r"|(?:<\S*[:#]\S*>|_:\S+)[ \t]+(?:<|a\s|[\w.-]*:)",
            "Turtle or TriG",
            (".ttl", ".trig"),
        ),
        (r"[{\[]\s*[\"{\[\]}]", "JSON", (".json", ".jsonld")),
        (r"%YAML\s|---\s|-\s|[\w$-]+:(?:\s|\Z)", "YAML", (".yaml", ".yml")),
    )
)
"""How files of a format begin, behind comments, and how their names end."""


def other_format(text: str, ending: str) -> str | None:
    """How to name a file whose name has another format than it begins in; None where that cannot be told.

    >>> other_format("name: EMPIAR-12104", ".json")
    'It looks like YAML: such files are named .yaml or .yml.'
    >>> other_format("data_particles", ".json"), other_format("name: A: B", ".yaml")
    (None, None)
    """
    found = ((name, endings) for begins, name, endings in _FORMATS if begins.match(text[:BEGINNING]))
    name, endings = next(found, ("", (ending,)))
    if ending in endings:
        return None
    return f"It looks like {name}: such files are named {' or '.join(endings)}."


def json_slip(text: str, position: int) -> str | None:
    """What to do at the place in a text where JSON ends to be JSON, if that can be told.

    >>> json_slip('{"a": [1, 2,]}', 12), json_slip("{'a': 1}", 1)
    ('Take out the comma before it.', 'Put names and text in straight double quotes: "text".')
    """
    before = text[max(0, position - _BEFORE) : position]
    return next(
        (hint for head, tail, hint in _JSON if tail.match(text, position) and head.search(before)), None
    )


def yaml_slip(text: str, position: int) -> str | None:
    """What to do at the place in a text where YAML ends to be YAML, if that can be told.

    >>> yaml_slip("name: Ribosomes: a study", 15)
    'Put text with a colon in quotes, and indent the fields of one object alike.'
    """
    start, end = text.rfind("\n", 0, position) + 1, text.find("\n", position)
    line = text[start : end if end >= 0 else None]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "Indent lines by spaces: YAML takes no tabs there."
    if text[position : position + 1] == ":":
        return "Put text with a colon in quotes, and indent the fields of one object alike."
    return None
