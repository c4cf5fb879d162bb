"""Texts that are the same to a reader have one normal form; those that are not, have two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cetsgraph.normal_forms import folded, object_key


@pytest.mark.parametrize(
    "spellings",
    [
        ["J\u00fcrgen", "Ju\u0308rgen", "J\u00dcRGEN", "JU\u0308RGEN"],
        [
            "\u00c5ngstr\u00f6m",
            "A\u030angstro\u0308m",
            "\u212bngstr\u00f6m",
            "\u00c5NGSTR\u00d6M",
        ],  # U+212B: Å
        ["Straße", "STRASSE", "STRAẞE"],
        ["\u00b5m", "\u03bcm", "\u039cM"],  # micro sign, Greek mu
        ["\ufb01lament", "filament", "FILAMENT"],  # ligature
        [
            "\u039c\u0399\u03a4\u039f\u03a3",
            "\u03bc\u03b9\u03c4\u03bf\u03c2",
            "\u03bc\u03b9\u03c4\u03bf\u03c3",
        ],
        [
            "\u30ea\u30dc\u30bd\u30fc\u30e0",
            "\uff98\uff8e\uff9e\uff7f\uff70\uff91",
        ],  # ribosome, wide and narrow
    ],
)
def test_spellings_of_one_text(spellings: list[str]) -> None:
    assert len({folded(text) for text in spellings}) == 1


@pytest.mark.parametrize(
    "spelling",
    [
        "GO:0005840",
        "go:0005840",
        "GO_0005840",
        "http://purl.obolibrary.org/obo/GO_0005840",
        "https://purl.obolibrary.org/obo/go_0005840",
        "http://identifiers.org/GO:0005840",
        "https://identifiers.org/go:0005840",
        "https://identifiers.org/go/GO:0005840",
        "https://www.identifiers.org/go/0005840",
        "identifiers.org/GO:0005840",
        "https://bioregistry.io/go:0005840",
        "go:GO:0005840",
        " GO:0005840\n",
        "\uff27\uff2f:0005840",  # wide letters
    ],
)
def test_spellings_of_a_term(spelling: str) -> None:
    assert object_key(spelling) == "go:0005840"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("UniProtKB:P04591", "uniprotkb:p04591"),
        ("https://identifiers.org/uniprot:P04591", "uniprot:p04591"),
        ("http://purl.obolibrary.org/obo/NCBITaxon_9606", "ncbitaxon:9606"),
        ("Membrane", "membrane"),
        ("TS_01", "ts_01"),
        ("https://example.org/obo/GO_0005840", "https://example.org/obo/go_0005840"),
        ("see http://purl.obolibrary.org/obo/GO_0005840", "see http://purl.obolibrary.org/obo/go_0005840"),
        ("", ""),
    ],
)
def test_names_and_other_terms(text: str, key: str) -> None:
    assert object_key(text) == key


@given(st.text())
def test_a_normal_form_is_its_own(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert object_key(object_key(text)) == object_key(text)
