"""The wheel holds what git tracks: no more (stale copies) and no less (a forgotten folder)."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

import pytest

import cetsgraph

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = {"ontology", "shapes", "queries", "examples"}


def run(*command: str) -> str:
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(
    scope="module",
    params=[pytest.param((), id="from-sdist"), pytest.param(("--wheel",), id="from-checkout")],
)
def wheel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZipFile]:
    """A wheel as an installer builds it: from the source distribution, or from the checkout itself."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", *request.param, "--outdir", str(folder), str(ROOT))
    (path,) = folder.glob("*.whl")
    with ZipFile(path) as archive:
        yield archive


def place_in_wheel(tracked: str) -> str | None:
    top, *rest = PurePosixPath(tracked).parts
    if top == "src":
        return str(PurePosixPath(*rest))
    return str(PurePosixPath("cetsgraph/_data", tracked)) if top in SHIPPED else None


@pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="not a git checkout, so nothing says what is tracked"
)
def test_the_wheel_holds_what_git_tracks(wheel: ZipFile) -> None:
    tracked = {place_in_wheel(name) for name in run("git", "ls-files", "-z").split("\0") if name} - {None}
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packed == tracked


def test_an_installed_wheel_finds_its_own_folders(wheel: ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from cetsgraph import resources\n"
        f"print(resources.checkout(), *(resources.folder(name) for name in {sorted(SHIPPED)!r}), sep='\\n')"
    )
    checkout, *folders = run(sys.executable, "-c", program).splitlines()
    assert checkout == "None"
    assert folders == [str(tmp_path.resolve() / "cetsgraph" / "_data" / name) for name in sorted(SHIPPED)]


def test_the_package_shows_what_it_says_it_shows() -> None:
    assert len(set(cetsgraph.__all__)) == len(cetsgraph.__all__)
    assert [name for name in cetsgraph.__all__ if not hasattr(cetsgraph, name)] == []
