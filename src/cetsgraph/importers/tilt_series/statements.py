"""What one source says of a tilt series, before it is merged with what others say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cetsgraph.geometry.projections import Projection
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.model import Alignment, GainFile, ImagingParameters, MovieStack, Tomogram

__all__ = ["ImageFacts", "SeriesFacts"]


@dataclass(slots=True)
class ImageFacts:
    """What a source says of one image."""

    place: SourcePlace
    section: int | None = None
    """Place in the stack as the microscope's program wrote it, counted from 0."""
    values: dict[str, Any] = field(default_factory=dict)
    """By names of fields of `TiltSeriesMicrograph`; None says nothing."""
    movie: MovieStack | None = None
    """Its movie, without an id."""
    projection: Projection | None = None
    """How the source aligned it."""

    @property
    def angle(self) -> float | None:
        """The tilt by which it is known: of the stage, or as it was aligned."""
        nominal: float | None = self.values.get("nominal_tilt_angle")
        refined: float | None = self.values.get("refined_tilt_angle")
        return refined if nominal is None else nominal


@dataclass(slots=True)
class SeriesFacts:
    """What the files of one source say of a series."""

    source: str
    """Name of the importer: `mdoc`, `imod`, `aretomo`, `warp`."""
    place: SourcePlace
    images: list[ImageFacts] = field(default_factory=list)
    values: Mapping[str, Any] = field(default_factory=dict)
    """By names of fields of `TiltSeriesMicrographStack`."""
    alignment: Alignment | None = None
    """The alignment, without id, references and projections."""
    tomograms: list[Tomogram] = field(default_factory=list)
    """Tomograms, without references; ids end in what tells them apart."""
    imaging: ImagingParameters | None = None
    gain: GainFile | None = None
    counts_other_way: bool = False
    """Whether the source may count tilts the other way, as Warp does."""
