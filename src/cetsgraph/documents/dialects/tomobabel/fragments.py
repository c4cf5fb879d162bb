"""Roots of dialect A: a whole document, or one of the fragments that its software writes by themselves.

`FORMS` says of each how it is known, read and written; fragments of two forms also come by name, as an object
whose fields are the names of tilt series.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cetsgraph.documents.dialects.mapping import Moved, ReadSession, WriteSession
from cetsgraph.documents.dialects.tomobabel.images import TILT_SERIES_SET, TOMOGRAM, TOMOGRAM_SET
from cetsgraph.documents.dialects.tomobabel.nesting import Nesting, read_movie_stack_set, read_tilt_series
from cetsgraph.documents.dialects.tomobabel.regions import DATA_SET, IMAGE_SET, REGION, write_image_set
from cetsgraph.errors import CetsGraphError, UnknownName
from cetsgraph.model import (
    DataSet,
    Entity,
    MovieStackSeries,
    Region,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)
from cetsgraph.pointers import child_pointer

__all__ = ["read_root", "recognise", "write_root"]

BY_NAME = " by name"

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FragmentWriter:
    """One image set being written as a fragment."""

    writing: WriteSession
    nesting: Nesting
    form: str
    image_set: TomoImageSet
    kept: tuple[str, ...] = ()
    """Fields of the image set that the document has beside the fragment."""

    def place(self, entity: Entity) -> str:
        """Where an object is in the canonical document."""
        return self.nesting.places[id(entity)]

    def report_others(self, entity: Entity, *kept: str) -> None:
        """Say what of an object has no place in the fragment."""
        self.writing.report_others(entity, self.place(entity), *kept)

    def only(self, entity: Entity, name: str, *kept: str) -> Any:
        """The one object of a list; what else its owner holds is reported."""
        self.report_others(entity, name, *kept)
        return self.sole(getattr(entity, name))

    def sole(self, items: Sequence[Any]) -> Any:
        """The one of what would be written.

        Raises:
            CetsGraphError: there is none, or there are several.
        """
        return _sole(self.writing, self.form, items)


@dataclass(frozen=True, slots=True)
class Form:
    """One class of objects that can be the root of a document."""

    name: str
    root_field: str
    """The field by which an object that holds nothing is known."""
    signs: frozenset[str] = frozenset()
    """Fields that only it has."""
    whole: frozenset[str] = frozenset()
    """Fields that no other form has together."""
    read: Callable[[ReadSession, Any, str, Values], Sequence[Entity]] | None = None
    """Puts what it reads into the fields of a TomoImageSet; gives the objects that a name belongs to."""
    write: Callable[[FragmentWriter], Any] | None = None
    named: type[Entity] | None = None
    """What is called by its field's name, where such fragments come by name."""


# --- reading ---------------------------------------------------------------------------------------------


def _read_movies(reading: ReadSession, source: Any, pointer: str, values: Values) -> Sequence[Entity]:
    read_movie_stack_set(reading, source, pointer, values)
    collections = values.get("movie_stack_collections", [])
    return [series for collection in collections for series in collection.movie_stack_series]


def _read_one_tilt_series(
    reading: ReadSession, source: Any, pointer: str, values: Values
) -> Sequence[Entity]:
    items = [Moved(source, pointer)] if isinstance(source, dict) else [source]
    read_tilt_series(reading, items, pointer, values)
    made: Sequence[Entity] = values["tilt_series_sets"][0].tilt_series
    return made


def _read_tilt_series_set(
    reading: ReadSession, source: Any, pointer: str, values: Values
) -> Sequence[Entity]:
    owner = TILT_SERIES_SET.read(reading, source, pointer)
    assert isinstance(owner, TiltSeriesSet)
    found = source.get("tilt_series")
    read_tilt_series(reading, [] if found is None else found, f"{pointer}/tilt_series", values)
    owner.tilt_series.extend(values["tilt_series_sets"][0].tilt_series)
    values["tilt_series_sets"] = [owner]
    return ()


def _read_tomogram_set(reading: ReadSession, source: Any, pointer: str, values: Values) -> Sequence[Entity]:
    values["tomogram_sets"] = [TOMOGRAM_SET.read(reading, source, pointer)]
    return ()


def _read_tomogram(reading: ReadSession, source: Any, pointer: str, values: Values) -> Sequence[Entity]:
    tomogram = TOMOGRAM.read(reading, source, pointer)
    values["tomogram_sets"] = [TomogramSet(tomograms=[tomogram])]  # type: ignore[list-item]
    return ()


# --- writing ---------------------------------------------------------------------------------------------


def _write_image_set(out: FragmentWriter) -> Any:
    return out.sole(write_image_set(out.writing, out.nesting, out.image_set))


def _write_movies(out: FragmentWriter) -> Any:
    kept = ("movie_stack_collections", "tilt_series_sets", "tomogram_sets")
    out.report_others(out.image_set, *kept, *out.kept)
    return out.sole(out.nesting.movie_stack_sets(out.image_set))


def _write_one_tilt_series(out: FragmentWriter) -> Any:
    tilt_series_set, made = _tilt_series(out)
    out.report_others(tilt_series_set, "tilt_series")
    return out.sole(made)


def _write_tilt_series_set(out: FragmentWriter) -> Any:
    tilt_series_set, made = _tilt_series(out)
    written = TILT_SERIES_SET.write(out.writing, tilt_series_set, out.place(tilt_series_set)) or {}
    return {**written, "tilt_series": made}


def _tilt_series(out: FragmentWriter) -> tuple[TiltSeriesSet, list[dict[str, Any]]]:
    tilt_series_set: TiltSeriesSet = out.only(out.image_set, "tilt_series_sets", "tomogram_sets", *out.kept)
    return tilt_series_set, [out.nesting.tilt_series(item) for item in tilt_series_set.tilt_series]


def _write_tomogram_set(out: FragmentWriter) -> Any:
    tomogram_set = _tomogram_set(out)
    return TOMOGRAM_SET.write(out.writing, tomogram_set, out.place(tomogram_set))


def _write_tomogram(out: FragmentWriter) -> Any:
    tomogram = out.only(_tomogram_set(out), "tomograms")
    return TOMOGRAM.write(out.writing, tomogram, out.place(tomogram))


def _tomogram_set(out: FragmentWriter) -> TomogramSet:
    tomogram_set: TomogramSet = out.only(out.image_set, "tomogram_sets")
    entities: tuple[TomogramSet | Tomogram, ...] = (tomogram_set, *tomogram_set.tomograms)
    for entity in entities:
        if entity.tilt_series_id is not None:
            out.writing.report_left_out(entity, out.place(entity), "tilt_series_id")
    return tomogram_set


# --- the forms -------------------------------------------------------------------------------------------

FORMS = (
    Form("DataSet", "regions", signs=frozenset({"regions"})),
    Form("Region", "tomo_imaging", signs=frozenset({"tomo_imaging", "non_tomo_imaging"})),
    Form(
        "TomoImageSet",
        "raw_movies",
        signs=frozenset({"raw_movies", "imaging_parameters", "sample_creation"}),
        write=_write_image_set,
    ),
    Form(
        "MovieStackSet",
        "movie_stacks",
        signs=frozenset({"movie_stacks"}),
        whole=frozenset({"gain_file", "defect_file", "tilt_series", "annotations"}),
        read=_read_movies,
        write=_write_movies,
        named=MovieStackSeries,
    ),
    Form(
        "TiltSeriesMicrographStack",
        "micrographs",
        signs=frozenset({"micrographs", "Tomograms"}),
        read=_read_one_tilt_series,
        write=_write_one_tilt_series,
        named=TiltSeriesMicrographStack,
    ),
    Form(
        "TiltSeriesSet",
        "tilt_series",
        whole=frozenset({"tilt_series", "annotations"}),
        read=_read_tilt_series_set,
        write=_write_tilt_series_set,
    ),
    Form(
        "TomogramSet",
        "tomograms",
        whole=frozenset({"tomograms", "annotations"}),
        read=_read_tomogram_set,
        write=_write_tomogram_set,
    ),
    Form(
        "Tomogram",
        "subtomograms",
        signs=frozenset({"subtomograms"}),
        whole=frozenset({"width", "height", "depth", "voxel_size", "file", "annotations"}),
        read=_read_tomogram,
        write=_write_tomogram,
    ),
)
_FORMS = {form.name: form for form in FORMS}


def recognise(source: Any) -> str | None:
    """The form of the root, told by fields that only it has, or by fields that no other has together."""
    if not isinstance(source, dict):
        return None
    if (form := _form_of(source)) is not None:
        return form
    forms = {_form_of(item) for item in source.values() if isinstance(item, dict)}
    named = [form.name for form in FORMS if form.named is not None and form.name in forms]
    all_objects = all(isinstance(item, dict) for item in source.values())
    return named[0] + BY_NAME if named and all_objects else None


def _form_of(source: dict[str, Any]) -> str | None:
    if "id" in source or any(_has_ids(items) for items in source.values()):
        return None if "regions" not in source else "DataSet"
    for form in FORMS:
        if form.signs & source.keys():
            return form.name
    telling = source.keys() - {"annotations"}
    for form in reversed(FORMS):
        if telling and source.keys() <= form.whole:
            return form.name
    return None


def _has_ids(items: Any) -> bool:
    """Whether a list holds objects of another dialect: this one has no ids."""
    return isinstance(items, list) and any(isinstance(item, dict) and "id" in item for item in items)


def read_root(reading: ReadSession, source: Any, form: str) -> DataSet:
    """The data set of a whole document, or one that holds nothing but the fragment."""
    if form == "DataSet":
        whole = DATA_SET.read(reading, source, "")
        assert isinstance(whole, DataSet)
        return whole
    if form == "Region":
        return DataSet(regions=[REGION.read(reading, source, "")]).came_from("")  # type: ignore[list-item]
    kind = _FORMS[form.removesuffix(BY_NAME)]
    if form == kind.name:
        image_sets = [_read_fragment(reading, kind, source, "", None)]
    else:
        image_sets = [
            _read_fragment(reading, kind, item, child_pointer("", name), name)
            for name, item in source.items()
        ]
    region = Region(tomo_image_sets=[item for item in image_sets if item is not None]).came_from("")
    return DataSet(regions=[region]).came_from("")


def _read_fragment(
    reading: ReadSession, form: Form, source: Any, pointer: str, name: str | None
) -> TomoImageSet | None:
    """The TomoImageSet that holds a fragment; the name of a fragment is its and its series' name."""
    if form.read is None:
        return IMAGE_SET.read(reading, source, pointer)  # type: ignore[return-value]
    values: Values = {}
    named = form.read(reading, source, pointer, values)
    if name is not None:
        values["name"] = name
        for entity in named:
            entity.name = name
    return IMAGE_SET.build(reading, {}, pointer, values)  # type: ignore[return-value]


def write_root(writing: WriteSession, dataset: DataSet, form: str) -> Any:
    """A whole document, or the fragment that the data set holds.

    Raises:
        CetsGraphError: there is no such form, or the data set does not hold exactly one such fragment.
    """
    kind = _FORMS.get(form.removesuffix(BY_NAME))
    if kind is None:
        raise UnknownName(f"{writing.dialect} has no {form}", expected=", ".join(_FORMS))
    written = _write_form(writing, dataset, kind, form)
    for root in (written,) if kind.name == form else written.values():
        if _form_of(root) != kind.name:  # without anything in it, it would not show what it is
            root[kind.root_field] = {} if kind.name == "TomoImageSet" else []
    return written


def _write_form(writing: WriteSession, dataset: DataSet, kind: Form, form: str) -> Any:
    if kind.name == "DataSet":
        return DATA_SET.write(writing, dataset, "")
    writing.report_others(dataset, "", "regions")
    region: Region = _sole(writing, form, dataset.regions)
    if kind.name == "Region":
        return REGION.write(writing, region, "/regions/0")
    by_name = kind.name != form
    sets = "/regions/0/tomo_image_sets"
    nesting = Nesting(writing, region.tomo_image_sets, sets, named=kind.named if by_name else None)
    if kind.name not in ("TomogramSet", "Tomogram"):
        nesting.leave_orphans()
    writing.report_others(region, "/regions/0", "tomo_image_sets")
    if not by_name:
        return _write_fragment(writing, nesting, kind, form, _sole(writing, form, region.tomo_image_sets))
    names = [image_set.name for image_set in nesting.image_sets]
    if None in names or len(set(names)) < len(names):
        raise _not_in_form(writing, form, "image sets without a name, or with the same one")
    return {item.name: _write_fragment(writing, nesting, kind, form, item) for item in nesting.image_sets}


def _write_fragment(
    writing: WriteSession, nesting: Nesting, kind: Form, form: str, image_set: TomoImageSet
) -> Any:
    assert kind.write is not None
    kept = () if kind.name == form else ("name",)
    return kind.write(FragmentWriter(writing, nesting, form, image_set, kept))


def _sole(writing: WriteSession, form: str, items: Sequence[Any]) -> Any:
    if len(items) != 1:
        raise _not_in_form(writing, form, f"{len(items)} of them")
    return items[0]


def _not_in_form(writing: WriteSession, form: str, found: str) -> CetsGraphError:
    return CetsGraphError(
        f"the data set cannot be written as {form} of {writing.dialect}",
        found=found,
        expected="exactly one" if BY_NAME not in form else "image sets with different names",
        hint="Write it as DataSet.",
    )
