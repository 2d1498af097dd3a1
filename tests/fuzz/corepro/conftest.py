"""The bank of the CorePro dialect in which everything happens, once for each engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dialects.corepro.conftest import SPOKEN, bank_running, wire, world
from tests.fuzz.conftest import spoken_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engines import Engines
    from tests.fuzz.sides import Sides

__all__ = ["bank_running", "wire", "world"]


@pytest.fixture(scope="session")
def both(
    pytestconfig: pytest.Config, engines: Engines, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sides]:
    """The bank on each engine."""
    with spoken_to(SPOKEN, pytestconfig, engines, tmp_path_factory) as sides:
        yield sides
