"""Checks in Python: arithmetic on the numbers of an object, where SHACL cannot do it."""

from cetsgraph.validation.checks import completeness, dose, files, matrices, people, repetition, shapes, span
from cetsgraph.validation.checks.registry import CHECKS, Check, Fault, check

__all__ = [
    "CHECKS",
    "Check",
    "Fault",
    "check",
    "completeness",
    "dose",
    "files",
    "matrices",
    "people",
    "repetition",
    "shapes",
    "span",
]
