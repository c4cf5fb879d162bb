"""Every notebook of the documentation runs from the top of a checkout, and shows its figures."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "docs/notebooks").glob("*.ipynb"))
SHOW = """
import matplotlib.pyplot as plt
shown = []
plt.show = lambda: shown.append([len(axes.lines) + len(axes.collections) for axes in plt.gcf().axes])
"""


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_figures_have_data(notebook: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    figures = sum("plt.show()" in cell for cell in code)
    program = "\n".join(
        [SHOW, *code, "assert shown and all(all(drawn) for drawn in shown), shown", "print(len(shown))"]
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) == figures


def test_there_is_a_notebook_without_outputs() -> None:
    assert NOTEBOOKS
    for notebook in NOTEBOOKS:
        assert all(
            not cell.get("outputs") for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        )
