"""The library's questions in the terms of cets-data-model (`https://w3id.org/cetmd/…`).

`ontology/mappings.sssom.tsv` says which terms are the same. A graph in those terms names what an object
refers to by its id as text, holds nothing that was derived for queries, and has no sets between a region and
its tomograms. So a reference becomes a path over the id, what was derived becomes a path where there is one,
and a question that needs a term without counterpart is not asked.
"""

import re
from collections import defaultdict
from functools import cache

from cetsgraph.errors import Unbridgeable
from cetsgraph.mappings import CETMD, term_matches
from cetsgraph.vocabulary import Kind, vocabulary

__all__ = ["bridged", "needed"]

_TERM = re.compile(r"\bcets:([A-Za-z][A-Za-z0-9]*)")
_CLASS = re.compile(r"\ba\s+cets:([A-Z][A-Za-z0-9]*)")
_IN_DATA_SET = re.compile(r"cets:inDataSet\s+(\?\w+)")
_BY_SAMPLING = re.compile(r"FILTER[^\n]*\?(?:voxel|pixel)_size")
_NOT_NEEDED = re.compile(r"\b(?:OPTIONAL|NOT\s+EXISTS)\s*\{")
_CLOSE_ENOUGH = ("skos:exactMatch", "skos:closeMatch", "skos:narrowMatch", "skos:broadMatch")


def bridged(sparql: str) -> str:
    """The query in the other terms, with the same columns.

    Raises:
        Unbridgeable: it uses terms that have no counterpart.
    """
    words = _words()
    missing = sorted({name for name in _TERM.findall(needed(sparql)) if name not in words})
    if _BY_SAMPLING.search(sparql):
        missing.append("voxelSize")  # a Scale says it there, in an array
    if missing:
        raise Unbridgeable(missing)
    bound = [
        f"{variable} a {words['DataSet'][0]} ." for variable in sorted(set(_IN_DATA_SET.findall(sparql)))
    ]

    def kind(found: re.Match[str]) -> str:
        """`a CLASS` in the source's terms; one of several classes through a variable."""
        targets = words.get(found[1], ())
        if len(targets) < 2:
            return f"a {targets[0]}" if targets else found[0]
        variable = f"?cetmd{len(bound)}"
        bound.append(f"VALUES {variable} {{ {' '.join(targets)} }}")
        return f"a {variable}"

    def path(found: re.Match[str]) -> str:
        """A property in the source's terms; several as a path of alternatives."""
        targets = words.get(found[1], ())
        if len(targets) < 2:
            return targets[0] if targets else found[0]
        return f"({'|'.join(targets)})"

    text = _TERM.sub(path, _CLASS.sub(kind, sparql))
    before, brace, after = text.partition("WHERE\n{") if "WHERE\n{" in text else text.partition("{")
    return f"{before}{brace} {' '.join(bound)} {after}"


def needed(sparql: str) -> str:
    """The query without what need not match: what is optional, and what must not exist.

    Terms without counterpart stay there as they are, and match nothing.
    """
    text, place = "", 0
    for found in _NOT_NEEDED.finditer(sparql):
        if found.start() < place:
            continue
        text += sparql[place : found.start()]
        depth, place = 1, found.end()
        while depth and place < len(sparql):
            depth += {"{": 1, "}": -1}.get(sparql[place], 0)
            place += 1
    return text + sparql[place:]


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """For each of our terms, by local name, the other's: IRIs, or paths of them."""
    terms = vocabulary()
    identifier = f"<{CETMD}common/id>"
    found: defaultdict[str, list[str]] = defaultdict(list)
    for match in term_matches():
        if match.predicate not in _CLOSE_ENOUGH or not match.target.startswith(CETMD):
            continue
        prop = terms.properties.get(match.name)
        reference = prop is not None and prop.kind is Kind.REFERENCE
        found[match.name].append(f"<{match.target}>/^{identifier}" if reference else f"<{match.target}>")
    holding = [
        target
        for name, targets in found.items()
        if name in terms.properties and terms.properties[name].kind is Kind.PART
        for target in targets
    ]
    upward = f"(^({'|'.join(sorted(set(holding)))}))+"
    words = {name: tuple(dict.fromkeys(targets)) for name, targets in found.items()}
    words["inDataSet"] = (upward,)
    words["annotates"] = words.get("sourceTomogram", ())
    return {name: targets for name, targets in words.items() if targets}
