"""Points as a project of copick: picks of runs, and the objects that they are of."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cetsgraph.exporters.losses import Losses
from cetsgraph.exporters.options import PointOptions
from cetsgraph.exporters.points import Floats, PlacedPoints, is_whole
from cetsgraph.exporters.texts import json_text
from cetsgraph.graph.matrices import IDENTITY

__all__ = ["copick"]

_INVALID = re.compile(r'[<>:"/\\|?*\x00-\x1F\x7F\s_]')
"""Characters that names of objects, users and sessions cannot have."""
_VALID = r'[^<>:"/\\|?*\x00-\x1F\x7F\s_,]+'
_SAID = re.compile(rf"copick, user (?P<user>{_VALID}), session (?P<session>{_VALID})")


def copick(given: Sequence[PlacedPoints], losses: Losses, options: PointOptions) -> Iterator[tuple[str, str]]:
    """Paths and texts of the files: picks in the folders of their runs, and the configuration."""
    objects: dict[str, PlacedPoints] = {}
    taken: set[str] = set()
    for one in given:
        positions = one.placed("corner", losses, "copick")
        if positions is None:
            continue
        name = _name(one)
        objects.setdefault(name, one)
        user, session, path = _place(one, name, taken)
        picks: dict[str, Any] = {
            "pickable_object_name": name,
            "user_id": user,
            "session_id": session,
            "run_name": one.name,
        }
        picks |= {"voxel_spacing": one.spacing, "unit": "angstrom"}
        yield path, json_text(picks | _picks(one, positions, losses))
    if objects:
        described = [_object(name, one, label) for label, (name, one) in enumerate(objects.items(), start=1)]
        yield "copick_config.json", json_text(_project(described))


def _name(one: PlacedPoints) -> str:
    """What the points mark, without characters that copick does not take."""
    return _INVALID.sub("-", one.points.annotated_object_name or one.label).strip("-") or "points"


def _place(one: PlacedPoints, name: str, taken: set[str]) -> tuple[str, str, str]:
    """User, session and path of the picks, which no other has; those that copick itself said before."""
    said = _SAID.fullmatch(one.points.method_description or "")
    user, first = (said["user"], said["session"]) if said else ("cetsgraph", "1")
    sessions = (first, *(f"{first}-{number}" for number in range(2, len(taken) + 3)))
    folder = f"ExperimentRuns/{one.name}/Picks"
    paths = ((session, f"{folder}/{user}_{session}_{name}.json") for session in sessions)
    session, path = next((session, path) for session, path in paths if path not in taken)
    taken.add(path)
    return user, session, path


def _picks(one: PlacedPoints, positions: Floats, losses: Losses) -> dict[str, Any]:
    """The points, with scores and numbers of instances."""
    scores = one.attributes.get("score")
    fits = scores is not None and all(type(score) in (int, float) for score in scores)
    one.leave_attributes(losses, "copick", ("score",) if fits else ())
    whole = all(map(is_whole, one.identifiers))
    if not whole:
        one.leave_identifiers(losses, "copick")
    instances = list(map(int, one.identifiers)) if whole and one.identifiers else [0] * len(one)
    matrices = one.matrices(losses)
    points = [
        {
            "location": dict(zip("xyz", position, strict=True)),
            "transformation_": IDENTITY if matrices is None else _transformation(matrices[number].tolist()),
            "instance_id": instances[number],
            "score": scores[number] if fits and scores is not None else 1.0,
        }
        for number, position in enumerate(positions.tolist())
    ]
    return {"trust_orientation": matrices is not None, "points": points}


def _transformation(matrix: list[list[float]]) -> list[list[float]]:
    return [*([*row, 0.0] for row in matrix), IDENTITY[3]]


def _object(name: str, one: PlacedPoints, label: int) -> dict[str, Any]:
    entries = {entry.database: entry.accession for entry in one.points.cross_references}
    found = {
        "name": name,
        "is_particle": True,
        "label": label,
        "identifier": (one.points.annotated_object or "").replace("PDB:", "PDB-") or None,
        "pdb_id": entries.get("PDB"),
        "emdb_id": entries.get("EMDB"),
    }
    return {key: value for key, value in found.items() if value is not None}


def _project(objects: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The configuration; copick is started in its folder, or the root made absolute."""
    return {
        "config_type": "filesystem",
        "name": "cetsgraph",
        "version": "1.0.0",
        "pickable_objects": list(objects),
        "overlay_root": "local://.",
        "overlay_fs_args": {"auto_mkdir": True},
    }
