"""What a shell completes: names of questions, profiles and data sets.

Completion must be quick and silent: what cannot be read has no names.
"""

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

__all__ = ["complete_data_sets", "complete_profiles", "complete_questions"]

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


def _data_sets(context: click.Context) -> Iterable[str]:
    from cetsgraph import archive
    from cetsgraph.store import open_store

    if (location := context.params.get("location")) is None:
        return []
    with open_store(location) as store:
        return [kept.name for kept in archive.records(store)]


complete_questions = _completing(_questions)
complete_profiles = _completing(_profiles)
complete_data_sets = _completing(_data_sets)
