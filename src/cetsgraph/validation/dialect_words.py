"""The words of rules in the dialect of a document: its names of fields, or what to do where it has none.

Texts name a field of a class as `{Tomogram.voxel_size}`, of the object that is pointed at as `{self.path}`.
Of several between bars, those that the dialect has are given; what stands in double square brackets is left
out where it has none of them.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from cetsgraph.documents import CANONICAL_NAME, class_name, field_name
from cetsgraph.documents.companion import companion_name
from cetsgraph.model import Entity
from cetsgraph.texts import listed
from cetsgraph.validation.rules import Rule
from cetsgraph.validation.wording import Wording
from cetsgraph.vocabulary import vocabulary

__all__ = ["DialectWords", "canonical", "described", "fields_named"]

_OPTION = re.compile(r"\[\[(.*?)\]\]")
_NAMED = re.compile(r"\{((?:\w+\.\w+\|?)+)\}")


@dataclass(frozen=True, slots=True)
class DialectWords:
    """The names of one dialect, and of one revision where it has several."""

    dialect: str
    revision: str | None = None
    companion: bool = False
    """Whether the document has a companion, which says some of what the dialect has no fields for."""

    def wording(self, wording: Wording, cls: type[Entity] | None) -> Wording:
        """A rule's words about an object of a class; slots of values stay as they are."""
        return _wording(self, wording, cls)

    def kind(self, cls: type[Entity]) -> str:
        """What the dialect calls a class."""
        return class_name(self.dialect, self.revision, cls) or cls.__name__

    def text(self, template: str | None, cls: type[Entity] | None) -> str | None:
        """A text with the dialect's names; None where it has no name for what the text is about."""
        if template is None:
            return None
        text = _OPTION.sub(lambda option: self.text(option[1], cls) or "", template)
        names = {slot: self._names(slot, cls) for slot in _NAMED.findall(text)}
        if not all(names.values()):
            return None
        return _NAMED.sub(lambda slot: " or ".join(f"`{name}`" for name in names[slot[1]]), text)

    def _names(self, slot: str, cls: type[Entity] | None) -> list[str]:
        """The names that the dialect has for fields of a slot, each once."""
        found = (
            field_name(self.dialect, self.revision, owner, field) for owner, field in fields_named(slot, cls)
        )
        return [*dict.fromkeys(name for name in found if name is not None)]


def fields_named(slot: str, cls: type[Entity] | None = None) -> list[tuple[type[Entity], str]]:
    """The classes and fields that a slot names; `self` is the class of the object, or any.

    >>> [(owner.__name__, field) for owner, field in fields_named("Tomogram.width|Tomogram.depth")]
    [('Tomogram', 'width'), ('Tomogram', 'depth')]
    """
    pairs = (one.split(".") for one in slot.split("|"))
    return [(_class(owner, cls), field) for owner, field in pairs]


def _class(name: str, cls: type[Entity] | None) -> type[Entity]:
    return (cls or Entity) if name == "self" else vocabulary().classes[name].model


def canonical(template: str | None) -> str | None:
    """A text with the names of the model.

    >>> canonical("Add {self.path}[[, or {DataFile.path}]].")
    'Add `path`, or `path`.'
    """
    return DialectWords(CANONICAL_NAME).text(template, None)


@cache
def _wording(words: DialectWords, wording: Wording, cls: type[Entity] | None) -> Wording:
    hint = words.text(wording.hint, cls) or words.text(wording.otherwise, cls)
    if hint is None and wording.hint is not None:
        named = _in_companion(wording.hint, cls) if words.companion else []
        elsewhere = (
            f"it is {listed(named, ' or ')} in the companion of the document."
            if named
            else f"`cetsgraph convert --to {CANONICAL_NAME}` writes the document in a dialect that has."
        )
        hint = f"{words.dialect} has no field for this: {elsewhere} {canonical(wording.hint)}"
    return replace(wording, hint=hint, expected=words.text(wording.expected, cls))


def _in_companion(template: str, cls: type[Entity] | None) -> list[str]:
    """The names that a companion has for fields that a text names, each once."""
    fields = (one for slot in _NAMED.findall(template) for one in fields_named(slot, cls))
    names = (companion_name(owner, field) for owner, field in fields)
    return [f"`{name}`" for name in dict.fromkeys(names) if name is not None]


def described(rule: Rule) -> dict[str, str | None]:
    """What a rule asks, why, what it expects and what is to do, in our own dialect.

    >>> from cetsgraph.validation.rules import rule_book
    >>> list(described(rule_book().rules["unknown-field"]))
    ['asks', 'why', 'expects', 'to do']
    """
    wording = rule.wording
    return {
        "asks": rule.definition,
        "why": rule.scope,
        "expects": canonical(wording.expected),
        "to do": canonical(wording.hint),
    }
