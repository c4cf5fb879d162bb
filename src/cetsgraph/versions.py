"""The versions of the package and of the ontology, and which versions of the ontology say the same."""

import re

__all__ = ["ONTOLOGY_VERSION", "__version__", "edition"]

__version__ = "0.1.0"
ONTOLOGY_VERSION = "0.3.0"


def edition(version: str) -> tuple[int, int]:
    """MAJOR and MINOR of a version: graphs of one edition have the same terms, since PATCH only rewords.

    >>> edition("0.1.7") == edition("0.1.0") < edition("0.10.0")
    True

    Raises:
        ValueError: the text is not MAJOR.MINOR.PATCH.
    """
    parts = re.fullmatch(r"(\d+)\.(\d+)\.\d+", version, re.ASCII)
    if parts is None:
        raise ValueError(f"{version!r} is not MAJOR.MINOR.PATCH")
    return int(parts[1]), int(parts[2])
