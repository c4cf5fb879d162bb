"""`cetsgraph rules`: what a deposition is judged by, and why."""

from typing import TYPE_CHECKING

import click

from cetsgraph.cli.completion import complete_profiles, complete_rules
from cetsgraph.cli.help import example
from cetsgraph.cli.output import print_rows

if TYPE_CHECKING:
    from cetsgraph.validation import Rule

__all__ = ["rules"]


@click.command(epilog=example("rules dose-coherent"))
@click.option(
    "--profile", metavar="NAME", default="best-practice", show_default=True, shell_complete=complete_profiles,
    help="Rules of this profile: core, deposition or best-practice.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True,
    help="Form of the list.",
)  # fmt: skip
@click.argument("rule", metavar="[RULE]", required=False, shell_complete=complete_rules)
def rules(profile: str, form: str, rule: str | None) -> None:
    """List the rules of validation, or explain one."""
    from cetsgraph.errors import did_you_mean, nearest
    from cetsgraph.validation import rule_book

    known = rule_book(profile).rules
    if rule is None:
        columns = ("rule", "severity", "title")
        rows = [{"rule": one.id, "severity": str(one.severity), "title": one.title} for one in known.values()]
        print_rows(rows, columns, form)
    elif rule in known:
        click.echo(_described(known[rule]))
    else:
        hint = did_you_mean(nearest(rule, known)) or "`cetsgraph rules` lists them."
        raise click.UsageError(f"there is no rule {rule!r} in the profile {profile}. {hint}")


def _described(rule: "Rule") -> str:
    from cetsgraph.validation.dialect_words import described

    head = {"": f"{rule.id}: {rule.title} ({rule.severity})"}
    lines = {**head, **described(rule), "source": "; ".join(rule.sources)}
    return "\n".join(f"{name + ': ' if name else ''}{text}" for name, text in lines.items() if text)
