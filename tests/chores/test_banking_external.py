"""The clock ends verifications and the keeping of documents, and the sweep leaves alone what is kept."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from comptoir.chores.banking_external import retention, verifications
from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.customers.models import BankCustomer
from comptoir.domain.banking.documents.contents import Contents
from comptoir.domain.banking.documents.filing import file_document
from comptoir.domain.banking.external import verifying
from comptoir.domain.banking.external.models import EXPIRED
from comptoir.domain.banking.external.opening import initiate_external_account
from comptoir.domain.banking.external.queries import list_external_accounts
from comptoir.domain.identity.shopkeeping import advance_clock
from comptoir.domain.media.fetching import Fetcher, FetchRules
from comptoir.domain.media.store import DirectoryStore
from comptoir.domain.shop import Shop
from comptoir.worker import SWEEPS_OF_GRACE, MediaSweep
from tests.conftest import SECRET
from tests.domain.banking.external.given import DETAILS
from tests.domain.banking.transfers.given import found, person

if TYPE_CHECKING:
    from pathlib import Path

    from comptoir.domain.tx import OpenShop

PAGE = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def home(shop: OpenShop, tmp_path: Path) -> ServedShop:
    shop.write(found)
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True, version=9))
    return ServedShop(shop, SECRET, DirectoryStore(tmp_path / "media"), Fetcher(FetchRules()))


def pass_days(home: ServedShop, count: int) -> None:
    home.shop.write(lambda tx: advance_clock(tx, by=timedelta(days=count)))


def test_all_verifications_end_however_many_there_are(home: ServedShop) -> None:
    customer_id = home.shop.write(person)
    for number in range(5):
        details = DETAILS._replace(tag=f"t{number}")
        home.shop.write(partial(initiate_external_account, customer_id=customer_id, details=details))
    assert verifications(home) == 0
    pass_days(home, 31)
    assert verifications(home) == 5
    rows = home.shop.read(lambda tx: list_external_accounts(tx, customer_id))
    assert {row.status for row in rows} == {EXPIRED}
    assert len(rows) < verifying.EXPIRE_MAX


def test_a_document_stays_in_the_store_until_it_need_not_be_kept(home: ServedShop) -> None:
    customer_id = home.shop.write(person)
    stored = Contents(home.media, home.secret).put(PAGE)
    stray = home.media.put(b"nobody's")
    home.shop.write(
        lambda tx: file_document(tx, customer_id=customer_id, document_type="UtilityBill", file=stored)
    )
    sweep = MediaSweep()
    assert sum(sweep(home) for _ in range(SWEEPS_OF_GRACE + 2)) == 1
    assert list(home.media.digests()) == [stored.digest]
    assert stray != stored.digest
    home.shop.write(lambda tx: tx.update(BankCustomer, customer_id, status="Archived"))
    assert retention(home) == 0
    pass_days(home, 1827)
    assert retention(home) == 1
    assert sum(sweep(home) for _ in range(SWEEPS_OF_GRACE + 2)) == 1
    assert list(home.media.digests()) == []
