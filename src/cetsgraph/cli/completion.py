"""What a shell completes: names of questions, profiles and data sets.

Completion must be quick and silent: what cannot be read has no names.
"""

import re
from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

__all__ = ["complete_data_sets", "complete_profiles", "complete_questions", "complete_rules"]

_RULE = re.compile(r"(?m)^rule:([\w-]+) a rule:Rule\b")
_Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _completing(names: Callable[[click.Context], Iterable[str]]) -> _Complete:
    def complete(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
        """The names that begin as what was typed; none where they cannot be found out."""
        from cetsgraph.errors import CetsGraphError

        try:
            return [CompletionItem(name) for name in names(context) if name.startswith(begun)]
        except CetsGraphError:
            return []

    return complete


def _questions(_: click.Context) -> Iterable[str]:
    from cetsgraph import resources

    return sorted(path.stem for path in resources.folder("queries").glob("*.rq"))


def _profiles(_: click.Context) -> Iterable[str]:
    from cetsgraph import resources

    return sorted(path.stem for path in (resources.folder("shapes") / "profiles").glob("*.ttl"))


def _rules(_: click.Context) -> Iterable[str]:
    from cetsgraph import resources

    files = (resources.folder("shapes") / "rules").glob("*.ttl")
    return sorted(name for file in files for name in _RULE.findall(file.read_text(encoding="utf-8")))


def _data_sets(context: click.Context) -> Iterable[str]:
    from cetsgraph import archive
    from cetsgraph.store import open_store

    if (location := context.params.get("location")) is None:
        return []
    with open_store(location) as store:
        return [kept.name for kept in archive.records(store)]


complete_questions = _completing(_questions)
complete_profiles = _completing(_profiles)
complete_rules = _completing(_rules)
complete_data_sets = _completing(_data_sets)
