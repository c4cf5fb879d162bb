"""Notebooks run in a real kernel: those of the documentation with their figures, and tables of objects."""

import json
import shutil
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "docs/notebooks").glob("*.ipynb"))
NOTE_FIGURES = """
import matplotlib.pyplot as plt
drawn, show = [], plt.show
def noted():
    drawn.extend(len(axes.lines) + len(axes.collections) for axes in plt.gcf().axes)
    show()
plt.show = noted
"""
OBJECTS = (
    "import cetsgraph; document = cetsgraph.read('examples/empiar-12104.cets-data-model.json'); document",
    "document.dataset",
    "cetsgraph.validate(document)",
    "store = cetsgraph.LocalStore.memory(); cetsgraph.archive.put(store, document); store",
    "cetsgraph.archive.list(store)",
    "cetsgraph.queries.tilt_images(store)",
)


def outputs(notebook: nbformat.NotebookNode, folder: Path) -> list[Any]:
    """What the cells of a notebook show, run beside the examples."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def notebook_of(cells: Sequence[str]) -> nbformat.NotebookNode:
    return new_notebook(cells=[new_code_cell(text) for text in cells])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_figures_have_data(path: Path, tmp_path: Path) -> None:
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    shown = outputs(notebook_of([NOTE_FIGURES, *cells, "print(min(drawn))"]), tmp_path)
    figures = [output for output in shown if "image/png" in output.get("data", {})]
    assert len(figures) == sum("plt.show()" in cell for cell in cells) > 0
    assert int(shown[-1].text) > 0


def test_objects_are_shown_as_tables(tmp_path: Path) -> None:
    shown = outputs(notebook_of(OBJECTS), tmp_path)
    assert len(shown) == len(OBJECTS)
    for output in shown:
        table = output.data["text/html"]
        HTMLParser().feed(table)
        assert "<table>" in table and len(output.data["text/plain"]) <= 300


def test_there_is_a_notebook_without_outputs() -> None:
    assert NOTEBOOKS
    for notebook in NOTEBOOKS:
        assert all(
            not cell.get("outputs") for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        )
