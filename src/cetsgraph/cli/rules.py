"""`cetsgraph rules`: what a deposition is judged by, and why."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from cetsgraph.cli.completion import complete_profiles, complete_rules
from cetsgraph.cli.help import example
from cetsgraph.cli.options import format_option
from cetsgraph.cli.output import print_rows

if TYPE_CHECKING:
    from cetsgraph.validation import Rule

__all__ = ["rules"]

_HEAD = ("rule", "title", "severity")


@click.command(epilog=example("rules dose-coherent"))
@click.option(
    "--profile", metavar="NAME", default="best-practice", show_default=True, shell_complete=complete_profiles,
    help="Rules of this profile: core, deposition or best-practice.",
)  # fmt: skip
@format_option
@click.argument("rule", metavar="[RULE]", required=False, shell_complete=complete_rules)
def rules(profile: str, form: str, rule: str | None) -> None:
    """List the rules of validation, or explain one.

    A rule is explained as text; with --format json its parts are shown.
    """
    from cetsgraph.texts import did_you_mean, nearest
    from cetsgraph.validation import rule_book

    known = rule_book(profile).rules
    if rule is None:
        columns = ("rule", "severity", "title")
        rows = [{"rule": one.id, "severity": str(one.severity), "title": one.title} for one in known.values()]
        print_rows(rows, columns, form)
    elif rule in known:
        parts = _parts(known[rule])
        click.echo(json.dumps(parts, ensure_ascii=False, indent=2) if form == "json" else _text(parts))
    else:
        hint = did_you_mean(nearest(rule, known)) or "`cetsgraph rules` lists them."
        raise click.UsageError(f"there is no rule {rule!r} in the profile {profile}. {hint}")


def _parts(rule: "Rule") -> dict[str, str]:
    from cetsgraph.validation.dialect_words import described

    head = {"rule": rule.id, "title": rule.title, "severity": str(rule.severity)}
    parts = {**head, **described(rule), "source": "; ".join(rule.sources)}
    return {name: text for name, text in parts.items() if text}


def _text(parts: Mapping[str, str]) -> str:
    rule, title, severity = (parts[name] for name in _HEAD)
    others = [f"{name}: {text}" for name, text in parts.items() if name not in _HEAD]
    return "\n".join([f"{rule}: {title} ({severity})", *others])
