"""XML: what it holds with its lines, and what is refused."""

import pytest

from cetsgraph.errors import DocumentError
from cetsgraph.importers.formats.xml import parse

TEXT = """<emd:emd xmlns:emd="http://example.org/emd" id="EMD-1">
 <map size="2">
  <x>1</x>
  <x u="Å">2</x>
 </map>
</emd:emd>"""


def test_elements_attributes_and_repeated_elements_are_objects_with_lines() -> None:
    found = parse(TEXT, "a.xml")
    assert (found.name, found.namespace) == ("emd", "http://example.org/emd")
    assert found.data == {"@id": "EMD-1", "map": {"@size": "2", "x": ["1", {"@u": "Å", "#text": "2"}]}}
    assert found.lines(["", "/@id", "/map/x/1/@u", "/map/x/0", "/map/y"]) == {
        "": 1,
        "/@id": 1,
        "/map/x/1/@u": 4,
        "/map/x/0": 3,
        "/map/y": 2,
    }


REFUSED = {
    "entities": ('<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>\n<a>&c;</a>', 1),
    "an external entity": ('<a/>\n<!DOCTYPE a SYSTEM "file:///etc/passwd">', 2),
    "cut off": ("<a>\n<b>", 2),
    "depth": ("\n".join(["<a>"] * 70), 65),
    "nothing": ("", 1),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_could_expand_or_is_no_xml_is_refused_with_its_line(case: str) -> None:
    text, line = REFUSED[case]
    with pytest.raises(DocumentError) as refused:
        parse(text, "a.xml")
    assert (refused.value.path, refused.value.line) == ("a.xml", line)
