"""Tables of dialects: what is wrong in them is said when they are made."""

import pytest

from cetsgraph.documents import read_data
from cetsgraph.documents.dialects.mapping import ObjectMap, value
from cetsgraph.model import Axis


def test_a_table_names_only_fields_of_its_class() -> None:
    with pytest.raises(TypeError, match="Axis has no colour, as the table of Axis says"):
        ObjectMap(Axis, "Axis", {"color": value("colour")})


def test_a_table_is_shown_by_its_classes() -> None:
    assert repr(ObjectMap(Axis, "Achse", {})) == "ObjectMap(Achse -> Axis)"


def test_objects_beyond_the_depth_are_said_and_left_out() -> None:
    source: dict[str, object] = {"type": "text", "description": "innermost"}
    for _ in range(150):
        source = {"annotations": [source]}
    document = read_data({"regions": [], "annotations": [source]}, dialect="tomobabel")
    (finding,) = document.findings
    assert (finding.rule, finding.pointer.count("/")) == ("value-type", 202)
