"""How a dialect is declared: one table per class of objects, read in both directions.

A table says for each field of the source which field of the model it is, so that reader and writer
cannot drift apart:

    AXIS = ObjectMap(
        Axis,
        "Axis",
        {"name": same, "axis_unit": same, "axis_type": same},
        required=("name",),
    )
    TOMOGRAM = ObjectMap(
        Tomogram,
        "Tomogram",
        {
            "id": same,
            "file": value("path", absent=""),              # other name; "" is the stated default
            "kind": coded("reconstruction_method", {"wbp": "weighted back-projection"}),
            "axes": many("coordinate_systems", AXIS),      # nested tables; one(...) for a single object
            "voxels": structural(read, write, "width", "height"),  # where the structures differ
        },
        required=("id",),                                  # a finding when missing: required-field
        older={"filename": "file"},                        # older spelling: read, and reported
        implied=lambda values: {"unit": "angstrom"},       # set when read, dropped when it says just that
    )
    ANNOTATION = Choice("type", {"text": TEXT, "fit_map": FIT_MAP})   # which table, by a field

Reading is bottom-up, one pass: what cannot be represented is reported at its place in the source and
skipped, and all else is kept. Writing reports each value of the model for which the dialect has no field.

A dialect is a `Dialect`: its name, how it is recognised, and how its root is read and written.
"""

from cetsgraph.documents.dialects.mapping.advice import FieldAdvice, tables_inside
from cetsgraph.documents.dialects.mapping.choice import Choice
from cetsgraph.documents.dialects.mapping.dialect import Dialect
from cetsgraph.documents.dialects.mapping.joined import Joined, read_items
from cetsgraph.documents.dialects.mapping.revisions import Revision, Revisions
from cetsgraph.documents.dialects.mapping.rules import (
    FieldRule,
    Table,
    coded,
    elsewhere,
    explicit,
    formerly,
    ignore,
    many,
    nothing,
    one,
    read_list,
    same,
    structural,
    value,
    words,
    write_list,
)
from cetsgraph.documents.dialects.mapping.session import ABSENT, NULL, Moved, ReadSession, WriteSession
from cetsgraph.documents.dialects.mapping.spelling import tables_in
from cetsgraph.documents.dialects.mapping.table import ObjectMap
from cetsgraph.documents.dialects.mapping.within import SeveralWithin, SoleWithin, Within

__all__ = [
    "ABSENT",
    "NULL",
    "Choice",
    "Dialect",
    "FieldAdvice",
    "FieldRule",
    "Joined",
    "Moved",
    "ObjectMap",
    "ReadSession",
    "Revision",
    "Revisions",
    "SeveralWithin",
    "SoleWithin",
    "Table",
    "Within",
    "WriteSession",
    "coded",
    "elsewhere",
    "explicit",
    "formerly",
    "ignore",
    "many",
    "nothing",
    "one",
    "read_items",
    "read_list",
    "same",
    "structural",
    "tables_in",
    "tables_inside",
    "value",
    "words",
    "write_list",
]
