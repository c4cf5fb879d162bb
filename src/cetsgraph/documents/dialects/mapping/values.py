"""Values that are not of the type that the model has: what each should be, and which can be mended."""

import math
import re
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cetsgraph.model import Entity
from cetsgraph.texts import shortened

__all__ = ["EXPECTED", "advice", "made_integral", "options_of", "problems_by_field"]

EXPECTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "text",
    "bool_type": "true or false",
    "list_type": "a list",
    "finite_number": "a finite number",
}


_LONGEST = 60  # characters of an example
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_GOES_ON = re.compile(r"[A-Za-z]?[.,]?\d|[.,]")
_NUMBER = re.compile(r"\s*([-+−]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?)")


def _number_in(text: str) -> re.Match[str] | None:
    """The number that a text begins with, unless what follows seems to belong to it, such as the O in 3O.5.

    >>> _number_in("3O.5"), _number_in("3.5 e/Å2")[1]
    (None, '3.5')
    """
    number = _NUMBER.match(text)
    return None if number is None or _GOES_ON.match(text, number.end()) else number


def advice(kind: str, found: Any, whole: Any = None) -> str | None:
    """What to do about a value that a field cannot hold, by Pydantic's kind of error; it may be in a `whole`.

    >>> advice("float_type", "-57,5 deg")
    'Write the number alone, without quotes and unit: -57.5.'
    >>> advice("int_type", "4,092 "), advice("float_type", [1.0, 2.0], [[1.0, 2.0]])
    ('Write the number alone, without quotes and unit: 4092.', 'Take out the inner brackets: [1.0, 2.0].')
    >>> advice("bool_type", "yes"), advice("list_type", 6.0)
    ('Write true or false, without quotes.', 'Write a list, in square brackets: [6.0].')
    """
    if isinstance(found, float) and not math.isfinite(found):
        if isinstance(whole, list):
            return "Write the number, or take out the row that has none."
        return "Use null where there is no number."
    match kind:
        case "bool_type":
            return "Write true or false, without quotes."
        case "int_from_float":
            return "Write a whole number."
        case "list_type" if isinstance(whole, list) and all(isinstance(one, list) for one in whole):
            return "Write a matrix in each place, as a list of its rows; angles are none."
        case "list_type" if isinstance(whole, list):
            return f"Write a list of lists, in square brackets: {shortened(str(_in_rows(whole)), _LONGEST)}."
        case "list_type":
            example = "" if isinstance(found, str | list | dict) else f": [{found}]"
            return f"Write a list, in square brackets{example}."
        case "string_type" if isinstance(found, list | dict):
            return "Write one text, in quotes."
        case "string_type":
            return "Put it in quotes, if it is meant as text."
        case "float_type" | "int_type" if isinstance(found, str) and (number := _number_in(found)):
            whole_number = kind == "int_type" and _THOUSANDS.fullmatch(found.strip())
            plain = (found if whole_number else number[1]).strip().replace("−", "-")
            plain = plain.replace(",", "" if whole_number else ".")
            return f"Write the number alone, without quotes and unit: {plain}."
        case "float_type" | "int_type" if isinstance(found, list) and whole == [found]:
            return f"Take out the inner brackets: {shortened(str(found), _LONGEST)}."
        case "float_type" | "int_type" if isinstance(found, list):
            same = found and all(one == found[0] for one in found)
            return f"Write one number, without brackets{f': {found[0]}' if same else ''}."
        case "float_type" | "int_type":
            return f"Write {EXPECTED[kind]}{', without quotes' if isinstance(found, str) else ''}."
    return None


def _in_rows(whole: list[Any]) -> list[Any]:
    """A list as one row, or as the rows of a square matrix if it has as many numbers.

    >>> _in_rows([1.0, 0.0, 0.0, 1.0]), _in_rows([100.5, 200.3, 150.7])
    ([[1.0, 0.0], [0.0, 1.0]], [[100.5, 200.3, 150.7]])
    """
    side = math.isqrt(len(whole))
    if side < 2 or side * side != len(whole) or any(isinstance(one, list) for one in whole):
        return [whole]
    return [whole[start : start + side] for start in range(0, len(whole), side)]


def options_of(cls: type[Entity], name: str) -> list[Any]:
    """The types that a field may have, without None and annotations."""

    def bare(kind: Any) -> list[Any]:
        """The types in a union, without what annotates them."""
        if hasattr(kind, "__metadata__"):
            return bare(kind.__origin__)
        if get_origin(kind) is None or not {type(None)} & set(get_args(kind)):
            return [kind]
        return [option for part in get_args(kind) if part is not type(None) for option in bare(part)]

    return bare(cls.model_fields[name].annotation)


def problems_by_field(error: ValidationError) -> dict[str, list[ErrorDetails]]:
    """What Pydantic found, by the field at the top."""
    fields: dict[str, list[ErrorDetails]] = {}
    for problem in error.errors(include_url=False, include_context=False):
        fields.setdefault(str(problem["loc"][0]), []).append(problem)
    return fields


def made_integral(values: dict[str, Any], name: str, problems: list[ErrorDetails]) -> bool:
    """Whether the value's only fault was that whole numbers were written as doubles, which is mended."""
    if not all(_is_whole(problem["input"]) and problem["type"].startswith("int_") for problem in problems):
        return False
    values[name] = _integral(values[name])
    return True


def _is_whole(found: Any) -> bool:
    return isinstance(found, float) and found.is_integer()


def _integral(found: Any) -> Any:
    if isinstance(found, list):
        return [_integral(item) for item in found]
    return int(found) if _is_whole(found) else found
