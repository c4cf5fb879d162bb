"""Documents to begin with: of each dialect and revision, and nothing is wrong with them."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cetsgraph.documents import DIALECTS, REVISIONS, read_data, template
from cetsgraph.findings import Severity
from cetsgraph.resources import folder
from cetsgraph.validation import Validator

B = "cets-data-model"
ALL = [*((dialect, None) for dialect in DIALECTS), *((B, revision) for revision in REVISIONS)]
UPSTREAM = {"main": "schema-main.json", "pr34": "schema-pr34.json", "2025-12": "schema-dec2025.json"}


@pytest.mark.parametrize(("dialect", "revision"), ALL)
def test_nothing_is_wrong_with_it(dialect: str, revision: str | None) -> None:
    document = read_data(template(dialect, revision=revision).data)
    assert (document.dialect, document.form) == (dialect, "DataSet")
    wrong = [one for one in Validator("core").document(document).findings if one.severity != Severity.INFO]
    assert {one.rule for one in wrong} <= (
        {"older-revision"} if revision in ("2026-02", "2025-12") else set()
    )


@pytest.mark.parametrize(("dialect", "revision"), ALL)
def test_the_schema_takes_it(dialect: str, revision: str | None) -> None:
    name = {"cetsgraph": "cets", "tomobabel": "dialects/tomobabel"}.get(dialect)
    name = name or f"dialects/{B}.{revision or 'main'}"
    path = folder("ontology") / f"{name}.schema.json"
    schema = Draft202012Validator(json.loads(path.read_bytes()))
    assert list(schema.iter_errors(template(dialect, revision=revision).data)) == []


@pytest.mark.real_data
@pytest.mark.parametrize("revision", UPSTREAM)
def test_upstream_takes_it(revision: str, shared_data: Path) -> None:
    schema = Draft202012Validator(json.loads((shared_data / B / UPSTREAM[revision]).read_bytes()))
    assert list(schema.iter_errors(template(B, revision=revision).data)) == []
