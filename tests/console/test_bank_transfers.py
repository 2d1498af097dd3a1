"""Transfers at the bank: foreseen, made, undone, delayed, returned, sent in files; each refusal beside its field."""

from typing import Any

import pytest
from sqlalchemy import func, select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.beside import MovementRow, get_movement
from comptoir.domain.banking.clearing.keeping import list_files
from comptoir.domain.ledger.books import check_books
from comptoir.domain.ledger.models import Transfer
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Paper, Visitor, signed_in
from tests.domain.banking.clearing.bank import Bank, open_bank
from tests.domain.banking.transfers.given import account, person

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    """A sandbox with 1,000.00 on an account, and an account at another bank."""
    return open_bank(shop)


def form(bank: Bank, visitor: Visitor, **values: Any) -> Paper:
    """Fill the form for a new transfer."""
    path = f"/bank/transfers/new?customer={bank.customer_id}"
    return visitor.fill(path, f"customer={bank.customer_id}", **{"from_id": str(bank.account_id), **values})


def count(bank: Bank) -> int:
    return int(bank.shop.read(lambda tx: tx.value(select(func.count()).select_from(Transfer))))


def movement(bank: Bank, transfer_id: int) -> MovementRow:
    return bank.shop.read(lambda tx: get_movement(tx, transfer_id))


def made(bank: Bank, visitor: Visitor, **values: Any) -> int:
    """A transfer that is made; its number."""
    answer = form(bank, visitor, **values)
    assert answer.status == 303, answer.problems
    return int(answer.location.rpartition("/")[2])


def test_the_way_to_a_transfer_begins_with_the_customer(bank: Bank, visitor: Visitor) -> None:
    page = visitor.get("/bank/transfers/new")
    assert page.tree.xpath("//input[@name='customer']")
    assert visitor.get("/bank/transfers/new?customer=999").status == 404
    for wrong in ("abc", "%00", "9" * 30):
        assert visitor.get(f"/bank/transfers/new?customer={wrong}").status == 200, wrong


def test_what_would_come_of_a_transfer_is_shown_and_nothing_is_moved(bank: Bank, visitor: Visitor) -> None:
    savings = bank.do(lambda tx: account(tx, bank.customer_id, name="Savings"))
    before = count(bank)
    seen = form(bank, visitor, to_id=str(savings), amount_minor="12.50", preview="1")
    assert seen.status == 200
    assert [row[3:] for row in seen.rows] == [
        ["\N{MINUS SIGN}12.50 USD", "987.50 USD", "987.50 USD"],
        ["12.50 USD", "12.50 USD", "12.50 USD"],
    ]
    assert count(bank) == before
    assert bank.stands() == (100_000, 100_000, 0)
    page = visitor.done(seen, f"customer={bank.customer_id}")
    assert "The transfer was made." in page.main
    assert bank.stands() == (98_750, 98_750, 0)
    assert count(bank) == before + 1


def test_a_transfer_that_is_refused_is_told_beside_its_fields(bank: Bank, visitor: Visitor) -> None:
    before = count(bank)
    poor = form(bank, visitor, to_id=str(bank.external_id), amount_minor="5000")
    assert poor.status == 422
    assert poor.form(f"customer={bank.customer_id}").fields["amount_minor"] == "5000"
    same = form(bank, visitor, to_id=str(bank.account_id), amount_minor="1")
    assert (same.status, same.problems[-1]) == (
        422,
        f"source and destination are the same account {bank.account_id}",
    )
    nowhere = form(bank, visitor, amount_minor="1")
    assert "must be chosen" in nowhere.problems[-1]
    nothing = form(bank, visitor, to_id=str(bank.external_id), amount_minor="0")
    assert nothing.status == 422
    foreseen = form(bank, visitor, to_id=str(bank.external_id), amount_minor="5000", preview="1")
    assert foreseen.status == 422
    decimals = form(bank, visitor, to_id=str(bank.external_id), amount_minor="1.005")
    assert decimals.problems[-1] == "has more decimals than USD"
    assert count(bank) == before


def test_a_tag_is_used_once(bank: Bank, visitor: Visitor) -> None:
    made(bank, visitor, to_id=str(bank.external_id), amount_minor="1", tag="rent-march")
    again = form(bank, visitor, to_id=str(bank.external_id), amount_minor="1", tag="rent-march")
    assert again.status == 422
    assert "rent-march" in again.problems[-1]


def test_a_transfer_to_another_bank_is_undone(bank: Bank, visitor: Visitor) -> None:
    transfer_id = made(bank, visitor, to_id=str(bank.external_id), amount_minor="10", description=HOSTILE)
    page = visitor.get(f"/bank/transfers/{transfer_id}")
    assert "Initiated" in page.main
    assert HOSTILE in page.main
    assert HOSTILE not in page.text
    assert HOSTILE not in visitor.get("/bank/transfers").text
    assert "The transfer is void" in visitor.done(page, "/void").main
    assert movement(bank, transfer_id).status == "Voided"
    assert bank.stands() == (100_000, 100_000, 0)
    csrf = page.form("/sign-out").fields["csrf"]
    refused = visitor.post(f"/console/bank/transfers/{transfer_id}/void", {"csrf": csrf})
    assert refused.status == 422


def test_a_withdrawal_waits_and_goes_on(bank: Bank, visitor: Visitor) -> None:
    transfer_id = made(bank, visitor, to_id=str(bank.external_id), amount_minor="10")
    page = visitor.done(f"/bank/transfers/{transfer_id}", "/delay")
    assert movement(bank, transfer_id).status == "Delayed"
    visitor.done(page, "/go-on")
    assert movement(bank, transfer_id).status == "Initiated"


def test_files_are_sent_and_settled_at_once_and_what_came_back_is_seen(bank: Bank, visitor: Visitor) -> None:
    transfer_id = made(bank, visitor, to_id=str(bank.external_id), amount_minor="10")
    assert "moved on" in visitor.done("/bank/files", "/files/run").main
    for _ in range(4):
        bank.later(hours=1)
        visitor.done("/bank/files", "/files/run")
    row = movement(bank, transfer_id)
    assert (row.status, row.file_id is not None) == ("Settled", True)
    assert [one[0] for one in visitor.get(f"/bank/transfers?file={row.file_id}").rows]
    page = visitor.done(f"/bank/transfers/{transfer_id}", "/return", code="R02")
    assert "It came back with transfer" in page.main
    assert "Another bank returned it with R02" in page.main
    assert movement(bank, transfer_id).return_code == "R02"
    assert bank.shop.read(check_books) == []
    assert not [one for one in page.tree.forms if (one.action or "").endswith("/return")]


def test_a_return_is_played_in_a_sandbox_only(shop: OpenShop, home: ServedShop) -> None:
    bank, visitor = open_bank(shop, is_sandbox=False), signed_in(home)
    transfer_id = made(bank, visitor, to_id=str(bank.external_id), amount_minor="10")
    page = visitor.get(f"/bank/transfers/{transfer_id}")
    assert not [one for one in page.tree.forms if (one.action or "").endswith("/return")]
    csrf = page.form("/sign-out").fields["csrf"]
    refused = visitor.post(f"/console/bank/transfers/{transfer_id}/return", {"csrf": csrf, "code": "R01"})
    assert refused.status == 422
    assert "This shop is no sandbox" in refused.problems[0]
    assert movement(bank, transfer_id).return_code == ""


def test_a_wire_settles_at_once(bank: Bank, visitor: Visitor) -> None:
    transfer_id = made(
        bank, visitor, to_id=str(bank.external_id), amount_minor="10", how="wire", beneficiary="Bob", message="Hello"
    )  # fmt: skip
    row = movement(bank, transfer_id)
    assert (row.type_code, row.status) == ("WIRWTH", "Settled")
    assert "Bob" in visitor.get(f"/bank/transfers/{transfer_id}").main


def test_money_goes_to_another_customer(bank: Bank, visitor: Visitor) -> None:
    def other(tx: Any) -> int:
        return account(tx, person(tx, "Bob"))

    target = bank.do(other)
    transfer_id = made(bank, visitor, other_id=str(target), amount_minor="10")
    assert movement(bank, transfer_id).to_id == target
    assert bank.stands(target)[0] == 1_000


def test_a_transfer_in_the_form_of_a_double_click_is_made_once(bank: Bank, visitor: Visitor) -> None:
    page = visitor.get(f"/bank/transfers/new?customer={bank.customer_id}&from={bank.account_id}")
    ending = f"customer={bank.customer_id}"
    first, second = (
        visitor.fill(page, ending, to_id=str(bank.external_id), amount_minor="10") for _ in range(2)
    )
    assert first.location == second.location
    assert bank.stands()[1] == 99_000


def test_transfers_are_listed_and_narrowed(bank: Bank, visitor: Visitor) -> None:
    made(bank, visitor, to_id=str(bank.external_id), amount_minor="10", tag="Rent 7")
    (row,) = visitor.get("/bank/transfers?status=Initiated").rows
    assert row[1:4] == ["Withdrawal", "10.00 USD", "Initiated"]
    assert row[6].startswith("Everyday")
    assert len(visitor.get(f"/bank/transfers?external={bank.external_id}").rows) == 1
    assert len(visitor.get("/bank/transfers?tag=Rent+7").rows) == 1
    assert len(visitor.get("/bank/transfers?amount_from=9&amount_to=11").rows) == 1
    assert visitor.get("/bank/transfers?type=INTPAY").rows == []
    assert visitor.get("/bank/transfers?sort=largest").status == 200
    lines = visitor.get("/bank/transfers?format=csv&status=Initiated").text.splitlines()
    assert lines[0] == "id,When,Type,Amount,Status,Description,Returned,From,To"
    assert ",Withdrawal,10.00,Initiated," in lines[1]


def test_who_may_only_see_makes_no_transfer(bank: Bank, home: ServedShop, visitor: Visitor) -> None:
    transfer_id = made(bank, visitor, to_id=str(bank.external_id), amount_minor="10")
    reader = signed_in(home, "read-only")
    page = reader.get(f"/bank/transfers/{transfer_id}")
    assert page.status == 200
    assert [one.action for one in page.tree.forms if "/bank/" in (one.action or "")] == []
    csrf = page.form("/sign-out").fields["csrf"]
    for path in (f"{transfer_id}/void", f"{transfer_id}/return", f"new?customer={bank.customer_id}"):
        assert reader.post(f"/console/bank/transfers/{path}", {"csrf": csrf}).status == 403, path
    for path in ("files/run", "files/read"):
        assert reader.post(f"/console/bank/{path}", {"csrf": csrf}).status == 403, path
    assert movement(bank, transfer_id).status == "Initiated"


def test_a_bank_file_is_looked_into_downloaded_and_read_once(
    bank: Bank, visitor: Visitor, home: ServedShop
) -> None:
    made(bank, visitor, to_id=str(bank.external_id), amount_minor="10")
    bank.later(hours=1)
    visitor.done("/bank/files", "/files/run")
    file = bank.shop.read(lambda tx: list_files(tx, kind="ach_out"))[0]
    (row,) = visitor.get("/bank/files?kind=ach_out").rows
    assert row[0] == file.name
    page = visitor.get(f"/bank/files/{file.id}")
    assert [one[4] for one in page.rows] == ["10.00 USD"]
    content = visitor.get(f"/bank/files/{file.id}/download")
    assert content.status == 200
    assert content.answer.headers["content-disposition"].startswith("attachment")
    assert content.text.startswith("101 ")
    assert signed_in(home, "read-only").get(f"/bank/files/{file.id}/download").status == 403
    for name, body in (("a.txt", b"no ach file"), ("b.bin", b"\xff\xfe"), ("c.txt", b"\0")):
        wrong = visitor.fill("/bank/files", "/files/read", files={"file": [(name, "text/plain", body)]})
        assert wrong.status == 422, name
        assert wrong.problems, name
    assert visitor.fill("/bank/files", "/files/read", files={}).status == 422
