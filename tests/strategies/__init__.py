"""Hypothesis strategies: data sets over the whole model, and documents of the published dialects.

Documents are described from the dialects' published classes, not from the tables of the readers.
"""

from strategies.cets_data_model import cets_data_model_documents
from strategies.models import concrete_kinds, dataset_with, datasets, filled
from strategies.tomobabel import tomobabel_documents

__all__ = [
    "cets_data_model_documents",
    "concrete_kinds",
    "dataset_with",
    "datasets",
    "filled",
    "tomobabel_documents",
]
