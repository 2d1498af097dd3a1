"""Gift codes: offered from a file, bought for customers, told once somebody asks, replaced; secrets stay masked."""

from typing import Any

import pytest
from sqlalchemy import func, select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.ecodes.models import ECode
from comptoir.domain.banking.ecodes.offering import offer_ecodes, sample_offer
from comptoir.domain.banking.ecodes.queries import (
    ECodeRow,
    get_ecode_product,
    list_ecode_products,
    list_ecodes,
)
from comptoir.domain.events.models import Event
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.accounts.people import become
from tests.domain.banking.clearing.bank import Bank, open_bank
from tests.domain.banking.transfers.given import account

HOSTILE = "<img src=x onerror=alert(1)>"
OFFER = """
[[products]]
code = "BAD-<img src=x onerror=alert(1)>"
names = { en-GB = "<b>Tea</b>" }
minimum = "2.00"
maximum = "3.00"

[[products.documents]]
type = "TermsAndConditions"
culture = "en-GB"
html = "<script>alert(1)</script>"
"""


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    """A bank with 1,000.00 on an account, which sells the sample's gift codes."""
    bank = open_bank(shop)
    shop.write(lambda tx: offer_ecodes(tx, sample_offer()))
    return bank


def money(bank: Bank) -> str:
    return f"/bank/customers/{bank.customer_id}/money"


def bought(bank: Bank) -> list[ECodeRow]:
    return bank.shop.read(lambda tx: list_ecodes(tx, bank.customer_id))


def events(bank: Bank, kind: str) -> list[tuple[Any, ...]]:
    query = select(Event.actor, Event.dialect).where(Event.kind == kind)
    return [tuple(row) for row in bank.shop.read(lambda tx: tx.all(query))]


def buy(bank: Bank, visitor: Visitor, **values: Any) -> int:
    """One that is bought; its number."""
    asked = {"product_id": "1", "amount_minor": "20", "from_account_id": str(bank.account_id), **values}
    answer = visitor.fill(money(bank), "/gift-code", **asked)
    assert answer.status == 303, answer.problems
    return int(answer.location.rpartition("/")[2])


def test_one_is_bought_and_its_code_told_on_demand_alone(bank: Bank, visitor: Visitor) -> None:
    savings = bank.do(lambda tx: account(tx, bank.customer_id, name="Savings"))
    number = buy(bank, visitor, boost_account_id=str(savings))
    (one,) = bought(bank)
    assert (one.id, one.amount_minor, one.boost_minor, one.boost_account_id) == (number, 2000, 50, savings)
    assert bank.stands()[0] == 98_000
    assert bank.shop.read(lambda tx: get_account(tx, savings)).balance_minor == 50
    assert events(bank, "ecode.issued") == [("Ada", "console")]
    page = visitor.get(f"/bank/gift-codes/{number}")
    secrets = (one.code, one.access_code, one.challenge)
    listed = visitor.get("/bank/gift-codes")
    for paper in (page, listed, visitor.get(money(bank)), visitor.get("/bank/gift-codes?format=csv")):
        assert not any(secret in paper.text for secret in secrets)
    assert f"…{one.code[-4:]}" in page.main
    assert "20.00 USD" in page.main
    assert listed.rows[0][:2] == [one.order_number, "20.00 USD"]
    assert listed.rows[0][-1] == "SAMPLE-BOOKS"
    told = visitor.fill(page, "/tell")
    assert told.status == 200
    assert all(secret in told.main for secret in secrets)
    assert events(bank, "ecode.told") == [("Ada", "console")]
    kept = str(bank.shop.read(lambda tx: tx.all(select(*Event.__table__.columns))))
    assert not any(secret in kept for secret in secrets)


def test_a_form_that_is_sent_twice_buys_once(bank: Bank, visitor: Visitor) -> None:
    form = visitor.get(money(bank)).form("/gift-code")
    values = dict(form.form_values())
    values |= {"product_id": "1", "amount_minor": "20", "from_account_id": str(bank.account_id)}
    first, second = (visitor.post(form.action, values) for _ in range(2))
    assert first.location == second.location
    assert (len(bought(bank)), bank.stands()[0]) == (1, 98_000)


def test_what_cannot_be_bought_is_told_beside_its_field(bank: Bank, visitor: Visitor) -> None:
    right: dict[str, Any] = {"product_id": "1", "amount_minor": "20", "from_account_id": str(bank.account_id)}
    poor = bank.do(lambda tx: account(tx, bank.customer_id, 1_00, name="Poor"))
    for wrong, problem in (
        ({"amount_minor": "4.99"}, "must be from 5.00 USD to 250.00 USD"),
        ({"amount_minor": "250.01"}, "must be from 5.00 USD to 250.00 USD"),
        ({"amount_minor": "-5"}, "must be from 5.00 USD to 250.00 USD"),
        ({"amount_minor": "5.001"}, "has more decimals than USD"),
        ({"amount_minor": "<b>"}, "must be an amount such as 12.50"),
        ({"amount_minor": ""}, "must not be empty"),
        ({"product_id": "3"}, "must be one of the choices"),
        ({"from_account_id": "99"}, "must be one of the choices"),
        ({"from_account_id": str(poor)}, "is more than is available on the account"),
    ):
        answer = visitor.fill(money(bank), "/gift-code", **(right | wrong))
        assert answer.status == 422, wrong
        assert problem in answer.problems, (wrong, answer.problems)
    bank.do(lambda tx: become(tx, bank.customer_id, is_locked=True))
    assert visitor.fill(money(bank), "/gift-code", **right).status == 422
    assert bought(bank) == []
    assert bank.stands()[0] == 100_000


def test_one_that_was_lost_is_replaced_once(bank: Bank, visitor: Visitor) -> None:
    number = buy(bank, visitor)
    page = visitor.done(f"/bank/gift-codes/{number}", "/reissue")
    assert f"gift code {number}" in page.main
    old, new = bought(bank)
    assert (old.status, new.reissues_id) == ("Reissued", number)
    assert events(bank, "ecode.replaced") == [("Ada", "console")]
    assert bank.stands()[0] == 98_000
    gone = visitor.get(f"/bank/gift-codes/{number}")
    assert "worth nothing any more" in gone.main
    csrf = page.form("/sign-out").fields["csrf"]
    assert visitor.post(f"/console/bank/gift-codes/{number}/reissue", {"csrf": csrf}).status == 422
    other = buy(bank, visitor, product_id="2")
    assert "/reissue" not in visitor.get(f"/bank/gift-codes/{other}").text
    assert visitor.post(f"/console/bank/gift-codes/{other}/reissue", {"csrf": csrf}).status == 422
    assert len(bought(bank)) == 3
    assert visitor.get("/bank/gift-codes/4711").status == 404
    assert len(visitor.get("/bank/gift-codes?status=Reissued").rows) == 1
    assert len(visitor.get("/bank/gift-codes?product=2").rows) == 1


def test_other_gift_codes_are_sold_from_a_file(bank: Bank, visitor: Visitor) -> None:
    page = visitor.get("/bank/gift-codes/offer")
    assert [row[0] for row in page.rows] == ["SAMPLE-BOOKS", "SAMPLE-COFFEE"]
    files = {"offer": [("offer.toml", "application/toml", OFFER.encode())]}
    page = visitor.follow(visitor.fill(page, "/offer", files))
    (row,) = page.rows
    assert row[:5] == [f"BAD-{HOSTILE}", "<b>Tea</b>", "Ecode", "2.00 USD", "3.00 USD"]
    assert HOSTILE not in page.text
    assert not bank.shop.read(lambda tx: get_ecode_product(tx, 1)).is_active
    assert events(bank, "ecode_product.withdrawn")[-1] == ("Ada", "console")
    (product,) = bank.shop.read(list_ecode_products)
    one = visitor.get(f"/bank/gift-codes/offer/{product.id}")
    assert HOSTILE not in one.text
    terms = visitor.get(f"/bank/gift-codes/offer/{product.id}/terms/1").answer
    assert terms.text == "<script>alert(1)</script>"
    assert terms.headers["content-disposition"].startswith("attachment")
    assert "default-src" in terms.headers["content-security-policy"]
    assert visitor.get(f"/bank/gift-codes/offer/{product.id}/terms/2").status == 404
    assert visitor.get("/bank/gift-codes/offer/77").status == 404
    assert HOSTILE not in visitor.get(money(bank)).text
    again = visitor.done("/bank/gift-codes/offer", "/offer", sample="sample")
    assert [row[0] for row in again.rows] == ["SAMPLE-BOOKS", "SAMPLE-COFFEE"]


def test_a_file_that_cannot_be_read_changes_nothing(bank: Bank, visitor: Visitor) -> None:
    before = bank.shop.read(list_ecode_products)
    assert "must be chosen, or the sample" in visitor.fill("/bank/gift-codes/offer", "/offer").problems
    for content in (b"\xff\xfe", b"[[", b"products = 1", OFFER.replace("2.00", "9.00").encode(), b"\0"):
        files = {"offer": [("offer.toml", "application/toml", content)]}
        assert visitor.fill("/bank/gift-codes/offer", "/offer", files).status == 422, content
    assert bank.shop.read(list_ecode_products) == before


def test_a_program_without_them_sells_none(shop: OpenShop, home: ServedShop) -> None:
    bank = open_bank(shop, ('"ecodes",', ""))
    visitor = signed_in(home)
    shop.write(lambda tx: offer_ecodes(tx, sample_offer()))
    page = visitor.get(money(bank))
    assert "Gift codes" not in page.main
    values = {"product_id": 1, "amount_minor": "20", "from_account_id": bank.account_id}
    values["csrf"] = page.form("/sign-out").fields["csrf"]
    assert visitor.post(f"/console/bank/customers/{bank.customer_id}/gift-code", values).status == 422
    assert bought(bank) == []


def test_who_may_only_see_buys_and_learns_nothing(bank: Bank, visitor: Visitor, home: ServedShop) -> None:
    number = buy(bank, visitor)
    reader = signed_in(home, "read-only")
    page = reader.get(f"/bank/gift-codes/{number}")
    assert page.status == 200
    assert bought(bank)[0].code not in page.text
    csrf = page.form("/sign-out").fields["csrf"]
    for verb in (
        f"gift-codes/{number}/tell", f"gift-codes/{number}/reissue", "gift-codes/offer",
        f"customers/{bank.customer_id}/gift-code",
    ):  # fmt: skip
        assert reader.post(f"/console/bank/{verb}", {"csrf": csrf}).status == 403, verb
    assert bank.shop.read(lambda tx: tx.value(select(func.count()).select_from(ECode))) == 1
    assert events(bank, "ecode.told") == []
