"""Contrast transfer functions of programs as the model has them."""

from cetsgraph.importers.numbers import rounded
from cetsgraph.importers.tally import SourcePlace, Tally
from cetsgraph.model import CTFMetadata

__all__ = ["ctf_metadata"]


def ctf_metadata(
    defocus: tuple[float | None, float | None],
    angle: float | None,
    *,
    tally: Tally,
    place: SourcePlace,
    phase_shift: float | None = None,
    handedness: int | None = None,
    score: float | None = None,
    resolution: float | None = None,
) -> CTFMetadata | None:
    """The function of one image; None where no defocus is stated. The larger defocus is U.

    >>> found = ctf_metadata((100.0, 200.0), 30.0, tally=Tally(), place=SourcePlace("a.star"))
    >>> found.defocus_u, found.defocus_v, found.defocus_angle
    (200.0, 100.0, -60.0)

    Args:
        defocus: the two defoci, in Å, underfocus positive; one alone is both.
        angle: of the axis of the first defocus to the X axis, in degrees.
        tally: notes that the defoci were swapped.
        place: where they stand.
        phase_shift: in degrees.
        handedness: 1 or −1; another number is no handedness.
        score: how well the function agrees with the spectrum.
        resolution: in Å, up to where it does.
    """
    u, v = defocus
    if u is None:
        return None
    if v is not None and u < v:
        u, v = v, u
        angle = None if angle is None else angle - 90 if angle > 0 else angle + 90
        tally.derived("the larger defocus is U: U and V are swapped and the angle is turned by 90°", place)
    return CTFMetadata(
        defocus_u=rounded(u),
        defocus_v=rounded(u if v is None else v),
        defocus_angle=None if angle is None else rounded(angle),
        phase_shift=None if phase_shift is None else rounded(phase_shift),
        defocus_handedness=handedness if handedness in (1, -1) else None,
        fit_score=score,
        fit_resolution=resolution if resolution is not None and resolution > 0 else None,
    )
