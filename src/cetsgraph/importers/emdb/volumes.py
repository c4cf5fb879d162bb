"""The map or tomogram of an entry of EMDB, and the maps beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PureWindowsPath

from cetsgraph.importers.emdb.values import listed, measure, text
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.tally import Tally
from cetsgraph.model import Map, Software, Tomogram

__all__ = ["Volumes"]

_STRUCTURES = "https://ftp.ebi.ac.uk/pub/databases/emdb/structures"
_CUBIC = 1e-3
_SIDES = ("x", "y", "z")


@dataclass(frozen=True, slots=True)
class Volumes:
    """The volumes of one entry."""

    root: Fields
    processing: Fields
    """What was done with the images, and what came of it."""
    accession: str
    tally: Tally

    def tomogram(self) -> Tomogram:
        """The volume of an entry of tomography."""
        rebuilt = self.processing.part("final_reconstruction")
        return Tomogram.model_validate(
            {
                **self._volume(self.root.part("map"), "map"),
                "id": "tomogram",
                "reconstruction_method": text(rebuilt, "algorithm"),
                "software": self._software(),
                "tilt_series_id": ["tilt-series"],
            }
        )

    def tilt_count(self) -> int | None:
        """Number of images that a tomogram was made of."""
        return self.processing.part("final_reconstruction").integer("number_images_used")

    def maps(self) -> list[Map]:
        """The map of any other entry, and those that go with it."""
        return [self._primary(), *self._beside()]

    def _primary(self) -> Map:
        rebuilt = self.processing.part("final_reconstruction")
        return Map.model_validate(
            {
                **self._volume(self.root.part("map"), "map"),
                "id": "map",
                "resolution": measure(rebuilt, "resolution", "Å"),
                "resolution_method": text(rebuilt, "resolution_method"),
                "symmetry": _symmetry(rebuilt.part("applied_symmetry")),
                "particle_count": _particles(rebuilt),
                "contour_level": _contour(self.root.part("map")),
                "software": self._software(),
            }
        )

    def _beside(self) -> Iterator[Map]:
        """Additional maps and masks."""
        more = self.root.part("interpretation")
        for number, one in enumerate(listed(more.part("additional_map_list"), "additional_map"), start=1):
            yield self._other(one, "other", f"additional-map-{number}", "additional map")
        for number, one in enumerate(listed(more.part("segmentation_list"), "segmentation"), start=1):
            said = one.part("mask_details") if "mask_details" in one else one
            yield self._other(said, "masks", f"mask-{number}", "mask")

    def _other(self, fields: Fields, folder: str, identifier: str, kind: str) -> Map:
        details = text(fields, "annotation_details")
        description = kind if details is None else f"{kind}: {details}"
        volume = self._volume(fields, folder)
        return Map.model_validate({**volume, "id": identifier, "description": description})

    def halves(self) -> dict[str, str | None]:
        """Addresses of the two half maps; others are reported."""
        halves = listed(self.root.part("interpretation").part("half_map_list"), "half_map")
        paths = [self._address(one, "other") for one in halves[:2]]
        return dict(zip(("even_path", "odd_path"), paths, strict=False))

    def _volume(self, fields: Fields, folder: str) -> dict[str, object]:
        """Address, size and voxel size of a volume; of the main one also its halves."""
        main = folder == "map"
        return {
            "description": text(fields, "annotation_details") if main else None,
            "path": self._address(fields, folder),
            **(self.halves() if main else {}),
            **_sizes(fields),
            **self._voxel_size(fields),
        }

    def _address(self, fields: Fields, folder: str) -> str | None:
        name = text(fields, "file")
        if name is not None and PureWindowsPath(name).name != name:
            fields.wrong("file", name, "the name of a file")
            return None
        return None if name is None else f"{_STRUCTURES}/{self.accession}/{folder}/{name}"

    def _voxel_size(self, fields: Fields) -> dict[str, float]:
        spacing = fields.part("pixel_spacing")
        sizes = {side: measure(spacing, side, "Å") for side in _SIDES}
        stated = {side: size for side, size in sizes.items() if size}
        self._compare_with_cell(fields, stated)
        if len(stated) == 3 and max(stated.values()) <= min(stated.values()) * (1 + _CUBIC):
            return {"voxel_size": stated["x"]}
        return {f"voxel_size_{side}": size for side, size in stated.items()}

    def _compare_with_cell(self, fields: Fields, stated: dict[str, float]) -> None:
        """The cell says the size of its voxels too; where it says another one, the spacing is right."""
        cell, sampling = fields.part("cell"), fields.part("spacing")
        for side, edge in zip(_SIDES, ("a", "b", "c"), strict=True):
            length, intervals = measure(cell, edge, "Å"), sampling.integer(side)
            if not (length and intervals and side in stated):
                continue
            size = length / intervals
            if abs(size - stated[side]) > 0.01 * stated[side]:
                kept, other = f"{stated[side]} Å", f"{size:.4g} Å"
                self.tally.conflict("voxel size", cell.place(edge), kept=kept, other=other)

    def _software(self) -> list[Software]:
        """The programs, that of the reconstruction first."""
        steps = [key for key in self.processing if _has_software(self.processing.peek(key))]
        first = [key for key in steps if key == "final_reconstruction"]
        steps = first + [key for key in steps if key not in first]
        found = [one for key in steps for step in self.processing.parts(key) for one in _programs(step)]
        return [one for at, one in enumerate(found) if one not in found[:at]]


def _has_software(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, dict) and "software_list" in item for item in items)


def _programs(step: Fields) -> Iterator[Software]:
    for one in listed(step.part("software_list"), "software"):
        if name := text(one, "name"):
            yield Software(name=name, version=text(one, "version"))


def _sizes(fields: Fields) -> dict[str, int | None]:
    """Sizes along X, Y and Z, of a file whose fastest axis may be another."""
    counts, order = fields.part("dimensions"), fields.part("axis_order")
    axes = [(text(order, key) or usual).upper() for key, usual in _AXES]
    if sorted(axes) != ["X", "Y", "Z"]:
        fields.wrong("axis_order", axes, "X, Y and Z in any order")
        return {}
    found = {axis: counts.integer(key) or None for axis, key in zip(axes, ("col", "row", "sec"), strict=True)}
    return {"width": found["X"], "height": found["Y"], "depth": found["Z"]}


_AXES = (("fast", "X"), ("medium", "Y"), ("slow", "Z"))


def _symmetry(applied: Fields) -> str | None:
    """The point group, or the helix: rise, twist, and the symmetry around its axis."""
    helix = applied.part("helical_parameters")
    rise, twist = measure(helix, "delta_z", "Å"), measure(helix, "delta_phi", "deg")
    said = (rise and f"rise {rise} Å", twist and f"twist {twist}°", text(helix, "axial_symmetry"))
    words = [word for word in said if word]
    return ", ".join(["helical", *words]) if words else text(applied, "point_group")


def _particles(rebuilt: Fields) -> int | None:
    key = "number_subtomograms_used" if "number_subtomograms_used" in rebuilt else "number_images_used"
    return rebuilt.integer(key)


def _contour(fields: Fields) -> float | None:
    """The level of the primary contour, else of the first."""
    contours = listed(fields.part("contour_list"), "contour")
    several = contours if len(contours) > 1 else []
    primary = [one for one in several if one.truth("@primary" if "@primary" in one else "primary")]
    chosen = next(iter(primary or contours), None)
    return None if chosen is None else chosen.number("level")
