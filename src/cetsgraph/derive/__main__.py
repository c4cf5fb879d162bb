"""`python -m cetsgraph.derive` writes again what is derived; with `--check` it says what would change."""

import sys

import click

from cetsgraph import derive, resources


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file would change.")
def main(check: bool) -> None:
    """Write again what is derived: ontology, context, shapes, schema, and the reference pages."""
    root = resources.checkout()
    if root is None:
        raise click.UsageError("only a checkout of the project can be derived again.")
    settle = derive.drift if check else derive.write
    changed = settle(root, derive.outputs(root), whole=derive.WHOLE)
    for path in changed:
        click.echo(f"{'is not up to date' if check else 'written'}: {path}", err=True)
    if check and changed:
        click.echo("Run `make derive`.", err=True)
        sys.exit(1)


main()
