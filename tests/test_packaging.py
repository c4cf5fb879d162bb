"""The wheel holds what git tracks, works without extras, and the lock says what is installed beside it."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import cetsgraph

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = {"ontology", "shapes", "queries", "examples"}
LOCKS = ("core", "all", "dev", "lowest")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {name: wanted for name, wanted in PROJECT["optional-dependencies"].items() if name != "all"}


def run(*command: str) -> str:
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Wheels as an installer builds them: from the source distribution, and from the checkout itself."""
    built = {}
    for name, options in (("from-sdist", ()), ("from-checkout", ("--wheel",))):
        folder = tmp_path_factory.mktemp("dist")
        run(sys.executable, "-m", "build", "--no-isolation", *options, "--outdir", str(folder), str(ROOT))
        (built[name],) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module", params=["from-sdist", "from-checkout"])
def wheel(request: pytest.FixtureRequest, wheels: dict[str, Path]) -> Iterator[ZipFile]:
    with ZipFile(wheels[request.param]) as archive:
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


def test_the_pages_weigh_little(wheel: ZipFile) -> None:
    packed = sum(one.compress_size for one in wheel.infolist() if "/server/site/" in one.filename)
    assert packed <= 300_000


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


# A wheel without extras


@pytest.fixture(scope="module")
def without_extras(
    wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command of a wheel beside which there are only the packages of locks/core.txt."""
    folder = tmp_path_factory.mktemp("without-extras")
    packages = folder / "packages"
    with ZipFile(wheels["from-checkout"]) as archive:
        archive.extractall(packages)
    for name in (requirement.name for requirement in locked("core") if applies(requirement)):
        installed = distribution(name)
        for top in {
            file.parts[0] for file in installed.files or () if file.parts[0] not in ("..", "__pycache__")
        }:
            if not (packages / top).exists():
                (packages / top).symlink_to(Path(str(installed.locate_file(top))))
    program = f"import sys; sys.path.append({str(packages)!r}); from cetsgraph.cli import main; main()"

    def cetsgraph_(*arguments: str) -> subprocess.CompletedProcess[str]:
        # -I and -S leave out the packages that are installed here.
        command = [sys.executable, "-I", "-S", "-c", program, *arguments]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)

    return cetsgraph_


@pytest.fixture(scope="module")
def store(
    without_extras: Callable[..., subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> str:
    directory = str(tmp_path_factory.mktemp("loaded-without-extras") / "store")
    loaded = without_extras("load", "--store", directory, str(ROOT / "examples"))
    assert loaded.returncode == 0, loaded.stderr
    return directory


def test_a_wheel_without_extras_loads_and_answers(
    without_extras: Callable[..., subprocess.CompletedProcess[str]], store: str
) -> None:
    asked = without_extras("--help")
    assert asked.returncode == 0 and "load" in asked.stdout, asked.stderr
    found = without_extras("query", "tomograms_with_fitmap", "--store", store, "--format", "csv")
    assert found.returncode == 0 and len(found.stdout.splitlines()) == 5, found.stderr


@pytest.mark.parametrize(
    ("extra", "arguments"),
    [
        ("validate", ["validate", str(ROOT / "examples" / "emd-3782.cetsgraph.json")]),
        ("server", ["serve", "--store", "STORE"]),
        ("mcp", ["mcp", "--store", "STORE"]),
        ("remote", ["datasets", "--store", "http://127.0.0.1:9/sparql"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_command_without_its_extra_says_which_to_install(
    without_extras: Callable[..., subprocess.CompletedProcess[str]],
    store: str,
    extra: str,
    arguments: list[str],
) -> None:
    done = without_extras(*(store if argument == "STORE" else argument for argument in arguments))
    assert (done.returncode, done.stdout) == (3, ""), done.stderr
    assert f"pip install 'cetsgraph[{extra}]'" in done.stderr and "Traceback" not in done.stderr


# The lock


def locked(lock: str) -> list[Requirement]:
    lines = (ROOT / "locks" / f"{lock}.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line.rstrip(" \\")) for line in lines if re.match(r"\w", line)]


def applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate()


def pins(lock: str) -> dict[str, Version]:
    """The versions that a lock gives to this Python on this system."""
    return {
        canonicalize_name(one.name): Version(str(one.specifier).removeprefix("=="))
        for one in locked(lock)
        if applies(one)
    }


def required(*groups: list[str]) -> list[Requirement]:
    return [Requirement(text) for group in groups for text in group]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_exact_versions_with_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / "locks" / f"{lock}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\w)", text.strip())
    entry = re.compile(r"[\w.-]+==[\w.+!]+( ; .+)? \\(\n    --hash=sha256:[0-9a-f]{64}( \\)?)+(\n    #.*)*")
    assert [found for found in entries if not entry.fullmatch(found)] == []
    assert "://" not in text


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("core", required(PROJECT["dependencies"])),
        *((lock, required(PROJECT["dependencies"], *EXTRAS.values())) for lock in LOCKS[1:]),
    ],
    ids=LOCKS,
)
def test_a_lock_has_what_is_required(lock: str, wanted: list[Requirement]) -> None:
    found = pins(lock)
    unmet = [
        str(one)
        for one in wanted
        if (pin := found.get(canonicalize_name(one.name))) is None or not one.specifier.contains(pin)
    ]
    assert unmet == [], "renew the lock with `make lock`"


def test_the_locks_agree() -> None:
    core, everything, dev = pins("core"), pins("all"), pins("dev")
    assert core.items() <= everything.items() <= dev.items()


def test_the_lowest_versions_are_those_that_are_allowed() -> None:
    allowed = {
        canonicalize_name(one.name): Version(bound.version)
        for one in required(PROJECT["dependencies"], *EXTRAS.values())
        for bound in one.specifier
        if bound.operator == ">="
    }
    found = pins("lowest")
    assert {name: found[name] for name in allowed} == allowed
