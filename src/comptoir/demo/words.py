"""The words that the year of trade is made of, as they stand in `words.toml`."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words() -> dict[str, Any]:
    """All of them."""
    return tomllib.loads(files("comptoir.demo").joinpath("words.toml").read_text(encoding="utf-8"))
