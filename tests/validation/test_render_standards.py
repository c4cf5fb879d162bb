"""Reports in the standards of other tools: SARIF, JUnit, HTML and SHACL."""

import json
import re
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
from reports import (
    GAP,
    RIGHT,
    SEVERAL,
    SWAPPED,
    hostile_reports,
    report,
)

from cetsgraph.findings import Finding
from cetsgraph.namespaces import SH
from cetsgraph.validation import Report, Validator, render, rule_book

SARIF = json.loads((Path(__file__).parent / "sarif-2.1.0.abridged.schema.json").read_text(encoding="utf-8"))


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
