"""The pages about rules say what the rules say, and are up to date."""

import re
from functools import cache
from pathlib import Path

import pytest

from cetsgraph.derive import rule_pages as pages
from cetsgraph.validation import PROFILES, rule_book

ROOT = Path(__file__).resolve().parents[2]
RULES = rule_book(PROFILES[-1]).rules


@cache
def made() -> dict[Path, bytes]:
    return pages.pages(ROOT)


def page(rule: str) -> str:
    return made()[pages.FOLDER / f"{rule}.md"].decode()


@pytest.mark.parametrize("rule", RULES)
def test_a_page_says_what_the_rule_asks_why_and_where_it_comes_from(rule: str) -> None:
    said = page(rule)
    facts = RULES[rule]
    assert said.startswith(f"# {facts.title}\n")
    for part in (facts.definition, *facts.sources, "## How it is checked", f"`{rule}`"):
        assert part in said
    if (ROOT / "tests/data/invalid" / rule).is_dir():
        failing = said.partition("## An example that fails")[2]
        assert "What is said of it:\n\n- " in failing and "## An example that passes" in failing


@pytest.mark.parametrize("rule", RULES)
def test_a_page_has_whole_sentences_on_how_the_rule_is_checked(rule: str) -> None:
    ways = page(rule).partition("## How it is checked\n\n")[2].partition("\n\n")[0].splitlines()
    assert ways and all(way.startswith("- ") and way.endswith(".") for way in ways)


def test_every_link_leads_to_a_page() -> None:
    for path, content in made().items():
        for target in re.findall(r"\]\(([^)#]+)\)", content.decode()):
            assert target.startswith("https://") or path.parent / target in made(), (path, target)


def test_the_index_has_every_rule_once() -> None:
    listed = re.findall(r"^\| \[([a-z0-9-]+)\]", page("index"), re.MULTILINE)
    assert sorted(listed) == sorted(RULES)
