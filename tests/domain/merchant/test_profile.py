from dataclasses import fields, replace
from typing import Any

import pytest

from comptoir.domain.errors import Invalid, Problems
from comptoir.domain.merchant.actions import MerchantChanges, found_merchant, rotate_keys, update_merchant
from comptoir.domain.merchant.amounts import fee_of, reserve_of
from comptoir.domain.merchant.models import Merchant
from comptoir.domain.merchant.queries import FIELDS, MerchantFacts, get_merchant
from comptoir.domain.tx import OpenShop, Tx


def test_a_shop_that_was_never_told_has_sensible_terms(tx: Tx) -> None:
    assert get_merchant(tx) == MerchantFacts("Test shop", url="http://127.0.0.1:8000")
    tx.shop = replace(tx.shop, is_sandbox=True)
    assert (get_merchant(tx).gateway, get_merchant(tx).demo) == ("sandbox", "P")


def test_every_column_can_be_read_and_changed() -> None:
    columns = {column.name for column in Merchant.__table__.columns} - {"id"}
    assert set(FIELDS) == columns == set(MerchantChanges.__annotations__)
    assert {field.name for field in fields(MerchantFacts)} == columns


def test_what_is_said_is_kept_and_told_without_secrets(tx: Tx) -> None:
    update_merchant(tx, vendor_id=1817037, secret_word="tango", fee_ppm=55_000)
    assert tx.changes[-1].kind == "merchant.changed"
    assert tx.changes[-1].before == {"vendor_id": 1, "secret_word": "(secret)", "fee_ppm": 0}
    update_merchant(tx, secret_word="wh1sky", private_key="hush", demo="Y")
    found = get_merchant(tx)
    assert (found.vendor_id, found.secret_word, found.private_key, found.demo) == (
        1817037, "wh1sky", "hush", "Y",
    )  # fmt: skip
    assert not any(word in repr(tx.changes) for word in ("tango", "wh1sky", "hush"))
    count = len(tx.changes)
    update_merchant(tx, demo="Y")
    assert len(tx.changes) == count


def test_secrets_are_sealed_in_the_database(shop: OpenShop, engine: str) -> None:
    shop.write(lambda tx: update_merchant(tx, secret_word="tango tango"))
    table = "SELECT secret_word FROM merchant"
    ((kept,),) = shop.database.read(lambda session: session.script(table))
    assert b"tango" not in bytes(kept)
    assert shop.read(get_merchant).secret_word == "tango tango"


def test_a_new_shop_gets_a_number_a_secret_word_and_keys(tx: Tx) -> None:
    made = found_merchant(tx)
    assert 100_000_000 <= made.vendor_id < 1_000_000_000
    assert len(made.secret_word) == 16
    assert made.publishable_key != made.private_key
    assert found_merchant(tx) == made
    keys = rotate_keys(tx)
    now = get_merchant(tx)
    assert (now.publishable_key, now.private_key) == keys
    assert now.private_key not in {made.private_key, now.publishable_key}
    assert now.secret_word == made.secret_word
    assert now.private_key not in repr(tx.changes)


@pytest.mark.parametrize(
    "change",
    [
        {"name": " "},
        {"vendor_id": 0},
        {"vendor_id": 2**62 + 1},
        {"demo": "X"},
        {"return_method": 3},
        {"service_email": "nobody"},
        {"mailing_country": "US"},
        {"gateway": "No Gateway"},
        {"return_url": "ftp://example.com"},
        {"fee_ppm": 1_000_001},
        {"reserve_days": -1},
        {"payout_weekday": 7},
        {"site_title": "a\0"},
    ],
)
def test_what_a_merchant_may_not_be(tx: Tx, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match=next(iter(change))):
        update_merchant(tx, **change)
    assert not tx.changes
    with pytest.raises(Problems):
        update_merchant(tx, **{**change, "secret_word": "x" * 256})


def test_a_fee_is_rounded_up_and_a_reserve_half_up() -> None:
    terms = MerchantFacts("x", fee_ppm=55_000, fee_fixed_minor=45, reserve_ppm=30_000)
    assert fee_of(terms, 10_041) == 598
    assert (fee_of(terms, 1), fee_of(terms, 0), fee_of(terms, -5)) == (46, 0, 0)
    assert (reserve_of(terms, 5_486_900), reserve_of(terms, 4_999_430)) == (164_607, 149_983)
