"""Dialect A (`tomobabel`), a module for each part of its classes."""

from cetsgraph.documents.dialects.tomobabel.dialect import TOMOBABEL

__all__ = ["TOMOBABEL"]
