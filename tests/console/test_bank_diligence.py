"""Due diligence: the program's questions are answered on one form; what is no answer is refused beside its question."""

from typing import Any

import pytest
from sqlalchemy import select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.customers.diligence import AnswerRow, list_answers
from comptoir.domain.events.models import Event
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.accounts.people import become, found_bank, make_customer

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def ada(shop: OpenShop) -> int:
    shop.write(found_bank)
    return shop.write(lambda tx: make_customer(tx, "Ada"))


def kept(shop: OpenShop, customer_id: int) -> dict[int, tuple[str, list[int]]]:
    rows: list[AnswerRow] = shop.read(lambda tx: list_answers(tx, customer_id))
    return {row.question_id: (row.text, row.choices) for row in rows}


def told(shop: OpenShop) -> list[tuple[Any, ...]]:
    query = select(Event.actor, Event.dialect, Event.after).where(Event.kind == "bank_customer.answered")
    return [tuple(row) for row in shop.read(lambda tx: tx.all(query))]


def test_questions_are_answered_one_after_the_other(shop: OpenShop, ada: int, visitor: Visitor) -> None:
    page = visitor.get(f"/bank/customers/{ada}")
    assert "2 questions of due diligence to answer" in page.main
    page = visitor.done(f"/bank/customers/{ada}/diligence", "/answer", q1="3", q3=["4", "6"])
    assert "The answers were kept." in page.main
    assert kept(shop, ada) == {1: ("", [3]), 3: ("", [4, 6])}
    assert told(shop) == [("Ada", "console", {"questions": [1, 3]})]
    assert [row[2] for row in page.rows] == ["Business", "", "Wages, Inheritance"]
    assert "to answer" not in visitor.get(f"/bank/customers/{ada}").main
    page = visitor.done(page, "/answer", q2=f"Mathematician {HOSTILE}")
    assert HOSTILE in page.main
    assert HOSTILE not in page.text
    assert kept(shop, ada)[2] == (f"Mathematician {HOSTILE}", [])
    assert told(shop)[1][2] == {"questions": [2]}
    assert "Nothing was changed." in visitor.done(page, "/answer").main
    assert len(told(shop)) == 2


def test_what_is_no_answer_is_refused_beside_its_question(shop: OpenShop, ada: int, visitor: Visitor) -> None:
    path = f"/bank/customers/{ada}/diligence"
    page = visitor.done(path, "/answer", q1="1", q2="Cook")
    for wrong, problem in (
        ({"q1": "9"}, "must be one of the choices"),
        ({"q1": ""}, "is answered by one choice"),
        ({"q2": ""}, "is answered by a text"),
        ({"q2": "x" * 4001}, "must have at most 4000 letters"),
        ({"q2": "\0"}, "holds characters that cannot be kept"),
        ({"q3": ["4", "x"]}, "must be one of the choices"),
    ):
        answer = visitor.fill(page, "/answer", **wrong)
        assert answer.status == 422, wrong
        assert problem in answer.problems, wrong
    assert kept(shop, ada) == {1: ("", [1]), 2: ("Cook", [])}
    assert len(told(shop)) == 1
    shop.write(lambda tx: become(tx, ada, is_locked=True))
    assert visitor.fill(path, "/answer", q2="Baker").status == 422
    assert kept(shop, ada)[2] == ("Cook", [])


def test_the_programs_page_tells_what_is_asked(ada: int, visitor: Visitor) -> None:
    page = visitor.get("/bank")
    assert "What is your trade or profession?" in page.main
    assert "Household, Savings, Business" in page.main
    assert ada


def test_two_who_answer_at_once_are_told(shop: OpenShop, ada: int, visitor: Visitor) -> None:
    early = visitor.get(f"/bank/customers/{ada}/diligence")
    visitor.done(early, "/answer", q2="Cook")
    late = visitor.fill(early, "/answer", q2="Baker")
    assert late.status == 422
    assert kept(shop, ada)[2] == ("Cook", [])


def test_a_program_without_questions_asks_none(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(lambda tx: found_bank(tx, ('"due_diligence", ', "")))
    ada = shop.write(lambda tx: make_customer(tx, "Ada"))
    page = visitor.get(f"/bank/customers/{ada}/diligence")
    assert "The program asks its customers nothing" in page.main
    csrf = page.form("/sign-out").fields["csrf"]
    path = f"/console/bank/customers/{ada}/answer"
    assert visitor.post(path, {"csrf": csrf, "q1": "1"}).status == 422
    assert kept(shop, ada) == {}
    assert visitor.get("/bank/customers/4711/diligence").status == 404


def test_who_may_only_see_answers_nothing(ada: int, home: ServedShop) -> None:
    reader = signed_in(home, "read-only")
    page = reader.get(f"/bank/customers/{ada}/diligence")
    assert page.status == 200
    assert "/bank/" not in "".join(form.action or "" for form in page.tree.forms)
    csrf = page.form("/sign-out").fields["csrf"]
    assert reader.post(f"/console/bank/customers/{ada}/answer", {"csrf": csrf, "q1": "1"}).status == 403
