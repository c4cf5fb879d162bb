"""The terms follow from the model, one per field name, and the model cannot contradict itself."""

import subprocess
import sys
import textwrap

import pytest

from cetsgraph.iris import is_iri
from cetsgraph.model import Entity
from cetsgraph.vocabulary import Kind, vocabulary


def test_every_class_and_field_has_a_definition() -> None:
    terms = vocabulary()
    missing = [
        term.name for term in (*terms.classes.values(), *terms.properties.values()) if not term.definition
    ]
    assert missing == []
    assert [term.name for term in terms.classes.values() if not term.definition.endswith(".")] == []
    assert [term.name for term in terms.properties.values() if not term.definition.endswith(".")] == []


def test_every_local_name_makes_an_iri_and_no_two_properties_share_one() -> None:
    terms = vocabulary()
    names = [*terms.classes, *terms.properties]
    names += [prop.inverse for prop in terms.properties.values() if prop.inverse]
    names += [prop.dangling for prop in terms.properties.values() if prop.dangling]
    assert len(set(names)) == len(names)
    assert all(is_iri(term.iri) for term in (*terms.classes.values(), *terms.properties.values()))


@pytest.mark.parametrize(
    ("name", "kind", "symbol", "range_"),
    [
        ("nominalTiltAngle", Kind.DOUBLE, "°", None),
        ("accumulatedDose", Kind.DOUBLE, "e⁻/Å²", None),
        ("voxelSize", Kind.DOUBLE, "Å", None),
        ("width", Kind.INTEGER, "pixels", None),
        ("acceleratingVoltage", Kind.DOUBLE, "kV", None),
        ("ctfCorrected", Kind.BOOLEAN, None, None),
        ("matrix", Kind.ARRAY, None, None),
        ("hasRegion", Kind.PART, None, "Region"),
        ("hasCtfMetadata", Kind.PART, None, "CTFMetadata"),
        ("tiltSeries", Kind.REFERENCE, None, "TiltSeriesMicrographStack"),
        ("releaseDate", Kind.DATE, None, None),
        ("method", Kind.TEXT, None, None),
    ],
)
def test_terms_are_read_off_the_model(name: str, kind: Kind, symbol: str | None, range_: str | None) -> None:
    prop = vocabulary().properties[name]
    assert (prop.kind, prop.unit.symbol if prop.unit else None, prop.range) == (kind, symbol, range_)


def test_a_class_knows_the_properties_that_it_inherits() -> None:
    tomogram = vocabulary().classes["Tomogram"]
    fields = {prop.field for prop in tomogram.properties}
    assert fields == set(Entity.kinds["Tomogram"].model_fields)
    assert tomogram.asserted == ("Tomogram", "Image")


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ('defocus_u: Angstrom | None = term("Something else.")', "differ"),
        ('defocus_u: Degree | None = term("Larger of the two defoci; underfocus is positive.")', "differ"),
        ('defocus_u: str | None = term("Larger of the two defoci; underfocus is positive.")', "differ"),
        ('others: list[Tomogram] = parts("Other regions.", "region")', "both hasRegion"),
        ('min_x: float | None = term("Least.")', "written for queries"),
        ('method: Literal["a"] | None = term("Method.")', "does not say what each of its values means"),
    ],
)
def test_a_model_that_contradicts_itself_is_refused(declaration: str, message: str) -> None:
    program = f"""
        from typing import Literal

        from cetsgraph.model import *
        from cetsgraph.model.base import parts, term
        from cetsgraph.errors import VocabularyError
        from cetsgraph.vocabulary import vocabulary

        class Other(DataObject):
            "Another class."

            {declaration}

        try:
            vocabulary()
        except VocabularyError as error:
            print(error)
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    assert message in result.stdout


def test_a_new_field_is_one_line_and_goes_through_ontology_and_codec() -> None:
    program = """
        from cetsgraph.model import *
        from cetsgraph.model.base import term

        class Lamella(Image3D):
            "A thin slice of a cell."

            thickness: NanoMetre | None = term("Thickness of the lamella.", above=0)

        import pyoxigraph as ox
        from cetsgraph import derive
        from cetsgraph.graph import decode, encode

        region = Region(non_tomo_image_sets=[NonTomoImageSet(images=[Lamella(thickness=150.5)])])
        dataset = DataSet(regions=[region])
        quads = encode(dataset, "https://example.org/d")
        assert decode(ox.parse(quads, format=ox.RdfFormat.N_QUADS)) == dataset
        texts = {path.name: content.decode() for path, content in derive.model_outputs().items()}
        of_terms = ("cets.ttl", "context.jsonld", "structure.ttl", "cets.schema.json")
        for name in (*of_terms, "terms-of-data-objects.md"):
            assert "hickness" in texts[name], name
        assert "NanoM" in texts["cets.ttl"]
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True)
