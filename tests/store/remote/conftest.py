"""Servers that break, and no credentials and proxies but those of a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from remote_server import Servers


@pytest.fixture
def serve() -> Iterator[Servers]:
    servers = Servers()
    with servers.started:
        yield servers


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials but those of the test, and no proxies."""
    for name in ("USER", "PASSWORD", "TOKEN"):
        monkeypatch.delenv(f"CETSGRAPH_{name}", raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
