"""Due diligence: what the program asks its customers, and what they answered (reference 3.14)."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.customers import CUSTOMER_ONLY
from comptoir.dialects.corepro.refusals import REQUIRED
from comptoir.dialects.corepro.replies import moment, ok
from comptoir.dialects.corepro.shapes import ID, MOMENT, TEXT, a_list, an_object, needed, one_of, placed, text
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.customers.diligence import (
    ANSWER_MAX,
    MULTIPLE,
    SINGLE,
    Answer,
    AnswerRow,
    list_answers,
    post_answers,
)
from comptoir.domain.banking.customers.diligence import (
    TEXT as WRITTEN,
)
from comptoir.domain.banking.program.queries import ProgramFacts, get_program

CHOICE = an_object(
    {
        "answeredDate": MOMENT, "choiceDescription": TEXT, "choiceId": ID, "choiceName": TEXT,
        "followUpQuestionIds": a_list(ID),
    },
    always=("choiceId", "choiceName"),
)  # fmt: skip
QUESTION = an_object(
    {
        "answerDate": MOMENT, "answerType": one_of((SINGLE, MULTIPLE, WRITTEN)), "choices": a_list(CHOICE),
        "questionAnswer": TEXT, "questionId": ID, "questionName": TEXT, "selectedChoices": a_list(ID),
    },
    always=("answerType", "choices", "questionId", "questionName", "selectedChoices"),
)  # fmt: skip
CATEGORY = an_object(
    {"categoryDescription": TEXT, "categoryId": ID, "questions": a_list(QUESTION)},
    always=("categoryId", "questions"),
)
ANSWER = an_object(
    {"questionAnswer": text(ANSWER_MAX), "questionId": ID, "selectedChoices": a_list(ID)},
    always=("questionId",),
)


def answer(call: Call, asked: Asked) -> Reply:
    """Keep a customer's answers; one alone may stand beside the customer's id."""
    customer_id = asked.id("customerId")
    said = asked.children("answers") or ([asked] if asked.has("questionId") else [])
    if not said:
        asked.refuse(REQUIRED, "Required parameter answers is missing.")
    answers = [
        Answer(
            one.id("questionId"),
            one.text("questionAnswer", most=ANSWER_MAX) or "",
            one.ids("selectedChoices"),
        )
        for one in said
    ]
    asked.settle()
    post_answers(call.tx, customer_id=customer_id, answers=answers)
    return ok({"customerId": customer_id})


def show_answers(call: Call, asked: Asked) -> Reply:
    """Every question with what a customer answered to it."""
    answers = {row.question_id: row for row in list_answers(call.tx, asked.id_place(0))}
    program = get_program(call.tx)
    return ok(
        [
            {
                "categoryDescription": category.get("categoryDescription"),
                "categoryId": category["categoryId"],
                "questions": [
                    _question(program, one, answers.get(one["questionId"])) for one in category["questions"]
                ],
            }
            for category in program.questions
        ]
    )


def _question(program: ProgramFacts, question: Mapping[str, Any], row: AnswerRow | None) -> Mapping[str, Any]:
    at = None if row is None else moment(row.at, program.zone)
    chosen = [] if row is None else row.choices
    return {
        "answerDate": at,
        "answerType": question["answerType"],
        "choices": [
            {
                "answeredDate": at if one["choiceId"] in chosen else None,
                "choiceDescription": one.get("choiceDescription"),
                "choiceId": one["choiceId"],
                "choiceName": one["choiceName"],
                "followUpQuestionIds": one.get("followUpQuestionIds"),
            }
            for one in question.get("choices", ())
        ],
        "questionAnswer": None if row is None else row.text or None,
        "questionId": question["questionId"],
        "questionName": question["questionName"],
        "selectedChoices": chosen,
    }


CALLS = (
    writing(
        "customer/answerPost", answer, needs="due_diligence",
        takes=(needed("customerId", ID), needed("answers", a_list(ANSWER))), shows=CUSTOMER_ONLY,
        codes=(59956, 60001, 60002, 61400, 61401), text="Keep a customer's answers",
    ),
    reading(
        "customer/answerList", show_answers, needs="due_diligence", takes=(placed("customerId"),),
        shows=a_list(CATEGORY), codes=(60001, 61400), text="List a customer's answers",
    ),
)  # fmt: skip
