"""The house rules as functions of a source text, so that each can be shown to bite."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "comptoir"

FORBIDDEN_MODULE_NAMES = frozenset(
    "utils util helpers helper common misc base core manager managers service services repository "
    "repositories handler handlers types".split()
)
# Modules whose whole purpose is chance.
CHANCE_MODULES = frozenset({"random", "secrets"})
# What reads the wall clock or the system's randomness, as it is written.
CLOCK_AND_CHANCE = frozenset(
    {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "time.time",
        "time.time_ns",
        "os.urandom",
        "uuid.uuid1",
        "uuid.uuid4",
    }
)
UNFINISHED = re.compile(r"\b(TODO|FIXME)\b")
# Hosts and files that packages come from: the checkout must not care which mirror serves it.
REGISTRY = re.compile(
    r"pythonhosted\.org|pypi\.org/simple|registry\.npmjs|deb\.debian\.org|files\.pypi"
    r"|^\s*--(extra-)?index-url|^\s*--find-links",
    re.MULTILINE,
)
MACHINE_PATH = re.compile(r"(?<![\w.:/}\-])/(work|root|home/[a-z]\w*|Users/\w+)/")


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that git keeps or would keep, without what is ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / name for name in sorted(set(listing.stdout.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file())


def python_files(*tops: str) -> list[Path]:
    """The Python files under these folders of the checkout."""
    wanted = tuple(ROOT / top for top in tops)
    return [
        path
        for path in tracked_files()
        if path.suffix == ".py" and any(path.is_relative_to(top) for top in wanted)
    ]


def text_files() -> Iterator[tuple[Path, str]]:
    """Every tracked file that is text, with its text."""
    for path in tracked_files():
        data = path.read_bytes()
        if b"\0" not in data[:8192]:
            yield path, data.decode(errors="replace")


def place(path: Path) -> str:
    """The path as a reader of the checkout would name it."""
    return path.relative_to(ROOT).as_posix()


def long_functions(source: str, limit: int) -> list[str]:
    """Functions with more lines than the limit, decorators not counted."""
    return [
        f"{node.name} (line {node.lineno}): {length} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > limit
    ]


def float_calls(source: str) -> list[int]:
    """Lines where a float is made."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]


def _reads(node: ast.Attribute | ast.Import | ast.ImportFrom) -> bool:
    match node:
        case ast.Attribute():
            return ".".join(ast.unparse(node).split(".")[-2:]) in CLOCK_AND_CHANCE
        case ast.Import(names=names):
            return any(name.name in CHANCE_MODULES for name in names)
        case ast.ImportFrom(module=module, names=names):
            said = {f"{module}.{name.name}" for name in names}
            return module in CHANCE_MODULES or not said.isdisjoint(CLOCK_AND_CHANCE)


def clock_and_chance(source: str) -> list[int]:
    """Lines that read the wall clock or the system's randomness."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute | ast.Import | ast.ImportFrom) and _reads(node)
    ]


def is_without_docstring(source: str) -> bool:
    """Whether a module says something, but not what it is for."""
    tree = ast.parse(source)
    return bool(tree.body) and ast.get_docstring(tree) is None


def imported_packages(source: str) -> set[str]:
    """The top-level packages that a module imports, at its head or inside a function."""
    packages: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            packages |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            packages.add(node.module.partition(".")[0])
    return packages


def async_functions(source: str) -> list[int]:
    """Lines where an asynchronous function begins."""
    return [node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.AsyncFunctionDef)]
