"""Where the real documents are, and how Hypothesis runs."""

import gc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from missing_parts import missing

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

# Time limits per example say more about the machine's load than about the code. `pytest
# --hypothesis-profile=thorough` tries many more examples.
settings.register_profile(
    "everyday", deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", settings.get_profile("everyday"), max_examples=1000)
settings.load_profile("everyday")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as ``real_data`` whatever asks for ``shared_data``."""
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.real_data)


def pytest_collection_finish() -> None:
    """Spare the collector of garbage what was collected here: thousands of tests, which stay."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests on real documents where there are none, except in CI, where that would hide failures."""
    if item.get_closest_marker("real_data") is None or SHARED_DATA.is_dir():
        return
    reason = "the real documents are missing: expected them in ../shared/data, beside the repository"
    missing(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real documents; its README.md says what each one is."""
    return SHARED_DATA
