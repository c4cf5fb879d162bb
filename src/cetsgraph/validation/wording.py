"""The words of findings: texts of rules with slots, and values of bounded length in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cetsgraph.texts import shortened

__all__ = ["Wording", "brief", "filled"]

_SLOT = re.compile(r"\{(\w+)\}")
_LONGEST = 200  # characters of a value


@dataclass(frozen=True, slots=True)
class Wording:
    """How a finding of a rule or shape is worded.

    The texts may name `{found}`, `{value}` (that of the SHACL result), `{kind}`, `{id}` and fields of the
    object that is pointed at, and what the dialect calls fields (`dialect_words`). `otherwise` is the hint
    where it lacks one that `hint` names. `field` is the property whose field is pointed at, if the shape does
    not say.
    """

    rule: str
    message: str | None = None
    expected: str | None = None
    hint: str | None = None
    field: str | None = None
    otherwise: str | None = None

    def over(self, general: "Wording") -> "Wording":
        """These words, and the general ones where there are none."""
        return Wording(
            rule=self.rule,
            message=self.message or general.message,
            expected=self.expected or general.expected,
            hint=self.hint or general.hint,
            field=self.field or general.field,
            otherwise=self.otherwise if self.hint else general.otherwise,
        )


def filled(template: str | None, values: Mapping[str, object]) -> str | None:
    """The text with its slots filled.

    >>> filled("{found} is above 90°, {kind} {id}", {"found": 91.5, "kind": "Tomogram", "id": None})
    '91.5 is above 90°, Tomogram not given'
    """
    if template is None:
        return None
    return _SLOT.sub(lambda slot: _as_text(values.get(slot[1])), template)


def brief(value: object) -> object:
    """A JSON value of bounded length: numbers as they are, all else as text of at most 200 characters.

    >>> brief(["TS_01"]), brief([1, 2])
    ('TS_01', '[1, 2]')
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        value = ", ".join(value)
    return shortened(str(value), _LONGEST)


def _as_text(value: object) -> str:
    if value is None:
        return "not given"
    return f"{value:.10g}" if isinstance(value, float) else str(brief(value))
