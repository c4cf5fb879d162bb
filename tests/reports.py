"""Reports of all kinds of findings, and of hostile ones."""

from collections import Counter

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cetsgraph.findings import Finding, Severity
from cetsgraph.namespaces import SH
from cetsgraph.validation import Report
from cetsgraph.validation.engines import Result

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
