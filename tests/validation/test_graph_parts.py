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
from cetsgraph.validation.judge import Judge
from cetsgraph.validation.judgement import Judgement
from cetsgraph.validation.rules import rule_book

IRI = "https://w3id.org/cetsgraph/data/local/set"


@cache
def judge_of(profile: str) -> Judge:
    return Judge(rule_book(profile), partial(load_engine, name=None), 100)


def judged(dataset: DataSet, profile: str, size: int) -> Judgement:
    judge = judge_of(profile)
    judge.part_size = size
    quads = ox.parse(encode(dataset, IRI), format=ox.RdfFormat.N_QUADS)
    with TemporaryDirectory() as folder:
        path = Path(folder, "graph.nt")
        ox.serialize((quad.triple for quad in quads), path, format=ox.RdfFormat.N_TRIPLES)
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


CASES = {
    "alike": [region(name) for name in "abcdef"],
    "one id twice": [region(name) for name in "abcab"],
    "a phase plate in one": [*map(region, "abc"), region("d", imaging=ImagingParameters(phase_plate="VPP"))],
    "in focus, in words": [region("a", description="images in focus"), *map(region, "bcd")],
    "a file of two": [region("a"), region("b"), region("c", tomo_image_sets=region("a").tomo_image_sets)],
}


@pytest.mark.parametrize("profile", ["core", "deposition", "best-practice"])
@pytest.mark.parametrize("case", CASES)
def test_what_is_found_in_parts_is_what_is_found_in_the_whole(case: str, profile: str) -> None:
    dataset = DataSet(name="set", regions=CASES[case], map_sets=[MapSet(maps=[Map(source_region_id="b")])])
    whole = judged(dataset, profile, 10**9)
    assert whole.counts
    assert said(judged(dataset, profile, 1)) == said(whole)


@settings(max_examples=settings.default.max_examples // 5)
@given(st.lists(datasets(), min_size=2, max_size=3))
def test_in_parts_as_in_the_whole_for_any_regions(several: list[DataSet]) -> None:
    regions = [region for one in several for region in one.regions]
    for number, one in enumerate(regions):  # those without ids stay together
        one.id = one.id or f"r{number}"
    dataset = several[0].model_copy(update={"regions": regions})
    assert said(judged(dataset, "core", 1)) == said(judged(dataset, "core", 10**9))
