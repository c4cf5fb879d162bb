"""Points as files of the CryoET Data Portal: lines of JSON, and metadata of annotations and tomograms."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PureWindowsPath
from typing import Any

from cetsgraph.exporters.losses import Losses
from cetsgraph.exporters.options import PointOptions
from cetsgraph.exporters.points import Floats, PlacedPoints, is_whole
from cetsgraph.exporters.texts import json_text
from cetsgraph.model import PointSet, Software

__all__ = ["portal"]


def portal(given: Sequence[PlacedPoints], losses: Losses, options: PointOptions) -> Iterator[tuple[str, str]]:
    """Paths and texts of the files: three for each point set, in the folders of its run and voxel spacing."""
    taken: Counter[str] = Counter()
    for one in given:
        positions = one.placed("portal", losses, "the portal")
        if positions is None:
            continue
        one.leave_attributes(losses, "the portal")
        folder = _folder(one)
        taken[folder] += 1
        stem = f"{folder}/Annotations/{taken[folder]}/{one.label}-1.0"
        matrices = one.matrices(losses)
        shape = "Point" if matrices is None else "OrientedPoint"
        path = f"{stem}_{shape.lower()}.ndjson"
        lines = _lines(one, positions, matrices, losses)
        yield path, "".join(f"{json.dumps(line)}\n" for line in lines)
        yield f"{stem}.json", json_text(_annotation(one, path, shape))
        yield f"{folder}/Tomograms/1/tomogram_metadata.json", json_text(_tomogram(one))


def _folder(one: PlacedPoints) -> str:
    spacing = "unknown" if one.spacing is None else f"{one.spacing:.3f}"
    return f"{one.name}/Reconstructions/VoxelSpacing{spacing}"


def _lines(
    one: PlacedPoints, positions: Floats, matrices: Floats | None, losses: Losses
) -> Iterator[dict[str, Any]]:
    """A line for each point: in voxels, the first of which is 0."""
    whole = all(map(is_whole, one.identifiers))
    if not whole:
        one.leave_identifiers(losses, "the portal")
    for number, position in enumerate(positions):
        kind = "instancePoint" if whole and one.identifiers else "point"
        line: dict[str, Any] = {"type": kind, "location": _xyz(position.tolist())}
        if matrices is not None:
            line |= {"type": "orientedPoint", "xyz_rotation_matrix": matrices[number].tolist()}
        if whole and one.identifiers:
            line["instance_id"] = int(one.identifiers[number])
        yield line


def _annotation(one: PlacedPoints, path: str, shape: str) -> dict[str, Any]:
    """What the portal says of an annotation, as far as it is known."""
    points = one.points
    found = {
        "annotation_object": _known(
            id=(points.annotated_object or "").replace("PDB:", "PDB-") or None,
            name=points.annotated_object_name,
            state=points.annotated_object_state,
            description=points.description,
        ),
        "annotation_method": points.method_description,
        "method_type": points.method,
        "annotation_publications": _publications(points),
        "annotation_software": _programs(points.software),
        "ground_truth_status": points.ground_truth,
        "is_curator_recommended": points.curator_recommended,
        "authors": [_known(name=one.name, ORCID=one.orcid) for one in points.authors],
        "confidence": _known(precision=_percent(points.precision), recall=_percent(points.recall)),
        "object_count": len(one),
        "files": [{"format": "ndjson", "path": path, "shape": shape}],
        "version": "1.0",
    }
    return _known(**found)


def _tomogram(one: PlacedPoints) -> dict[str, Any]:
    """What the portal says of a tomogram, as far as it is known."""
    tomogram = one.tomogram
    return _known(
        run_name=one.name,
        voxel_spacing=one.spacing,
        size=None if one.size is None else dict(zip("xyz", one.size, strict=True)),
        reconstruction_method=tomogram.reconstruction_method,
        processing=tomogram.processing,
        ctf_corrected=tomogram.ctf_corrected,
        mrc_files=None if tomogram.path is None else [PureWindowsPath(tomogram.path).name],
    )


def _publications(points: PointSet) -> str | None:
    """Entries of the annotation as the portal lists them."""
    prefixes = {"DOI": "doi:", "PDB": "PDB-"}
    listed = [f"{prefixes.get(one.database or '', '')}{one.accession}" for one in points.cross_references]
    return ", ".join(listed) or None


def _programs(programs: Sequence[Software]) -> str | None:
    named = (f"{one.name} v{one.version}" if one.version else str(one.name) for one in programs)
    return " + ".join(named) or None


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else round(100 * fraction, 6)


def _xyz(position: Sequence[float]) -> dict[str, float]:
    return dict(zip("xyz", position, strict=True))


def _known(**values: Any) -> dict[str, Any]:
    """The values that say something."""
    return {name: value for name, value in values.items() if value not in (None, [], {})}
