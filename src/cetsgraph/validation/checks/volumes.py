"""Checks on volumes: sides and voxels that are stated twice, and what is in, cut from or left of a volume."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cetsgraph.graph.extent import numbers_of
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    Alignment,
    Entity,
    Raster2D,
    Raster3D,
    Shell,
    Sphere,
    SubTomogramSet,
    Tomogram,
)
from cetsgraph.validation.checks.movies import finest_pixel
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.surroundings import referred, series_of
from cetsgraph.validation.checks.views import (
    SAME_VIEW,
    SIDES,
    near,
    numbers_as_text,
    sampling,
    sides,
    stated_sampling,
    view_of,
)

__all__ = [
    "maps_are_as_fine_as_images",
    "shell_is_left",
    "sizes_are_stated_alike",
    "specimen_is_in_its_volume",
    "sub_tomograms_are_alike",
    "thinnest_side_is_not_along_x",
    "tomogram_is_of_its_images",
    "volume_is_in_angstrom",
    "volume_has_the_sides_of_its_tomogram",
    "volume_is_near_its_series",
]

_ABOUT_1 = 1.1  # Å, at which voxels and Å are as many
_TENFOLD = 0.05  # of a factor of ten
_THICKER = 2.0  # times the volume
_THIN = 0.6  # of the middle side
_SAME = 0.01  # of a size
_FINER = 0.45  # of the smallest pixel: beyond super-resolution
_BY_AXIS = {"voxel_size": "xyz", "pixel_size": "xy"}
_FINEST = 0.5  # Å, of a pixel in tomography
_PADDED = 2.0  # times the side of an image: beyond any padding


def _volumes_of(place: Place, placement: Placement) -> Iterator[tuple[Tomogram, list[float]]]:
    """The tomograms that an alignment is for, each with its sides in Å."""
    made = _tomograms(placement).get(place, ())
    return _with_sides((*referred(place, "reference_volume_id", placement), *made))


def _volumes_of_its_series(place: Place, placement: Placement) -> Iterator[tuple[Tomogram, list[float]]]:
    """The tomograms of the tilt series of an alignment that name no alignment, each with its sides in Å."""
    own = referred(place, "tilt_series_id", placement)
    return _with_sides(there for series in own for there in _tomograms(placement).get(series, ()))


def _tomograms(placement: Placement) -> Mapping[Place, list[Place]]:
    """The tomograms of each alignment, and those of each tilt series that name no alignment."""

    def found() -> Mapping[Place, list[Place]]:
        made: dict[Place, list[Place]] = defaultdict(list)
        for there in placement.of(Tomogram):
            field = "alignment_id" if there.entity.alignment_id else "tilt_series_id"
            for source in referred(there, field, placement):
                made[source].append(there)
        return dict(made)

    return placement.once(_tomograms, found)


def _with_sides(places: Iterable[Place]) -> Iterator[tuple[Tomogram, list[float]]]:
    for there in places:
        tomogram = there.entity
        voxel, own = sampling(tomogram), sides(tomogram)
        if isinstance(tomogram, Tomogram) and voxel is not None and len(own) == len(SIDES):
            yield tomogram, [side * voxel for side in own]


@check("volume-coherent", Alignment, given="volume_dimensions")
def volume_is_in_angstrom(place: Place, placement: Placement) -> Iterator[Fault]:
    """The size of the volume that an alignment is for is not that of its tomogram in voxels, or in nm."""
    size = numbers_of(place.entity.__dict__["volume_dimensions"])
    for tomogram, lengths in (*_volumes_of(place, placement), *_volumes_of_its_series(place, placement)):
        voxel = sampling(tomogram) or 1.0
        in_voxels = voxel > _ABOUT_1 and size == sides(tomogram)
        if in_voxels or (len(size) == len(lengths) and _are_tenfold(size, lengths)):
            factor = voxel if in_voxels else 10.0
            yield Fault(
                "volume_dimensions",
                found=numbers_as_text(size),
                expected=f"{numbers_as_text([side * factor for side in size])} Å",
                message=f"this is the size of {tomogram.id or 'the tomogram'} in "
                f"{'voxels' if in_voxels else 'nm'}, and not in Å",
                hint=f"Multiply the numbers by {factor:.10g}"
                + (", the size of a voxel." if in_voxels else "."),
            )
            return


@check("volume-coherent", Alignment, given="volume_dimensions")
def volume_has_the_sides_of_its_tomogram(place: Place, placement: Placement) -> Iterator[Fault]:
    """No side of the volume that an alignment is for is far from that of its tomogram, or nothing."""
    dimensions = place.entity.__dict__["volume_dimensions"]
    lengths = next((lengths for _, lengths in _volumes_of(place, placement)), [])
    for axis, name in enumerate("xyz"):
        value = dimensions.__dict__[name]
        usual = lengths[axis] if len(lengths) == len(SIDES) else None
        if value is None or (value > 0 and (usual is None or 1 / _FAR < value / usual < _FAR)):
            continue
        if usual is None or not _are_tenfold(numbers_of(dimensions), lengths):
            yield Fault(
                name,
                found=value,
                expected="more than 0" if usual is None else f"near {usual:.6g} Å, as of the tomogram",
                message=f"a volume is not {value:.6g} Å along {name.upper()}"
                + ("" if usual is None else f" where its tomogram is {usual:.6g} Å"),
                entity=dimensions,
            )
            return


_FAR = 4.0  # times the tomogram


def _are_tenfold(numbers: Sequence[float], lengths: Sequence[float]) -> bool:
    return all(near(10 * number / length, _TENFOLD) for number, length in zip(numbers, lengths, strict=True))


@check("volume-coherent", Alignment, given="volume_offset")
def volume_is_near_its_series(place: Place, placement: Placement) -> Iterator[Fault]:
    """A volume is not shifted farther than the tilt images and the volume itself reach."""
    offset = numbers_of(place.entity.__dict__["volume_offset"])
    reach = [side for _, lengths in _volumes_of(place, placement) for side in lengths]
    for series in series_of(place, placement):
        view = view_of((*series.entity.micrographs, series.entity))
        reach += [] if view is None else view.angstrom
    if reach and max(map(abs, offset), default=0.0) > max(reach):
        yield Fault(
            "volume_offset",
            found=numbers_as_text(offset),
            expected=f"at most {max(reach):.6g} Å along each axis",
            message="the volume is shifted farther than its tilt images show",
            hint="Write the shift in Å, along X, Y and Z.",
        )


@check("volume-coherent", Alignment, given="specimen_thickness")
def specimen_is_in_its_volume(place: Place, placement: Placement) -> Iterator[Fault]:
    """A specimen is not thicker than twice the volume in which it was reconstructed."""
    thickness: float = place.entity.__dict__["specimen_thickness"]
    depths = [lengths[-1] for _, lengths in _volumes_of(place, placement)]
    if depths and thickness > _THICKER * max(depths):
        yield Fault(
            "specimen_thickness",
            found=thickness,
            expected=f"at most {max(depths):.6g} Å, the depth of the tomogram",
            message=f"the specimen is {thickness:.6g} Å thick, and its tomogram {max(depths):.6g} Å deep",
            hint="Write the thickness in Å, or correct depth and voxel size of the tomogram.",
        )


@check("volume-coherent", Tomogram, given="depth")
def thinnest_side_is_not_along_x(place: Place, placement: Placement) -> Iterator[Fault]:
    """A tomogram that shows what its tilt images show is thinnest along Z, or along Y as IMOD writes it."""
    own, view = sides(place.entity), view_of([place.entity], count=3)
    if len(own) < len(SIDES) or view is None or _is_turned(place.entity):
        return
    if own[0] >= _THIN * min(own[1:]):
        return
    for series in series_of(place, placement):
        theirs = view_of((*series.entity.micrographs, series.entity))
        if theirs is not None and view.is_like(theirs, SAME_VIEW):
            yield Fault(
                "width",
                found=f"{own[0]}, and a depth of {own[2]}",
                expected=f"a width of {own[2]}, and a depth of {own[0]}",
                message="width and depth seem to be swapped: the two longer sides show what the tilt images "
                f"show, {theirs}",
                hint="Write the number of voxels along X, Y and Z, as they stand in the header of the file.",
            )
            return


def _is_turned(tomogram: Entity) -> bool:
    """Whether transformations of a volume change its axes."""
    stated = tomogram.__dict__["coordinate_transformations"]
    return any(step.map_axis or step.matrix for one in stated for step in (one, *one.sequence))


@check("volume-coherent", Raster3D, given="voxel_size")
@check("volume-coherent", Raster2D, given="pixel_size")
def sizes_are_stated_alike(place: Place, placement: Placement) -> Iterator[Fault]:
    """A size of voxels or pixels along all axes is not another along one of them."""
    values = place.entity.__dict__
    for field, axes in _BY_AXIS.items():
        whole = values.get(field)
        for axis in axes if whole else ():
            along = values.get(f"{field}_{axis}")
            if whole and along and not near(along / whole, _SAME):
                yield Fault(
                    f"{field}_{axis}",
                    found=along,
                    expected=f"{whole:.10g} Å, as along all axes",
                    message=f"this is {along:.10g} Å along {axis.upper()}, and {whole:.10g} Å along all axes",
                    hint=f"Take one of the two out: {field} is for all axes alike.",
                )


@check("volume-coherent", SubTomogramSet, given="sub_tomograms")
def sub_tomograms_are_alike(place: Place, placement: Placement) -> Iterator[Fault]:
    """Sub-tomograms of one set have voxels and sides as most of them have."""
    parts = place.entity.__dict__["sub_tomograms"]
    for field in ("voxel_size", *SIDES):
        values = [value for part in parts if (value := part.__dict__[field])]
        usual = Counter(values).most_common(1)[0][0] if values else None
        for part in parts:
            value = part.__dict__[field]
            if usual and value and not near(value / usual, _SAME):
                yield Fault(
                    field,
                    found=value,
                    expected=f"{usual:.10g}, as most of the set have",
                    message=f"this sub-tomogram has another {field.replace('_', ' ')} than others of its set",
                    hint="Correct it, or put sub-tomograms of another size into a set of their own.",
                    entity=part,
                )


@check("volume-coherent", Tomogram, given="map_sets")
def maps_are_as_fine_as_images(place: Place, placement: Placement) -> Iterator[Fault]:
    """The voxels of a map are not less than half of the smallest pixel of the images it was made from."""
    pixel = finest_pixel(place, placement)
    maps = (one for held in place.entity.__dict__["map_sets"] for one in held.maps)
    for one in maps if pixel is not None else ():
        size = sampling(one)
        if size is not None and pixel is not None and size <= _FINER * pixel:
            yield Fault(
                stated_sampling(one),
                found=size,
                expected=f"about {pixel:.6g} Å or more, the smallest pixel",
                message="the voxels of this map are far smaller than any pixel of the images",
                hint=f"Write {size * 10:.10g}, if {size:.10g} is nm.",
                entity=one,
            )


@check("volume-coherent", Shell)
def shell_is_left(place: Place, placement: Placement) -> Iterator[Fault]:
    """Of a sphere from which spheres are cut, something is left, and each of them cuts something."""
    base = place.entity.__dict__["base"]
    for cut in place.entity.__dict__["cut_outs"] or ():
        apart = _apart(base, cut)
        if apart is None:
            continue
        if apart + base.radius <= cut.radius:
            message, expected = "nothing is left of this shell: the whole base is cut out", "below"
        elif apart >= base.radius + cut.radius:
            message, expected = "what is cut out of this shell does not touch its base", "that reaches"
        else:
            continue
        yield Fault(
            "radius",
            found=cut.radius,
            expected=f"a radius {expected} that of the base, {base.radius:.6g}",
            message=message,
            hint="Write the inner radius here and the outer one in the base, both from one centre.",
            entity=cut,
        )


def _apart(base: Entity | None, cut: Entity) -> float | None:
    """The distance between the centres of two spheres, if both are known."""
    if not isinstance(base, Sphere) or not isinstance(cut, Sphere) or not base.radius or not cut.radius:
        return None
    one, other = numbers_of(base.center), numbers_of(cut.center)
    return math.dist(one, other) if one and len(one) == len(other) else None


@check("volume-coherent", Tomogram)
def tomogram_is_of_its_images(place: Place, placement: Placement) -> Iterator[Fault]:
    """A tomogram has not many more voxels along a side than its images have pixels, and where these state no
    size of a pixel, its voxels leave them one that a microscope has."""
    tomogram = place.entity
    own, size = sides(tomogram), sampling(tomogram)
    for series in series_of(place, placement) if len(own) == len(SIDES) else ():
        theirs = next(
            (found for one in (*series.entity.micrographs, series.entity) if (found := sides(one, 2))), []
        )
        if len(theirs) < 2:
            continue
        binning = max(theirs) / max(own)
        if binning < 1 / _PADDED:
            yield Fault(
                SIDES[own.index(max(own))],
                found=max(own),
                expected=f"about {max(theirs)} or less, the longest side of its tilt images",
                message="this side has many more voxels than the tilt images have pixels",
                hint="Take the number from the header of the file.",
            )
        elif size is not None and size / binning < _FINEST and finest_pixel(place, placement) is None:
            yield Fault(
                stated_sampling(tomogram),
                found=size,
                expected=f"at least {_FINEST * binning:.4g} Å, at a binning of {binning:.3g}",
                message=f"by their sides, the tilt images of this tomogram would have pixels of "
                f"{size / binning:.3g} Å",
                hint=f"Write {10 * size:.10g}, if {size:.10g} is nm.",
            )
