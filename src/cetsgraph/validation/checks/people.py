"""Checks on people: whether an ORCID can be one."""

import re
from collections.abc import Iterator

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import Person
from cetsgraph.validation.checks.registry import Fault, check

__all__ = ["orcid_check_digit", "orcid_is_no_other"]

_ORCID = re.compile(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]")


def orcid_check_digit(digits: str) -> str:
    """The last character of an ORCID whose other 15 digits are given (ISO 7064, mod 11-2).

    >>> orcid_check_digit("000000021825009")
    '7'
    >>> orcid_check_digit("000000021694233")
    'X'
    """
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    result = (12 - total % 11) % 11
    return "X" if result == 10 else str(result)


@check("authors", Person)
def orcid_is_no_other(place: Place, placement: Placement) -> Iterator[Fault]:
    """The check digit of an ORCID is the one that its other digits demand; shapes ask for its form."""
    orcid = place.entity.__dict__["orcid"]
    if not orcid or not _ORCID.fullmatch(orcid):
        return
    digit = orcid_check_digit(orcid.replace("-", "")[:15])
    if orcid[-1] != digit:
        yield Fault(
            "orcid", found=orcid, expected=f"an ORCID whose check digit is {digit}, if the others are right"
        )
