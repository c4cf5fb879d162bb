"""Dialect B (`cets-data-model`), a module for each part of its classes."""

from cetsgraph.documents.dialects.cets_data_model.dialect import CETS_DATA_MODEL

__all__ = ["CETS_DATA_MODEL"]
