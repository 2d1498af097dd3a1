from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comptoir.chores.banking_customers import registrations
from comptoir.domain.banking.customers import verifiers
from comptoir.domain.banking.customers.attending import lock_customer, unlock_customer
from comptoir.domain.banking.customers.creating import create_customer, initiate_customer
from comptoir.domain.banking.customers.errors import CustomerLocked, StatusFinal, VerificationEnded
from comptoir.domain.banking.customers.models import (
    DECEASED,
    DENIED,
    EXPIRED,
    INITIATED,
    MANUAL_REVIEW,
    VERIFIED,
)
from comptoir.domain.banking.customers.persons import get_person
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.customers.verifiers import (
    BuiltInVerifier,
    Judged,
    Question,
    Subject,
    Verifier,
)
from comptoir.domain.banking.customers.verifying import (
    EXPIRIES_MAX,
    PATIENCE,
    decide,
    expire_registrations,
    list_answers,
    verify_customer,
)
from comptoir.domain.banking.program.models import Program
from comptoir.domain.errors import Invalid
from comptoir.domain.shop import Shop
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.customers.people import person

SUBJECTS = st.builds(
    Subject,
    first_name=st.text(max_size=5),
    last_name=st.text(max_size=5),
    birth_date=st.none() | st.dates(min_value=date(1900, 1, 2)),
    tax_id=st.from_regex(r"[0-9]{4,9}", fullmatch=True),
)


@given(SUBJECTS)
@example(Subject("", "\r", None, "0001"))
def test_the_first_answer_is_right_and_no_other(subject: Subject) -> None:
    verifier = BuiltInVerifier()
    asked = verifier.ask(subject)
    if subject.tax_id.endswith(("0000", "9999")):
        assert not asked.questions
        assert asked.outcome in {verifiers.REVIEW, verifiers.REFUSED}
        return
    assert asked.outcome is None
    assert len({one.type for one in asked.questions}) == 3
    for one in asked.questions:
        assert len({answer.casefold() for answer in one.answers}) == len(one.answers) > 2
    right = {one.type: one.answers[0] for one in asked.questions}
    wrong = {one.type: one.answers[1] for one in asked.questions}
    assert verifier.judge(subject, asked.questions, right).outcome == verifiers.PASSED
    assert verifier.judge(subject, asked.questions, wrong).outcome == verifiers.REFUSED
    first = asked.questions[0].type
    assert (
        verifier.judge(subject, asked.questions, {**wrong, first: right[first]}).outcome == verifiers.REVIEW
    )
    assert verifier.ask(subject) == asked


def right_answers(questions: Any) -> dict[str, str]:
    return {one.type: one.answers[0] for one in questions}


def test_another_verifier_may_be_put_in_the_place_of_the_built_in_one(
    at_bank: Tx,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Stern:
        def screen(self, subject: Subject) -> Judged:
            return Judged(verifiers.REVIEW, f"{subject.last_name} is looked at")

        def ask(self, subject: Subject) -> verifiers.Asked:
            return verifiers.Asked(None, (Question("word", "What is the word?", ("yes", "no")),))

        def judge(self, subject: Subject, questions: Any, answers: Any) -> Judged:
            return Judged(
                verifiers.PASSED if answers == {"word": "yes"} else verifiers.REFUSED, subject.tax_id
            )

    stern: Verifier = Stern()
    monkeypatch.setitem(verifiers.VERIFIERS, "stern", stern)
    at_bank.shop.settings["identity_verifier"] = "stern"
    asked = initiate_customer(at_bank, person=person())
    assert [one.prompt for one in asked.questions] == ["What is the word?"]
    told = verify_customer(at_bank, customer_id=asked.customer_id, key=asked.key, answers={"word": "yes"})
    assert (told.status, told.message) == (VERIFIED, "900000001")
    at_bank.update(Program, 1, verification_type="OFAC Only")
    assert get_person(at_bank, create_customer(at_bank, person=person(2))).status == MANUAL_REVIEW
    at_bank.shop.settings["identity_verifier"] = "nobody"
    with pytest.raises(Invalid, match="verifier"):
        create_customer(at_bank, person=person(3))


def test_of_many_answers_at_once_one_is_judged(opened: OpenShop) -> None:
    asked = opened.write(lambda tx: initiate_customer(tx, person=person()))
    answers = right_answers(asked.questions)

    def answer(_: int) -> str:
        try:
            told = opened.write(
                lambda tx: verify_customer(tx, customer_id=asked.customer_id, key=asked.key, answers=answers)
            )
        except VerificationEnded:
            return "ended"
        return told.status

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(answer, range(6))) == [VERIFIED, *["ended"] * 5]
    given_ = opened.read(lambda tx: list_answers(tx, asked.customer_id))
    assert {one.type: one.given for one in given_} == answers


def test_the_bank_decides_once(at_bank: Tx) -> None:
    waiting = initiate_customer(at_bank, person=person(tax_id="900000000")).customer_id
    decide(at_bank, customer_id=waiting, status=VERIFIED)
    assert require_customer(at_bank, waiting).status == VERIFIED
    for status in (VERIFIED, DENIED):
        with pytest.raises(StatusFinal, match="is Verified, which stays so"):
            decide(at_bank, customer_id=waiting, status=status)
    decide(at_bank, customer_id=waiting, status=DECEASED)
    assert get_person(at_bank, waiting).deceased_at == at_bank.now
    with pytest.raises(StatusFinal):
        decide(at_bank, customer_id=waiting, status=DECEASED)


def test_who_is_locked_answers_nothing(at_bank: Tx) -> None:
    asked = initiate_customer(at_bank, person=person())
    lock_customer(at_bank, customer_id=asked.customer_id, reason="")
    answers = right_answers(asked.questions)
    with pytest.raises(CustomerLocked):
        verify_customer(at_bank, customer_id=asked.customer_id, key=asked.key, answers=answers)
    unlock_customer(at_bank, customer_id=asked.customer_id)
    assert (
        verify_customer(at_bank, customer_id=asked.customer_id, key=asked.key, answers=answers).status
        == VERIFIED
    )


def test_registrations_expire_some_at_a_time_until_none_is_left(opened: OpenShop) -> None:
    count = EXPIRIES_MAX + 3
    opened.write(lambda tx: tx.update(Shop, 1, is_sandbox=True, version=tx.shop.version + 1))

    def take_on(tx: Tx) -> None:
        for _ in range(count):
            initiate_customer(tx, person=person(tax_id="900000000", email=""))
        initiate_customer(tx, person=person(email=""))
        create_customer(tx, person=person(email=""))

    opened.write(take_on)
    assert opened.write(expire_registrations) == 0
    opened.write(
        lambda tx: tx.update(
            Shop, 1, clock_offset_micros=PATIENCE // timedelta(microseconds=1), version=tx.shop.version + 1
        )
    )

    class Home:
        shop = opened

    home: Any = Home
    assert registrations(home) == count + 1
    assert registrations(home) == 0
    statuses = opened.read(
        lambda tx: [get_person(tx, customer_id).status for customer_id in (1, count, count + 1, count + 2)]
    )
    assert statuses == [EXPIRED, EXPIRED, EXPIRED, VERIFIED]
    assert INITIATED not in statuses
