"""ACH entries by class: foreseen, sent to and taken from another bank, and what is refused of them."""

from typing import Any

import pytest
from sqlalchemy import select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.beside import MovementRow, get_movement
from comptoir.domain.banking.program.errors import NotEnabled
from comptoir.domain.banking.transfers.originating import Entry, originate
from comptoir.domain.banking.transfers.rules import TransferOrder
from comptoir.domain.events.models import Event
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Paper, Visitor, signed_in
from tests.domain.banking.clearing.bank import Bank, open_bank
from tests.domain.banking.transfers.given import account

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    """A sandbox with 1,000.00 on an account, and an account at another bank."""
    return open_bank(shop)


def send(bank: Bank, visitor: Visitor, **values: Any) -> Paper:
    """Fill the form for an entry that pays 12.50 to the other bank, with what is said otherwise."""
    path = f"/bank/transfers/new?customer={bank.customer_id}"
    entry: dict[str, Any] = {
        "from_id": str(bank.account_id), "to_id": str(bank.external_id), "amount_minor": "12.50", "how": "entry",
    }  # fmt: skip
    return visitor.fill(path, f"customer={bank.customer_id}", **(entry | values))


def made(bank: Bank, answer: Paper) -> MovementRow:
    assert answer.status == 303, answer.problems
    number = int(answer.location.rpartition("/")[2])
    return bank.shop.read(lambda tx: get_movement(tx, number))


def test_an_entry_is_sent_with_its_class(bank: Bank, visitor: Visitor) -> None:
    answer = send(
        bank, visitor, entry_class="WEB", receiver_type="Savings", effective_entry_date="2026-03-06", is_reversal="1",
        description=HOSTILE,
    )  # fmt: skip
    row = made(bank, answer)
    assert (row.from_id, row.to_id, row.amount_minor) == (bank.account_id, bank.external_id, 1250)
    assert row.details["ach"] == {
        "direction": "Credit", "entry_class": "WEB", "is_reversal": True, "receiver_type": "Savings",
    }  # fmt: skip
    assert str(row.settles_on) == "2026-03-06"
    page = visitor.get(answer.location)
    assert "WEB: agreed on over the internet" in page.main
    assert "Takes an earlier entry backyes" in page.main
    assert HOSTILE not in page.text
    told = select(Event.actor, Event.dialect).order_by(Event.seq.desc()).limit(1)
    assert bank.shop.read(lambda tx: tx.all(told)) == [("Ada", "console")]
    bank.run()
    bank.later(days=3)
    bank.run()
    assert [entry.amount_minor for entry in bank.entries()] == [1250]


def test_an_entry_takes_from_the_other_bank(bank: Bank, visitor: Visitor) -> None:
    row = made(bank, send(bank, visitor, from_id=str(bank.external_id), to_id=str(bank.account_id)))
    assert (row.from_id, row.to_id) == (bank.external_id, bank.account_id)
    assert (row.details["ach"]["direction"], row.details["ach"]["entry_class"]) == ("Debit", "PPD")


def test_an_entry_is_foreseen_and_nothing_moves(bank: Bank, visitor: Visitor) -> None:
    before = len(visitor.get("/bank/transfers").rows)
    seen = send(bank, visitor, entry_class="CCD", preview="1")
    assert seen.status == 200
    assert "12.50 USD" in seen.main
    assert bank.stands() == (100_000, 100_000, 0)
    assert len(visitor.get("/bank/transfers").rows) == before


def test_what_is_no_entry_is_refused_beside_its_field(bank: Bank, visitor: Visitor) -> None:
    before = len(visitor.get("/bank/transfers").rows)
    savings = str(bank.do(lambda tx: account(tx, bank.customer_id, name="Savings")))
    for wrong, problem in (
        ({"effective_entry_date": "2026-03-07"}, "must be a day to come on which banks are open"),
        ({"effective_entry_date": "2026-03-03"}, "must be a day to come on which banks are open"),
        ({"effective_entry_date": "soon"}, "must be a day such as 2026-01-31"),
        ({"entry_class": "XYZ"}, "must be one of the choices"),
        ({"receiver_type": "Sock"}, "must be one of the choices"),
        ({"to_id": savings}, "and where it comes from must be one account here and one at another bank"),
        ({"requesting_customer_id": "x"}, "must be a whole number"),
    ):
        values: dict[str, Any] = dict(wrong)
        for more in ({}, {"preview": "1"}):
            answer = send(bank, visitor, **values, **more)
            assert answer.status == 422, wrong
            assert problem in answer.problems, (wrong, answer.problems)
    assert send(bank, visitor, amount_minor="5000").status == 422
    stranger = send(bank, visitor, requesting_customer_id="4711")
    assert stranger.status in {404, 422}
    assert bank.stands() == (100_000, 100_000, 0)
    assert len(visitor.get("/bank/transfers").rows) == before


def test_a_program_without_entries_and_wires_offers_neither(shop: OpenShop, home: ServedShop) -> None:
    bank = open_bank(shop, ('"ach_origination",', ""), (', "wires"', ""))
    visitor = signed_in(home)
    page = visitor.get(f"/bank/transfers/new?customer={bank.customer_id}")
    offered = page.form(f"customer={bank.customer_id}").inputs["how"].value_options
    assert offered == ["ordinary", "same day"]
    for how in ("entry", "wire"):
        answer = send(bank, visitor, how=how)
        assert "must be one of the choices" in answer.problems
    order = TransferOrder(bank.customer_id, bank.account_id, bank.external_id, 100)
    with pytest.raises(NotEnabled):
        bank.do(lambda tx: originate(tx, order=order, entry=Entry("Credit")))
    assert bank.stands() == (100_000, 100_000, 0)


def test_who_may_only_see_sends_none(bank: Bank, home: ServedShop) -> None:
    reader = signed_in(home, "read-only")
    csrf = reader.get("/bank").form("/sign-out").fields["csrf"]
    values = {"csrf": csrf, "how": "entry", "from_id": bank.account_id, "to_id": bank.external_id}
    assert reader.post(f"/console/bank/transfers/new?customer={bank.customer_id}", values).status == 403
