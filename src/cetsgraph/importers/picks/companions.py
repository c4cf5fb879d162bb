"""Files that belong to one of points: its tomogram, names of tomograms, what an archive says of it."""

import os.path
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from cetsgraph.errors import DocumentError
from cetsgraph.importers.claim import sample_of, stem
from cetsgraph.importers.decoding import ForeignText, decoded, read_foreign
from cetsgraph.importers.formats.dynamo import numbered_volumes, volume_list
from cetsgraph.importers.formats.mrc import ENDINGS
from cetsgraph.importers.image_headers.claims import array_file
from cetsgraph.importers.picks import evidence

__all__ = [
    "SPACING",
    "below",
    "companions",
    "map_of",
    "metadata_of",
    "model_of",
    "names_of",
    "spacing_folder",
    "tomograms_of",
    "volume_beside",
]

_PREFIX = re.compile(r"^(?:tmap|table|tbl|t)_")
_MOTL = re.compile(r"[_-]?(?:init)?motl.*$", re.IGNORECASE)
_SEPARATOR = re.compile(r"[_.-]")
SPACING = "VoxelSpacing"
"""What names of folders of the portal begin with, before the size of a voxel in Å."""
_NAMES = (".doc", ".vll")
"""Endings of files with names of tomograms for Dynamo."""
_VOLUMES = (".mrc", ".rec", ".map")
"""What names of tomograms end in; other endings of MRC files are those of stacks."""


def companions(path: Path, kind: str, folder: Path) -> Iterator[Path]:
    """What is read with a file of points, as far as it is there.

    Args:
        path: the file.
        kind: what it is.
        folder: the one that names in files are relative to.
    """
    alone = {
        evidence.DYNAMO: map_of,
        evidence.PEET: model_of,
        evidence.PORTAL: metadata_of,
    }.get(kind)
    found = [volume_beside(path)]
    if alone is not None:
        found.append(alone(path))
    if kind == evidence.DYNAMO and found[-1] is not None:
        found += [below(folder, name) for _, name in _named(found[-1]).values()]
    yield from (one for one in found if one is not None)
    if kind == evidence.PORTAL:
        yield from tomograms_of(path)
    arrays = volumes_of_run(path) if kind == evidence.COPICK else []
    if kind == evidence.COPICK_MASK:
        yield from filter(None, [array_file(path)])
    for description in arrays:
        yield from filter(None, [description, array_file(description)])


def volume_beside(path: Path) -> Path | None:
    """The volume beside a file that has its stem, or the longest beginning of it up to a separator."""
    own = stem(path)
    ends = [len(own), *(found.start() for found in reversed([*_SEPARATOR.finditer(own)]))]
    found = (path.with_name(f"{own[:end]}{ending}") for end in ends if end for ending in _VOLUMES)
    return next((one for one in found if os.path.isfile(one) and not _is_series(one)), None)


def map_of(path: Path) -> Path | None:
    """The names of the tomograms of a table of Dynamo: of the same stem, or the only ones in its folder."""
    core = _core(path)
    names = sorted(name for name in os.listdir(path.parent) if name.casefold().endswith(_NAMES))
    alike = (path.with_name(name) for name in names if core in name.casefold())
    same = next((one for one in alike if _core(one) == core and _has_names(one)), None)
    if same is not None:
        return same
    beside = [*islice(filter(_has_names, map(path.with_name, names)), 2)]
    return beside[0] if len(beside) == 1 else None


def model_of(path: Path) -> Path | None:
    """The model of IMOD with the points of a motivelist of PEET."""
    found = path.with_name(f"{_MOTL.sub('', path.stem)}.mod")
    return found if os.path.isfile(found) else None


def metadata_of(path: Path) -> Path | None:
    """What the portal says of an annotation: the file that begins as the one of the points does."""
    begins = (path.name[:end] for end in range(len(path.name), 0, -1))
    return next(filter(os.path.isfile, (path.with_name(f"{begin}.json") for begin in begins)), None)


def spacing_folder(path: Path) -> Path | None:
    """The folder of a voxel spacing of the portal that a file lies in."""
    return next((one for one in path.parents if one.name.startswith(SPACING)), None)


def tomograms_of(path: Path) -> list[Path]:
    """What the portal says of the tomograms of an annotation's voxel spacing."""
    spacing = spacing_folder(path)
    return [] if spacing is None else sorted(spacing.glob("Tomograms/*/tomogram_metadata.json"))


def volumes_of_run(path: Path) -> list[Path]:
    """What describes the tomograms of the run of copick that picks are of, as OME-Zarr."""
    run = path.parent.parent
    if path.parent.name != "Picks" or run.parent.name != "ExperimentRuns":
        return []
    stores = sorted(run.glob(f"{SPACING}*/*.zarr"))
    found = (store / name for store in stores for name in (".zattrs", "zarr.json"))
    return [description for description in found if description.is_file()]


def names_of(text: ForeignText, path: Path) -> Mapping[int, tuple[int, str]]:
    """The tomograms that a .doc or .vll names, by their numbers, each with its line."""
    parse = volume_list if path.suffix.casefold() == ".vll" else numbered_volumes
    return parse(text.lines())


def below(folder: Path, name: str) -> Path | None:
    """The volume of a name in a file, if it is there below the folder."""
    inside = not Path(name).is_absolute() and ".." not in Path(name).parts
    path = folder / name
    return path if inside and name.casefold().endswith(ENDINGS) and os.path.isfile(path) else None


def _named(path: Path) -> Mapping[int, tuple[int, str]]:
    """The names in a file; none if it cannot be read, which is said when it is imported."""
    try:
        return names_of(decoded(read_foreign(path)), path)
    except DocumentError:
        return {}


def _is_series(path: Path) -> bool:
    """Whether an mdoc beside an image says that it is a tilt series."""
    return any(os.path.exists(path.with_name(f"{name}.mdoc")) for name in (path.name, path.stem))


def _has_names(path: Path) -> bool:
    """Whether a file has names of tomograms; other files that end in .doc are none of ours."""
    try:
        return path.is_file() and evidence.kind_of(sample_of(path)) in (
            evidence.DYNAMO_MAP,
            evidence.DYNAMO_VOLUMES,
        )
    except DocumentError:
        return False


def _core(path: Path) -> str:
    return _PREFIX.sub("", stem(path.with_name(path.name.removesuffix(path.suffix))).casefold())
