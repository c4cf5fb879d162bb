"""From dialect to dialect: what differs afterwards is reported."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import assume, example, given
from strategies import cets_data_model_documents, datasets, tomobabel_documents

from cetsgraph.documents import Written, read_data, write
from cetsgraph.findings import Finding
from cetsgraph.model import Coordinates, DataSet, Entity, Region, Spline
from cetsgraph.model.base import facts_of

A, B = "tomobabel", "cets-data-model"
JSON = Any
Fact = tuple[str, str, str]


def facts(entity: Entity, pointer: str = "") -> Iterator[tuple[Fact, str]]:
    """Class, field and value of every single value below an object, with its place; references aside.

    References change their form where ids are made: they are compared by what they lead to, elsewhere.
    """
    for name, found in entity.__dict__.items():
        place = f"{pointer}/{name}"
        if isinstance(found, Entity):
            yield from facts(found, place)
        elif isinstance(found, list) and found and isinstance(found[0], Entity):
            for index, item in enumerate(found):
                yield from facts(item, f"{place}/{index}")
        elif found not in (None, []) and not is_reference(type(entity), name):
            yield (type(entity).__name__, name, repr(found)), place


def is_reference(cls: type[Entity], name: str) -> bool:
    return facts_of(cls.model_fields[name].json_schema_extra).target is not None


HOLDERS = re.compile(r"(/(regions|tomo_image_sets|tomogram_sets|movie_stack_collections)/\d+)*")


def explained(place: str, findings: Iterable[Finding]) -> bool:
    """Whether a finding names the place, or what it is in.

    That an object stands elsewhere, or that lists became one, explains no change of the values below it.
    """
    return any(
        place == finding.pointer or place.startswith(f"{finding.pointer}/")
        for finding in findings
        if finding.rule == "not-representable"
        or (finding.rule == "normalised" and not HOLDERS.fullmatch(finding.pointer))
    )


def repeated_files(dataset: DataSet) -> list[str]:
    """Places of gain and defect files that an earlier collection of movies of the region has too.

    Where its collections become one, as dialect B has it, they are one file.
    """
    found = []
    for number, region in enumerate(dataset.regions or []):
        seen: list[dict[str, object]] = []
        for at, images in enumerate(region.tomo_image_sets or []):
            for place, movies in enumerate(images.movie_stack_collections or []):
                for name in ("gain_file", "defect_file"):
                    file = getattr(movies, name)
                    if file is None:
                        continue
                    values = file.model_dump(exclude={"annotations"})  # of which dialect B has none here
                    if values in seen:
                        collection = f"/tomo_image_sets/{at}/movie_stack_collections/{place}"
                        found.append(f"/regions/{number}{collection}/{name}/")
                    seen.append(values)
    return found


def check(dataset: DataSet, written: Written, again: DataSet) -> None:
    repeated = tuple(repeated_files(dataset))
    before: dict[Fact, list[str]] = defaultdict(list)
    after: dict[Fact, int] = defaultdict(int)
    for fact, place in facts(dataset):
        before[fact].append(place)
    for fact, _ in facts(again):
        after[fact] += 1
    for fact, places in before.items():
        if len(places) > after[fact]:
            unexplained = [place for place in places if not explained(place, written.findings)]
            if after[fact]:
                unexplained = [place for place in unexplained if not place.startswith(repeated)]
            assert len(unexplained) <= after[fact], (fact, unexplained)


def without_ids_like_places(dataset: DataSet) -> bool:
    return not any((entity.id or "").startswith("#/") for entity in dataset.walk())


@given(tomobabel_documents)
def test_what_dialect_b_cannot_hold_of_dialect_a_is_reported(generated: tuple[str, JSON]) -> None:
    dataset = read_data(generated[1], dialect=A).dataset
    written = write(dataset, B)
    check(dataset, written, read_data(written.data, dialect=B).dataset)


@given(cets_data_model_documents)
def test_what_dialect_a_cannot_hold_of_dialect_b_is_reported(generated: tuple[str, JSON]) -> None:
    dataset = read_data(generated[1], dialect=B).dataset
    assume(without_ids_like_places(dataset))
    written = write(dataset, A)
    check(dataset, written, read_data(written.data, dialect=A).dataset)


UNKNOWN = Spline(unit="angstrom", origin="centre", points=[Coordinates()])


@pytest.mark.parametrize("target", [A, B])
@given(dataset=datasets())
@example(dataset=DataSet(annotations=[UNKNOWN]))
def test_what_a_dialect_cannot_hold_of_the_model_is_reported(target: str, dataset: DataSet) -> None:
    assume(without_ids_like_places(dataset))
    written = write(dataset, target)
    check(dataset, written, read_data(written.data, dialect=target).dataset)


def test_what_stays_on_the_region_is_reported_where_it_stood() -> None:
    points = {"annotation_type": "point_set_3D", "source_tomogram_id": "t", "origin3D": [[1.0, 2.0, 3.0]]}
    tomogram = {"id": "t", "width": 8, "height": 8, "depth": 8}
    sampled = {
        "coordinate_systems": [
            {
                "name": "array",
                "axes": [{"name": axis, "axis_unit": "voxel", "axis_type": "array"} for axis in "xyz"],
            },
            {"name": "space", "axes": [{"name": axis} for axis in "xyz"]},
        ],
        "coordinate_transformations": [
            {"transformation_type": "scale", "input": "array", "output": "space", "scale": [8.0, 8.0, 8.0]}
        ],
    }
    annotations = [
        {"id": "picks", **points, "coordinate_systems": sampled["coordinate_systems"][:1]},
        {"id": "mesh", "annotation_type": "tri_mesh"},
    ]
    region = {"id": "r", "tomograms": [tomogram | sampled], "annotations": annotations}
    written = write(read_data({"regions": [region]}, dialect=B), A)
    left_out = [one.pointer for one in written.findings if one.kind == "Surface"]
    assert left_out == ["/regions/0/annotations/1"]


def test_a_region_of_nothing_is_written_as_one_of_dialect_a() -> None:
    written = write(DataSet(name="A", regions=[Region(id="r")]), A)
    assert read_data(written.data).dialect == A
