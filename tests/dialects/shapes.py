"""Compares an answer's data with the documented shape: its keys in order, and how each value is written."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_TEXTS = {
    "text": r"(?s).*",
    "id": r"\d+",
    "whole": r"-?\d+",
    "2dp": r"-?\d+\.\d{2}",
    "4dp": r"-?\d+\.\d{4}",
    "moment": r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}",
    "date": r"\d{4}-\d{2}-\d{2}",
    "flag-text": r"true|false",
    "switch": r"(on)?",
    "on-off": r"on|off",
}
_OTHERS: dict[str, type] = {"number": int, "flag": bool, "map": dict}
_NOTHINGS: dict[str, Any] = {"empty": "", "null": None, "blank": {}}


@cache
def shapes(dialect: str) -> dict[str, Any]:
    """The documented shapes of a dialect, by name."""
    text = (Path(__file__).parent / dialect / "shapes.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def faults_of_shape(value: object, shape: Any, known: dict[str, Any], where: str = "data") -> list[str]:
    """Everything in which the value departs from the shape; empty when nothing does."""
    if isinstance(shape, list):
        return _faults_of_list(value, shape[0], known, where)
    if isinstance(shape, dict):
        return _faults_of_object(value, shape, known, where)
    if shape is True:
        return [] if value is True else [f"{where}: {value!r} is not true"]
    name, _, nothing = shape.partition("-or-")
    if nothing and value == _NOTHINGS[nothing] and type(value) is type(_NOTHINGS[nothing]):
        return []
    if name in known:
        return faults_of_shape(value, known[name], known, where)
    return [] if _is_written_as(value, name) else [f"{where}: {value!r} is not written as {name}"]


def _is_written_as(value: object, kind: str) -> bool:
    if kind in _OTHERS:
        return type(value) is _OTHERS[kind]
    return isinstance(value, str) and re.fullmatch(_TEXTS[kind], value) is not None


def _faults_of_list(value: object, item: Any, known: dict[str, Any], where: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{where}: {value!r} is not a list"]
    return [
        fault for n, each in enumerate(value) for fault in faults_of_shape(each, item, known, f"{where}.{n}")
    ]


def _faults_of_object(value: object, shape: dict[str, Any], known: dict[str, Any], where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is not an object"]
    if "by" in shape:
        choice = value.get(shape["by"])
        if choice not in shape:
            return [f"{where}.{shape['by']}: {choice!r} is none of {sorted(set(shape) - {'by'})}"]
        return faults_of_shape(value, shape[choice], known, where)
    faults = [] if list(value) == list(shape) else [f"{where}: keys are {list(value)}, not {list(shape)}"]
    for key in shape.keys() & value.keys():
        faults += faults_of_shape(value[key], shape[key], known, f"{where}.{key}")
    return faults
