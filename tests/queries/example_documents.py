"""The example documents as their JSON says, the IRIs of what is in them, and stores of other documents."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from cetsgraph.archive import put
from cetsgraph.documents import read_data
from cetsgraph.store import LocalStore

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DATA = "https://w3id.org/cetsgraph/data/local"

HIV, MAP = f"{DATA}/HIV-1-VLP-annotations", f"{DATA}/EMD-3782"
VLP, CELL, RUN = f"{DATA}/EMPIAR-10164", f"{DATA}/EMPIAR-12104", f"{DATA}/CryoET-Data-Portal-10445"
CURATED = f"{DATA}/To-be-curated"

VLP_TOMOGRAM = f"{VLP}/region/~0/tomo-image-set/~0/tomogram-set/~0/tomogram/~0"
CELL_TOMOGRAM = (
    f"{CELL}/region/Control_TS_006/tomo-image-set/~0/tomogram-set/~0/tomogram/Control_TS_006_tomogram"
)
CELL_SWAPPED = CELL_TOMOGRAM.replace("tomogram/Control_TS_006_tomogram", "tomogram/Control_TS_006_swapped")
RUN_TOMOGRAMS = f"{RUN}/region/17687/tomo-image-set/~0/tomogram-set/~0/tomogram"
HIV_TOMOGRAMS = f"{HIV}/region/TS_01/tomo-image-set/~0/tomogram-set/~0/tomogram"
MAP_TOMOGRAM = f"{MAP}/region/TS_01/tomo-image-set/~0/tomogram-set/~0/tomogram/TS_01_unbinned"

_SERIES = "tomo-image-set/~0/tilt-series-set/~0/tilt-series"
CELL_SERIES = f"{CELL}/region/Control_TS_006/{_SERIES}/Control_TS_006_tilt_series"
HIV_SERIES, RUN_SERIES = f"{HIV}/region/TS_01/{_SERIES}/TS_01", f"{RUN}/region/17687/{_SERIES}/17489"
VLP_SERIES = [f"{VLP}/region/~{index}/{_SERIES}/~0" for index in range(5)]
CURATED_IMAGING = f"{CURATED}/region/R1/tomo-image-set/~0"
TWICE, ONCE = (f"{CURATED_IMAGING}/tilt-series-set/~0/tilt-series/{name}" for name in ("twice", "once"))

CELL_REGION = f"{CELL}/region/Control_TS_006"
PORTAL = "https://files.cryoetdataportal.cziscience.com/10445/TS_105_5"
CELL_FILES = "https://ftp.ebi.ac.uk/empiar/world_availability/12104/data/Control"
HIV_TOMOGRAM, RUN_TOMOGRAM = f"{HIV_TOMOGRAMS}/TS_01_10.8A", f"{RUN_TOMOGRAMS}/18956"
SMALL = f"{CURATED_IMAGING}/tomogram-set/~0/tomogram/small"
GAG, FERRITIN = ("UniProtKB:P04591", "Gag polyprotein"), ("GO:0070288", "ferritin complex")
AMYLASE, MEMBRANE = ("UniProtKB:P10537", "Beta-amylase"), ("GO:0016020", "membrane")
NOTHING = (None, None)

POINT = {"type": "Point", "location": {"x": 1.0, "y": 2.0, "z": 3.0}}
IDENTITY = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
TURN = {"transformation_type": "rotation", "matrix": IDENTITY}
SHIFT = {"transformation_type": "translation", "translation": [1.0, 0.0, 0.0]}

Row = tuple[Any, ...]


def tuples(rows: Sequence[Any]) -> list[Row]:
    return [dataclasses.astuple(row) for row in rows]


def document(name: str) -> Any:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    return yaml.safe_load(text) if name.endswith("yaml") else json.loads(text)


vlp, cell = document("empiar-10164.tomobabel.json"), document("empiar-12104.cets-data-model.json")
hiv, emdb = document("portal-hiv-1-vlp.cetsgraph.json"), document("emd-3782.cetsgraph.json")
run_ = document("portal-10445.cetsgraph.yaml")


def vlp_series() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for index, region in enumerate(vlp["regions"]):
        (series,) = region["tomo_imaging"][0]["raw_movies"]["tilt_series"]
        yield (
            f"{VLP}/region/~{index}/tomo-image-set/~0/tilt-series-set/~0/tilt-series/~0",
            series["micrographs"],
        )


def canonical_series(dataset: str, region: str, data: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    series = data["regions"][0]["tomo_image_sets"][0]["tilt_series_sets"][0]["tilt_series"][0]
    path = f"region/{region}/tomo-image-set/~0/tilt-series-set/~0/tilt-series"
    return f"{dataset}/{path}/{series['id']}", series["micrographs"]


def all_series() -> dict[str, list[dict[str, Any]]]:
    series = cell["regions"][0]["tilt_series"][0]
    return dict(
        [
            *vlp_series(),
            (CELL_SERIES, series["images"]),
            canonical_series(HIV, "TS_01", hiv),
            canonical_series(RUN, "17687", run_),
        ]
    )


def image_iri(series: str, index: int, image: dict[str, Any]) -> str:
    return f"{series}/micrograph/{image.get('id', f'~{index}')}"


def annotations_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every annotation of a document, whatever the dialect, without the geometry inside shapes."""
    if isinstance(value, list):
        for item in value:
            yield from annotations_in(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in ("annotations", "members", "particles"):
                yield from item
            yield from annotations_in(item)


D = f"{DATA}/d"
IMAGING = f"{D}/region/r/tomo-image-set/~0"
"""Data set and imaging of `store_of`."""
SERIES, TOMOGRAM = f"{IMAGING}/tilt-series-set/~0/tilt-series", f"{IMAGING}/tomogram-set/~0/tomogram"
T = f"{TOMOGRAM}/t"


def store_of(of_dataset: dict[str, Any] | None = None, /, **imaging: Any) -> LocalStore:
    """A store with one data set of one region, `r`, with this tomographic imaging."""
    document = {
        "$schema": "https://w3id.org/cetsgraph/schema/cets.json",
        "name": "d",
        "regions": [{"id": "r", "tomo_image_sets": [imaging]}],
        **(of_dataset or {}),
    }
    store = LocalStore.memory()
    put(store, read_data(document))
    return store


def tilt_series(*series: dict[str, Any]) -> dict[str, Any]:
    """Imaging with these tilt series."""
    return {"tilt_series_sets": [{"tilt_series": list(series)}]}


def with_tomogram(*annotations: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Imaging with one tomogram, `t`."""
    return {"tomogram_sets": [{"tomograms": [{"id": "t", "annotations": list(annotations), **fields}]}]}


def particle(*transformations: dict[str, Any], **position: float) -> dict[str, Any]:
    location = position or {"x": 1.0, "y": 2.0, "z": 3.0}
    return {"location": location, "alignment_transformations": list(transformations)}
