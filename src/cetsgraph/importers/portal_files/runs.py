"""A run of the portal by its metadata files, as a region."""

from collections.abc import Sequence
from pathlib import Path

from cetsgraph.importers.assembly import place_tomograms
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.portal.rows import coordinates
from cetsgraph.importers.portal.series import ctf
from cetsgraph.importers.portal.volumes import projection, say_transformation
from cetsgraph.importers.portal_entries import deposition_entry, words
from cetsgraph.importers.portal_files.annotations import annotate
from cetsgraph.importers.portal_files.layout import (
    RUN,
    RunFiles,
    number_above,
    number_of,
    path_below,
    spacing_of,
)
from cetsgraph.importers.portal_metadata import microscope, tilt_series, tomogram
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import (
    Alignment,
    CrossReference,
    DataFile,
    MovieStack,
    MovieStackCollection,
    MovieStackSeries,
    Region,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomoImageSet,
)

__all__ = ["Run"]


class Run:
    """One run: its files, and what comes of them.

    Args:
        session: by which they are read.
        files: of the run.
        known: entries of the data set, which are not stated again.
        deposition: that of the data set.
    """

    def __init__(
        self,
        session: ImportSession,
        files: RunFiles,
        known: Sequence[CrossReference],
        deposition: int | None,
    ) -> None:
        self._session = session
        self._files = files
        self._known = known
        self._deposition = deposition
        self._series: dict[str, TiltSeriesMicrographStack] = {}
        self._sets: dict[str, TomoImageSet] = {}
        self._alignments: dict[str, str | None] = {}
        """The tilt series of alignments, by their ids."""
        self._frames: dict[int | None, Fields] = {}
        self._acquisition_file: str | None = None

    def region(self) -> Region:
        """The region of the run."""
        name = self._files.folder.name
        for path in self._files.of(RUN):
            said = self._session.json(path)
            name = said.text("run_name") or name
            said.take("last_updated_at")
        movies = self._movies(name)
        for path in self._files.of("tilt series"):
            self._add_series(path, name, movies)
        first = next(iter(self._sets.values()), None) or self._sets.setdefault("", TomoImageSet())
        first.movie_stack_collections = movies
        for path in self._files.of("alignment"):
            self._add_alignment(path, first)
        volumes = [(path, self._tomogram(path, name)) for path in self._files.of("tomogram")]
        place_tomograms([one for _, one in volumes], [*self._sets.values()])
        region = Region(id=name, name=name, tomo_image_sets=list(self._sets.values()))
        for path in self._files.of("annotation"):
            annotate(self._session, path, self._open(path), volumes, region, self._known, self._deposition)
        return region

    def _open(self, path: Path) -> Fields:
        """A file; what it repeats of others is taken."""
        said = self._session.json(path)
        said.take("run_name", "last_updated_at")
        return said

    def _movies(self, name: str) -> list[MovieStackCollection]:
        found = []
        for path in self._files.of("frames"):
            said = self._open(path)
            self._acquisition_file = self._path(path, said.text("frames_acquisition_file"))
            rows = said.parts("frames")
            self._frames |= {row.integer("acquisition_order"): row for row in rows}
            stacks = [
                MovieStack(
                    id=f"frame-{row.integer('acquisition_order')}", path=self._path(path, row.text("path"))
                )
                for row in rows
            ]
            corrected = [row.truth("is_gain_corrected") for row in rows]
            movies = MovieStackSeries(id=f"frames-{name}", movie_stacks=stacks)
            found.append(
                MovieStackCollection(
                    movie_stack_series=[movies],
                    gain_corrected=corrected[0] if len(set(corrected)) == 1 else None,
                )
            )
        return found

    def _add_series(self, path: Path, name: str, movies: Sequence[MovieStackCollection]) -> None:
        said = self._open(path)
        number = number_above(path)
        series = tilt_series(said, f"ts-{number}", self._known)
        series.name = name
        series.cross_references += deposition_entry(said, self._deposition)
        size = said.part("size")
        series.width, series.height = size.integer("x") or None, size.integer("y") or None
        series.tilt_count = size.integer("z") or None
        series.files = self._data_files(path, said)
        series.path = series.files[0].path if series.files else None
        series.micrographs = [self._image(row, series.id) for row in said.parts("per_section_parameter")]
        if len(series.micrographs) == series.tilt_count:
            series.tilt_count = None  # the images are listed
        if movies:
            series.movie_stack_series_id = movies[0].movie_stack_series[0].id
            series.collection_metadata_path = self._acquisition_file
        self._series[number] = series
        self._sets[number] = TomoImageSet(
            imaging=microscope(said), tilt_series_sets=[TiltSeriesSet(tilt_series=[series])]
        )

    def _image(self, row: Fields, series: str | None) -> TiltSeriesMicrograph:
        section, order = row.integer("z_index"), row.integer("frame_acquisition_order")
        image = TiltSeriesMicrograph(
            id=None if section is None else f"{series}-{section}",
            section=section,
            nominal_tilt_angle=row.number("raw_angle"),
            acquisition_order=order,
            ctf_metadata=ctf(row, self._session.tally),
        )
        if (frame := self._frames.get(order)) is not None:
            image.movie_stack_id = f"frame-{order}"
            image.accumulated_dose = frame.number("accumulated_dose")
            image.dose_convention = None if image.accumulated_dose is None else "before"
            image.exposure_dose = frame.number("exposure_dose")
        return image

    def _add_alignment(self, path: Path, first: TomoImageSet) -> None:
        said = self._open(path)
        number = number_above(path)
        of_series = number_of(said.text("tiltseries_path"))
        series = self._series.get(of_series or next(iter(self._series), ""))
        self._alignments[number] = None if series is None else series.id
        kind = said.text("alignment_type")
        if said.peek("deposition_id") == self._deposition:
            said.take("deposition_id")
        say_transformation(said, self._session.tally)
        found = Alignment(
            id=f"ali-{number}",
            tilt_series_id=None if series is None else series.id,
            alignment_type=None if kind is None else kind.lower(),
            alignment_method=words(said.text("method_type")),
            file_format=said.text("format"),
            tilt_offset=said.number("tilt_offset"),
            x_rotation_offset=said.number("x_rotation_offset"),
            volume_dimensions=coordinates(said.part("volume_dimension"), "{}"),
            volume_offset=coordinates(said.part("volume_offset"), "{}"),
            path=self._path(path, said.text("alignment_path")),
        )
        sections = said.parts("per_section_alignment_parameters")
        projections = [projection(row, series, self._session.tally) for row in sections]
        found.projection_alignments = [one for one in projections if one is not None]
        self._sets.get(of_series or "", first).alignments.append(found)

    def _tomogram(self, path: Path, name: str) -> Tomogram:
        said = self._open(path)
        found = tomogram(said, f"tomo-{spacing_of(path)}-{number_above(path)}")
        size = said.part("size")
        found.name = name
        found.width, found.height = size.integer("x") or None, size.integer("y") or None
        found.depth = size.integer("z") or None
        found.files = self._data_files(path, said)
        found.path = found.files[0].path if found.files else None
        found.cross_references = deposition_entry(said, self._deposition)
        number = number_of(said.text("alignment_metadata_path"))
        if number in self._alignments:
            found.alignment_id = [f"ali-{number}"]
            series = self._alignments[number]
            found.tilt_series_id = None if series is None else [series]
        return found

    def _data_files(self, path: Path, said: Fields) -> list[DataFile]:
        """The files of an image, MRC first."""
        named = [(name, "MRC") for key in ("mrc_files", "mrc_file") for name in said.words(key)]
        named += [(name, "OME-Zarr") for name in said.words("omezarr_dir")]
        return [DataFile(path=self._path(path, name), file_format=form) for name, form in named if name]

    def _path(self, beside: Path, name: str | None) -> str | None:
        return path_below(self._session, beside, name)
