"""Picks into files, as they come: Parquet, CSV, and the ndjson of the CryoET Data Portal."""

import json
from collections.abc import Callable, Iterator
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from cetsgraph.errors import ParameterError
from cetsgraph.picks.picks import Picks

__all__ = ["FORMS", "write_picks"]


def write_picks(picks: Picks, out: IO[bytes], form: str) -> int:
    """Write picks into an open file; gives how many there were.

    Args:
        picks: what to write.
        out: a file, open for bytes.
        form: one of `FORMS`.

    Raises:
        ParameterError: there is no such form, or it has no place for angles.
        StoreError: the store failed.
    """
    if form not in FORMS:
        raise ParameterError(
            "picks cannot be written in this form",
            query="picks",
            parameter="form",
            found=repr(form),
            expected=", ".join(FORMS),
        )
    if form == "ndjson" and "rotation" not in picks.schema.names:
        raise ParameterError(
            "the CryoET Data Portal writes rotations as matrices",
            query="picks",
            parameter="angles",
            found="angles of a program",
            expected="none",
            hint="Leave out the angles, or write Parquet or CSV.",
        )
    return FORMS[form](picks, out)


def _parquet(picks: Picks, file: IO[bytes]) -> int:
    repeated = [one.name for one in picks.schema if pa.types.is_dictionary(one.type)]
    with pyarrow.parquet.ParquetWriter(file, picks.schema, use_dictionary=repeated) as writer:
        return _each(picks, writer.write_table)


def _csv(picks: Picks, file: IO[bytes]) -> int:
    """Rotations are nine numbers with spaces between them."""
    plain = {one.name: one.type if pa.types.is_primitive(one.type) else pa.string() for one in picks.schema}
    schema = pa.schema([*plain.items()])

    def write(table: pa.Table) -> None:
        """Write a table as lines; a rotation is nine numbers in one cell."""
        if "rotation" in plain:
            texts = [one and " ".join(map(repr, one)) for one in table["rotation"].to_pylist()]
            place = table.schema.get_field_index("rotation")
            table = table.set_column(place, "rotation", pa.array(texts, pa.string()))
        writer.write_table(table.cast(schema))

    with pyarrow.csv.CSVWriter(file, schema) as writer:
        return _each(picks, write)


def _ndjson(picks: Picks, file: IO[bytes]) -> int:
    def write(table: pa.Table) -> None:
        file.writelines(json.dumps(line).encode() + b"\n" for line in _lines(table))

    return _each(picks, write)


def _each(picks: Picks, write: Callable[[pa.Table], None]) -> int:
    count = 0
    for table in picks:
        write(table)
        count += len(table)
    return count


def _lines(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Points as the portal writes them: in voxels of the tomogram, which a member of its own names."""
    wanted = ("voxel_x", "voxel_y", "voxel_z", "rotation", "id", "tomogram", "annotation")
    for row in table.select([name for name in wanted if name in table.column_names]).to_pylist():
        rotation = row.get("rotation")
        line: dict[str, Any] = {
            "type": "point" if rotation is None else "orientedPoint",
            "location": {axis: row[f"voxel_{axis}"] for axis in "xyz"},
        }
        if rotation is not None:
            line["xyz_rotation_matrix"] = [rotation[:3], rotation[3:6], rotation[6:]]
        if row["id"] is not None:
            line["instance_id"] = row["id"]
        yield line | {"tomogram": row["tomogram"], "annotation": row["annotation"]}


FORMS: dict[str, Callable[[Picks, IO[bytes]], int]] = {
    "parquet": _parquet,
    "csv": _csv,
    "ndjson": _ndjson,
}
"""How picks can be written, by the ending of the file."""
