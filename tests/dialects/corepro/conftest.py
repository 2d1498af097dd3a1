"""A running bank behind each case: a copy of its world, asked with a key and a secret."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest

from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.plan import sample_plan
from comptoir.domain.clock import Chance
from comptoir.domain.events.actions import flush
from comptoir.domain.identity.api_users import create_api_user
from comptoir.domain.identity.keys import create_key, revoke_key
from comptoir.domain.identity.models import Operator
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.shop import Shop
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW, SECRET
from tests.dialects.conftest import Spoken, Worlds, close_doors, speaking
from tests.dialects.corepro.asking import COREDNA_KEY, USERS
from tests.dialects.corepro.wire import BankWire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engines import Engines

# What a world has unless its module says otherwise: the sample program of this name, or None for no program.
PROGRAM = "example1"


class BankWorlds(Worlds):
    """Worlds that are written in Python, by the domain's own verbs: `load` of the module of their name."""

    def _load(self, name: str) -> str:
        folder = self._folder / f"template-{name}"
        folder.mkdir()
        database = self._engines.fresh(self._engine, folder)
        shop = OpenShop(name, database, flush, system=lambda: NOW, chance=Chance(seed=1))
        world = importlib.import_module(f"tests.dialects.corepro.worlds.{name}")
        open_bank(shop, getattr(world, "PROGRAM", PROGRAM))
        world.load(shop)
        if not getattr(world, "SANDBOX", True):
            shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=False))
        return self._engines.freeze(shop.database)


def open_bank(shop: OpenShop, program: str | None = PROGRAM) -> None:
    """What every world begins with: a sandbox with dollars, keys, and a program."""
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True))
    shop.write(let_in)
    if program is not None:
        shop.write(lambda tx: found_program(tx, sample_plan(program)))


def let_in(tx: Tx) -> None:
    """Dollars, the keys with their secrets, and a key of another dialect."""
    change_shop(tx, currency="USD")
    tx.insert(
        Operator, id=1, email="tom@example.com", name="Tom Jones", role="owner", password_hash="",
        is_active=True, created_at=tx.now,
    )  # fmt: skip
    for user in USERS.values():
        made = create_api_user(
            tx,
            operator_id=1,
            name=user.key,
            password=user.secret,
            dialect="corepro",
            may_update=user.may_update,
            networks=user.networks,
            secret=SECRET,
        )
        if user.is_revoked:
            revoke_key(tx, key_id=made.id)
    create_key(
        tx, operator_id=1, name="till", dialect="coredna", scopes=["*"], secret=SECRET, key=COREDNA_KEY
    )


SPOKEN = Spoken(BankWorlds, BankWire, close_doors)


@pytest.fixture(scope="session")
def bank_running(
    engine: str, engines: Engines, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BankWire]:
    """The application, once for each engine."""
    with speaking(SPOKEN, engine, engines, tmp_path_factory.mktemp(f"bank-worlds-{engine}")) as wire:
        yield wire


@pytest.fixture
def wire(bank_running: BankWire) -> Iterator[BankWire]:
    """A client of one running bank."""
    yield bank_running
    bank_running.leave()


@pytest.fixture
def world(bank_running: BankWire) -> Any:
    """Puts the shop behind the wire into a named state."""

    def enter(name: str) -> None:
        bank_running.leave()
        bank_running.enter(name)

    return enter
