"""Every form of a report: true to the findings, valid in its standard, and safe whatever a document holds."""

import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cetsgraph.errors import CetsGraphError
from cetsgraph.findings import Finding, Severity
from cetsgraph.namespaces import SH
from cetsgraph.validation import FORMATS, Report, Validator, render, rule_book
from cetsgraph.validation.engines import Result
from cetsgraph.validation.render.text import render as as_text

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs/reference/report.schema.json").read_text(encoding="utf-8"))
SARIF = json.loads((Path(__file__).parent / "sarif-2.1.0.abridged.schema.json").read_text(encoding="utf-8"))

MISSING = [
    Finding(
        "required-field",
        Severity.VIOLATION,
        f"/regions/0/tilt_series/0/images/{index}",
        "TiltImage has no id, which is required",
        "Add the field.",
        expected="id",
        kind="TiltSeriesMicrograph",
        line=100 + 9 * index,
    )
    for index in range(7)
]
SWAPPED = Finding(
    "defocus-order",
    Severity.WARNING,
    "/regions/0/tilt_series/0/images/3/ctf_metadata/defocus_u",
    "defocus U is smaller than defocus V",
    "Swap the two and turn the angle by 90°.",
    found=14377.5,
    expected="at least 15032.9 Å",
    kind="CTFMetadata",
    id="ctf-3",
    line=130,
)
GAP = Finding("section-gap", Severity.INFO, "", "images were left out")
OWN = Finding("our-naming", Severity.WARNING, "/name", "the name is not ours", found="x")


def report(*findings: Finding, file: str = "data/my file.json", more: dict[str, int] | None = None) -> Report:
    counts = Counter(finding.rule for finding in findings) + Counter(more or {})
    severities = Counter(finding.severity for finding in findings)
    for rule, number in (more or {}).items():
        severities[next(finding.severity for finding in findings if finding.rule == rule)] += number
    results = tuple(
        Result(
            focus=f"https://example.org/data/o{index}",
            shape=f"https://w3id.org/cetsgraph/shapes#{finding.rule}",
            component=f"{SH}MinCountConstraintComponent",
            severity=finding.severity,
        )
        for index, finding in enumerate(findings)
    )
    return Report(file, "core", findings, dict(counts), dict(severities), "shacl 0.3.4", results)


SPOILED = report(*MISSING, SWAPPED, GAP, OWN, more={"required-field": 43})
RIGHT = report(file="right.json")
SEVERAL = [SPOILED, RIGHT]

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


def texts(alphabet: SearchStrategy[str] | None = None) -> SearchStrategy[str]:
    """Texts with all that a document can hold, and what is dangerous somewhere."""
    hostile = st.sampled_from(
        ["</script><b>&\"'", "]]>", "\x1b[2J", "\u202e", "\ud800", "\x00", "\n- x", "%2f#"]
    )
    return st.lists(st.text(max_size=6) | hostile, max_size=3).map("".join)


@st.composite
def hostile_findings(draw: st.DrawFn) -> Finding:
    return Finding(
        rule=draw(st.sampled_from(["defocus-order", "unknown-field", "our-naming"])),
        severity=draw(st.sampled_from(Severity)),
        pointer="/" + draw(texts()).replace("~", "~0").replace("/", "~1"),
        message=draw(texts()),
        hint=draw(st.none() | texts()),
        found=draw(_VALUES),
        expected=draw(_VALUES),
        kind=draw(st.none() | st.just("Tomogram")),
        id=draw(st.none() | texts()),
        line=draw(st.none() | st.integers(1, 10**6)),
    )


hostile_reports = st.builds(
    lambda findings, file: report(*findings, file=f"f{file}.json"),
    st.lists(hostile_findings(), max_size=3),
    texts(),
)


def test_an_unknown_form_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(
        CetsGraphError, match=r"(?s)no report can be written as 'srif'.*json.*Did you mean 'sarif'"
    ):
        render([RIGHT], "srif")


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


class TestSARIF:
    @pytest.mark.parametrize("reports", [[], [RIGHT], SEVERAL], ids=["none", "one", "two"])
    def test_it_is_valid(self, reports: list[Report]) -> None:
        jsonschema.validate(json.loads(render(reports, "sarif")), SARIF)

    @given(hostile_reports)
    def test_hostile_documents_give_valid_sarif(self, hostile: Report) -> None:
        log = json.loads(render([hostile], "sarif"))
        jsonschema.validate(log, SARIF)
        for result in log["runs"][0]["results"]:
            uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"[A-Za-z0-9._~%/-]+", uri), uri

    def test_results_lead_to_their_rule_and_place(self) -> None:
        run = json.loads(render(SEVERAL, "sarif"))["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        assert len(rules) == len(rule_book("core").rules) + 1
        result = run["results"][7]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "defocus-order"
        assert rules[result["ruleIndex"]]["helpUri"] == "https://w3id.org/cetsgraph/rules/defocus-order"
        assert result["level"] == "warning"
        (location,) = result["locations"]
        assert location["physicalLocation"]["region"] == {"startLine": 130}
        assert location["logicalLocations"][0]["fullyQualifiedName"] == SWAPPED.pointer
        levels = [result["level"] for result in run["results"]]
        assert levels == ["error"] * 7 + ["warning", "note", "warning"]
        (note,) = run["invocations"][0]["toolExecutionNotifications"]
        assert note["message"]["text"] == "required-field: 43 findings not listed"

    @pytest.mark.parametrize(
        ("file", "uri"),
        [
            ("data/my file.json", "data/my%20file.json"),
            ("a:b#c?.json", "a%3Ab%23c%3F.json"),
            ("/data/é.json", "file:///data/%C3%A9.json"),
            ("https://example.org/data/a%20b", "https://example.org/data/a%20b"),
        ],
    )
    def test_places_are_uris(self, file: str, uri: str) -> None:
        (result,) = json.loads(render([report(GAP, file=file)], "sarif"))["runs"][0]["results"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
        assert unquote(uri).endswith(unquote(file))

    def test_fingerprints_do_not_move_with_lines_and_tell_equal_findings_apart(self) -> None:
        from dataclasses import replace

        def prints(*findings: Finding) -> list[str]:
            (run,) = json.loads(render([report(*findings)], "sarif"))["runs"]
            return [result["partialFingerprints"]["ruleAndPointer/v1"] for result in run["results"]]

        assert prints(SWAPPED) == prints(replace(SWAPPED, line=999))
        assert len(set(prints(SWAPPED, SWAPPED, GAP))) == 3


class TestJUnit:
    def test_a_suite_for_each_file_and_a_case_for_each_rule(self) -> None:
        suites = ElementTree.fromstring(render(SEVERAL, "junit"))
        spoiled, right = suites.findall("testsuite")
        rules = len(rule_book("core").rules)
        assert (len(spoiled.findall("testcase")), len(right.findall("testcase"))) == (rules + 1, rules)
        assert (spoiled.get("tests"), spoiled.get("failures"), right.get("failures")) == (
            str(rules + 1),
            "1",
            "0",
        )
        assert (suites.get("tests"), suites.get("failures")) == (str(2 * rules + 1), "1")
        (failed,) = (case for case in spoiled.iter("testcase") if case.find("failure") is not None)
        failure = failed.find("failure")
        assert failure is not None and failure.text is not None
        assert (failed.get("name"), failure.get("type")) == ("required-field", "violation")
        assert failure.text.splitlines()[0].startswith(
            "violation: data/my file.json:100 /regions/0/tilt_series/0/images/0: TiltImage has no id"
        )
        assert failure.text.splitlines()[-1] == "and 43 more"
        output = spoiled.findtext("testcase[@name='defocus-order']/system-out")
        assert output is not None and output.startswith("warning: ")

    def test_elements_have_the_attributes_of_the_schema(self) -> None:
        """Those of jenkins-junit.xsd (github.com/jenkinsci/xunit-plugin), which has none for a file."""
        allowed = {
            "testsuites": {"name", "time", "tests", "failures", "disabled", "errors"},
            "testsuite": {"name", "tests", "failures", "errors", "time", "disabled", "skipped", "timestamp"}
            | {"hostname", "id", "package"},
            "properties": set(),
            "property": {"name", "value"},
            "testcase": {"name", "assertions", "time", "classname", "status"},
            "failure": {"type", "message"},
            "system-out": set(),
        }
        for element in ElementTree.fromstring(render(SEVERAL, "junit")).iter():
            assert set(element.attrib) <= allowed[element.tag], element.tag

    @given(hostile_reports)
    def test_hostile_documents_give_well_formed_xml(self, hostile: Report) -> None:
        (suite,) = ElementTree.fromstring(render([hostile], "junit"))
        assert suite.get("failures") is not None


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(page)
    return parser.seen


class TestHTML:
    def test_it_fetches_and_runs_nothing(self) -> None:
        seen = tags(render(SEVERAL, "html"))
        assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in seen}
        assert not [
            attrs for _, attrs in seen if any(name.startswith("on") or name == "src" for name in attrs)
        ]
        (policy,) = (
            attrs["content"] for tag, attrs in seen if attrs.get("http-equiv") == "Content-Security-Policy"
        )
        assert policy is not None and policy.startswith("default-src 'none'; style-src 'sha256-")

    def test_the_policy_allows_the_style_of_the_page(self) -> None:
        import base64
        import hashlib

        page = render([RIGHT], "html")
        style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
        assert style is not None
        digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in page

    @given(hostile_reports)
    def test_nothing_of_a_document_is_markup(self, hostile: Report) -> None:
        allowed = {tag for tag, _ in tags(render(SEVERAL, "html"))}
        assert {tag for tag, _ in tags(render([hostile], "html"))} <= allowed

    def test_it_says_what_was_found(self) -> None:
        page = render(SEVERAL, "html")
        for said in (
            "1 of 2 files conforms.",
            "50 times",
            "and 43 more",
            SWAPPED.pointer,
            "line 130",
            "found 14377.5",
        ):
            assert said in page
        assert ("a", {"href": "https://w3id.org/cetsgraph/rules/defocus-order"}) in tags(page)


class TestTurtle:
    def test_it_is_the_standard_report(self) -> None:
        graph = ox.Store()
        graph.load(render(SEVERAL, "turtle").encode(), format=ox.RdfFormat.TURTLE)

        def ask(pattern: str) -> Any:
            return graph.query(
                f"PREFIX sh: <{SH}> PREFIX rule: <https://w3id.org/cetsgraph/rules#> {pattern}"
            )

        rows = list(ask("SELECT ?r ?ok (COUNT(?x) AS ?n) { ?r a sh:ValidationReport ; sh:conforms ?ok "
                        "OPTIONAL { ?r sh:result ?x } } GROUP BY ?r ?ok"))  # fmt: skip
        assert sorted((row["ok"].value, row["n"].value) for row in rows) == [("false", "10"), ("true", "0")]
        whole = """ASK { ?x a sh:ValidationResult ; sh:focusNode <https://example.org/data/o7> ;
            sh:resultSeverity sh:Warning ; sh:sourceConstraintComponent sh:MinCountConstraintComponent ;
            sh:sourceShape <https://w3id.org/cetsgraph/shapes#defocus-order> ;
            sh:resultMessage "defocus U is smaller than defocus V" ; rule:line 130 ;
            rule:pointer "/regions/0/tilt_series/0/images/3/ctf_metadata/defocus_u" ;
            rule:rule rule:defocus-order }"""
        assert ask(whole)

    def test_a_real_report_names_objects_by_their_iris(self, tmp_path: Path) -> None:
        document = tmp_path / "d.json"
        document.write_text('{"name": "d", "regions": [{"id": "r", "tomo_image_sets": [{"tomogram_sets": [{'
                            '"tomograms": [{"id": "t", "width": -1, "path": "t.mrc"}]}]}]}]}')  # fmt: skip
        (found,) = Validator("core", iris=True).file(document)
        graph = list(ox.parse(render([found], "turtle").encode(), format=ox.RdfFormat.TURTLE))
        focus = [triple.object.value for triple in graph if triple.predicate.value == f"{SH}focusNode"]
        assert focus == [
            "https://w3id.org/cetsgraph/data/local/d/region/r/tomo-image-set/~0/tomogram-set/~0/tomogram/t"
        ]
