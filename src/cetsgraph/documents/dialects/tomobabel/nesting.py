"""What dialect A tells by nesting, and the model by references: movies, their tilt series, and tomograms."""

from collections.abc import Iterable
from typing import Any

from cetsgraph.documents.dialects.mapping import ObjectMap, ReadSession, WriteSession, read_items, read_list
from cetsgraph.documents.dialects.tomobabel.images import (
    COLLECTION,
    MOVIE_STACK,
    SERIES,
    TILT_SERIES,
    TOMOGRAM_SET,
)
from cetsgraph.model import (
    Entity,
    MovieStackCollection,
    MovieStackSeries,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)

__all__ = ["Nesting", "read_movie_stack_set", "read_tilt_series"]


def read_movie_stack_set(reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
    """One MovieStackSet is a collection with one series, its tilt series, and their tomograms."""
    collection = COLLECTION.read(reading, found, pointer)
    if not isinstance(collection, MovieStackCollection):
        return
    stacks = found.get("movie_stacks")
    series = SERIES.build(
        reading,
        found,
        pointer,
        {
            "movie_stacks": read_list(
                reading, MOVIE_STACK, [] if stacks is None else stacks, f"{pointer}/movie_stacks"
            )
        },
    )
    collection.movie_stack_series.append(series)  # type: ignore[arg-type]
    values["movie_stack_collections"] = [collection]
    if (tilt_series := found.get("tilt_series")) not in (None, []):
        read_tilt_series(reading, tilt_series, f"{pointer}/tilt_series", values)
        for made in values["tilt_series_sets"][0].tilt_series:
            reading.link(made, "movie_stack_series_id", series)


def read_tilt_series(reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
    """Read tilt series into a set, and the tomograms that each holds into the sets beside it."""
    tilt_series_set = TiltSeriesSet().came_from(pointer)
    values["tilt_series_sets"] = [tilt_series_set]
    values["tomogram_sets"] = []
    for place, source, tilt_series in read_items(reading, TILT_SERIES, found, pointer):
        tilt_series_set.tilt_series.append(tilt_series)
        if (tomograms := source.get("Tomograms")) is not None:
            _read_tomogram_sets(reading, tomograms, f"{place}/Tomograms", tilt_series, values)


def _read_tomogram_sets(
    reading: ReadSession, found: Any, pointer: str, tilt_series: Entity, values: dict[str, Any]
) -> None:
    for tomogram_set in read_list(reading, TOMOGRAM_SET, found, pointer):
        reading.link(tomogram_set, "tilt_series_id", tilt_series)
        for tomogram in tomogram_set.tomograms:
            reading.link(tomogram, "tilt_series_id", tilt_series)
        values["tomogram_sets"].append(tomogram_set)


class Nesting:
    """What of one region goes into what: series of movies hold tilt series, and these tomograms."""

    def __init__(
        self,
        writing: WriteSession,
        image_sets: Iterable[TomoImageSet],
        pointer: str,
        *,
        named: type[Entity] | None = None,
    ) -> None:
        """Find the places; objects of the class `named` are called as their image set is."""
        self.writing = writing
        self.named = named
        self.implied_names: dict[int, str | None] = {}
        self.image_sets = list(image_sets)
        self.places: dict[int, str] = {}
        self.known: dict[tuple[type[Entity], str], Entity] = {}
        for index, image_set in enumerate(self.image_sets):
            self._find(image_set, f"{pointer}/{index}")
        self.tilt_series_of: dict[int | None, list[TiltSeriesMicrographStack]] = {}
        self.tomogram_sets_of: dict[int, list[tuple[TomogramSet, str]]] = {}
        self.orphans: list[Entity] = []
        self.orphan_sets: list[TomogramSet] = []
        for image_set in self.image_sets:
            self._nest(image_set)

    def leave_orphans(self) -> None:
        """Say that tomograms of no known tilt series are left out."""
        for entity in self.orphans:
            self.writing.report_left_out(entity, self.places[id(entity)])
        for held in self.orphan_sets:
            place = self.places[id(held)]
            if held.tomograms:
                self.writing.report_others(held, place, "tomograms", "tilt_series_id")
            else:
                self.writing.report_left_out(held, place)

    def movie_stack_sets(self, image_set: TomoImageSet) -> list[dict[str, Any]]:
        """The source's MovieStackSets: one per series of movies, and one for tilt series without movies."""
        written = [
            self._movie_stack_set(collection, series)
            for collection in image_set.movie_stack_collections
            for series in (*collection.movie_stack_series,) or (None,)
        ]
        alone = [
            self.tilt_series(tilt_series)
            for tilt_series_set in image_set.tilt_series_sets
            for tilt_series in tilt_series_set.tilt_series
            if self._movies_of(tilt_series) is None
        ]
        if alone:
            place = self.places[id(image_set)]
            self.writing.report_normalised(place, "tilt series without movies are put under empty raw_movies")
            written.append({"tilt_series": alone})
        return written

    def tilt_series(self, entity: TiltSeriesMicrographStack) -> dict[str, Any]:
        """A tilt series with its tomograms."""
        written = self._write(TILT_SERIES, entity)
        sets = [
            TOMOGRAM_SET.write(self.writing, tomogram_set, place) or {}
            for tomogram_set, place in self.tomogram_sets_of.get(id(entity), [])
        ]
        return {**written, "Tomograms": sets} if sets else written

    def _movie_stack_set(
        self, collection: MovieStackCollection, series: MovieStackSeries | None
    ) -> dict[str, Any]:
        written = COLLECTION.write(self.writing, collection, self.places[id(collection)]) or {}
        if series is None:
            return written
        written.update(self._write(SERIES, series))
        made = [self.tilt_series(item) for item in self.tilt_series_of.get(id(series), [])]
        return {**written, "tilt_series": made} if made else written

    def _write(self, table: ObjectMap, entity: Entity) -> dict[str, Any]:
        place = self.places[id(entity)]
        if entity.name is not None and entity.name != self.implied_names.get(id(entity)):
            self.writing.report_left_out(entity, place, "name")
        return table.write(self.writing, entity, place) or {}

    def _find(self, image_set: TomoImageSet, pointer: str) -> None:
        stack: list[tuple[str, Entity]] = [(pointer, image_set)]
        while stack:
            place, entity = stack.pop()
            self.places[id(entity)] = place
            if type(entity) is self.named:
                self.implied_names[id(entity)] = image_set.name
            if isinstance(entity, MovieStackSeries | TiltSeriesMicrographStack):
                self.known.setdefault((type(entity), f"#{place}"), entity)
                if entity.id is not None:
                    self.known.setdefault((type(entity), entity.id), entity)
            elif isinstance(entity, TomoImageSet | MovieStackCollection | TiltSeriesSet | TomogramSet):
                stack += [
                    (f"{place}/{name}" if index is None else f"{place}/{name}/{index}", child)
                    for name, index, child in reversed([*entity.children()])
                ]

    def _movies_of(self, tilt_series: TiltSeriesMicrographStack) -> Entity | None:
        return self.known.get((MovieStackSeries, tilt_series.movie_stack_series_id or ""))

    def _nest(self, image_set: TomoImageSet) -> None:
        for tilt_series_set in image_set.tilt_series_sets:
            for tilt_series in tilt_series_set.tilt_series:
                if (movies := self._movies_of(tilt_series)) is not None:
                    self.tilt_series_of.setdefault(id(movies), []).append(tilt_series)
                elif tilt_series.movie_stack_series_id is not None:
                    self.writing.report_left_out(
                        tilt_series, self.places[id(tilt_series)], "movie_stack_series_id"
                    )
        for tomogram_set in image_set.tomogram_sets:
            self._nest_tomograms(tomogram_set)

    def _nest_tomograms(self, tomogram_set: TomogramSet) -> None:
        """Tomograms go where they say they were made from; a set that names several is divided."""
        place = self.places[id(tomogram_set)]
        shares: dict[int, tuple[Entity | None, list[Tomogram]]] = {}
        for tomogram in tomogram_set.tomograms:
            owner = self._made_from(tomogram.tilt_series_id or tomogram_set.tilt_series_id)
            self.writing.moved_from(tomogram, self.places[id(tomogram)])
            shares.setdefault(id(owner), (owner, []))[1].append(tomogram)
            if len(tomogram.tilt_series_id or ()) > 1:
                self.writing.report_left_out(tomogram, self.places[id(tomogram)], "tilt_series_id")
        if not tomogram_set.tomograms:
            owner = self._made_from(tomogram_set.tilt_series_id)
            shares[id(owner)] = (owner, [])
        if (
            tomogram_set.tilt_series_id is not None
            and id(self._made_from(tomogram_set.tilt_series_id)) not in shares
        ):
            self.writing.report_left_out(tomogram_set, place, "tilt_series_id")
        if len(shares) > 1:
            self.writing.report_normalised(place, "the set is divided by the tilt series of its tomograms")
        if shares.keys() == {id(None)}:
            self.orphan_sets.append(tomogram_set)
        rest = tomogram_set
        for owner, tomograms in shares.values():
            if owner is None:
                self.orphans += tomograms
                continue
            share = rest.model_copy(update={"tomograms": tomograms})
            self.tomogram_sets_of.setdefault(id(owner), []).append((share, place))
            rest = TomogramSet()

    def _made_from(self, references: list[str] | None) -> Entity | None:
        """The first tilt series that is named and is here."""
        known = (self.known.get((TiltSeriesMicrographStack, reference)) for reference in references or ())
        return next((found for found in known if found is not None), None)
