"""Alignments of programs against what other programs made of the same series, and there and back."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cetsgraph.geometry import Projection, angles_of_matrix, matrices_of
from cetsgraph.geometry.alignments import (
    AreTomoTilt,
    Eman2Tilt,
    ImodTransform,
    ImodView,
    PortalSection,
    RelionMatrix,
    WarpTilt,
    from_aretomo,
    from_eman2,
    from_imod,
    from_portal,
    from_relion4,
    from_warp,
    to_aretomo,
    to_eman2,
    to_imod,
    to_portal,
    to_relion4,
    to_warp,
)


def rotation(axis: str, angle: float) -> np.ndarray:
    """A right-handed rotation, written out."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return np.array(
        {
            "x": [[1, 0, 0], [0, c, -s], [0, s, c]],
            "y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
            "z": [[c, -s, 0], [s, c, 0], [0, 0, 1]],
        }[axis]
    )


def formula(projection: Projection) -> np.ndarray:
    """Rz · Ry · Rx of RELION 5."""
    angles = {"z": projection.z_rotation, "y": projection.y_tilt, "x": projection.x_tilt}
    return np.linalg.multi_dot([rotation(axis, angle) for axis, angle in angles.items()])


def close(found: Projection, expected: Projection, tolerance: float = 1e-6) -> None:
    np.testing.assert_allclose(formula(found), formula(expected), atol=tolerance)
    np.testing.assert_allclose(found.shift, expected.shift, atol=tolerance * 1e3)


lengths = st.floats(-5000, 5000)
angles = st.floats(-360, 360)
tilts = st.floats(-89, 89)
projections = st.builds(Projection, tilts, tilts, angles, st.tuples(lengths, lengths))
leveled = st.builds(Projection, st.just(0.0), tilts, angles, st.tuples(lengths, lengths))
pixels = st.floats(0.3, 30)
sizes = st.tuples(*[st.integers(1, 9000).map(float)] * 3)
points = st.tuples(lengths, lengths, lengths)


@given(projections, points)
def test_a_projection_shows_a_point_where_the_formula_says(projection: Projection, point: tuple) -> None:
    expected = np.array(projection.shift) + (formula(projection) @ point)[:2]
    np.testing.assert_allclose(projection.seen(point), expected, atol=1e-8)


@given(angles, st.one_of(tilts, st.sampled_from([-90.0, 90.0])), angles)
def test_angles_of_a_matrix_make_the_matrix(x: float, y: float, z: float) -> None:
    expected = formula(Projection(x, y, z))
    found = angles_of_matrix(2.5 * expected)
    np.testing.assert_allclose(formula(found), expected, atol=1e-8)


@given(projections, pixels, st.tuples(tilts, tilts), st.tuples(lengths, lengths))
def test_imod_there_and_back(projection: Projection, pixel: float, angles: tuple, moved: tuple) -> None:
    offset, x_axis_tilt = angles
    stated = {"offset": offset, "x_axis_tilt": x_axis_tilt, "volume_shift": moved}
    view = to_imod(projection, pixel, **stated)
    close(from_imod(view, pixel, **stated), projection)
    np.testing.assert_allclose(
        to_imod(from_imod(view, pixel, **stated), pixel, **stated)[0], view[0], atol=1e-6
    )


@given(leveled, pixels)
def test_aretomo_there_and_back(projection: Projection, pixel: float) -> None:
    close(from_aretomo(to_aretomo(projection, pixel), pixel), projection)


@given(projections, tilts)
def test_warp_there_and_back(projection: Projection, level_y: float) -> None:
    tilt = to_warp(projection, level_y=level_y)
    close(from_warp(tilt, level_x=projection.x_tilt, level_y=level_y), projection)


@given(projections, pixels, sizes)
def test_relion4_there_and_back(projection: Projection, pixel: float, volume: tuple) -> None:
    stated = {"volume": volume, "image": volume[:2]}
    close(from_relion4(to_relion4(projection, pixel, **stated), pixel, **stated), projection)


@given(projections, pixels)
def test_the_portal_there_and_back(projection: Projection, pixel: float) -> None:
    close(from_portal(to_portal(projection, pixel), pixel), projection)


@given(projections, pixels)
def test_eman2_there_and_back(projection: Projection, pixel: float) -> None:
    close(from_eman2(to_eman2(projection, pixel), pixel), projection)


@given(tilts, tilts, angles)
def test_eman2_angles_turn_about_x_first_and_the_other_way(x: float, y: float, z: float) -> None:
    """EMAN2's matrix of the type "xyz" (transform.cpp) is made of the transposes."""
    expected = np.linalg.multi_dot([rotation("z", z).T, rotation("y", y).T, rotation("x", x).T])
    np.testing.assert_allclose(from_eman2(Eman2Tilt(0, 0, z, y, x)).matrix, expected, atol=1e-9)


@given(projections, points, st.tuples(lengths, lengths), pixels)
def test_a_shift_of_imods_volume_moves_what_is_seen(
    projection: Projection, point: tuple, moved: tuple, pixel: float
) -> None:
    view = to_imod(projection, pixel)
    x, z = moved
    seen = from_imod(view, pixel, volume_shift=moved).seen(point)
    expected = projection.seen(np.subtract(point, (x * pixel, 0, z * pixel)))
    np.testing.assert_allclose(seen, expected, atol=1e-6)


@given(projections, pixels, sizes, st.tuples(*[st.floats(0, 5000)] * 3))
def test_a_matrix_of_relion4_takes_voxels_to_pixels(
    projection: Projection, pixel: float, volume: tuple, voxel: tuple
) -> None:
    """Corner to corner in pixels, and from centre to centre in Å: the same place."""
    image = (volume[0] + 100, volume[1] + 7)
    matrix = np.array(to_relion4(projection, pixel, volume=volume, image=image))
    corner = (matrix @ (*voxel, 1))[:2]
    centred = projection.seen((np.array(voxel) - np.array(volume) / 2) * pixel)
    np.testing.assert_allclose((corner - np.floor(np.array(image) / 2)) * pixel, centred, atol=1e-4)


def test_without_a_pixel_size_there_is_no_shift() -> None:
    eye = RelionMatrix((1, 0, 0, 5), (0, 1, 0, 5), (0, 0, 1, 5))
    assert from_imod(ImodView(ImodTransform(1, 0, 0, 1, 3, 4), 10)).shift is None
    assert from_imod(ImodView(ImodTransform(0, 0, 0, 0, 3, 4), 10), 2.0).shift is None
    assert from_aretomo(AreTomoTilt(85, 3, 4, 10)).shift is None
    assert from_portal(PortalSection(10, 0, ((1, 0), (0, 1)), 3, 4)).shift is None
    assert from_eman2(Eman2Tilt(3, 4, 0, 10, 0)).shift is None
    assert from_relion4(eye, volume=(8, 8, 8), image=(8, 8)).shift is None
    assert from_relion4(eye, 2.0, volume=(8, 8, 8)).shift is None
    assert to_aretomo(Projection(0, 10, 85), 2.0) == (85, 0, 0, 10)


# What programs made of the same series: the rows of section "geometry" of the importers' sources.


def numbers(path: Path) -> np.ndarray:
    """A file of columns of numbers, without other lines."""
    rows = [
        line.split()
        for line in path.read_text().splitlines()
        if line.strip() and line.lstrip()[0] in "-.0123456789"
    ]
    return np.array(rows, float)


def star_rows(path: Path, block: str) -> list[dict[str, str]]:
    """Rows of the first loop of a block, in the plainest of STAR."""
    lines = iter(path.read_text().split(f"data_{block}\n")[1].split("\ndata_")[0].splitlines())
    names, rows = [], []
    for words in map(str.split, lines):
        if words and words[0].startswith("_"):
            names.append(words[0].lstrip("_"))
        elif len(words) == len(names) > 0:
            rows.append(dict(zip(names, words, strict=True)))
    return rows


def imod_views(folder: Path, stem: str) -> list[ImodView]:
    pairs = zip(numbers(folder / f"{stem}.xf"), numbers(folder / f"{stem}.tlt"), strict=True)
    return [ImodView(ImodTransform(*transform), tilt[0]) for transform, tilt in pairs]


def warp_tilts(path: Path) -> tuple[list[WarpTilt], dict[str, float]]:
    root = ET.fromstring(path.read_text(encoding="utf-8-sig"))
    columns = [
        root.findtext(name, "").split() for name in ("Angles", "AxisAngle", "AxisOffsetX", "AxisOffsetY")
    ]
    levels = {name: float(root.get(f"LevelAngle{name[-1].upper()}", 0)) for name in ("level_x", "level_y")}
    return [WarpTilt(*map(float, row)) for row in zip(*columns, strict=True)], levels


@pytest.fixture(scope="session")
def samples(shared_data: Path) -> Path:
    return shared_data / "import"


def test_imod_as_warp_imported_it(samples: Path) -> None:
    tilts, levels = warp_tilts(samples / "warp/00254.xml")
    for view, tilt in zip(imod_views(samples / "warp", "00254"), tilts, strict=True):
        imod, warp = from_imod(view, 10.0), from_warp(tilt, **levels)
        assert imod.z_rotation == pytest.approx(warp.z_rotation, abs=5e-6)
        assert imod.shift == pytest.approx(warp.shift, abs=2e-4)
        assert imod.y_tilt == pytest.approx(-warp.y_tilt, abs=1e-6)


def test_warp_shows_points_where_warp_computed_them(samples: Path) -> None:
    """Within what its grids of movement and angles add, which a projection has no place for."""
    tilts, levels = warp_tilts(samples / "warp/TS_1.xml")
    path = samples / "warp/TS_1.star"
    given_points = numbers_of(star_rows(path, "points"), "centeredCoordinate{}Angst", "XYZ")
    rows = star_rows(path, "mappings")
    seen = numbers_of(rows, "centeredCoordinate{}Angst", "XY")

    def rms(sign: int) -> float:
        shown = []
        for row in rows:
            projection = from_warp(tilts[int(row["tiltID"]) - 1], **levels)
            turned = Projection(
                projection.x_tilt, sign * projection.y_tilt, projection.z_rotation, projection.shift
            )
            shown.append(turned.seen(given_points[int(row["pointID"]) - 1]))
        return float(np.sqrt(((np.array(shown) - seen) ** 2).mean()))

    assert len(rows) == 27 * 41
    assert rms(1) == pytest.approx(3.1, abs=0.1)
    assert rms(-1) > 200


def numbers_of(rows: list[dict[str, str]], name: str, axes: str) -> np.ndarray:
    return np.array([[float(row[name.format(axis)]) for axis in axes] for row in rows])


def test_aretomo_as_the_portal_has_it(shared_data: Path) -> None:
    folder = shared_data / "import/portal-api/10445"
    sections = json.loads((folder / "perSectionAlignmentParameters.json").read_text())
    rows = numbers(shared_data / "cryoet-data-portal/10445_TS_105_5.global_only.aln")
    assert len(rows) == len(sections) == 31
    for section, (_, rot, _, tx, ty, *_, tilt) in zip(sections, rows, strict=True):
        names = ("tilt_angle", "volume_x_rotation", "in_plane_rotation", "x_offset", "y_offset")
        portal = from_portal(PortalSection(*(section[name] for name in names)), 1.54)
        aretomo = from_aretomo(AreTomoTilt(rot, tx, ty, tilt), 1.54)
        assert portal.shift == aretomo.shift
        assert (portal.x_tilt, portal.y_tilt) == (aretomo.x_tilt, aretomo.y_tilt)
        assert portal.z_rotation == pytest.approx(aretomo.z_rotation, abs=1e-9)
    assert aretomo.shift is not None and sections[0]["x_offset"] * 1.54 == pytest.approx(-25.887, abs=1e-3)


def test_tomostar_and_the_matrices_that_warptools_made_of_it(samples: Path) -> None:
    tilts = star_rows(samples / "warp/24jul16a_Position_16_3.tomostar", "")
    matrices = star_rows(samples / "warp/matching_tomograms.star", "24jul16a_Position_16_3.tomostar")
    assert len(tilts) == len(matrices) == 31
    for tilt, matrix in zip(tilts, matrices, strict=True):
        rows = RelionMatrix(*(json.loads(matrix[f"rlnTomoProj{axis}"]) for axis in "XYZ"))
        warp = from_warp(WarpTilt(float(tilt["wrpAngleTilt"]), float(tilt["wrpAxisAngle"])))
        relion = from_relion4(rows, volume=(4096, 4096, 2000))
        np.testing.assert_allclose(warp.matrix, np.array(rows)[:, :3], atol=8.1e-6)
        assert relion.z_rotation == pytest.approx(warp.z_rotation, abs=1e-3)
        assert relion.y_tilt == pytest.approx(warp.y_tilt, abs=1e-3)


def test_tomostar_tilts_the_other_way_than_aretomo(samples: Path) -> None:
    tilts = star_rows(samples / "warp/24jul16a_Position_16_3.tomostar", "")
    aretomo = numbers(samples / "aretomo/24jul16a_Position_16_3_TLT.txt")[:, 0]
    assert sorted(-float(tilt["wrpAngleTilt"]) for tilt in tilts) == pytest.approx(sorted(aretomo), abs=0.011)


def test_imod_and_relion_aligned_one_series_alike(samples: Path) -> None:
    """Up to one shift of the whole volume, (25.9, 0.0, 9.2) Å, they agree within 4 Å along each axis."""
    path = samples / "relion/emp10164/AlignTiltSeries/job005/tilt_series/TS_03.star"
    names = ("rlnTomoXTilt", "rlnTomoYTilt", "rlnTomoZRot", "rlnTomoXShiftAngst", "rlnTomoYShiftAngst")
    rows = [[float(row[name]) for name in names] for row in star_rows(path, "TS_03")]
    pairs = []
    for (x_tilt, y_tilt, z_rotation, *shift), view in zip(
        rows, imod_views(samples / "imod/ts03", "TS_03"), strict=True
    ):
        imod, relion = from_imod(view, 1.35), Projection(x_tilt, y_tilt, z_rotation, (shift[0], shift[1]))
        assert imod.z_rotation == pytest.approx(relion.z_rotation, abs=0.025)
        assert imod.y_tilt == pytest.approx(relion.y_tilt, abs=1e-3)
        pairs.append((np.array(relion.matrix)[:2], np.subtract(relion.shift, imod.shift)))
    volume = np.concatenate([matrix for matrix, _ in pairs])
    difference = np.concatenate([moved for _, moved in pairs])
    moved, *_ = np.linalg.lstsq(volume, difference, rcond=None)
    assert np.abs(moved) == pytest.approx([25.9, 0.0, 9.2], abs=0.6)
    assert np.sqrt(((difference - volume @ moved) ** 2).mean()) == pytest.approx(4.0, abs=0.1)


@pytest.mark.parametrize(
    ("name", "first", "last", "shift"),
    [
        ("imod/mka/tilt_1", -100.4477, -99.5195, (-79.207, -44.545)),
        ("imod/etomo/TS_001", 84.1406, 84.2367, (-4.095, -1.987)),
        ("imod/ts03/TS_03", 85.0847, 85.4658, (-200.957, -99.475)),
    ],
)
def test_imod_in_pixels(samples: Path, name: str, first: float, last: float, shift: tuple) -> None:
    views = imod_views((samples / name).parent, Path(name).name)
    found = [from_imod(view, 1.0) for view in views]
    assert (found[0].z_rotation, found[-1].z_rotation) == pytest.approx((first, last), abs=1e-4)
    assert found[0].shift == pytest.approx(shift, abs=2e-3)
    assert all(view.transform.magnification == pytest.approx(1, abs=1e-4) for view in views)


def test_the_axis_of_the_microscope_is_the_rotation_in_the_image(samples: Path) -> None:
    """SerialEM's title says 85.3; RELION found 85.03 for the first image of the same series."""
    path = samples / "relion/emp10164/AlignTiltSeries/job005/tilt_series/TS_01.star"
    relion = float(star_rows(path, "TS_01")[0]["rlnTomoZRot"])
    axis = rotation("z", relion) @ (0, 1, 0)
    assert np.degrees(np.arctan2(-axis[0], axis[1])) == pytest.approx(relion)
    assert (
        "85.3" in (samples / "mdoc/tilt_series.mdoc").read_text(errors="replace") and abs(relion - 85.3) < 0.3
    )


@given(st.tuples(*[angles] * 3), st.tuples(*[angles] * 3))
def test_relion5_angles_of_subtomogram_and_particle(box: tuple, particle: tuple) -> None:
    """A(subtomogram) · A(particle): the particle's angles are within its box (RELION: particle_set.cpp)."""
    outer, inner = matrices_of([box, particle], "relion")

    def euler(rot: float, tilt: float, psi: float) -> np.ndarray:
        return np.linalg.multi_dot([rotation("z", rot), rotation("y", tilt), rotation("z", psi)]).T

    np.testing.assert_allclose(outer @ inner, euler(*box) @ euler(*particle), atol=1e-9)
