"""Files that a document names, looked for in its own folder: whether they are there and as it says.

Only what a relative path names is looked at. A path that leads out of the folder, be it by `..` or by a link,
is not followed, and nothing but regular files is opened.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.importers.formats.mrc import ENDINGS, LENGTH, MrcHeader, parse
from cetsgraph.model import DataFile, Entity, Raster3D, TiltSeriesMicrographStack
from cetsgraph.validation.checks import Fault
from cetsgraph.validation.checks.views import near, sampling, stated_sampling

__all__ = ["faults_beside"]

_FIELDS = ("path", "even_path", "odd_path", "collection_metadata_path", "payload_uri")
_SAMPLING = 0.01  # of a sampling
_LARGEST = 256 * 2**20  # bytes of a file whose checksum is computed


def faults_beside(placement: Placement, folder: Path) -> Iterator[tuple[Fault, Place]]:
    """What is wrong with the files that a data set names, from the folder of its document."""
    seen: dict[str, Path | None] = {}
    for place in placement.places:
        values = place.entity.__dict__
        for field in _FIELDS:
            path = values.get(field)
            if not isinstance(path, str) or not _is_relative(path):
                continue
            if path not in seen:
                seen[path] = _inside(folder, path)
            file = seen[path]
            if file is None:
                yield Fault(field, path, "a file in the folder of the document"), place
            else:
                yield from ((fault, place) for fault in _of_file(place.entity, field, file))


def _is_relative(path: str) -> bool:
    """Whether a path is one in the folder of the document, and no address."""
    windows, parts = PureWindowsPath(path), PurePosixPath(path.replace("\\", "/")).parts
    return bool(parts) and "://" not in path and not windows.anchor and ".." not in parts and "\0" not in path


def _inside(folder: Path, path: str) -> Path | None:
    """The file or folder that a path names, if it is there and no link leads out of the folder."""
    try:
        whole = folder.resolve(strict=True)
        named = (whole / path).resolve(strict=True) if (whole / path).exists() else None
        named = named or (whole / path.replace("\\", "/")).resolve(strict=True)
    except (OSError, RuntimeError):  # it is not there, or a link leads to itself
        return None
    return named if named.is_relative_to(whole) and (named.is_file() or named.is_dir()) else None


def _of_file(entity: Entity, field: str, file: Path) -> Iterator[Fault]:
    """Where size, checksum or header of a file differ from what the document says."""
    if not file.is_file():
        return
    try:
        if isinstance(entity, DataFile):
            yield from _of_content(entity, file)
        elif field == "path" and file.name.lower().endswith(ENDINGS):
            with file.open("rb") as stream:
                header = parse(stream.read(LENGTH))
            if header is None:
                yield Fault(field, file.name, "an MRC file", "this is no MRC file, though its name says so")
            else:
                yield from _of_header(entity, header)
    except OSError as error:
        yield Fault(
            field, file.name, "a file that can be read", f"this file cannot be read: {error.strerror}"
        )


def _of_content(entity: DataFile, file: Path) -> Iterator[Fault]:
    size = file.stat().st_size
    if entity.file_size is not None and entity.file_size != size:
        yield Fault("file_size", entity.file_size, size, "the file beside the document has another size")
    algorithm, _, digits = (entity.checksum or "").partition(":")
    if digits and algorithm in hashlib.algorithms_guaranteed and size <= _LARGEST:
        with file.open("rb") as stream:
            found = hashlib.file_digest(stream, algorithm)
        if found.digest_size and found.hexdigest() != digits.lower():
            yield Fault(
                "checksum",
                entity.checksum,
                f"{algorithm}:{found.hexdigest()}",
                "the file has another checksum",
            )


def _of_header(entity: Entity, header: MrcHeader) -> Iterator[Fault]:
    values = entity.__dict__
    width, height, depth = header.size
    sides = {"width": width, "height": height}
    if isinstance(entity, Raster3D):
        sides["depth"] = depth
    for name, found in sides.items():
        if values.get(name) not in (None, found):
            yield Fault(name, values[name], found, f"the header of the file has another {name}")
    own = sampling(entity)
    found_sampling = header.spacing[0]
    if own is not None and found_sampling is not None and not near(own / found_sampling, _SAMPLING):
        yield Fault(
            stated_sampling(entity),
            own,
            f"{found_sampling:.6g} Å",
            "the header of the file has another sampling",
        )
    if isinstance(entity, TiltSeriesMicrographStack):
        for image in entity.micrographs:
            if image.path is None and image.section is not None and image.section >= depth:
                yield Fault(
                    "section",
                    image.section,
                    f"below {depth}, the number of images in the file",
                    "the file has no such section",
                    entity=image,
                )
