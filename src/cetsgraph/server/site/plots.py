"""Plots of numbers as SVG, which take their colours from the style sheet of the page.

A plot is a picture with a sentence for those who do not see it; up to 150 marks say their numbers too.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, cos, floor, log10, radians, sin

__all__ = ["STYLE", "Mark", "Scale", "alone", "beams", "legend", "projection", "scale_of", "scatter"]

_WIDTH, _HEIGHT = 340, 220
_LEFT, _TOP, _RIGHT, _BOTTOM = 54, 12, 14, 40
_TALLEST = 340
_DOTS = 2000
"""Points that are drawn one by one."""
_SQUARE = 5
_SHADES = 10
"""Of densities."""
_ROOM = 0.04
"""Of the length of an axis, beyond what is drawn."""
_TITLED = 150
"""Marks that say their numbers."""
STYLE = (
    "text{fill:#59636e;font:13px system-ui,sans-serif}.axis{stroke:#59636e;fill:none}.mark{fill:#1769aa}"
    ".dots{stroke:#1769aa;stroke-width:4;stroke-linecap:round;fill:none}"
    "@media(prefers-color-scheme:dark){text{fill:#a5afba}.axis{stroke:#a5afba}.mark{fill:#6cb0f0}.dots{stroke:#6cb0f0}}"
)
"""Of a picture that is no part of a page: the colours of the site."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of a plot: where it is, what it says, and the name of its kind in the style sheet."""

    x: float
    y: float
    title: str = ""
    kind: str = "mark"


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis: its range, and where it has numbers."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def part(self, value: float) -> float:
        """Where a value is, from 0 at the low end to 1."""
        return (value - self.low) / (self.high - self.low)


def scale_of(values: Iterable[float], *, zero: bool = False, step: float = 0.0) -> Scale:
    """An axis that has all values, with some room on both sides, and round numbers; from 0 if wanted.

    Args:
        values: what is drawn along it.
        zero: whether it begins at 0.
        step: from number to number, where several fit.

    >>> scale_of([-60.0, 60.0], step=30)
    Scale(low=-64.8, high=64.8, ticks=(-60, -30, 0, 30, 60))
    >>> scale_of([3.0], zero=True).ticks
    (0.0, 1.0, 2.0, 3.0)
    """
    known = [*values, 0.0] if zero else [*values]
    low, high = min(known, default=0.0), max(known, default=1.0)
    if low == high:
        low, high = (low, high + 1) if zero else (low - 1, high + 1)
    step = step if 0 < 2 * step <= high - low <= 8 * step else _round_step((high - low) / 5)
    room = _ROOM * (high - low)
    low, high = (low if zero and low == 0 else low - room), high + room
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return Scale(low, high, tuple(round(step * number, 9) for number in range(first, last + 1)))


def scatter(marks: Sequence[Mark], x: Scale, y: Scale, *, x_label: str, y_label: str, label: str) -> str:
    """Marks by two numbers.

    Args:
        marks: in the order in which they are drawn.
        x: axis to the right.
        y: axis upwards.
        x_label: what stands below it, with its unit.
        y_label: the same of the other.
        label: a sentence that says what the plot shows.
    """
    parts = [*_axes(x, y, x_label, y_label)]
    for place, mark in enumerate(marks):
        title = f"<title>{escape(mark.title)}</title>" if mark.title and place < _TITLED else ""
        across, down = _across(x.part(mark.x)), _down(y.part(mark.y))
        parts.append(_drawn(mark.kind, across, down, title))
    return _picture(parts, label)


def legend(kinds: Sequence[tuple[str, str]]) -> str:
    """The marks of kinds with the words for them, as a picture that stands in a line of text."""
    start = '<svg class="plot key" viewBox="0 0 10 10" aria-hidden="true">'
    drawn = (f"{start}{_drawn(kind, 5, 5)}</svg> {escape(words)}" for kind, words in kinds)
    return " ".join(drawn)


def _drawn(kind: str, across: float, down: float, title: str = "") -> str:
    """A mark: those of a second kind differ by their form too."""
    if kind == "second":
        return f'<path class="second" d="M{across} {down - 4:g}l4 4l-4 4l-4-4z">{title}</path>'
    return f'<circle class="{kind}" cx="{across}" cy="{down}" r="3">{title}</circle>'


def beams(tilts: Sequence[tuple[float, float, str]], label: str) -> str:
    """A tilt scheme: a beam for each image as the specimen is tilted to it, the first ones dark.

    Args:
        tilts: angles in °, from 0 for the first exposure to 1 for the last, and what each says.
        label: a sentence that says what the plot shows.
    """
    middle, ground, long = _WIDTH / 2, _HEIGHT - 24, _HEIGHT - 60
    parts = [f'<path class="axis" d="M{middle - long:.0f} {ground}H{middle + long:.0f}"/>']
    for place, (angle, when, said) in enumerate(tilts):
        title = f"<title>{escape(said)}</title>" if place < _TITLED else ""
        x, y = middle + long * sin(radians(angle)), ground - long * cos(radians(angle))
        parts.append(
            f'<path class="beam" d="M{middle:g} {ground}L{x:.1f} {y:.1f}" '
            f'stroke-opacity="{1 - 0.75 * when:.2f}">{title}</path>'
        )
    for angle in (-60, -30, 0, 30, 60):
        x, y = middle + (long + 12) * sin(radians(angle)), ground - (long + 8) * cos(radians(angle))
        parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{angle}°</text>')
    return _picture(parts, label)


def projection(
    points: Sequence[tuple[float, float]], size: tuple[float, float], axes: str, label: str
) -> str:
    """Points of a volume seen along an axis, in the outline of the volume; many points as densities.

    Args:
        points: across and upwards, in voxels counted from 0.
        size: of the volume, in voxels.
        axes: names of the axes across and upwards, such as `XY`.
        label: a sentence that says what the plot shows.
    """
    wide, high = size
    scale = min((_WIDTH - 20) / wide, (_TALLEST - 20) / high)
    box = f'<rect class="axis" x="10" y="10" width="{wide * scale:.1f}" height="{high * scale:.1f}"/>'
    places = [(10 + x * scale, 10 + (high - y) * scale) for x, y in points]
    drawn = _dots(places) if len(places) <= _DOTS else _densities(places)
    said = f"{axes[0]} → {wide:g} voxels, {axes[1]} ↑ {high:g} voxels"
    below = f'<text x="10" y="{high * scale + 26:.0f}">{said}</text>'
    picture = _picture([box, *drawn, below], label)
    return picture.replace(f"0 0 {_WIDTH} {_HEIGHT}", f"0 0 {_WIDTH} {high * scale + 32:.0f}")


def _dots(places: Sequence[tuple[float, float]]) -> list[str]:
    path = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in places)
    return [f'<path class="dots" d="{path}"/>'] if path else []


def _densities(places: Sequence[tuple[float, float]]) -> list[str]:
    """Squares that are the darker the more points they have, in a path for each shade."""
    counts = Counter((int(x // _SQUARE), int(y // _SQUARE)) for x, y in places)
    most, shades = max(counts.values()), defaultdict[int, list[str]](list)
    for (x, y), count in sorted(counts.items()):
        square = f"M{x * _SQUARE} {y * _SQUARE}h{_SQUARE}v{_SQUARE}h-{_SQUARE}z"
        shades[ceil(_SHADES * count / most)].append(square)
    return [
        f'<path class="mark" fill-opacity="{0.15 + 0.85 * shade / _SHADES:.2f}" d="{"".join(squares)}"/>'
        for shade, squares in sorted(shades.items())
    ]


def alone(picture: str) -> str:
    """A picture as a document of its own, in the colours of the site.

    >>> alone('<svg class="plot" viewBox="0 0 1 1"></svg>')[:63]
    '<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0'
    """
    head, bracket, rest = picture.removeprefix("<svg").partition(">")
    return f'<svg xmlns="http://www.w3.org/2000/svg"{head}{bracket}<style>{STYLE}</style>{rest}'


def _round_step(least: float) -> float:
    """1, 2 or 5 times a power of ten, no smaller.

    >>> _round_step(30.0), _round_step(0.0031)
    (50.0, 0.005)
    """
    power = 10.0 ** floor(log10(least))
    return next(step for step in (power, 2 * power, 5 * power, 10 * power) if step >= least * (1 - 1e-9))


def _axes(x: Scale, y: Scale, x_label: str, y_label: str) -> Iterable[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    down = [(_down(y.part(tick)), f"{tick:g}") for tick in y.ticks]
    across = [(_across(x.part(tick)), f"{tick:g}") for tick in x.ticks]
    lines = [f"M{_LEFT} {at}H{right}" for at, _ in down] + [f"M{at} {_TOP}V{bottom}" for at, _ in across]
    yield f'<path class="axis" d="{"".join(lines)}"/><g text-anchor="end">'
    yield from (f'<text x="{_LEFT - 5}" y="{at + 3.5:g}">{text}</text>' for at, text in down)
    yield '</g><g text-anchor="middle">'
    yield from (f'<text x="{at}" y="{bottom + 16}">{text}</text>' for at, text in across)
    yield f'<text x="{(_LEFT + right) / 2:g}" y="{_HEIGHT - 6}">{escape(x_label)}</text>'
    yield f'<text transform="translate(13 {(_TOP + bottom) / 2:g}) rotate(-90)">{escape(y_label)}</text></g>'


def _across(part: float) -> float:
    return round(_LEFT + part * (_WIDTH - _LEFT - _RIGHT), 1)


def _down(part: float) -> float:
    return round(_HEIGHT - _BOTTOM - part * (_HEIGHT - _TOP - _BOTTOM), 1)


def _picture(parts: Iterable[str], label: str) -> str:
    return (
        f'<svg class="plot" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}">'
        f"{''.join(parts)}</svg>"
    )
