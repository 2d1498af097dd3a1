"""What the console says that a dialect answers is what the dialect answers, for everything in the demo shop."""

from __future__ import annotations

import re
import shlex
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from comptoir.console.ports import Way
from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.catalogue.models import Product
from comptoir.domain.coupons.models import Coupon
from comptoir.domain.customers.models import Customer
from comptoir.domain.errors import NotFound
from comptoir.domain.identity.permissions import SUPPORT, permissions_of
from comptoir.domain.ledger.models import Transfer
from comptoir.domain.orders.models import Order
from comptoir.domain.payouts.models import Payout
from comptoir.domain.refunds.models import Refund
from comptoir.domain.subscriptions.models import Enrolment
from comptoir.domain.tx import Actor
from comptoir.operations.three_asked import ASKED, TRANSACTIONS_MAX
from comptoir.operations.three_ways import FORMS, DialectsShown
from tests.dialects.conftest import LocalWire

if TYPE_CHECKING:
    from collections.abc import Sequence

BASE = "http://shop.example"
WHO = Actor("Ada", "console", 1, frozenset({"*"}))
# What differs between two requests for the same thing: their number, their id, and how long each took.
OWN = re.compile(rb'"transaction_id":\d+,"time":"\d+ms"|"requestId":"[^"]*"|<transaction_id>.*?</time>')
RECORDS: dict[str, Any] = {
    "order": Order.id,
    "refund": Refund.id,
    "customer": Customer.id,
    "transfer": Transfer.id,
    "payout": Payout.id,
    "product": Product.id,
    "coupon": Coupon.id,
    "enrolment": Enrolment.id,
    "bank_account": BankAccount.account_id,
    "external_account": ExternalAccount.id,
}
IN_ONE_DIALECT = {
    "payout": {"twocheckout", "corepro"},
    "coupon": {"twocheckout"},
    "product": {"coredna", "twocheckout"},
    "enrolment": {"coredna", "twocheckout"},
    "bank_account": {"corepro"},
    "external_account": {"corepro"},
}


def some(wire: LocalWire, kind: str, count: int = 12) -> Sequence[int]:
    """Ids of a kind, the first and some in between."""
    ids = [row[0] for row in wire.shop.read(lambda tx: tx.all(select(RECORDS[kind]).order_by(RECORDS[kind])))]
    return ids[:: max(1, len(ids) // count)]


def ways(wire: LocalWire, kind: str, key: int, form: str = "") -> Sequence[Way]:
    shown = DialectsShown()
    return wire.shop.read(
        lambda tx: shown.ways(wire._served, tx, kind, key, base=BASE, form=form), WHO
    )  # fmt: skip


def asked(wire: LocalWire, way: Way) -> Any:
    """The same request, pasted with a key."""
    names = {"$KEY": "youruniqueapikey", "$USER:$PASSWORD": "APIuser1817037:APIpass1817037"}
    words = shlex.split(way.curl)
    assert words[0] == "curl"
    assert words[-1] == f"{BASE}{way.address}"
    headers = {}
    for flag, said in zip(words[1:-1:2], words[2:-1:2], strict=True):
        if flag == "-u":
            pair = names.get(said, "example1:example1")
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            name, _, value = said.partition(": ")
            headers[name] = value.replace("$KEY", names["$KEY"])
    return wire.request(way.method, way.address, headers=headers)


@pytest.mark.parametrize("kind", sorted(ASKED))
def test_each_dialect_answers_what_is_shown(wire: LocalWire, kind: str) -> None:
    seen: set[str] = set()
    for key in some(wire, kind):
        for way in ways(wire, kind, key):
            if way.remark:
                continue
            answer = asked(wire, way)
            assert answer.status == way.status, way
            assert OWN.sub(b"", answer.body) == OWN.sub(b"", way.body.encode()), way.address
            assert answer.headers.get("Content-Type") == way.content_type
            if way.status == 200:
                seen.add(way.dialect)
    assert seen == IN_ONE_DIALECT.get(kind, {"coredna", "twocheckout", "corepro"})


@pytest.mark.parametrize("form", ["json", "xml", "xoxo"])
def test_the_format_is_chosen_where_a_dialect_has_it(wire: LocalWire, form: str) -> None:
    for way in ways(wire, "order", some(wire, "order")[-1], form):
        answer = asked(wire, way)
        assert OWN.sub(b"", answer.body) == OWN.sub(b"", way.body.encode())
        if form in FORMS[way.dialect]:
            wanted = "html" if form == "xoxo" else form
            assert wanted in way.content_type


def test_every_dialect_says_something_of_everything(wire: LocalWire) -> None:
    for kind in ASKED:
        for key in some(wire, kind, 40):
            found = ways(wire, kind, key)
            assert {way.dialect for way in found} == {"coredna", "twocheckout", "corepro"}, (kind, key)
            assert all(way.remark or way.body for way in found)
            asking = [way for way in found if way.dialect == "corepro" and not way.remark]
            assert len(asking) <= TRANSACTIONS_MAX


def test_secrets_stay_as_the_dialect_masks_them(wire: LocalWire) -> None:
    account_id = some(wire, "bank_account")[-1]
    number = wire.shop.read(
        lambda tx: tx.value(select(BankAccount.account_number).where(BankAccount.account_id == account_id))
    )
    told = "".join(way.body for way in ways(wire, "bank_account", account_id))
    real = asked(wire, ways(wire, "bank_account", account_id)[2]).body.decode()
    assert (number in told) == (number in real)


@pytest.mark.parametrize("kind", sorted(ASKED))
def test_what_is_not_there_is_refused(wire: LocalWire, kind: str) -> None:
    with pytest.raises(NotFound):
        ways(wire, kind, 987_654_321)


def test_a_role_sees_no_more_than_it_may(wire: LocalWire) -> None:
    support = Actor("Sue", "console", 2, permissions_of(SUPPORT))
    key = some(wire, "order")[-1]
    shown = DialectsShown()
    found = wire.shop.read(lambda tx: shown.ways(wire._served, tx, "order", key, base=BASE), support)
    assert {way.dialect for way in found if way.body} == {"coredna", "twocheckout"}
    remarks = {way.remark for way in found if way.dialect == "corepro"}
    assert len(remarks) == 1
    assert remarks <= {"Your role may not see bank.", "There is no transaction of the order."}


def test_an_unknown_kind_is_refused(wire: LocalWire) -> None:
    with pytest.raises(NotFound):
        ways(wire, "spoon", 1)


def test_a_hostile_host_stays_one_word_of_the_line(wire: LocalWire) -> None:
    shown = DialectsShown()
    hostile = "http://x'; rm -rf ~ #"
    found = wire.shop.read(lambda tx: shown.ways(wire._served, tx, "order", 46, base=hostile), WHO)
    for way in found:
        if not way.remark:
            assert shlex.split(way.curl)[-1] == f"{hostile}{way.address}"
