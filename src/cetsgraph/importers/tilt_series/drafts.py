"""A tilt series in the making: sources are added one after the other, and joined image by image."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cetsgraph.geometry.projections import Projection
from cetsgraph.importers.assembly import SeriesParts, projection_alignment
from cetsgraph.importers.tally import Tally
from cetsgraph.importers.tilt_series.joining import joined, reversed_angles
from cetsgraph.importers.tilt_series.merging import ORDER, Saying, merged
from cetsgraph.importers.tilt_series.statements import ImageFacts, SeriesFacts
from cetsgraph.model import TiltSeriesMicrograph, TiltSeriesMicrographStack

__all__ = ["SeriesDraft", "add_results", "drafts_of"]


@dataclass(slots=True)
class _Image:
    """One image, and what each source says of it."""

    said: list[tuple[str, ImageFacts]] = field(default_factory=list)

    @property
    def facts(self) -> ImageFacts:
        """What the first source says, with what others know to join it by."""
        first = self.said[0][1]
        section = next((one.section for _, one in self.said if one.section is not None), None)
        angle = next((one.angle for _, one in self.said if one.angle is not None), None)
        movie = next((one.movie for _, one in self.said if one.movie is not None), None)
        return ImageFacts(first.place, section, {"nominal_tilt_angle": angle}, movie)


class SeriesDraft:
    """A tilt series, of what its sources say."""

    def __init__(self, name: str, tally: Tally, alignment: str | None = None) -> None:
        self.name = name
        self._alignment = alignment
        self._tally = tally
        self._sources: list[SeriesFacts] = []
        self._images: list[_Image] = []

    def add(self, facts: SeriesFacts) -> bool:
        """Join what a source says; False, and nothing is changed, if its images are no others'."""
        known = [image.facts for image in self._images]
        join: list[int | None] | None = [None] * len(facts.images)
        if known and facts.images:
            join = joined(facts.images, known)
        if join is None:
            return False
        if facts.counts_other_way and known and reversed_angles(facts.images, known, join):
            self._turn_back(facts)
        for image, place in zip(facts.images, join, strict=True):
            if place is None:
                self._images.append(_Image())
            self._images[-1 if place is None else place].said.append((facts.source, image))
        self._sources.append(facts)
        return True

    @property
    def image_count(self) -> int:
        """Number of images."""
        return len(self._images)

    def parts(self) -> SeriesParts:
        """The series with its movies, alignments and tomograms."""
        sayings: list[Saying] = [(facts.source, facts.place, facts.values) for facts in self._sources]
        series = TiltSeriesMicrographStack(id=self.name, name=self.name, **merged(sayings, self._tally))
        parts = SeriesParts(series)
        for number, image in enumerate(self._images):
            self._add_image(parts, image, number)
        self._order_by_dose(parts)
        for facts in sorted(self._sources, key=lambda facts: facts.source != self._alignment):
            add_results(parts, facts, self._label(facts), self._aligned(facts))
            parts.imaging = parts.imaging or facts.imaging
            parts.gain = parts.gain or facts.gain
        return parts

    def _turn_back(self, facts: SeriesFacts) -> None:
        """Angles of a source that counts the other way are not compared one by one."""
        what = f"{facts.source} counts tilts the other way: its angles of the stage are turned back"
        self._tally.derived(what, facts.place)
        for image in facts.images:
            if (angle := image.values.get("nominal_tilt_angle")) is not None:
                image.values["nominal_tilt_angle"] = -angle + 0.0

    def _add_image(self, parts: SeriesParts, image: _Image, number: int) -> None:
        sayings: list[Saying] = [(source, one.place, one.values) for source, one in image.said]
        values = merged(sayings, self._tally, alignment=self._alignment)
        section = image.facts.section
        found = TiltSeriesMicrograph(id=self._image_id(image, number), section=section, **values)
        movie = image.facts.movie
        if movie is not None and movie.id is None:  # several images can be of one movie
            movie.id = f"{self.name}-movie-{number if section is None else section}"
            parts.movies.append(movie)
        found.movie_stack_id = None if movie is None else movie.id
        parts.series.micrographs.append(found)

    def _order_by_dose(self, parts: SeriesParts) -> None:
        """Where no source states the order of acquisition, it is that of the doses before the images."""
        images = parts.series.micrographs
        doses = [image.accumulated_dose for image in images if image.acquisition_order is None]
        known = [dose for dose in doses if dose is not None]
        if not images or len(set(known)) < len(images):
            return
        for rank, image in enumerate(sorted(images, key=lambda image: image.accumulated_dose or 0.0)):
            image.acquisition_order = rank
        what = "order of acquisition is the rank of the dose before each image"
        self._tally.derived(what, self._sources[0].place)

    def _image_id(self, image: _Image, number: int) -> str:
        section = image.facts.section
        return f"{self.name}-{number if section is None else section}"

    def _aligned(self, facts: SeriesFacts) -> Iterator[tuple[str, Projection]]:
        """How a source aligned images, by their ids."""
        for number, image in enumerate(self._images):
            for source, said in image.said:
                if source == facts.source and said.projection is not None:
                    yield self._image_id(image, number), said.projection

    def _label(self, facts: SeriesFacts) -> str:
        """What ids of what one of the sources has begin with: the source, where several have such things."""
        aligned = [one for one in self._sources if one.alignment is not None or one.tomograms]
        return self.name if len(aligned) < 2 else f"{self.name}-{facts.source}"


def add_results(
    parts: SeriesParts, facts: SeriesFacts, label: str, aligned: Iterable[tuple[str | None, Projection]]
) -> None:
    """Add the alignment and the tomograms of a source to a series.

    Args:
        parts: the series.
        facts: what the source says.
        label: what the ids of these begin with.
        aligned: how images were aligned, by their ids.
    """
    series = parts.series.id
    if facts.alignment is not None:
        facts.alignment.id = f"{label}-alignment"
        facts.alignment.tilt_series_id = series
        facts.alignment.projection_alignments += [
            projection_alignment(projection, image) for image, projection in aligned
        ]
        parts.alignments.append(facts.alignment)
    for tomogram in facts.tomograms:
        tomogram.id = f"{label}-{tomogram.id or 'tomogram'}"
        tomogram.tilt_series_id = None if series is None else [series]
        if facts.alignment is not None and facts.alignment.id is not None:
            tomogram.alignment_id = [facts.alignment.id]
        parts.tomograms.append(tomogram)


def drafts_of(
    name: str, sources: list[SeriesFacts], tally: Tally, alignment: str | None = None
) -> list[SeriesDraft]:
    """The series of a name: one, unless the images of sources are not the same.

    Args:
        name: of the series.
        sources: what each source says of it.
        tally: notes where they differ.
        alignment: source whose alignment comes first; its angles are the refined ones.
    """
    drafts: list[SeriesDraft] = []
    for facts in sorted(sources, key=_rank):
        if any(draft.add(facts) for draft in drafts):
            continue
        if drafts:
            kept, other = f"{drafts[0].image_count} images", f"{len(facts.images)} of {facts.source}"
            tally.conflict(f"the images of {name}, which stay apart", facts.place, kept=kept, other=other)
        draft = SeriesDraft(name if not drafts else f"{name}-{facts.source}", tally, alignment)
        draft.add(facts)
        drafts.append(draft)
    return drafts


def _rank(facts: SeriesFacts) -> tuple[bool, bool, int]:
    """Sources with images first, those that know sections before others; then as they are believed."""
    sections = any(image.section is not None for image in facts.images)
    return not facts.images, not sections, ORDER.index(facts.source)
