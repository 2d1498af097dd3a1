"""The published facts of the Core dna API that tests are generated from, as they stand beside the cases."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from tests.dialects.wire import Answer, Wire

FOLDER = Path(__file__).parent / "coredna"


@cache
def facts(name: str) -> Any:
    """What a file of facts holds."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def routes() -> list[dict[str, Any]]:
    """Every documented route, in the order of the reference."""
    listed: list[dict[str, Any]] = facts("routes")["coredna_routes"]
    return listed


def documented_requests() -> list[dict[str, Any]]:
    """Every printed request with its documented answer."""
    listed: list[dict[str, Any]] = facts("documented_requests")
    return listed


def request_of(route: str) -> dict[str, Any]:
    """The first printed request of a route."""
    return next(each for each in documented_requests() if each["route"] == route)


def send(wire: Wire, request: dict[str, Any], *, path: str | None = None, **more: Any) -> Answer:
    """Sends a printed request as curl would, or the same to another path."""
    parts = [(str(name), str(text)) for name, text in request.get("body", {}).items()]
    return wire.request(request["method"], path or request["path"], multipart=parts or None, **more)


def path_values(template: str, path: str) -> dict[str, str]:
    """What a concrete path says for the names of its template."""
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/?]+)", template)
    found = re.fullmatch(pattern + r"(\?.*)?", path)
    assert found, (template, path)
    return {name: value for name, value in found.groupdict().items() if value is not None}


def path_at(template: str, values: dict[str, str], like: str = "") -> str:
    """The template with its names filled in, and the query string of another path."""
    return template.format(**values) + "".join(like.partition("?")[1:])
