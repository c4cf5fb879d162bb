"""Tables of the portal, as a server on loopback has them."""

from pathlib import Path

import pytest
from portal_tables import Tables, many


@pytest.fixture(scope="module")
def tables(shared_data: Path) -> Tables:
    """Three data sets of two runs with three tilts."""
    return many(shared_data, 3, runs=2, sections=3)
