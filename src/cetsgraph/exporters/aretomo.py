"""Alignments as .aln files of AreTomo 3, and the metrics that state the pixel size."""

from collections.abc import Iterator, Sequence

from cetsgraph.exporters.aligned import AlignedSeries
from cetsgraph.exporters.losses import Losses
from cetsgraph.exporters.texts import columns, number
from cetsgraph.geometry.alignments import to_aretomo

__all__ = ["files"]

_HEAD = ("SEC", "ROT", "GMAG", "TX", "TY", "SMEAN", "SFIT", "SCALE", "BASE", "TILT")
_METRICS = (
    "Tilt_Series,Thickness(Pix),Tilt_Axis,Global_Shift(Pix),Bad_Patch_Low,Bad_Patch_All,"
    "CTF_Res(A),CTF_Score,Pix_Size(A)\n"
)


def files(given: Sequence[AlignedSeries], losses: Losses) -> Iterator[tuple[str, str]]:
    """Paths and texts of the files; images without a projection are dark frames."""
    for one in given:
        yield f"{one.name}.aln", _alignment(one, losses)
    sized = [(one.name, one.pixel_size) for one in given if one.pixel_size is not None]
    if sized:
        rows = "".join(f"{name}.mrc,,,,,,,,{number(size)}\n" for name, size in sized)
        yield "TiltSeries_Metrics.csv", _METRICS + rows


def _alignment(one: AlignedSeries, losses: Losses) -> str:
    if tilted := sorted({projection.x_tilt for _, projection in one.aligned if projection.x_tilt}):
        losses.add(one.pointer, "AreTomo does not tilt about the X axis", found=f"{tilted[0]}°")
    if one.pixel_size is None:
        losses.add(one.pointer, "shifts are written in Å, since no pixel size is stated")
    width, height = one.series.width or 0, one.series.height or 0
    offset = one.alignment.tilt_offset or 0.0
    head = [
        "AreTomo Alignment / Priims bprmMn",
        f"RawSize = {width} {height} {len(one.images)}",
        "NumPatches = 0",
        *(_dark(place, image.image.nominal_tilt_angle) for place, image in enumerate(one.images, start=1)
          if image.projection is None),
        f"AlphaOffset = {number(offset)}",
        f"BetaOffset = {number(one.alignment.x_rotation_offset or 0.0)}",
        f"Thickness = {_thickness(one)}",
        "  ".join(_HEAD),
    ]  # fmt: skip
    rows = []
    for place, image in enumerate(one.images, start=1):
        if image.projection is not None:
            tilt = to_aretomo(image.projection, one.pixel_size or 1.0)
            shift = (number(tilt.tx, 9), number(tilt.ty, 9))
            rest = ("1.00", "1.00", "1.00", "0.00")
            rows.append((str(place), number(tilt.rot), "1.00000", *shift, *rest, number(tilt.tilt)))
    return "".join(f"# {line}\n" for line in head) + columns(rows)


def _dark(place: int, angle: float | None) -> str:
    return f"DarkFrame = {place:5d} {place - 1:4d} {number(angle or 0.0, 2)}"


def _thickness(one: AlignedSeries) -> int:
    thickness, pixel = one.alignment.specimen_thickness, one.pixel_size
    return 0 if thickness is None or pixel is None else round(thickness / pixel)
