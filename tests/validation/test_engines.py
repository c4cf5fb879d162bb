"""The shapes have the same results in every engine: the two of the package, and two that it does not use.

Where a check finds what a shape would, so that the package leaves the shape to others, both find the same.

`shacl` (Rust), which serves unless another is named, judges every document, and pyshacl-turbo follows it on
all of them with the one file of the profile that is published. pySHACL and Shifty, a hundred times slower,
follow on a sample: a document for every third rule that shapes speak for.
"""

from collections import Counter
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pyshacl_turbo
import pytest
import shifty
from hypothesis import given
from hypothesis import strategies as st
from rdflib import OWL, RDF, Graph, Literal, Namespace, URIRef

from cetsgraph.documents import Document, read_all
from cetsgraph.errors import DocumentError
from cetsgraph.graph import triples
from cetsgraph.graph.placement import Placement
from cetsgraph.model import (
    Alignment,
    Axis,
    CoordinateSystem,
    CTFMetadata,
    DataSet,
    MovieFrame,
    MovieStack,
    MovieStackCollection,
    MovieStackSeries,
    PointSet,
    ProjectionAlignment,
    ProjectionExclusion,
    Region,
    TiltAngleObservation,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)
from cetsgraph.validation import PROFILES, Validator, rule_book
from cetsgraph.validation.engines import Engine, load_engine

ROOT = Path(__file__).resolve().parents[2]
INVALID = ROOT / "tests/data/invalid"
DOCUMENTS = sorted(
    path
    for folder in ("examples", "tests/data/invalid", "tests/data/valid")
    for path in (ROOT / folder).rglob("*.*")
    if ".expected." not in path.name and path.name != "README.md"
)
BOOK = rule_book(PROFILES[-1])
OF_SHAPES = sorted(rule for rule in BOOK.rules if "shapes" in BOOK.rules[rule].said_by)
SH = Namespace("http://www.w3.org/ns/shacl#")

Result = tuple[str, str, str, str, str | None, str | None]
"""Focus node, shape, kind of constraint, severity, path, and value."""


def published(profile: str) -> Path:
    """The file with all shapes of a profile, for other programs."""
    return ROOT / f"shapes/profiles/{profile}.ttl"


@cache
def engine(name: str) -> Engine:
    return load_engine(BOOK.texts, name)


@cache
def compiled() -> pyshacl_turbo.CompiledShapes:
    return pyshacl_turbo.compile_shapes(published(BOOK.profile).read_text(encoding="utf-8"))


@cache
def shapes() -> Graph:
    graph = Graph()
    for text in BOOK.texts:
        graph.parse(data=text, format="turtle")
    return graph


def graphs(path: Path, root: str = "") -> list[str]:
    """The documents of a file in N-Triples; none where there is nothing to validate.

    With a root, their IRIs begin with it: several may go in one graph.
    """
    try:
        documents = read_all(path)
    except DocumentError:
        return []
    roots = [root and f"{root}:{number}" for number in range(len(documents))]
    placements = [
        Placement(document.dataset, iri, numbered=not iri)
        for document, iri in zip(documents, roots, strict=True)
    ]
    return ["".join(triples(placement)) for placement in placements]


def of(name: str, graph: str) -> list[Result]:
    """Those of one of the package's engines."""
    return sorted(
        (
            one.focus,
            one.shape,
            one.component,
            str(one.severity),
            one.path,
            None if one.value is None else number(one.value.value),
        )
        for one in engine(name).validate(graph).found
    )


def reported(report: Graph) -> list[Result]:
    """Those of a validation report in RDF."""

    def said(result: object, name: str) -> URIRef | Literal | None:
        return report.value(result, SH[name])  # type: ignore[arg-type, return-value]

    return sorted(
        (
            str(said(result, "focusNode")),
            str(said(result, "sourceShape")),
            str(said(result, "sourceConstraintComponent")),
            str(said(result, "resultSeverity")).rpartition("#")[2].lower(),
            str(path) if isinstance(path := said(result, "resultPath"), URIRef) else None,
            None if (value := said(result, "value")) is None else number(str(value)),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )


def with_turbo(graph: str) -> list[Result]:
    return reported(compiled().validate(graph, data_graph_format="nt")[1])


def with_shifty(graph: str) -> list[Result]:
    return reported(shifty.validate(Graph().parse(data=graph, format="nt"), shapes())[1])


def number(text: str) -> str:
    """Numbers by value: engines write doubles differently."""
    try:
        return repr(float(text))
    except ValueError:
        return text


@pytest.mark.parametrize("first", range(0, len(DOCUMENTS), 10), ids=lambda first: DOCUMENTS[first].stem)
def test_another_engine_gives_the_same_results(first: int) -> None:
    """On documents by tens in one graph, each under an IRI with its name."""
    roots = {path: f"urn:x-document:{path.relative_to(ROOT)}" for path in DOCUMENTS[first : first + 10]}
    graph = "".join("".join(graphs(path, root.replace(" ", "-"))) for path, root in roots.items())
    assert with_turbo(graph) == of("shacl", graph)


def test_another_engine_gives_the_same_results_on_real_documents(shared_data: Path) -> None:
    paths = (path for path in sorted(shared_data.glob("*/*.json")) if path.stat().st_size < 10**6)
    found = [graph for path in paths for graph in graphs(path)]
    assert len(found) > 8
    for graph in found:
        assert with_turbo(graph) == of("shacl", graph)


def of_rule(rule: str) -> Path:
    """A document that breaks the rule."""
    return min(path for path in (INVALID / rule).iterdir() if ".expected." not in path.name)


def shapes_in(text: str) -> list[ox.Quad]:
    """The declarations of shapes in Turtle."""
    kinds = (str(SH.NodeShape), str(SH.PropertyShape))
    quads = ox.parse(text, format=ox.RdfFormat.TURTLE)
    return [quad for quad in quads if isinstance(quad.object, ox.NamedNode) and quad.object.value in kinds]


def messages(report: Graph) -> list[tuple[str, str, str]]:
    """Focus node, shape, and what is said."""
    return sorted(
        (str(report.value(result, SH.focusNode)), str(report.value(result, SH.sourceShape)), str(message))
        for result, message in report.subject_objects(SH.resultMessage)
    )


@pytest.mark.parametrize("profile", PROFILES)
def test_the_file_of_a_profile_stands_alone_with_a_message_and_severity_on_every_shape(profile: str) -> None:
    text = published(profile).read_text(encoding="utf-8")
    quads = [*ox.parse(text, format=ox.RdfFormat.TURTLE)]
    assert not [quad for quad in quads if quad.predicate.value == str(OWL.imports)]
    declared = Counter(quad.subject for quad in shapes_in(text))
    severities = Counter(quad.subject for quad in quads if quad.predicate.value == str(SH.severity))
    said = [(quad.subject, quad.object.value) for quad in quads if quad.predicate.value == str(SH.message)]
    assert len(declared) > 700 and declared == Counter(shape for shape, _ in said if shape in declared)
    assert declared == Counter({shape: severities[shape] for shape in declared})
    assert not any(set("{}") & set(message) for shape, message in said if shape in declared)
    assert set(declared) == {quad.subject for text in rule_book(profile).texts for quad in shapes_in(text)}


def test_pyshacl_says_of_the_published_shapes_what_turbo_says() -> None:
    rules = ("defocus-order", "value-range", "section-gap")
    data = "".join("".join(graphs(of_rule(rule), f"urn:x-rule:{rule}")) for rule in rules)
    shapes = published("core").read_text(encoding="utf-8")
    turbo = pyshacl_turbo.compile_shapes(shapes)
    _, report, _ = pyshacl.validate(
        Graph().parse(data=data, format="nt"), shacl_graph=Graph().parse(data=shapes)
    )
    assert isinstance(report, Graph)
    said = messages(report)
    assert said == messages(turbo.validate(data, data_graph_format="nt")[1])
    assert all(any(f"urn:x-rule:{rule}" in focus for focus, _, _ in said) for rule in rules)


def test_every_engine_gives_the_same_results_on_documents_of_rules() -> None:
    """All in one graph, which costs the slow engines less than each by itself."""
    graph = "".join("".join(graphs(of_rule(rule), f"urn:x-rule:{rule}")) for rule in OF_SHAPES[::3])
    expected = of("shacl", graph)
    assert of("pyshacl", graph) == expected
    assert set(with_shifty(graph)) == set(expected)


FEW = st.sampled_from([0, 1, 2, 3, None])
DOSES = st.sampled_from([0.0, 1.0, 1.0 + 5e-7, 1.5, 300.5, None])
TILTS = st.sampled_from([0.0, 0.75, -0.5, None])
PIXELS = st.sampled_from([0.2, 1.35, 61.0, None])
PATHS = st.sampled_from(["a.mrc", None])
CTFS = st.none() | st.builds(
    CTFMetadata,
    defocus_u=st.sampled_from([30_000.0, 31_000.0, None]),
    defocus_v=st.sampled_from([30_000.0, 30_500.0, None]),
    phase_shift=st.sampled_from([0.0, 1.5, 90.0, None]),
    defocus_handedness=st.sampled_from([1, -1, None]),
)
FRAMES = st.builds(
    MovieFrame,
    section=FEW,
    nominal_tilt_angle=TILTS,
    accumulated_dose=DOSES,
    pixel_size=PIXELS,
    path=PATHS,
    ctf_metadata=CTFS,
)
IMAGES = st.builds(
    TiltSeriesMicrograph,
    section=FEW,
    acquisition_order=FEW,
    accumulated_dose=DOSES,
    total_accumulated_dose=DOSES,
    dose_convention=st.sampled_from(["before", None, None, None]),
    nominal_tilt_angle=TILTS,
    pixel_size_x=PIXELS,
    excluded=st.sampled_from([None, False, True]),
    movie_stack_id=st.sampled_from(["movie-0", "movie-1", "gone", None]),
    path=PATHS,
    even_path=PATHS,
    odd_path=PATHS,
    ctf_metadata=CTFS,
)
TILT_IMAGES = st.sampled_from(["0-0", "1-0", "gone", None])
ROWS = st.builds(ProjectionAlignment, tilt_image_id=TILT_IMAGES)
OBSERVATIONS = st.builds(TiltAngleObservation, tilt_image_id=TILT_IMAGES, tilt_angle=TILTS)
EXCLUSIONS = st.builds(ProjectionExclusion, tilt_image_id=TILT_IMAGES)
LENGTHS = st.sampled_from([64, None])
VOXELS = st.sampled_from([10.0, None])
COUNTS = st.floats(-400, 400)
POINTS = st.builds(
    PointSet,
    coordinates=st.lists(st.tuples(COUNTS, COUNTS, COUNTS).map(list), min_size=1, max_size=2),
    unit=st.sampled_from(["pixel", "angstrom", None]),
    origin=st.sampled_from(["corner", "centre"]),
)
AXES = st.builds(Axis, axis_unit=st.sampled_from(["angstrom", "furlong", "micrometer", None]))
TOMOGRAMS = st.builds(
    Tomogram,
    coordinate_systems=st.lists(st.builds(CoordinateSystem, axes=st.lists(AXES, max_size=2)), max_size=1),
    width=LENGTHS,
    height=LENGTHS,
    depth=LENGTHS,
    voxel_size=VOXELS,
    voxel_size_y=VOXELS,
    annotations=st.lists(POINTS, max_size=1),
)


@st.composite
def deposited(draw: st.DrawFn) -> Document:
    """Two series of movies, two tilt series, an alignment of one, and a tomogram with points."""
    movies = [
        MovieStackSeries(
            id=f"movies-{number}",
            movie_stacks=[
                MovieStack(
                    id=f"movie-{number}",
                    path=draw(PATHS),
                    frames=draw(st.lists(FRAMES, min_size=1, max_size=4)),
                    ctf_metadata=draw(CTFS),
                )
            ],
        )
        for number in range(2)
    ]
    series = [
        TiltSeriesMicrographStack(
            id=f"series-{number}",
            path=draw(PATHS),
            total_dose=draw(DOSES),
            movie_stack_series_id=draw(st.sampled_from(["movies-0", None])),
            micrographs=[
                image.model_copy(update={"id": f"{number}-{place}"})
                for place, image in enumerate(draw(st.lists(IMAGES, min_size=2, max_size=6)))
            ],
        )
        for number in range(2)
    ]
    alignment = Alignment(
        tilt_series_id=draw(st.sampled_from(["series-0", None])),
        projection_alignments=draw(st.lists(ROWS, max_size=2, unique_by=lambda row: row.tilt_image_id)),
        tilt_angle_observations=draw(st.lists(OBSERVATIONS, max_size=2)),
        exclusions=draw(st.lists(EXCLUSIONS, max_size=1)),
    )
    held = TomoImageSet(
        movie_stack_collections=[MovieStackCollection(movie_stack_series=movies)],
        tilt_series_sets=[TiltSeriesSet(tilt_series=series)],
        alignments=[alignment],
        tomogram_sets=[TomogramSet(tomograms=[draw(TOMOGRAMS)])],
    )
    return Document(DataSet(regions=[Region(id="region", tomo_image_sets=[held])]), "cetsgraph", "DataSet")


@given(deposited())
def test_a_check_finds_what_the_shape_would_that_is_left_to_others(document: Document) -> None:
    placement = Placement(document.dataset, numbered=True)
    by_shapes = {
        (BOOK.wording(one.shape, one.component, one.path).rule, focus)
        for one in engine("shacl").validate("".join(triples(placement))).found
        if one.shape in BOOK.checked
        for focus in [one.value.value if isinstance(one.value, ox.NamedNode) else one.focus]
    }
    by_checks = {
        (one.finding.rule, one.result.focus)
        for one in Validator(BOOK.profile).judge.document(document).verdicts
        if one.result.shape in BOOK.checked
    }
    assert by_checks == by_shapes
