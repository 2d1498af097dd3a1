"""Anything is found by what one has of it, by those who may see it, and never by looking at every row."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, func, literal, select

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.customers.actions import register_customer
from comptoir.domain.events.actions import flush
from comptoir.domain.finding.places import Found
from comptoir.domain.finding.queries import KINDS, PLACES, find
from comptoir.domain.finding.terms import terms_of
from comptoir.domain.identity.permissions import ROLES, permissions_of
from comptoir.domain.ledger.models import Transfer
from comptoir.domain.money import Money
from comptoir.domain.orders.placing import place_order
from comptoir.domain.payments.models import Chargeback, PaymentTransaction
from comptoir.domain.tx import Actor, OpenShop, Tx
from comptoir.storage.sqlite import SqliteDatabase
from tests.domain.banking.clearing.bank import Bank, open_bank
from tests.domain.orders.given import a_line, a_sale
from tests.domain.payouts.given import a_deposit, dispute, refund
from tests.domain.subscriptions.given import sold

IDENTIFIER = select(PaymentTransaction.identifier).where(PaymentTransaction.identifier != literal(""))
DISPUTED = select(Chargeback.identifier)
NEWEST = select(func.max(Transfer.id))
NUMBER = select(BankAccount.account_number).where(BankAccount.account_id == bindparam("account_id"))


def ids(tx: Tx, text: str, kind: str) -> list[int]:
    return [one.id for one in find(tx, text).get(kind, [])]


@pytest.fixture
def many(tx: Tx) -> Tx:
    """Numbers that no other kind of thing has, so that a number finds what is meant."""
    for place, kind in enumerate(
        ("order", "product", "variant", "customer", "payment", "refund", "account"), 1
    ):
        tx.ids.reach(kind, place * 1_000)
    return tx


def test_an_order_is_found_by_whatever_one_has(many: Tx) -> None:
    tx = many
    order_id = place_order(
        tx,
        lines=[a_line("12.50")],
        number="A-77",
        billing_name="Lovelace, Ada",
        billing_email="ada@engine.example",
    )
    place_order(tx, lines=[a_line("99")], billing_name="Somebody else")
    for text in (str(order_id), f"#{order_id}", f"order {order_id}", " A-77 ", "12.50", "AUD 12.5", "$12.50"):
        assert ids(tx, text, "order") == [order_id], text
    for text in ("lovelace", "ENGINE.example", "lace, A", "ada@"):
        assert ids(tx, text, "order") == [order_id], text
    for text in ("a-7", "12.51", "12.50 EUR", "xx", "999999"):
        assert ids(tx, text, "order") == [], text


def test_the_newest_come_first_and_no_more_than_asked_for(tx: Tx) -> None:
    orders = [place_order(tx, lines=[a_line("5.55")], billing_name="Ada") for _ in range(7)]
    assert ids(tx, "ada", "order") == ids(tx, "5.55", "order") == orders[:1:-1]
    assert len(find(tx, "ada", limit=50)["order"]) == 7
    assert set(find(tx, "ada", kind="order")) == {"order"}


def test_an_amount_is_told_with_its_currency(tx: Tx) -> None:
    place_order(tx, lines=[a_line("700")], currency="JPY")
    (one,) = find(tx, "700 JPY")["order"]
    assert one.amount == Money(700, "JPY")
    assert find(tx, "700.00") == {}


def test_what_hangs_on_an_order_is_found(many: Tx) -> None:
    tx = many
    order_id = a_deposit(tx, 10_041)
    refund(tx, order_id, 1_234)
    dispute(tx, order_id, 500)
    assert ids(tx, str(order_id), "invoice") == [order_id]
    (given_back,) = find(tx, "12.34")["refund"]
    assert given_back.amount == Money(1_234, "AUD")
    assert ids(tx, tx.value(IDENTIFIER), "payment")
    (chargeback,) = find(tx, tx.value(DISPUTED))["chargeback"]
    assert (chargeback.about, chargeback.amount) == (("order", order_id), Money(500, "AUD"))


def test_a_sale_is_found_by_the_vendor_s_numbers(many: Tx) -> None:
    sale = a_sale(many)
    assert ids(many, str(sale.line_ids[0]), "order_line") == [sale.line_ids[0]]
    recurring = sold(many)
    assert ids(many, str(recurring.sale_id), "enrolment") == [recurring.enrolment_id]


def test_goods_are_found_by_code_and_by_part_of_their_name(many: Tx) -> None:
    product = create_product(many, name="Brass Étagère", code="ET-1")
    for text in (str(product), "et-1", "ÉTAGÈRE", "brass"):
        assert ids(many, text, "product") == [product], text


def test_people_are_found_by_either_name_or_both(many: Tx) -> None:
    ada = register_customer(many, username="ada1", first_name="Ada", last_name="Byron", email="A@Example.com")
    bob = register_customer(
        many, username="bob", first_name="Bob", last_name="Byron", email="bob@other.example"
    )
    assert ids(many, "ada byron", "customer") == ids(many, "a@example.COM", "customer") == [ada]
    assert ids(many, "Ada1", "customer") == [ada]
    assert ids(many, "byron", "customer") == [bob, ada]


def test_the_books_are_found_by_code_and_number(many: Tx) -> None:
    place_order(many, lines=[a_line("5")])
    (transfer,) = find(many, str(many.value(NEWEST)))["transfer"]
    assert (transfer.kind, transfer.detail.partition(" · ")[0]) == ("transfer", "sale")
    assert [one.title for one in find(many, "receivable")["account"]] == ["receivable (AUD)"]


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    return open_bank(shop)


def test_the_bank_is_found_by_tag_number_and_amount(bank: Bank) -> None:
    moved = bank.pull(4_321, tag="rent-march")
    number = bank.shop.read(lambda tx: tx.value(NUMBER, account_id=bank.account_id))

    def look(tx: Tx) -> None:
        assert moved in ids(tx, "rent-march", "bank_transfer")
        assert moved in ids(tx, "43.21", "bank_transfer")
        assert moved in ids(tx, f"43.21 {tx.shop.currency}", "bank_transfer")
        assert moved not in ids(tx, "43.21 EUR", "bank_transfer")
        assert bank.account_id in ids(tx, number, "bank_account")
        assert bank.account_id in ids(tx, number[-4:], "bank_account")
        assert bank.customer_id in ids(tx, str(bank.customer_id), "bank_customer")
        assert bank.external_id in ids(tx, str(bank.external_id), "external_account")

    bank.shop.read(look)


def test_what_happened_is_found_by_its_kind_and_number(tx: Tx) -> None:
    place_order(tx, lines=[a_line("5")])
    flush(tx)
    (event,) = find(tx, "order.placed")["event"]
    assert ids(tx, str(event.id), "event") == [event.id]


@pytest.mark.parametrize("role", ROLES)
def test_nobody_finds_what_they_may_not_see(tx: Tx, role: str) -> None:
    place_order(tx, lines=[a_line("5")])
    tx.actor = Actor(name="ada", dialect="console", scopes=permissions_of(role))
    for number in range(1, 12):
        for kind in find(tx, str(number)):
            area = next(place.area for place in PLACES if place.kind == kind)
            assert f"{area}:see" in tx.actor.scopes
    tx.actor = replace(tx.actor, scopes=frozenset())
    assert find(tx, "1") == {}


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "\ud800", "#", "9" * 400, "'; DROP TABLE orders; --", "%", "_", "\\"]
)
def test_a_strange_text_finds_nothing(tx: Tx, text: str) -> None:
    assert find(tx, text) == {}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.text(max_size=40), st.from_regex(r"[A-Z$#]{0,3} ?[0-9,.]{1,25} ?[A-Za-z]{0,3}")))
def test_no_text_is_too_strange(tx: Tx, text: str) -> None:
    for kind, found in find(tx, text).items():
        assert kind in KINDS
        assert all(isinstance(one, Found) for one in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.50", Money(1250, "AUD")),
        ("$1,234.5", Money(123450, "AUD")),
        ("12.50 eur", Money(1250, "EUR")),
        ("JPY 1,000", Money(1000, "JPY")),
        ("700.5 JPY", None),
        ("12.505", None),
        ("1250", None),
        ("12,50", None),
        ("EUR 5 USD", None),
        ("100000000000000.00", None),
    ],
)
def test_an_amount_has_cents_a_sign_or_a_currency(text: str, expected: Money | None) -> None:
    assert terms_of(text, "AUD").amount == expected


EVERYTHING = {
    "text": "x",
    "key": "x",
    "number": 1,
    "minor": 1,
    "e4": 1,
    "currency": "AUD",
    "last_four": "1234",
    "is_own": True,
}
# Tables that stay small in the largest shop.
SMALL = {"payout", "brand", "category", "coupon", "subscription"}


def test_no_way_looks_at_every_row(shop: OpenShop) -> None:
    if not isinstance(shop.database, SqliteDatabase):
        pytest.skip("the plan of an empty table says nothing on PostgreSQL")
    scans: list[str] = []

    def look(tx: Tx) -> None:
        seen: list[tuple[str, object]] = []
        execute: Callable[..., object] = tx.cursor.execute
        for place in PLACES:
            for binds, statement in place.statements:
                compiled = tx.statements.get(statement)
                bounds = {name: EVERYTHING[name] for name in binds} | {"limit": 5}
                seen.append((compiled.sql, compiled.bind(bounds)))
        for sql, values in seen:
            execute(f"EXPLAIN QUERY PLAN {sql}", values)
            for row in tx.cursor.fetchall():
                words = str(row[3]).split()
                if words[0] == "SCAN" and words[1] not in SMALL:
                    scans.append(f"{row[3]}: {sql}")

    shop.read(look)
    assert scans == []


def test_a_search_makes_no_statement_anew(tx: Tx) -> None:
    for text in ("lovelace", "ada lovelace"):
        find(tx, text)
    before = len(tx.statements._compiled)
    for text in ("byron", "lord byron"):
        find(tx, text)
    assert len(tx.statements._compiled) == before
