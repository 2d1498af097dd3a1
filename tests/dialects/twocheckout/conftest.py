"""A running shop behind each case: a copy of its world, asked as an API user in any of the three formats."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest

from comptoir.domain.clock import Chance
from comptoir.domain.events.actions import flush
from comptoir.domain.identity.api_users import create_api_user
from comptoir.domain.identity.keys import create_key, revoke_key
from comptoir.domain.identity.models import Operator
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW, SECRET
from tests.dialects.conftest import LocalWire, Spoken, Worlds, close_doors, speaking
from tests.dialects.twocheckout.asking import COREDNA_KEY, USERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engines import Engines


class VendorWorlds(Worlds):
    """Worlds that are written in Python, by the domain's own verbs: `load` of the module of their name."""

    def _load(self, name: str) -> str:
        folder = self._folder / f"template-{name}"
        folder.mkdir()
        database = self._engines.fresh(self._engine, folder)
        shop = OpenShop(name, database, flush, system=lambda: NOW, chance=Chance(seed=1))
        shop.write(let_in)
        importlib.import_module(f"tests.dialects.twocheckout.worlds.{name}").load(shop)
        return self._engines.freeze(shop.database)


def let_in(tx: Tx) -> None:
    """What every world begins with: dollars, the API users, and a key of another dialect."""
    change_shop(tx, currency="USD")
    tx.insert(
        Operator, id=1, email="tom@example.com", name="Tom Jones", role="owner", password_hash="",
        is_active=True, created_at=tx.now,
    )  # fmt: skip
    for user in USERS.values():
        made = create_api_user(
            tx,
            operator_id=1,
            name=user.name,
            password=user.password,
            dialect="twocheckout",
            may_update=user.may_update,
            networks=user.networks,
            secret=SECRET,
        )
        if user.is_revoked:
            revoke_key(tx, key_id=made.id)
    create_key(
        tx, operator_id=1, name="till", dialect="coredna", scopes=["*"], secret=SECRET, key=COREDNA_KEY
    )


SPOKEN = Spoken(VendorWorlds, LocalWire, close_doors)


@pytest.fixture(scope="session")
def vendor_running(
    engine: str, engines: Engines, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalWire]:
    """The application, once for each engine."""
    with speaking(SPOKEN, engine, engines, tmp_path_factory.mktemp(f"vendor-worlds-{engine}")) as wire:
        yield wire


@pytest.fixture
def wire(vendor_running: LocalWire) -> Iterator[LocalWire]:
    """A client of one running shop."""
    yield vendor_running
    vendor_running.leave()


@pytest.fixture
def world(vendor_running: LocalWire) -> Any:
    """Puts the shop behind the wire into a named state."""

    def enter(name: str) -> None:
        vendor_running.leave()
        vendor_running.enter(name)

    return enter


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Ask in every format on SQLite and in one on PostgreSQL: how an answer is written is no affair of the engine's."""
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        params = (
            item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        )
        is_said_before = params.get("form", "json") != "json" or item.name.startswith(
            "test_what_is_read_by_get"
        )
        (left if params.get("engine") == "postgres" and is_said_before else kept).append(item)
    if left and config.getoption("--engine") == "both":
        config.hook.pytest_deselected(items=left)
        items[:] = kept
