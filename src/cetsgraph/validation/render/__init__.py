"""Reports as text: for depositors, programs, code review, browsers, CI and RDF tools."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from cetsgraph.errors import UnknownName
from cetsgraph.texts import did_you_mean, nearest

if TYPE_CHECKING:
    from cetsgraph.validation.report import Report

__all__ = ["FORMATS", "render"]

FORMATS = ("text", "json", "sarif", "html", "junit", "turtle")
"""What a report can be written as."""


def render(
    reports: "Sequence[Report]", form: str = "text", *, colour: bool = False, quiet: bool = False
) -> str:
    """Write reports, one or many, as one of `FORMATS`.

    For text, `colour` is that of a terminal, and `quiet` leaves out documents of which nothing is to be said.

    >>> from cetsgraph.model import DataSet
    >>> from cetsgraph.validation import validate
    >>> text = render([validate(DataSet(name="EMPIAR-12104"))])
    >>> print(text.splitlines()[0])
    EMPIAR-12104 conforms to core

    Raises:
        UnknownName: there is no such form.
    """
    if form not in FORMATS:
        raise UnknownName(
            f"no report can be written as {form!r}",
            expected=", ".join(FORMATS),
            hint=did_you_mean(nearest(form, FORMATS)),
        )
    if form == "text":
        from cetsgraph.validation.render import text

        return text.render(reports, colour=colour, quiet=quiet)
    written: str = import_module(f"cetsgraph.validation.render.{form}").render(reports)
    return written
