from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

ROW: dict[str, Any] = {
    "amount": "50240.51", "date_paid": "2012-01-20 05:30:00", "date_reserve_released": None,
    "date_voided": None, "payment_id": "2436561667", "payment_identifier": "wire_999042012",
    "payment_type": "wire", "reserve_held": "1646.07", "total_adjustments": "0.00",
    "total_balance_forward": "0.00", "total_chargeback_fees": "0.00", "total_commissions": "0.00",
    "total_fees": "1941.34", "total_outgoing_commissions": "0.00", "total_refunds": "2418.46",
    "total_reserve_released": "1397.38", "total_sales": "54869.00", "void": None,
}  # fmt: skip


@pytest.fixture
def saved(tmp_path: Path) -> Any:
    """Writes a list_payments document."""

    def write(*rows: Any) -> str:
        file = tmp_path / "payments.json"
        file.write_text(json.dumps({"payments": list(rows), "response_code": "OK"}))
        return str(file)

    return write


def test_saved_payouts_are_taken_over_with_their_numbers(run: Run, saved: Any) -> None:
    called_back = ROW | {"payment_id": "9093735704385", "void": "1", "payment_identifier": "ach_1"}
    assert run("payouts", "load", saved(ROW, called_back)).out == "payouts: 2 created\n"
    assert run("payouts", "load", saved(ROW)).out == "payouts: 0 created\n"
    told = {row["id"]: row for row in run("payouts", "list", "--json").told}
    assert (told[2436561667]["amount"], told[2436561667]["payout_fee"]) == ("50240.51", "20.00")
    assert (told[2436561667]["state"], told[9093735704385]["state"]) == ("paid", "void")
    shown = run("payouts", "show", "2436561667").out
    assert "reserve_released      1397.38" in shown
    assert "wire_999042012" in shown
    assert run("books", "check").code == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": "50260.52"}, "amount is more than its parts"),
        ({"date_paid": None}, "date_paid is missing"),
        ({"payment_id": "x"}, "payment_id 'x' is no number"),
        ({"total_fees": "-1"}, "fees must not be below zero"),
        ({"total_fees": "abc"}, "total_fees 'abc' is no amount"),
    ],
)
def test_a_wrong_payout_keeps_all_out(run: Run, saved: Any, change: Any, words: str) -> None:
    answer = run("payouts", "load", saved(ROW, ROW | {"payment_id": "5"} | change))
    assert (answer.code, words in answer.err) == (1, True), answer.err
    assert run("payouts", "list").out == "Nothing was paid out yet.\n"


def test_what_is_no_document_is_a_sentence(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    for text in ("{", "[]", '{"payments": 5}', '{"payments": [5]}', "{}"):
        file.write_text(text)
        assert run("payouts", "load", str(file)).code != 0
    assert "cannot be read" in run("payouts", "load", str(tmp_path / "none.json")).err


def test_the_balance_is_corrected_paid_and_called_back(run: Run) -> None:
    assert run("payouts", "adjust", "100.50", "--memo", "goodwill").code == 0
    assert run("payouts", "adjust", "--memo", "postage", "--", "-0.50").code == 0
    assert run("payouts", "pending", "--json").told["amount"] == "100.00"
    assert run("payouts", "run").out == "0 gathered, 0 paid out\n"
    assert run("payouts", "run", "--now").out == "0 gathered, 1 paid out\n"
    assert run("payouts", "run", "--now").out == "0 gathered, 0 paid out\n"
    entries = run("payouts", "show", "1", "--json").told["entries"]
    assert [(one["kind"], one["amount"], one["memo"]) for one in entries] == [
        ("adjustment", "100.50", "goodwill"),
        ("adjustment", "-0.50", "postage"),
    ]
    assert run("payouts", "void", "1").out == "Payout 1 is void.\n"
    assert "payout 1 is void" in run("payouts", "void", "1").err
    assert "there is no payout 77" in run("payouts", "show", "77").err
    assert run("payouts", "pending", "--json").told["balance_forward"] == "100.00"
    assert "amount must be a number" in run("payouts", "adjust", "x", "--memo", "y").err
    assert "kind must be one of" in run("payouts", "adjust", "1", "--memo", "y", "--kind", "sale").err
    assert run("books", "check").code == 0
