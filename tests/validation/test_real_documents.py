"""Documents that other people's software wrote: nothing is called wrong that is right."""

from pathlib import Path

import pytest

from cetsgraph.findings import Severity
from cetsgraph.validation import Report, Validator

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FILES = (
    "cets-data-model/EMPIAR-12104.json",
    "cets-data-model/expected_dataset.json",
    "cets-data-model/expected_dataset.missing-ids.json",
    "cets-data-model/expected_cets_output_without_metadata.json",
    "tomobabel/TS_01_movie_collections.json",
    "tomobabel/TS_01_tilt_series.json",
    "tomobabel/ctf_all_movie_cols_gain_defect.json",
    "tomobabel/ctf_all_tilt_series.json",
    "tomobabel/import_all_tilt_series.json",
)
MISSING_IDS = {"EMPIAR-12104.json": 50, "expected_dataset.missing-ids.json": 4}

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the real documents are not at {DATA}"),
]


def of_severity(report: Report, severity: Severity) -> dict[str, int]:
    rules = [finding.rule for finding in report.findings if finding.severity is severity]
    return {rule: rules.count(rule) for rule in rules}


@pytest.mark.parametrize("file", FILES)
def test_the_only_violations_are_the_missing_ids(file: str) -> None:
    (report,) = Validator("core").file(DATA / file)
    missing = MISSING_IDS.get(Path(file).name)
    assert of_severity(report, Severity.VIOLATION) == ({"required-field": missing} if missing else {})
    allowed = {"older-revision"} | ({"alignment-target"} if missing else set())
    assert set(of_severity(report, Severity.WARNING)) <= allowed
