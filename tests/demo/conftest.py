"""A small demo world behind a wire, loaded once on each engine; whoever writes gets a copy of their own."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from comptoir.demo import load_demo, write_mirror
from comptoir.domain.events.actions import flush
from comptoir.domain.media.store import DirectoryStore
from comptoir.domain.shop import Shop
from comptoir.domain.tx import OpenShop
from tests.conftest import NOW, SECRET
from tests.dialects.conftest import LocalWire, Worlds, rename_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.engines import Engines

SCALE = 0.03


def sandbox(engines: Engines, engine: str, folder: Path) -> OpenShop:
    """A shop that may become the demo."""
    folder.mkdir(parents=True, exist_ok=True)
    shop = OpenShop("demo", engines.fresh(engine, folder), flush, system=lambda: NOW)
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True))
    return shop


class DemoWorlds(Worlds):
    """Knows one world, whatever it is called."""

    def _load(self, name: str) -> str:
        shop = sandbox(self._engines, self._engine, self._folder / f"template-{name}")
        media = DirectoryStore(self._folder / "media")
        load_demo(shop, secret=SECRET, media=media, scale=SCALE)
        return self._engines.freeze(shop.database)


@pytest.fixture(scope="session")
def running_demo(
    engine: str, engines: Engines, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[LocalWire, DemoWorlds]]:
    """The application before a demo shop, and the worlds that it takes them from."""
    folder = tmp_path_factory.mktemp(f"demo-{engine}")
    worlds = DemoWorlds(engines, engine, folder)
    another = worlds.copy("empty")
    another.name = "another"
    another.write(rename_key)
    write_mirror(folder / "mirror")
    yield LocalWire(worlds, folder, folder / "mirror", another), worlds
    worlds.close()
    engines.drop(another.database)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def wire(running_demo: tuple[LocalWire, DemoWorlds]) -> Iterator[LocalWire]:
    """A client of the demo shop."""
    wire, _ = running_demo
    wire.enter("empty")
    yield wire
    wire.leave()


@pytest.fixture
def demo(running_demo: tuple[LocalWire, DemoWorlds]) -> OpenShop:
    """The demo shop, to be read."""
    _, worlds = running_demo
    return worlds.enter("empty")
