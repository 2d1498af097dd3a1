"""A year of trade in small behind the whole console; whoever writes gets a copy of their own."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from comptoir.dialects.edge import ServedShop
from comptoir.domain.catalogue.brands import create_brand
from comptoir.domain.media.fetching import Fetcher, FetchRules
from comptoir.domain.media.store import DirectoryStore
from comptoir.domain.tasks.actions import ask_task
from comptoir.domain.webhooks.endpoints import create_endpoint
from comptoir.opening import flush
from tests.conftest import SECRET
from tests.console.whole.walking import Walk, walked
from tests.demo.conftest import DemoWorlds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from comptoir.domain.tx import Tx
    from tests.engines import Engines


def busy(tx: Tx) -> None:
    """What the year of trade leaves out: somebody who is told, long work, something undone."""
    create_endpoint(tx, kind="standard", url="https://hooks.example.com/in", description="The warehouse")
    create_brand(tx, name="Told")
    ask_task(tx, kind="export", title="Export brands", arguments={"kind": "brands", "form": "csv"})


class Trade:
    """Gives out served shops in which a year of trade has happened."""

    def __init__(self, worlds: DemoWorlds, folder: Path) -> None:
        self._worlds = worlds
        self._folder = folder

    def copy(self) -> ServedShop:
        """A shop of its own."""
        shop = self._worlds.copy("trade")
        # The shop tells what happens, as a served one does.
        shop.flush = flush
        shop.write(busy)
        return ServedShop(shop, SECRET, DirectoryStore(self._folder / "media"), Fetcher(FetchRules()))


@pytest.fixture(scope="session")
def trade(engine: str, engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trade]:
    """Where shops come from."""
    folder = tmp_path_factory.mktemp(f"trade-{engine}")
    worlds = DemoWorlds(engines, engine, folder)
    yield Trade(worlds, folder)
    worlds.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def walk(trade: Trade) -> Walk:
    """A walk through every page, as the owner: one address of each kind of page, and the shop they are in."""
    return walked(trade.copy())
