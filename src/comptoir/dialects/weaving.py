"""Weaving a document's rows into one Python function, so that a page is dumped in a single pass."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Tree = dict[str, Any]


def weave(rows: Sequence[Any], places: Mapping[Any, int], linked: Sequence[Any]) -> Callable[..., list[Any]]:
    """The function `dump(rows, children, shop)` of a document.

    The source is made of our own constants only (wire names, column places, codec expressions); no value
    from outside ever becomes code.
    """
    scope: dict[str, Any] = {}
    tree: Tree = {}
    for number, row in enumerate(rows):
        if "r" not in getattr(row, "access", "r"):
            continue
        _put(tree, row.name, _expression(row, number, places, linked, scope))
    body = tree[""] if "" in tree else _literal(tree)
    children = "".join(f"    k{place} = children[{place}].get\n" for place in range(len(linked)))
    source = f"def dump(rows, children, s):\n{children}    return [{body} for r in rows]\n"
    exec(compile(source, "<document>", "exec"), scope)  # noqa: S102 - see above
    made: Callable[..., list[Any]] = scope["dump"]
    return made


def _expression(
    row: Any, number: int, places: Mapping[Any, int], linked: Sequence[Any], scope: dict[str, Any]
) -> str:
    if hasattr(row, "relation"):
        held = f"k{linked.index(row)}(r[{places[row.relation.key]}])"
        return f"({held} or [])" if row.is_many else held
    if hasattr(row, "function"):
        scope[f"f{number}"] = row.function
        values = "".join(f"r[{places[attribute]}], " for attribute in row.attributes)
        return f"f{number}({values}s)"
    text: str = row.codec.dump
    for name, value in row.codec.scope.items():
        text = text.replace(name, f"{name}_{number}")
        scope[f"{name}_{number}"] = value
    return text.replace("{v}", f"r[{places[row.attribute]}]")


def _put(tree: Tree, name: str, expression: str) -> None:
    *folders, leaf = name.split(".")
    for folder in folders:
        tree = tree.setdefault(folder, {})
    tree[leaf] = expression


def _literal(tree: Tree) -> str:
    parts = [
        f"{name!r}: {_literal(value) if isinstance(value, dict) else value}" for name, value in tree.items()
    ]
    return "{" + ", ".join(parts) + "}"
