"""Due diligence: what the program asks its customers, and what they answered (reference 3.14)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select

from comptoir.domain.banking.customers.models import DiligenceAnswer
from comptoir.domain.banking.customers.persons import refuse_unchangeable, take_person
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.identity.texts import Problem, refuse, text_problem
from comptoir.domain.tx import Tx

SINGLE, MULTIPLE, TEXT = "Single-Select", "Multi-Select", "Text"
ANSWER_MAX = 4000

ANSWERS = (
    select(
        DiligenceAnswer.question_id,
        DiligenceAnswer.answer,
        DiligenceAnswer.choices,
        DiligenceAnswer.answered_at,
    )
    .where(DiligenceAnswer.customer_id == bindparam("customer_id"))
    .order_by(DiligenceAnswer.question_id)
)
FORGET_ANSWER = delete(DiligenceAnswer).where(
    DiligenceAnswer.customer_id == bindparam("customer_id"),
    DiligenceAnswer.question_id == bindparam("question_id"),
)


class Answer(NamedTuple):
    """What somebody answers to one question."""

    question_id: int
    text: str
    choices: Sequence[int]


class AnswerRow(NamedTuple):
    """What somebody answered to one question, and when."""

    question_id: int
    text: str
    choices: list[int]
    at: datetime


def post_answers(tx: Tx, *, customer_id: int, answers: Sequence[Answer]) -> None:
    """Keep a customer's answers; a later one takes the place of an earlier one.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, Problems (a question or a
    choice that is none, an answer that is none to this kind of question).
    """
    refuse_unchangeable(take_person(tx, customer_id))
    questions = {
        one["questionId"]: one for category in get_program(tx).questions for one in category["questions"]
    }
    refuse(
        [problem for answer in answers for problem in _problems(questions.get(answer.question_id), answer)]
    )
    for answer in {one.question_id: one for one in answers}.values():
        tx.run(FORGET_ANSWER, customer_id=customer_id, question_id=answer.question_id)
        tx.insert(
            DiligenceAnswer, customer_id=customer_id, question_id=answer.question_id, answer=answer.text,
            choices=list(answer.choices), answered_at=tx.now,
        )  # fmt: skip
    asked = sorted({one.question_id for one in answers})
    tx.note("bank_customer.answered", "bank_customer", customer_id, after={"questions": asked})


def list_answers(tx: Tx, customer_id: int) -> list[AnswerRow]:
    """What a customer has answered. Refuses: CustomerNotFound."""
    get_customer(tx, customer_id)
    return [AnswerRow(*row) for row in tx.all(ANSWERS, customer_id=customer_id)]


def _problems(question: Mapping[str, Any] | None, answer: Answer) -> Iterator[Problem]:
    name = f"question {answer.question_id}"
    if question is None:
        yield name, "is not asked"
        return
    known = {one["choiceId"] for one in question.get("choices", ())}
    if strange := sorted(set(answer.choices) - known):
        yield name, f"has no choice {', '.join(map(str, strange))}"
    kind = question["answerType"]
    if kind == TEXT and (answer.choices or not answer.text.strip()):
        yield name, "is answered by a text"
    if kind == SINGLE and len(set(answer.choices)) != 1:
        yield name, "is answered by one choice"
    if kind == MULTIPLE and not answer.choices:
        yield name, "is answered by a choice or more"
    if problem := text_problem(answer.text, ANSWER_MAX):
        yield name, problem
