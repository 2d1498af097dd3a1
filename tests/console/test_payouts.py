"""Payouts in the console: what waits, paid out, adjusted, called back, with parts and entries that add up."""

from decimal import Decimal
from typing import Any

from comptoir.domain.events.queries import list_events
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.paying import adjust_balance, pay_out
from comptoir.domain.payouts.queries import find_pending, get_payout
from comptoir.domain.tx import OpenShop, Tx
from tests.console.visiting import Visitor, signed_in
from tests.domain.payouts.given import a_deposit, terms

HOSTILE = "<script>alert(1)</script>"


def amount(cell: str) -> Decimal:
    return Decimal(cell.replace(",", "").replace("\N{MINUS SIGN}", "-").removesuffix(" AUD") or "0")


def test_what_waits_is_gathered_adjusted_paid_and_called_back(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(terms)
    order_id = shop.write(a_deposit)
    assert "There is not enough" in visitor.get("/payouts").main
    page = visitor.done("/payouts", "/gather")
    assert "1 deposits, refunds and reserves were gathered." in page.main
    page = visitor.done(page, "/adjust", kind="adjustment", amount="500.00", memo=HOSTILE)
    assert "The next payout was adjusted." in page.main
    assert "There is enough to pay out." in page.main
    next_one = shop.read(lambda tx: find_pending(tx, get_merchant(tx)).parts.payable_minor)
    totals = page.tree.xpath("//tfoot//td")
    assert amount(totals[0].text_content()) == Decimal(next_one) / 100
    page = visitor.done(page, "/pay")
    assert "The payout left." in page.main
    assert HOSTILE in page.words
    assert HOSTILE not in page.text
    payout = shop.read(lambda tx: get_payout(tx, 1))
    assert (payout.state, payout.amount_minor) == ("paid", next_one)
    parts = page.tree.xpath("(//table)[1]/tbody//td")
    assert sum(amount(cell.text_content()) for cell in parts) == Decimal(next_one) / 100
    assert f"/console/orders/{order_id}" in page.links()
    event = shop.read(lambda tx: list_events(tx, subject="payout"))[-2]
    assert (event.kind, event.dialect, event.operator_id is not None) == ("payout.paid", "console", True)
    page = visitor.done(page, "/void")
    assert "brought forward to the next" in page.main
    assert shop.read(lambda tx: get_payout(tx, 1)).state == "void"
    assert not page.tree.xpath("//form[contains(@action, '/void')]")
    csrf = page.form("/sign-out").fields["csrf"]
    twice = visitor.post("/console/payouts/1/void", {"csrf": csrf})
    assert (twice.status, twice.problems) == (422, ["Payout 1 is void."])


def test_entries_are_listed_narrowed_and_kept(shop: OpenShop, visitor: Visitor) -> None:
    def many(tx: Tx) -> None:
        terms(tx)
        for minor in range(60):
            a_deposit(tx, 5_000 + minor)
        gather_entries(tx, limit=1_000)

    shop.write(many)
    page = visitor.get("/payouts/1?kind=sale")
    (second,) = page.tree.xpath("//a[@rel='next']/@href")
    rows = [one for part in (page, visitor.get(second)) for one in part.tree.xpath("(//table)[2]/tbody/tr")]
    assert len(rows) == 60
    lines = visitor.get("/payouts/1/entries?format=csv").text.splitlines()
    assert len(lines) == 181
    assert lines[0] == "id,Kind,For,Amount,Happened,Held until,Transfer"
    assert visitor.get("/payouts/1/entries?kind=fee").rows[0][2].startswith("\N{MINUS SIGN}")
    for row in page.tree.xpath("(//table)[2]//tr/@data-link")[:2]:
        assert visitor.get(row).status == 200


def test_too_little_is_not_paid_and_nothing_is_told_so(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(terms)
    assert "There was too little to pay out." in visitor.done("/payouts", "/pay").main
    assert "There was nothing new." in visitor.done("/payouts", "/gather").main
    assert "so far" in visitor.get("/payouts").main
    assert "Nothing is in it." in visitor.get("/payouts/1").main


def test_an_adjustment_that_cannot_be_taken_says_why(shop: OpenShop, visitor: Visitor) -> None:
    for wrong, said in (
        ({"amount": "0"}, "must not be nothing"),
        ({"amount": "x"}, "must be an amount"),
        ({"memo": ""}, "must not be empty"),
        ({"kind": "commission", "amount": "-1"}, "must be above zero"),
        ({"amount": "999999999999999"}, "too large"),
    ):
        good: dict[str, Any] = {"kind": "adjustment", "amount": "1", "memo": "x"}
        answer = visitor.fill("/payouts", "/adjust", **good | wrong)
        assert answer.status == 422
        assert any(said in problem for problem in answer.problems), (said, answer.problems)
    assert shop.read(lambda tx: list_events(tx, subject="payout")) == []


def test_payouts_are_filtered_and_missing_ones_are_told(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(terms)
    shop.write(lambda tx: adjust_balance(tx, amount_minor=50_000, memo="x"))
    shop.write(pay_out)
    listed = visitor.get("/payouts?state=paid").tree.xpath("(//table)[2]/tbody/tr/td[1]")
    assert [cell.text_content().strip() for cell in listed] == ["wire_1"]
    assert visitor.get("/payouts/99").status == 404
    assert visitor.get("/payouts/99/entries").status == 404


def test_who_may_not_change_the_books_sees_no_verbs(home: Any, shop: OpenShop) -> None:
    shop.write(terms)
    reader, support = signed_in(home, "read-only"), signed_in(home, "support")
    page = reader.get("/payouts")
    assert page.status == 200
    assert not page.tree.xpath("//form[contains(@action, '/payouts/')]")
    csrf = page.form("/sign-out").fields["csrf"]
    for act in ("gather", "pay", "adjust", "1/void"):
        assert reader.post(f"/console/payouts/{act}", {"csrf": csrf}).status == 403
    assert support.get("/payouts").status == 403
