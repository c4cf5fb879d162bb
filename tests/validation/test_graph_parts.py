"""A stored graph is judged in parts as it is judged whole."""

from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import datasets

from cetsgraph.graph import encode
from cetsgraph.model import (
    Alignment,
    CTFMetadata,
    DataSet,
    GainFile,
    ImagingParameters,
    Map,
    MapSet,
    MovieStackCollection,
    ProjectionAlignment,
    Region,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    TomoImageSet,
)
from cetsgraph.validation.engines import load_engine
from cetsgraph.validation.graph_parts import parts_of
from cetsgraph.validation.judge import Judge
from cetsgraph.validation.judgement import Judgement
from cetsgraph.validation.rules import rule_book

IRI = "https://w3id.org/cetsgraph/data/local/set"


@cache
def judge_of(profile: str) -> Judge:
    return Judge(rule_book(profile), partial(load_engine, name=None), 100)


def triples(dataset: DataSet) -> bytes:
    quads = ox.parse(encode(dataset, IRI), format=ox.RdfFormat.N_QUADS)
    return ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""


def judged(dataset: DataSet, profile: str, size: int) -> Judgement:
    judge = judge_of(profile)
    judge.part_size = size
    with TemporaryDirectory() as folder:
        path = Path(folder, "graph.nt")
        path.write_bytes(triples(dataset))
        return judge.graph(path, IRI, "cetsgraph", "DataSet")


def said(found: Judgement) -> tuple[object, ...]:
    findings = sorted(repr(verdict.finding) for verdict in found.verdicts)
    return dict(found.counts), dict(found.severities), findings


def region(name: str, **changes: object) -> Region:
    image = TiltSeriesMicrograph(
        id="0", path=f"{name}.mrc", section=0, nominal_tilt_angle=3, ctf_metadata=CTFMetadata(defocus_u=300)
    )
    series = TiltSeriesMicrographStack(id="TS", micrographs=[image])
    aligned = ProjectionAlignment(tilt_image_id="gone", input="tomogram", output="image")
    images = TomoImageSet(
        tilt_series_sets=[TiltSeriesSet(tilt_series=[series])],
        alignments=[Alignment(tilt_series_id="TS", projection_alignments=[aligned])],
        movie_stack_collections=[MovieStackCollection(gain_file=GainFile(path="gain.mrc"))],
    )
    found = Region(id=name, tomo_image_sets=[images])
    for field, value in changes.items():
        setattr(images if field == "imaging" else found, field, value)
    return found


def halved(name: str, half: str) -> Region:
    found = region(name)
    found.tomo_image_sets[0].tilt_series_sets[0].tilt_series[0].even_path = f"{half}.mrc"
    return found


CASES = {
    "alike": [region(name) for name in "abcdef"],
    "one id twice": [region(name) for name in "abcab"],
    "a phase plate in one": [*map(region, "abc"), region("d", imaging=ImagingParameters(phase_plate="VPP"))],
    "in focus, in words": [region("a", description="images in focus"), *map(region, "bcd")],
    "a half of two": [halved("a", "even"), *map(region, "bc"), halved("d", "even")],
    "a half as the image of another": [halved("a", "d"), *map(region, "bcd")],
    "the gain as the image of another": [region(name) for name in ("a", "b", "gain", "c")],
    "a file of two": [region("a"), region("b"), region("c", tomo_image_sets=region("a").tomo_image_sets)],
}


@pytest.mark.parametrize("profile", ["core", "deposition", "best-practice"])
@pytest.mark.parametrize("case", CASES)
def test_what_is_found_in_parts_is_what_is_found_in_the_whole(case: str, profile: str) -> None:
    dataset = DataSet(name="set", regions=CASES[case], map_sets=[MapSet(maps=[Map(source_region_id="b")])])
    whole = judged(dataset, profile, 10**9)
    assert whole.counts
    assert said(judged(dataset, profile, 1)) == said(whole)


def test_regions_that_share_a_gain_file_alone_are_judged_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "graph.nt"
    path.write_bytes(triples(DataSet(name="set", regions=CASES["alike"])))
    assert [part.numbers for part in parts_of(path, IRI, 1)] == [(number,) for number in range(6)]


@settings(max_examples=settings.default.max_examples // 5)
@given(st.lists(datasets(), min_size=2, max_size=3))
def test_in_parts_as_in_the_whole_for_any_regions(several: list[DataSet]) -> None:
    regions = [region for one in several for region in one.regions]
    for number, one in enumerate(regions):  # those without ids stay together
        one.id = one.id or f"r{number}"
    dataset = several[0].model_copy(update={"regions": regions})
    assert said(judged(dataset, "core", 1)) == said(judged(dataset, "core", 10**9))
