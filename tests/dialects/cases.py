"""Reads case files: requests, and what each must be answered, transcribed from a published reference.

A case is one table. It opens with what it shows (`name`, `route`, `world`), asks one thing (`ask` and the
body), and says what must come back (`status`, `data`, ...). `before` and `after` hold further exchanges of
the same form: what led there, and what is true afterwards.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_ASKING = {
    "ask",
    "headers",
    "accept",
    "key",
    "auth",
    "form",
    "multipart",
    "json",
    "raw",
    "raw_bytes",
    "content_type",
}
_ANSWERING = {
    "status", "reason", "error_contains", "data", "data_exact", "data_not", "absent",
    "ids", "first_ids",
    "length", "shape",
    "matches", "xml", "xml_contains", "answer_headers", "allow", "body_empty", "save",
}  # fmt: skip
_CASE = {"name", "route", "world", "why", "each", "before", "after"} | _ASKING | _ANSWERING

_REPEATED = re.compile(r"\{([^{}*]+)\*(\d+)\}")


class BadCaseError(ValueError):
    """A case file that cannot be meant as it stands."""


@dataclass(frozen=True)
class Case:
    """One case, with the values of its `each` row filled in."""

    label: str
    route: str
    world: str
    before: list[dict[str, Any]]
    exchange: dict[str, Any]
    after: list[dict[str, Any]]


def fill(value: Any, names: Mapping[str, Any]) -> Any:
    """The value with `{name}` replaced; a text that is nothing but `{name}` becomes the thing itself."""
    if isinstance(value, dict):
        return {fill(key, names): fill(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [fill(each, names) for each in value]
    if not isinstance(value, str):
        return value
    for name, meant in names.items():
        if value == f"{{{name}}}":
            return meant
        if isinstance(meant, str | int):
            value = value.replace(f"{{{name}}}", str(meant))
    return value


def unrolled(text: str) -> str:
    """The text with `{x*3}` written out as `xxx`; a `#` in what is repeated becomes its number."""

    def written_out(match: re.Match[str]) -> str:
        part, times = match.group(1), int(match.group(2))
        return "".join(part.replace("#", str(n)) for n in range(times)) if "#" in part else part * times

    return _REPEATED.sub(written_out, text)


def _check(table: Mapping[str, Any], allowed: set[str], label: str) -> None:
    if unknown := table.keys() - allowed:
        msg = f"{label}: unknown keys {sorted(unknown)}"
        raise BadCaseError(msg)
    if "ask" not in table:
        msg = f"{label}: asks nothing"
        raise BadCaseError(msg)


def _cases_of(table: dict[str, Any], stem: str, own: frozenset[str], world: str) -> Iterator[Case]:
    label = f"{stem}::{table['name']}"
    _check(table, _CASE | own, label)
    said = _ASKING | _ANSWERING | own
    for exchange in itertools.chain(table.get("before", []), table.get("after", [])):
        _check(exchange, said, label)
    if "status" not in table:
        msg = f"{label}: says no status"
        raise BadCaseError(msg)
    rows = table.get("each", [{}])
    for row in rows:
        told = ", ".join(str(each)[:90] for each in row.values())
        yield Case(
            label=f"{label} [{told}]" if row else label,
            route=fill(table["route"], row),
            world=table.get("world", world),
            before=fill(table.get("before", []), row),
            exchange=fill({key: table[key] for key in table.keys() & said}, row),
            after=fill(table.get("after", []), row),
        )


def read_cases(folder: Path, *, own: frozenset[str] = frozenset(), world: str = "documented") -> list[Case]:
    """All cases of a folder, in the order of files and of lines; `own` are words that only its dialect has."""
    cases: list[Case] = []
    for file in sorted(folder.glob("*.toml")):
        for table in tomllib.loads(file.read_text(encoding="utf-8"))["case"]:
            cases += _cases_of(table, file.stem, own, world)
    labels = [case.label for case in cases]
    if doubles := {label for label in labels if labels.count(label) > 1}:
        msg = f"told twice: {sorted(doubles)}"
        raise BadCaseError(msg)
    return cases
