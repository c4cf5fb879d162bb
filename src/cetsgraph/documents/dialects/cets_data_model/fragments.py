"""Documents of dialect B that hold less than a region: one entity, or several of a kind, as converters write.

The model has each where a whole document would have it: a tilt series, for instance, in a set of the only
image set of the only region.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from cetsgraph.documents.dialects.cets_data_model.alignments import ALIGNMENT
from cetsgraph.documents.dialects.cets_data_model.images import CTF, TILT_SERIES, TOMOGRAM
from cetsgraph.documents.dialects.cets_data_model.particles import PARTICLE_3D_SET
from cetsgraph.documents.dialects.mapping import ObjectMap, ReadSession, WriteSession
from cetsgraph.errors import CetsGraphError, UnknownName
from cetsgraph.model import (
    Alignment,
    CTFMetadata,
    DataSet,
    Entity,
    Region,
    SubTomogramSet,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)
from cetsgraph.texts import nearest

__all__ = ["form_of", "guessed_form", "read_fragment", "write_fragment"]

LIST, DOCUMENTS = " list", " documents"
"""What a form ends in where the root is a list of such entities, or the file has a document for each."""


_AND = ", "
_TOGETHER = frozenset({"TiltSeries", "Tomogram", "Alignment"})
"""Kinds that can stand in one file beside each other."""


@dataclass(frozen=True, slots=True)
class _EntityKind:
    """A kind of entity that can be a document by itself."""

    name: str
    cls: type[Entity]
    table: ObjectMap
    signs: frozenset[str]
    """Fields of which it has one at least."""
    holder: Callable[[list[Any]], TomoImageSet]
    """The image set that holds such entities."""


def _with_ctf(entities: list[CTFMetadata]) -> TomoImageSet:
    images = [TiltSeriesMicrograph(ctf_metadata=ctf).came_from(ctf.pointer or "") for ctf in entities]
    series = TiltSeriesMicrographStack(micrographs=images).came_from("")
    return TomoImageSet(tilt_series_sets=[TiltSeriesSet(tilt_series=[series]).came_from("")])


def _with_tomograms(entities: list[Tomogram]) -> TomoImageSet:
    return TomoImageSet(tomogram_sets=[TomogramSet(tomograms=entities).came_from("")])


def _with_particles(entities: list[SubTomogramSet]) -> TomoImageSet:
    tomograms = [Tomogram(sub_tomogram_sets=[held]).came_from(held.pointer or "") for held in entities]
    return _with_tomograms(tomograms)


_KINDS = {
    kind.name: kind
    for kind in (
        _EntityKind(
            "TiltSeries",
            TiltSeriesMicrographStack,
            TILT_SERIES,
            frozenset({"images", "ts_id"}),
            lambda entities: TomoImageSet(
                tilt_series_sets=[TiltSeriesSet(tilt_series=entities).came_from("")]
            ),
        ),
        _EntityKind(
            "Tomogram",
            Tomogram,
            TOMOGRAM,
            frozenset({"tomo_id", "ctf_corrected", "tilt_series_id", "particle_set"}),
            _with_tomograms,
        ),
        _EntityKind("CTFMetadata", CTFMetadata, CTF, frozenset({"defocus_u", "defocus_v"}), _with_ctf),
        _EntityKind(
            "Particle3DSet", SubTomogramSet, PARTICLE_3D_SET, frozenset({"particles"}), _with_particles
        ),
        _EntityKind(
            "Alignment",
            Alignment,
            ALIGNMENT,
            frozenset({"projection_alignments"}),
            lambda entities: TomoImageSet(alignments=entities),
        ),
    )
}


def form_of(data: Any) -> str | None:
    """The form of a document that holds entities of one kind, and nothing else."""
    return _form(data, _kind_of)


def guessed_form(data: Any) -> str | None:
    """The form of a document of entities that have a few fields which their kinds do not have.

    >>> guessed_form({"tomo_id": "TS_03", "width": 8, "ctf_correct": False}), guessed_form({"images": []})
    ('Tomogram', None)
    """
    return _form(data, _guessed_kind)


def _form(data: Any, kind_of: Callable[[dict[str, Any]], str | None]) -> str | None:
    if isinstance(data, dict):
        return kind_of(data)
    if not isinstance(data, list) or not data or not all(isinstance(item, dict) for item in data):
        return None
    kinds = [kind_of(item) for item in data]
    if None in kinds or not (len(set(kinds)) == 1 or _TOGETHER.issuperset(kinds)):
        return None
    names = kinds[:1] if len(set(kinds)) == 1 else kinds
    return f"{_AND.join(map(str, names))}{LIST if type(data) is list else DOCUMENTS}"


def _kind_of(data: dict[str, Any]) -> str | None:
    for kind in _KINDS.values():
        known = kind.table.fields.keys() | kind.table.older.keys()
        if data.keys() & kind.signs and data.keys() <= known:
            return kind.name
    return None


def _guessed_kind(data: dict[str, Any]) -> str | None:
    """The kind that has nearly all fields of an object, and one of its own signs, if misspelt."""
    for kind in _KINDS.values():
        known = kind.table.fields.keys() | kind.table.older.keys()
        others = [str(key) for key in data if key not in known]
        signs = data.keys() & kind.signs or any(nearest(key, kind.signs, cutoff=_ALIKE) for key in others)
        if signs and len(data) - len(others) >= max(_FEWEST, _MOST * len(data)):
            return kind.name
    return None


_ALIKE = 0.85
_FEWEST, _MOST = 2, 0.6
"""How many fields are known, at least, and which part of all."""


def read_fragment(reading: ReadSession, data: Any, form: str) -> DataSet:
    """A data set that holds nothing but the entities."""
    names, alone = _names(form)
    items = [data] if alone else data
    entities: dict[str, list[Entity]] = {name: [] for name in names}
    for index, item in enumerate(items):
        name = names[index if len(names) > 1 else 0]
        if (entity := _KINDS[name].table.read(reading, item, "" if alone else f"/{index}")) is not None:
            entities[name].append(entity)
    image_set = TomoImageSet().came_from("")
    for name, found in entities.items():
        for field, held in _KINDS[name].holder(found):
            if held:
                setattr(image_set, field, held)
    region = Region(tomo_image_sets=[image_set]).came_from("")
    return DataSet(regions=[region]).came_from("")


def write_fragment(writing: WriteSession, dataset: DataSet, form: str) -> Any:
    """The entities of one kind; what else there is, is reported.

    Raises:
        CetsGraphError: there is no such form, or not exactly one entity for a form of one.
    """
    names, alone = _names(form)
    if unknown := [name for name in names if name not in _KINDS]:
        raise UnknownName(
            f"{writing.dialect} has no {unknown[0]}", expected=f"DataSet, Region, {', '.join(_KINDS)}"
        )
    found = _found(writing, dataset, "", {_KINDS[name].cls for name in names})
    of_kind = {name: [item for item in found if isinstance(item[0], _KINDS[name].cls)] for name in set(names)}
    order = names if len(names) > 1 else names * len(found)
    if (alone and len(found) != 1) or any(order.count(name) != len(of_kind[name]) for name in of_kind):
        raise CetsGraphError(
            f"the data set cannot be written as {form} of {writing.dialect}",
            found=", ".join(f"{len(items)} {name}" for name, items in of_kind.items()),
            expected="exactly one" if alone else "as many as the form names",
            hint="Write it as DataSet.",
        )
    left = {name: iter(items) for name, items in of_kind.items()}
    written = [_KINDS[name].table.write(writing, *next(left[name])) for name in order]
    return written[0] if alone else written


def _names(form: str) -> tuple[list[str], bool]:
    """The kinds that a form names, and whether it is one entity alone."""
    name = form.removesuffix(LIST).removesuffix(DOCUMENTS)
    return name.split(_AND), name == form


def _found(
    writing: WriteSession, entity: Entity, pointer: str, classes: Collection[type[Entity]]
) -> Sequence[tuple[Entity, str]]:
    """All entities of some classes; of what holds them, fields with anything else are reported."""
    if type(entity) in classes:
        return [(entity, pointer)]
    below: list[tuple[Entity, str]] = []
    ways: set[str] = set()
    for name, index, child in entity.children():
        place = f"{pointer}/{name}" if index is None else f"{pointer}/{name}/{index}"
        leads_there = any(type(one) in classes for one in child.walk())
        inner = _found(writing, child, place, classes) if leads_there else []
        if inner:
            ways.add(name)
            below += inner
    if below or isinstance(entity, DataSet):
        writing.report_others(entity, pointer, *ways)
    return below
