from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.domain.tx import OpenShop
from tests.chores.world import World
from tests.domain.webhooks.given import Listener


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    listening.stop()


@pytest.fixture
def world(shop: OpenShop, tmp_path: Path, listener: Listener) -> World:
    return World(shop, tmp_path, listener)
