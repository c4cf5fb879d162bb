"""Measures on the command line."""

import math

import click

__all__ = ["ABOVE_ZERO"]


class _Finite(click.FloatRange):
    """A range of numbers without infinity, and without what is no number."""

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found = float(super().convert(value, param, ctx))  # type: ignore[arg-type]
        if not math.isfinite(found):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return found


ABOVE_ZERO = _Finite(min=0, min_open=True)
"""A size, a dose or a time."""
