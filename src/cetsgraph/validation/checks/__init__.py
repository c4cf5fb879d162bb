"""Checks in Python: arithmetic on the numbers of an object, where SHACL cannot do it.

A check stands in the module named as the file of `shapes/rules` that defines its rule.
"""

from cetsgraph.validation.checks import (
    acquisition,
    alignment,
    angles,
    annotations,
    best_practice,
    ctf,
    deposition,
    exposure,
    images,
    microscope,
    placements,
    positions,
    privacy,
    references,
    sampling,
    sections,
    structure,
    systems,
    terms,
    times,
    transformations,
    units,
)
from cetsgraph.validation.checks.registry import CHECKS, Check, Fault, check

__all__ = [
    "CHECKS",
    "Check",
    "Fault",
    "acquisition",
    "alignment",
    "angles",
    "annotations",
    "best_practice",
    "check",
    "ctf",
    "deposition",
    "exposure",
    "images",
    "microscope",
    "placements",
    "positions",
    "privacy",
    "references",
    "sampling",
    "sections",
    "structure",
    "systems",
    "terms",
    "times",
    "transformations",
    "units",
]
