"""The ids that a reference which leads nowhere could have meant."""

import re
from collections.abc import Sequence

from cetsgraph.graph.placement import Place, Scope
from cetsgraph.model.base import facts_of
from cetsgraph.texts import did_you_mean, nearest

__all__ = ["KnownIds"]

_LISTED = 4
_ALIKE = 0.75
_OTHER = re.compile(r"[\W_]+|(?<!\d)0+(?=\d)")


class KnownIds:
    """The ids of regions by what refers to them: looked up in constant time, however many lead nowhere.

    Of those outside of regions, only one that is nearly the same is told: a data set is judged in parts, none
    of which has them all.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Scope, str], tuple[Sequence[str], dict[str, str]]] = {}

    def hint(self, place: Place, field: str, found: object) -> str | None:
        """Which id is meant, or which there are; None where the field refers to no ids of a region."""
        facts = facts_of(type(place.entity).model_fields[field].json_schema_extra)
        target = facts.target
        if target is None:
            return None
        if place.scope.region is None or facts.scope == "DataSet":
            whole = place.scope.whole or place.scope
            return did_you_mean(nearest(str(found), whole.ids(target), count=1, cutoff=_ALIKE))
        ids, by_form = self._of(place.scope, target)
        meant = by_form.get(_form(str(found)))
        if meant is not None and meant != found:
            return did_you_mean([meant])
        if not ids:
            return None
        more = f" and {len(ids) - _LISTED:,} more" if len(ids) > _LISTED else ""
        return f"Known there: {', '.join(map(repr, ids[:_LISTED]))}{more}."

    def _of(self, scope: Scope, target: str) -> tuple[Sequence[str], dict[str, str]]:
        """The ids of a kind in a scope, also by what spellings have in common; of a tilt series or movie
        that has none, those of its region."""
        key = (scope, target)
        if key not in self._known:
            ids = scope.ids(target)
            self._known[key] = (
                self._of(scope.outer, target)
                if not ids and scope.outer is not None
                else (ids, {_form(one): one for one in ids})
            )
        return self._known[key]


def _form(text: str) -> str:
    """What two spellings of an id have in common: case, separators and leading zeros do not count.

    >>> _form("TS_01"), _form("ts-1.mrc")
    ('ts1', 'ts1mrc')
    """
    return _OTHER.sub("", text).casefold()
