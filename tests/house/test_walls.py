"""What the import contracts cannot see: undeclared imports, commits out of place, colour."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import grimp

from tests.house.rules import ROOT, async_functions, imported_packages, place, python_files

COMMIT = re.compile(r"\bCOMMIT\b|\.commit\(")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {normal(re.split(r"[\[<>=]", line)[0]) for line in project["dependencies"]} | {"comptoir"}
    # The pool is an extra of psycopg, a distribution of its own.
    declared.add("psycopg-pool")
    origin = packages_distributions()
    undeclared = {
        f"{place(path)}: {package}"
        for path in python_files("src")
        for package in imported_packages(path.read_text()) - sys.stdlib_module_names - {"comptoir"}
        if declared.isdisjoint(normal(name) for name in origin.get(package, ["?"]))
    }
    assert undeclared == set()


def test_only_storage_commits() -> None:
    elsewhere = [
        place(path)
        for path in python_files("src")
        if not path.is_relative_to(ROOT / "src/comptoir/storage") and COMMIT.search(path.read_text())
    ]
    assert elsewhere == []


def test_the_sources_are_synchronous() -> None:
    coloured = {place(path): async_functions(path.read_text()) for path in python_files("src")}
    assert {path: lines for path, lines in coloured.items() if lines} == {}


def test_an_import_inside_a_function_is_noticed() -> None:
    source = "import a.b\nfrom c import d\nfrom . import e\ndef f() -> None:\n    import g"
    assert imported_packages(source) == {"a", "c", "g"}


def test_a_commit_is_noticed() -> None:
    assert COMMIT.search("connection.commit()")
    assert COMMIT.search('execute("COMMIT")')
    assert not COMMIT.search("locked for the commit only")


def test_colour_is_noticed() -> None:
    assert async_functions("x = 1\nasync def f() -> None: ...") == [2]


# Modules that nothing imports, and who calls them instead.
ENTRANCES = {
    "comptoir.cli": "the installed command",
    "comptoir.__main__": "python -m comptoir",
    "comptoir.domain.orders.splitting": "a verb of the merchant's, which no wire of ours reaches",
    "comptoir.storage.comparing": "scripts/migration.py and the tests hold the schema to the records with it",
}


def dead_modules(graph: grimp.ImportGraph, root: str) -> set[str]:
    """Modules that nothing imports; a package is alive when anything in it is."""
    return {
        module
        for module in graph.modules
        if module.startswith(f"{root}.")
        and not graph.find_children(module)
        and not graph.find_modules_that_directly_import(module)
    }


def test_no_module_is_dead() -> None:
    dead = dead_modules(grimp.build_graph("comptoir", cache_dir=None), "comptoir") - ENTRANCES.keys()
    # Alembic finds revisions by their place.
    assert {module for module in dead if ".migrations." not in module} == set()


def test_a_dead_module_is_noticed() -> None:
    graph = grimp.ImportGraph()
    for module in ("house", "house.used", "house.room", "house.room.page", "house.dead"):
        graph.add_module(module)
    graph.add_import(importer="house.room.page", imported="house.used")
    graph.add_import(importer="house.used", imported="house.room.page")
    assert dead_modules(graph, "house") == {"house.dead"}
