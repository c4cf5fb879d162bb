"""A module imports only from lower layers, and no imports go in a circle."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src"
LAYERS = (
    {
        "collector",
        "confinement",
        "groups",
        "versions",
        "namespaces",
        "normal_forms",
        "pointers",
        "resources",
        "system",
        "texts",
    },
    {"findings", "iris", "mappings", "notebook", "rdf", "registry"},
    {"authorities"},
    {"errors"},
    {"executors", "extras", "model", "whole_files"},
    {"geometry"},
    {"vocabulary"},
    {"graph", "store"},
    {"documents"},
    {"ontologies"},
    {"queries"},
    {"exporters", "importers", "picks"},
    {"archive"},
    {"validation"},
    {"federation"},
    {"mcp", "server"},
    {"cli"},
    {"", "__main__"},  # the package itself, which shows what the others have
    {"derive"},  # build time
)
LAYER = {name: layer for layer, names in enumerate(LAYERS) for name in names}


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {dotted(path): path for path in sorted(SOURCE.rglob("*.py"))}


def imports(module: str) -> Iterator[str]:
    """Modules of ours that this one imports, inside functions and for type checking too."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            origin = resolve_name("." * node.level + (node.module or ""), package)
            for name in (alias.name for alias in node.names):
                if f"{origin}.{name}" in MODULES:
                    yield f"{origin}.{name}"
                elif origin in MODULES:
                    yield origin


def part(module: str) -> str:
    """The file or folder of the layout that a module belongs to."""
    return module.split(".")[1] if "." in module else ""


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_lower_layers(module: str) -> None:
    own = part(module)
    upward = [
        imported
        for imported in imports(module)
        if part(imported) != own and LAYER[part(imported)] >= LAYER[own]
    ]
    assert not upward, f"{module} (layer {LAYER[own]}) imports {upward}"


def test_no_imports_go_in_a_circle() -> None:
    TopologicalSorter({module: set(imports(module)) - {module} for module in MODULES}).prepare()
