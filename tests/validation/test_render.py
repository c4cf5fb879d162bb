"""Every form of a report says what was found, safely; forms for people and for programs."""

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from reports import (
    RIGHT,
    SEVERAL,
    SPOILED,
    SWAPPED,
    hostile_reports,
    report,
)

from cetsgraph.cli.options import REPORTS
from cetsgraph.errors import CetsGraphError
from cetsgraph.findings import Finding, Severity
from cetsgraph.validation import FORMATS, Report, render
from cetsgraph.validation.render.text import render as as_text

ROOT = Path(__file__).resolve().parents[2]


SCHEMA = json.loads((ROOT / "docs/reference/report.schema.json").read_text(encoding="utf-8"))


SARIF = json.loads((Path(__file__).parent / "sarif-2.1.0.abridged.schema.json").read_text(encoding="utf-8"))


def test_an_unknown_form_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(
        CetsGraphError, match=r"(?s)no report can be written as 'srif'.*json.*Did you mean 'sarif'"
    ):
        render([RIGHT], "srif")


def test_the_command_knows_the_forms() -> None:
    assert REPORTS == FORMATS


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_writes_none_one_and_several(form: str) -> None:
    written = [render(reports, form) for reports in ([], [RIGHT], SEVERAL)]
    assert all(isinstance(one, str) and one.endswith("\n") for one in written)
    assert "right.json" in written[1] and "right.json" in written[2]


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_says_what_was_skipped_and_why(form: str) -> None:
    reason = "decided with the journal <2> & \x1b[2J"
    skipped = replace(SPOILED, skipped={"path-present": reason, "path-unique": "shared gains"})
    written = render([skipped], form)
    assert "path-present" in written and "decided with the journal" in written and "shared gains" in written
    assert "\x1b" not in written
    if form == "json":
        jsonschema.validate(json.loads(written), SCHEMA)
    if form == "sarif":
        jsonschema.validate(json.loads(written), SARIF)
        (run,) = json.loads(written)["runs"]
        rules = run["tool"]["driver"]["rules"]
        off = [one["descriptor"] for one in run["invocations"][0]["ruleConfigurationOverrides"]]
        assert [rules[one["index"]]["id"] for one in off] == [one["id"] for one in off]


@given(hostile_reports)
def test_whatever_a_document_holds_can_be_written_as_utf8(hostile: Report) -> None:
    for form in FORMATS:
        render([hostile], form).encode()


class TestText:
    def test_what_a_depositor_needs_is_there(self) -> None:
        written = as_text([SPOILED], width=100)
        assert written.splitlines()[0] == (
            "data/my file.json does not conform to core: 50 violations, 2 warnings, 1 piece of information"
        )
        for said in (
            "VIOLATION  Required fields are there  [required-field], 50 times",
            "TiltImage has no id, which is required (expected id)",
            "data/my file.json:100  /regions/0/tilt_series/0/images/0",
            "→ Add the field.",
            "and 45 more",
            "found 14377.5, expected at least 15032.9 Å",
            "(CTFMetadata ctf-3)",
            "data/my file.json  the whole document",
            "WARNING  our-naming  [own shapes]",
        ):
            assert said in written, written
        order = [written.index(severity) for severity in ("VIOLATION", "WARNING", "INFO")]
        assert order == sorted(order)

    def test_several_files_end_with_a_summary(self) -> None:
        last = as_text(SEVERAL, width=100).splitlines()[-3:]
        assert last[0] == "1 of 2 files conforms: 50 violations, 2 warnings, 1 piece of information."
        assert last[1] == "Checked for the profile core with shacl 0.3.4."

    def test_a_file_that_conforms_is_one_line(self) -> None:
        assert as_text([RIGHT], width=100).splitlines()[0] == "right.json conforms to core"

    @pytest.mark.parametrize("width", [40, 72, 200])
    def test_lines_keep_to_the_width_but_places_stay_whole(self, width: int) -> None:
        lines = as_text([SPOILED], width=width).splitlines()
        long = [line for line in lines if len(line) > width]
        assert all(re.search(r"json|^ +/regions/|^VIOLATION|^WARNING|^INFO|https:", line) for line in long), (
            long
        )
        assert any(line.strip() == SWAPPED.pointer for line in lines) or width > 72

    def test_colours_only_where_wanted(self) -> None:
        assert "\x1b" not in as_text([SPOILED])
        assert "\x1b[1;31mVIOLATION\x1b[0m" in as_text([SPOILED], colour=True)

    @given(hostile_reports)
    def test_nothing_of_a_document_reaches_the_terminal_as_a_command(self, hostile: Report) -> None:
        written = as_text([hostile])
        assert all(character.isprintable() or character == "\n" for character in written)

    def test_a_text_is_told_from_a_number(self) -> None:
        twelve = Finding("value-type", Severity.VIOLATION, "/a", "a number belongs here", found="12")
        assert 'found "12"' in as_text([report(twelve)])


class TestJSON:
    @pytest.mark.parametrize("reports", [[], [RIGHT], [SPOILED], SEVERAL], ids=["none", "one", "bad", "two"])
    def test_it_is_as_documented(self, reports: list[Report]) -> None:
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        jsonschema.validate(json.loads(render(reports, "json")), SCHEMA)

    def test_every_field_of_the_schema_is_written_and_no_other(self) -> None:
        whole = json.loads(render([SPOILED], "json"))
        assert set(whole) == set(SCHEMA["properties"]) == set(SCHEMA["required"])
        (written,) = whole["documents"]
        parts = SCHEMA["$defs"]
        assert set(written) == set(parts["report"]["properties"]) == set(parts["report"]["required"])
        fields = parts["finding"]
        for finding in written["findings"]:
            assert set(finding) == set(fields["properties"]) == set(fields["required"])
        assert whole["$schema"] == SCHEMA["$id"]

    def test_it_says_what_was_found(self) -> None:
        (written,) = json.loads(render([SPOILED], "json"))["documents"]
        assert (written["file"], written["conforms"]) == ("data/my file.json", False)
        assert written["severities"] == {"violation": 50, "warning": 2, "info": 1}
        assert (written["counts"]["required-field"], written["omitted"]) == (50, 43)
        assert written["findings"][7] == {
            "rule": "defocus-order",
            "severity": "warning",
            "pointer": "/regions/0/tilt_series/0/images/3/ctf_metadata/defocus_u",
            "line": 130,
            "message": "defocus U is smaller than defocus V",
            "hint": "Swap the two and turn the angle by 90°.",
            "found": 14377.5,
            "expected": "at least 15032.9 Å",
            "kind": "CTFMetadata",
            "id": "ctf-3",
            "help": "https://w3id.org/cetsgraph/rules/defocus-order",
        }
        assert written["findings"][9]["help"] is None

    def test_documents_are_a_list(self) -> None:
        written = json.loads(render(SEVERAL, "json"))["documents"]
        assert [one["conforms"] for one in written] == [False, True]

    @given(hostile_reports)
    def test_hostile_values_stay_strict_json(self, hostile: Report) -> None:
        def refuse(name: str) -> None:
            raise AssertionError(f"{name} is not JSON")

        jsonschema.validate(json.loads(render([hostile], "json"), parse_constant=refuse), SCHEMA)
