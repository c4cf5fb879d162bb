"""Entries of EMPIAR and EMDB: facts of real and constructed ones, and what is refused."""

import json
from collections.abc import Mapping
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.archive import load
from cetsgraph.documents import Document
from cetsgraph.importers import import_from
from cetsgraph.store import LocalStore
from cetsgraph.validation import Validator

FTP = "https://ftp.ebi.ac.uk/pub/databases/emdb/structures"
SERIES = "regions.0.tomo_image_sets.0.tilt_series_sets.0.tilt_series.0"
TOMOGRAM = "regions.0.tomo_image_sets.0.tomogram_sets.0.tomograms.0"
IMAGING = "regions.0.tomo_image_sets.0.imaging"
MAP = "map_sets.0.maps.0"

FACTS: Mapping[str, Mapping[str, Any]] = {
    "empiar/10934.xml": {
        "name": "EMPIAR-10934",
        "license": "CC0-1.0",
        "release_date": date(2022, 2, 7),
        "base_address": "https://ftp.ebi.ac.uk/empiar/world_availability/10934/",
        "authors.12.name": "Authorm A",
        "cross_references.*.accession": [
            *("EMPIAR-10934", "10.6019/EMPIAR-10934", "EMD-12602", "10.1038/s41467-021-26251-6", "34667155"),
        ],
        "regions.*.image_collections.0.category": ["micrographs - multiframe"],
        "regions.0.image_collections.0.item_count": 3889,
        "regions.0.image_collections.0.images_per_item": 45,
        "regions.0.image_collections.0.width": 11520,
        "regions.0.image_collections.0.height": 8184,
        "regions.0.image_collections.0.pixel_size": 0.543,
        "regions.0.tomo_image_sets": [],
    },
    "empiar/working_example.json": {
        "name": "working_example",
        "license": None,
        "release_date": None,
        "authors.*.name": ["Smith JW", "Test T"],
        "cross_references.*.accession": ["EMD-8000", "10.1038/nmicrobiol.2016.269", "28165453"],
        "regions.0.image_collections.0.category": "tilt series",
        "regions.0.image_collections.0.item_count": 16,
        "regions.0.image_collections.0.images_per_item": 121,
        "regions.0.image_collections.0.width": 3838,
        "regions.0.image_collections.0.height": 3710,
        "regions.0.image_collections.0.data_format": "UNSIGNED 32 BIT INTEGER",
        "regions.0.image_collections.0.file_format": "MRC",
    },
    "empiar/EMPIAR-10943_imageset.json": {
        "name": "EMPIAR-10943_imageset",
        "regions.0.image_collections.0.item_count": 4000,
        "regions.0.image_collections.0.images_per_item": 34,
        "regions.0.image_collections.0.pixel_size": 0.824,
        "regions.0.image_collections.0.file_format": "TIFF",
        "regions.0.image_collections.0.height": None,
    },
    "empiar/EMPIAR-99999_entry_constructed.json": {
        "name": "EMPIAR-99999",
        "regions.*.id": ["imageset-0", "imageset-1", "imageset-2"],
        "regions.*.image_collections.0.item_count": [205, 5, 5],
        "regions.1.image_collections.0.images_per_item": 41,
        "regions.0.image_collections.0.width": 7420,
        "regions.0.tomo_image_sets.0.movie_stack_collections.0.name": "Unaligned movies",
        "regions.1.tomo_image_sets.0.tilt_series_sets.0.description": "41 tilts of 3 degrees",
        "regions.2.tomo_image_sets.0.tomogram_sets.0.name": "Tomograms",
        "cross_references.*.database": ["EMPIAR", "DOI", "EMDB", "PDB", "DOI", "PubMed"],
    },
    "emdb/emd-0001.xml": {
        "name": "EMD-0001",
        "cross_references.*.accession": [
            *("EMD-0001", "EMD-4397", "6GH5", "29932903", "10.1016/j.molcel.2018.05.021"),
        ],
        "organism_taxid": 83333,
        f"{MAP}.path": f"{FTP}/EMD-0001/map/emd_0001.map.gz",
        f"{MAP}.depth": 256,
        f"{MAP}.voxel_size": 1.06,
        f"{MAP}.resolution": 3.4,
        f"{MAP}.symmetry": "C1",
        f"{MAP}.particle_count": 79678,
        f"{MAP}.contour_level": 0.018,
        "map_sets.0.maps.*.id": ["map", "mask-1"],
    },
    "emdb/EMD-25107.json": {
        "name": "EMD-25107",
        "last_modified_date": date(2022, 10, 12),
        "organism": "Lassa mammarenavirus",
        "organism_taxid": 11620,
        "funding.0.grant": "OPP1170236",
        "cross_references.*.accession": ["EMD-25107", "EMD-25108", "EMD-25109", "7SGD"],
        f"{MAP}.width": 220,
        f"{MAP}.voxel_size": 1.03,
        f"{MAP}.resolution": 3.97,
        f"{MAP}.symmetry": "C3",
        f"{MAP}.even_path": f"{FTP}/EMD-25107/other/emd_25107_half_map_1.map.gz",
        f"{MAP}.odd_path": f"{FTP}/EMD-25107/other/emd_25107_half_map_2.map.gz",
        f"{MAP}.software.*.name": ["RELION", "Gctf"],
        "map_sets.0.maps.1.path": f"{FTP}/EMD-25107/masks/emd_25107_msk_1.map",
        f"{IMAGING}.accelerating_voltage": 300,
        f"{IMAGING}.spherical_aberration": 2.7,
        f"{IMAGING}.nominal_defocus_min": 600,
        f"{IMAGING}.nominal_defocus_max": 1600,
        f"{IMAGING}.alignment_procedure": "coma free",
        "regions.0.tomo_image_sets.0.sample_preparation.sample_support.film_material": "CARBON",
        "regions.0.tomo_image_sets.0.tilt_series_sets": [],
    },
    "emdb/EMD-99998_tomography_constructed.xml": {
        "name": "EMD-99998",
        "sample_type": "cell",
        f"{TOMOGRAM}.width": 928,
        f"{TOMOGRAM}.height": 960,
        f"{TOMOGRAM}.depth": 250,
        f"{TOMOGRAM}.voxel_size": 10,
        f"{TOMOGRAM}.software.0.version": "4.9",
        f"{TOMOGRAM}.tilt_series_id": ["tilt-series"],
        f"{SERIES}.tilt_range_min": -60,
        f"{SERIES}.tilt_range_max": 60,
        f"{SERIES}.tilt_step": 2,
        f"{SERIES}.tilt_count": 61,
        "map_sets": [],
    },
    "emdb/EMD-99999_subtomogram_averaging_constructed.xml": {
        f"{MAP}.width": 256,
        f"{MAP}.voxel_size": 1.35,
        f"{MAP}.resolution": 3.9,
        f"{MAP}.symmetry": "C6",
        f"{MAP}.particle_count": 18325,
        f"{MAP}.software.0.name": "Dynamo",
        "regions.0.image_collections.0.category": "tomograms",
        "regions.0.image_collections.0.item_count": 5,
        f"{SERIES}.tilt_step": 2,
    },
}


def value(data: Any, path: str) -> Any:
    """The value that attributes and places lead to; `*` stands for all of a list."""
    head, star, rest = path.partition(".*.")
    found = reduce(
        lambda at, step: at[int(step)] if step.isdecimal() else getattr(at, step), head.split("."), data
    )
    return [value(one, rest) for one in found] if star else found


@pytest.mark.parametrize("sample", FACTS)
def test_facts_of_samples(sample: str, shared_data: Path) -> None:
    (document,) = import_from(shared_data / "import" / sample).documents
    assert {path: value(document.dataset, path) for path in FACTS[sample]} == FACTS[sample]
    assert not document.skipped and Validator().document(document).conforms


def test_samples_are_loaded_once_and_then_unchanged(shared_data: Path) -> None:
    store = LocalStore.memory()
    for change in ("added", "unchanged"):
        done = load(store, shared_data / "import" / "empiar", shared_data / "import" / "emdb")
        assert [str(put.change) for put in done.data_sets] == [change] * len(FACTS)
        assert [Path(one.path).name for one in done.failures] == ["empiar_deposition.schema.json"]


PEOPLE = ("empiar/10934.xml", "empiar/working_example.json")


@pytest.mark.parametrize("sample", PEOPLE)
def test_nothing_private_is_taken_or_shown(sample: str, shared_data: Path) -> None:
    (document,) = import_from(shared_data / "import" / sample).documents
    text = document.dataset.model_dump_json() + " ".join(str(one) for one in document.findings)
    for private in (
        "@example.org",
        "012345",
        "Pasadena",
        "Leicester",
        "Saudi Arabia",
        "California Institute",
    ):
        assert private not in text
    said = {finding.message.partition(":")[0] for finding in document.findings}
    assert {one for one in said if "nvestigator" in one} and {one for one in said if "orresponding" in one}


ENTRY: dict[str, Any] = {
    "title": "A &amp; B",
    "status": "REL",
    "experiment_type": "EMDB",
    "entry_doi": "10.6019/EMPIAR-1",
    "cross_references": [],
    "authors": [
        {"author": {"name": "Second B", "order_id": 1}},
        {"author": {"name": "First A", "order_id": 0}},
    ],
    "grant_references": [{"grant_reference": {"funding_body": "ERC", "code": "1", "country": "EU"}}],
    "imagesets": [{"name": "Movies", "category": "('OT', 'CBED')", "pixel_width": 1.0, "pixel_height": 2.0}],
}
HEADER = (
    '<emd emdb_id="EMD-1" version="3.0"><admin><current_status><code>REL</code></current_status>'
    "<title>T</title></admin><structure_determination_list><structure_determination><method>tomography</method>"
    '<microscopy_list><tomography_microscopy><nominal_defocus_min units="{unit}">2</nominal_defocus_min>'
    "</tomography_microscopy></microscopy_list></structure_determination></structure_determination_list>"
    "<map><file>b.map</file><dimensions><col>10</col><row>20</row><sec>30</sec></dimensions><axis_order>"
    "<fast>Z</fast><medium>X</medium><slow>Y</slow></axis_order><pixel_spacing><x units='\u212b'>1.0</x>"
    "<y units='\u00c5'>1.0</y><z>2.0</z></pixel_spacing></map></emd>"
)


def read(folder: Path, text: str, name: str = "entry.json") -> Document:
    (folder / name).write_text(text, encoding="utf-8")
    (document,) = import_from(folder / name).documents
    return document


def test_an_answer_saved_without_its_key(tmp_path: Path) -> None:
    document = read(tmp_path, json.dumps(ENTRY))
    dataset = document.dataset
    assert (dataset.name, dataset.title) == ("EMPIAR-1", "A & B")
    assert [one.name for one in dataset.authors] == ["First A", "Second B"]
    assert [(one.agency, one.grant) for one in dataset.funding] == [("ERC", "1")]
    (images,) = dataset.regions[0].image_collections
    assert (images.category, images.pixel_size, images.pixel_size_x, images.pixel_size_y) == (
        "CBED",
        None,
        1,
        2,
    )
    assert {one.message.partition(":")[0] for one in document.findings} == {
        *("experiment_type", "grant_references/*/grant_reference/country"),
    }


@pytest.mark.parametrize(
    ("unit", "nanometres"), [("nm", 2.0), ("µm", 2000.0), ("\u03bcm", 2000.0), ("furlong", None)]
)
def test_units_and_axes_of_headers(unit: str, nanometres: float | None, tmp_path: Path) -> None:
    document = read(tmp_path, HEADER.replace("{unit}", unit), "emd-1.xml")
    assert value(document.dataset, f"{IMAGING}.nominal_defocus_min") == nanometres
    said = {one.message.partition(":")[0].rpartition("/")[2]: one.found for one in document.findings}
    assert said.get("nominal_defocus_min") == (None if nanometres else "2.0 furlong")
    tomogram = value(document.dataset, TOMOGRAM)
    assert (tomogram.width, tomogram.height, tomogram.depth) == (20, 30, 10)
    assert (tomogram.voxel_size, tomogram.voxel_size_x, tomogram.voxel_size_z) == (None, 1.0, 2.0)
    assert tomogram.path == f"{FTP}/EMD-1/map/b.map"
    assert Validator().document(document).conforms


def changed(**values: object) -> str:
    return json.dumps({"EMPIAR-1": {**ENTRY, **values}}, indent=1)


REFUSED = {
    "held entry": ("a.json", changed(status="HOLD"), "not released"),
    "obsolete entry": ("a.json", changed(obsolete_date="2020-01-01"), "not released"),
    "several entries": ("a.json", json.dumps({"EMPIAR-1": ENTRY, "EMPIAR-2": ENTRY}), "several entries"),
    "header on hold": ("a.xml", HEADER.replace("REL", "HPUB"), "not released"),
    "no accession": ("a.xml", HEADER.replace("EMD-1", "../1"), "accession"),
    "not public": (
        "a.xml",
        '<entry xmlns="http://pdbe.org/empiar" accessionCode="EMPIAR-1" public="false"></entry>',
        "not released",
    ),
    "entities": ("a.xml", '<!DOCTYPE emd [<!ENTITY a "aa">]>\n' + HEADER, "document type"),
    "cut XML": ("a.xml", HEADER[:300], "not XML"),
    "cut JSON": ("a.json", changed()[:200], ""),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_says_why_and_costs_nothing_else(case: str, tmp_path: Path) -> None:
    name, text, reason = REFUSED[case]
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "good.json").write_text(changed(), encoding="utf-8")
    imported = import_from(tmp_path)
    (failure,), (document,) = imported.failures, imported.documents
    assert Path(failure.path).name == name and reason in str(failure)
    assert document.dataset.name == "EMPIAR-1"


WRONG = {
    "not finite": {"imagesets": [{"name": "a", "pixel_width": "nan"}]},
    "no object": {"imagesets": ["a"]},
    "no list": {"authors": 5},
    "no text": {"title": {"a": 1}},
    "no number of JSON": {"title": float("nan")},
    "a folder elsewhere": {"imagesets": [{"name": "a", "directory": "/data/../../x"}]},
}


@pytest.mark.parametrize("case", WRONG)
def test_values_that_are_none_are_violations_with_their_lines(case: str, tmp_path: Path) -> None:
    text = changed(**WRONG[case])
    (finding, *_) = read(tmp_path, text).skipped
    assert finding.rule == "value-type" and finding.file == "entry.json" and finding.line > 1


LISTS = """<entry xmlns="http://pdbe.org/empiar" accessionCode="EMPIAR-1"><crossReferences>
<relatedEMDBEntries><emdbEntry>EMD-1</emdbEntry><emdbEntry>EMD-2</emdbEntry></relatedEMDBEntries>
<relatedPDBEntries><pdbEntry>5l93</pdbEntry></relatedPDBEntries>
<relatedEMPIAREntries><empiarEntry>10164</empiarEntry></relatedEMPIAREntries></crossReferences></entry>"""


def test_lists_of_related_entries_of_a_header(tmp_path: Path) -> None:
    assert [one.accession for one in read(tmp_path, LISTS, "header.xml").dataset.cross_references] == [
        *("EMPIAR-1", "EMD-1", "EMD-2", "5L93", "EMPIAR-10164"),
    ]


def test_a_file_of_another_folder_is_no_file_of_an_entry(tmp_path: Path) -> None:
    text = HEADER.replace("{unit}", "nm").replace("b.map", "../../b.map")
    (finding,) = read(tmp_path, text, "emd-1.xml").skipped
    assert (finding.rule, finding.found, finding.line) == ("value-type", "../../b.map", 1)


HELIX = {
    "delta_z": {"units": "\u00c5", "valueOf_": "23.9"},
    "delta_phi": {"units": "deg", "valueOf_": "-77.5"},
    "axial_symmetry": "C1",
}


@pytest.mark.parametrize(
    ("applied", "symmetry"),
    [
        ({"point_group": "C6"}, "C6"),
        ({"helical_parameters": HELIX}, "helical, rise 23.9 \u00c5, twist -77.5\u00b0, C1"),
        ({}, None),
    ],
    ids=str,
)
def test_symmetry_of_a_map(applied: Any, symmetry: str | None, tmp_path: Path) -> None:
    processing = [{"final_reconstruction": {"applied_symmetry": applied}}]
    determined = {"structure_determination": [{"method": "helical", "image_processing": processing}]}
    entry = {"emdb_id": "EMD-1", "structure_determination_list": determined, "admin": {}, "map": {}}
    assert value(read(tmp_path, json.dumps(entry)).dataset, f"{MAP}.symmetry") == symmetry


@pytest.mark.parametrize("odd", [[], {}, [[]], "x", -1, None, {"valueOf_": []}], ids=str)
def test_any_value_may_be_odd(odd: object, shared_data: Path, tmp_path: Path) -> None:
    data = json.loads((shared_data / "import" / "emdb" / "EMD-25107.json").read_text())
    holder = data["crossreferences"]["citation_list"]["primary_citation"]["citation_type"]
    for reference in ({"type_": odd, "valueOf_": "1"}, {"type_": "DOI", "valueOf_": odd}, odd):
        holder["external_references"] = [reference]
        assert read(tmp_path, json.dumps(data)).dataset.name == "EMD-25107"


EMPTY = ("tilt_series", "microscopy_list", "map", "sample", "crossreferences", "interpretation")


@pytest.mark.parametrize("nothing", [[], {}, None, ""], ids=str)
def test_parts_that_are_empty_are_as_good_as_absent(nothing: object, tmp_path: Path) -> None:
    entry = {"emdb_id": "EMD-1", **dict.fromkeys(EMPTY, nothing), "admin": {}, "sample": {}, "map": {}}
    microscopy = {"microscopy": [{"tilt_series": nothing, "microscope": nothing or None}]}
    entry["structure_determination_list"] = {
        "structure_determination": [
            {"method": "tomography", "microscopy_list": microscopy, "image_processing": nothing}
        ]
    }
    document = read(tmp_path, json.dumps(entry))
    assert document.dataset.name == "EMD-1" and not document.skipped
