"""Which headers make one data set: those of a folder. Of an array store only the descriptions are read."""

import json
import os.path
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from cetsgraph.importers.claim import Claim, Recognised, RecognisedFile, Sample, stem
from cetsgraph.importers.formats import mrc
from cetsgraph.importers.json_kinds import recognised_json

__all__ = ["MRC", "array_description", "array_file", "gather", "image_path", "recognise"]

MRC = "MRC"

_DESCRIPTIONS = {".zattrs": ".zarray", "zarr.json": "zarr.json"}
"""Description of a group in zarr 2 and 3 → that of an array in it."""


def recognise(sample: Sample) -> Recognised | None:
    """Whether a file is an MRC file, or describes an OME-Zarr image."""
    if mrc.parse(sample.head) is not None:
        return Recognised(MRC)
    return recognised_json("mrc", sample) if sample.path.name in _DESCRIPTIONS else None


def gather(importer: str, found: Sequence[RecognisedFile]) -> Iterator[Claim]:
    """One claim for the images of each folder, named by the folder, or by its image if there is only one."""
    folders: dict[Path, list[RecognisedFile]] = defaultdict(list)
    for one in found:
        folders[image_path(one.path).parent].append(one)
    for folder, files in folders.items():
        paths = sorted(one.path for one in files)
        arrays = [array for path in paths if (array := array_file(path)) is not None]
        name = stem(image_path(paths[0])) if len(paths) == 1 else folder.resolve().name
        yield Claim(importer, name, (*paths, *arrays), folder)


def image_path(path: Path) -> Path:
    """The image that a file describes: itself, or the array store that it is in."""
    return path.parent if path.name in _DESCRIPTIONS else path


def array_description(path: Path, dataset: object) -> Path | None:
    """The description of an array that a group names; None if it would lie elsewhere."""
    if path.name not in _DESCRIPTIONS or not isinstance(dataset, str) or not dataset:
        return None
    within = PurePosixPath(dataset)
    if within.is_absolute() or ".." in within.parts or "\\" in dataset or "\0" in dataset:
        return None
    return path.parent.joinpath(*within.parts, _DESCRIPTIONS[path.name])


def array_file(path: Path) -> Path | None:
    """The description of an image's first array, which is the one of full size, if it is there."""
    if path.name not in _DESCRIPTIONS:
        return None
    try:
        group = json.loads(path.read_bytes())
        group = group.get("attributes", {}).get("ome", group)
        found = array_description(path, group["multiscales"][0]["datasets"][0]["path"])
    except (OSError, ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return None  # what is wrong with it is said where it is read
    return found if found is not None and os.path.isfile(found) else None
