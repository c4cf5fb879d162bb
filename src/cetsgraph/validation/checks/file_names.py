"""What the names of files say of the images that they hold: microscopes write the tilt angle into them."""

import re
from collections.abc import Iterator, Sequence

from cetsgraph.model import Entity, MovieFrame, MovieStackSeries, TiltSeriesMicrograph
from cetsgraph.validation.checks.siblings import included

__all__ = ["angles_in_names", "files_of", "name_of", "numbers_in_name", "tells"]

_NUMBER = re.compile(r"(?<![\d.])-?\d{1,2}(?:\.\d+)?(?![\d.]*\d)")
_FEW = 0.1  # of all names
_ROUNDED = 1.0  # degrees: stages miss the angle that was asked for, which the name has


def files_of(series: Entity) -> Iterator[tuple[MovieFrame | TiltSeriesMicrograph, str]]:
    """Images of a tilt series with a file of their own, or first frames with that of their movie."""
    if isinstance(series, MovieStackSeries):
        for movie in series.movie_stacks:
            for frame in movie.frames[:1]:
                if path := movie.path or frame.path:
                    yield frame, path
        return
    for image in included(series):
        if image.path:
            yield image, image.path


def name_of(path: str) -> str:
    """The name of a file without its folders, of any system.

    >>> name_of("X:\\\\frames\\\\TS_01_000.eer"), name_of("frames/TS_01_000.eer")
    ('TS_01_000.eer', 'TS_01_000.eer')
    """
    return path.replace("\\", "/").rpartition("/")[2]


def numbers_in_name(path: str) -> list[float]:
    """Numbers of up to two digits in the name of a file, with their decimals.

    >>> numbers_in_name("frames/TS_01_039_-60.0.mrc"), numbers_in_name("Position_1_031[-45.03]_EER.eer")
    ([1.0, -60.0], [1.0, -45.03])
    """
    return [float(number) for number in _NUMBER.findall(name_of(path))]


def tells(numbers: Sequence[float], angle: float) -> bool:
    """Whether one of the numbers in a name is a tilt angle, rounded."""
    return any(abs(number - angle) <= _ROUNDED for number in numbers)


def angles_in_names(paths: Sequence[str], angles: Sequence[float]) -> list[float]:
    """The tilt angle in each of several names, which all have it at one place from their end; nothing, if no
    place has the tilts of the images, in their order or in any other, but for a few.

    >>> angles_in_names(["TS_1_000_0.0.eer", "TS_1_001_3.0.eer", "TS_1_002_-3.0.eer"], [3.0, 0.0, -3.0])
    [0.0, 3.0, -3.0]
    """
    names = [numbers_in_name(path) for path in paths]
    for place in range(1, min(map(len, names), default=0) + 1):
        column = [numbers[-place] for numbers in names]
        apart = sum(abs(one - other) > _ROUNDED for one, other in zip(column, angles, strict=True))
        same = zip(sorted(column), sorted(angles), strict=True)
        if apart <= _FEW * len(angles) or all(abs(one - other) <= _ROUNDED for one, other in same):
            return column
    return []
