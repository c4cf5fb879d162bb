"""The model holds what a document says, and refuses only what cannot be represented."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from cetsgraph import model
from cetsgraph.model import (
    CTFMetadata,
    DataSet,
    Entity,
    FitMap,
    MovieFrame,
    Region,
    Shell,
    Sphere,
    Text,
    Tomogram,
)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (MovieFrame, {"nominal_tilt_angle": 999.0, "accumulated_dose": -1.0, "section": -3}),
        (CTFMetadata, {"defocus_u": -3e9, "defocus_handedness": 7}),
        (Tomogram, {"width": 0, "voxel_size": -1, "tilt_series_id": "nowhere"}),
        (FitMap, {}),
    ],
)
def test_the_improbable_is_represented(kind: type[Entity], values: dict[str, Any]) -> None:
    model = kind.model_validate(values)
    assert model.model_dump(mode="json", exclude_none=True, exclude_defaults=True) == values


@pytest.mark.parametrize(
    ("kind", "values", "place"),
    [
        (MovieFrame, {"section": "000"}, ("section",)),
        (MovieFrame, {"width": True}, ("width",)),
        (CTFMetadata, {"defocus_u": "20000"}, ("defocus_u",)),
        (CTFMetadata, {"defocus_u": float("nan")}, ("defocus_u",)),
        (CTFMetadata, {"defocus_u": float("inf")}, ("defocus_u",)),
        (Text, {"method": "guessed"}, ("method",)),
        (Tomogram, {"voxelsize": 13.7}, ("voxelsize",)),
        (DataSet, {"regions": [{"annotations": [{"type": "Region"}]}]}, ("regions", 0, "annotations", 0)),
        (Shell, {"base": {"type": "Text"}}, ("base",)),
    ],
)
def test_what_cannot_be_represented_is_refused_with_its_place(
    kind: type[Entity], values: dict[str, Any], place: tuple[str | int, ...]
) -> None:
    with pytest.raises(ValidationError) as caught:
        kind.model_validate(values)
    assert [error["loc"] for error in caught.value.errors()] == [place]


def test_json_names_the_class_where_several_are_possible() -> None:
    region = Region.model_validate(
        {"annotations": [{"type": "Shell", "base": {"type": "Sphere", "radius": 3}}]}
    )
    shell = region.annotations[0]
    assert isinstance(shell, Shell)
    assert isinstance(shell.base, Sphere)
    assert shell.base.radius == 3.0


def test_an_object_remembers_its_place_but_the_place_is_not_its_value() -> None:
    one, other = Text(description="a").came_from("/annotations/0"), Text(description="a")
    assert (one.pointer, other.pointer) == ("/annotations/0", None)
    assert one == other
    assert one.model_copy().pointer in (None, "/annotations/0")


def test_walking_gives_every_object_once_in_document_order() -> None:
    dataset = DataSet(regions=[Region(annotations=[Text(name="1"), Text(name="2")]), Region(name="3")])
    assert [entity.name for entity in dataset.walk()] == [None, None, "1", "2", "3"]


def test_all_public_names_are_exported_and_exist() -> None:
    assert sorted(model.__all__) == model.__all__
    assert [name for name in model.__all__ if not hasattr(model, name)] == []
    assert {kind.__name__ for kind in Entity.kinds.values()} <= set(model.__all__)


@pytest.mark.parametrize(
    "copied",
    [
        copy.copy,
        copy.deepcopy,
        lambda entity: entity.model_copy(),
        lambda entity: entity.model_copy(deep=True),
        lambda entity: pickle.loads(pickle.dumps(entity)),
    ],
    ids=["copy", "deepcopy", "model_copy", "deep model_copy", "pickle"],
)
def test_a_copy_knows_the_places_and_spellings_of_its_source(copied: Callable[[DataSet], DataSet]) -> None:
    region = Region(id="r").came_from("/regionen/3", {"id": ("id", "name")})
    original = DataSet(regions=[region, Region()]).came_from("")
    twin = copied(original)
    assert twin == original
    assert [entity.pointer for entity in twin.walk()] == ["", "/regionen/3", None]
    assert twin.regions[0].spellings == {"id": ("id", "name")}
    assert twin.regions[1].spellings == {}
