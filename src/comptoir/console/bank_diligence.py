"""Due diligence: what the program asks its customers, shown with what they answered, and answered on one form."""

from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_choices import words
from comptoir.console.bank_customer_acts import PATH
from comptoir.console.bank_customer_parts import leaf_of
from comptoir.console.bank_parts import Section, at, forms, page
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Visit
from comptoir.domain.banking.customers.diligence import (
    ANSWER_MAX,
    MULTIPLE,
    SINGLE,
    TEXT,
    AnswerRow,
    list_answers,
    post_answers,
)
from comptoir.domain.banking.customers.diligence import Answer as Said
from comptoir.domain.banking.customers.models import ENDED_STATUSES
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.program.queries import ProgramFacts, get_program, require_feature
from comptoir.domain.errors import Invalid, Problems
from comptoir.domain.identity.permissions import BANK
from comptoir.domain.tx import Tx

FEATURE, ENDING = "due_diligence", "/diligence"
Question = Mapping[str, Any]


def asked_by(tx: Tx) -> list[tuple[str, Question]]:
    """Every question of the program, with what it is about."""
    return asked_in(get_program(tx))


def asked_in(program: ProgramFacts) -> list[tuple[str, Question]]:
    """The same of a program that is at hand."""
    return [
        (str(category.get("categoryDescription") or "Questions"), question)
        for category in program.questions
        for question in category["questions"]
    ]


def questions_section(program: ProgramFacts) -> Section:
    """What the program asks, and what may be answered."""
    rows = [
        [Cell(about), Cell(str(question["questionName"])), Cell(", ".join(choices_of(question).values()) or "a text")]
        for about, question in asked_in(program)
    ]  # fmt: skip
    return Section("Due diligence", titles=("About", "Question", "Answered by"), rows=rows)


def choices_of(question: Question) -> dict[str, str]:
    """What may be chosen, by number."""
    return {str(one["choiceId"]): str(one["choiceName"]) for one in question.get("choices", ())}


def kind_of(question: Question) -> kinds.Kind:
    """How a question is answered."""
    if question["answerType"] == SINGLE:
        return kinds.choice(choices_of(question), kinds.INTEGER)
    if question["answerType"] == MULTIPLE:
        return kinds.many(choices_of(question), kinds.INTEGER)
    return words(ANSWER_MAX)


def hints_of(asked: Sequence[tuple[str, Question]]) -> dict[int, str]:
    """Of whom the questions are asked that follow from an answer."""
    return {
        following: f"Of those who answer {choice['choiceName']} to “{question['questionName']}”."
        for _, question in asked
        for choice in question.get("choices", ())
        for following in choice.get("followUpQuestionIds") or ()
    }


def form_of(tx: Tx) -> Form:
    """All questions as a form."""
    asked = asked_by(tx)
    hints = hints_of(asked)
    fields = (
        Field(
            f"q{question['questionId']}", str(question["questionName"]), kind_of(question), group=about,
            hint=hints.get(question["questionId"], ""),
        )
        for about, question in asked
    )  # fmt: skip
    return Form("answer", tuple(fields), "Keep the answers")


def value_of(question: Question, row: AnswerRow) -> Any:
    """An answer as its field has it."""
    if question["answerType"] == TEXT:
        return row.text
    if question["answerType"] == MULTIPLE:
        return row.choices
    return row.choices[0] if row.choices else None


def kept_of(tx: Tx, customer_id: int) -> dict[str, Any]:
    """What was answered, by field."""
    questions = {question["questionId"]: question for _, question in asked_by(tx)}
    return {
        f"q{row.question_id}": value_of(questions[row.question_id], row)
        for row in list_answers(tx, customer_id)
        if row.question_id in questions
    }


def count_open(tx: Tx, customer_id: int) -> int:
    """How many questions wait for an answer; those that follow from another answer are not counted."""
    if FEATURE not in get_program(tx).features:
        return 0
    asked = asked_by(tx)
    known, later = {row.question_id for row in list_answers(tx, customer_id)}, hints_of(asked)
    return sum(question["questionId"] not in known | later.keys() for _, question in asked)


def show_diligence(visit: Visit) -> Answer:
    """The questions with their answers, and the form."""
    customer = get_customer(visit.tx, visit.id)
    leaf, key = leaf_of(visit, customer, ENDING), customer.customer_id
    is_asked = FEATURE in get_program(visit.tx).features
    if not is_asked:
        leaf.about = "The program asks its customers nothing: due diligence is not among its features."
    may = visit.may(BANK) and is_asked and customer.status not in ENDED_STATUSES
    leaf.sections = [answers_section(visit, key, may=may)]
    return page(visit, leaf)


def answers_section(visit: Visit, customer_id: int, *, may: bool) -> Section:
    """Every question, with what was answered to it and when, and the form."""
    rows = {row.question_id: row for row in list_answers(visit.tx, customer_id)}
    cells = []
    for about, question in asked_by(visit.tx):
        row, names = rows.get(question["questionId"]), choices_of(question)
        said = [] if row is None else [row.text, *(names.get(str(one), str(one)) for one in row.choices)]
        when = None if row is None else row.at
        cells.append(
            [
                Cell(about), Cell(str(question["questionName"])), Cell(", ".join(filter(None, said))),
                at(visit.shop, when),
            ]
        )  # fmt: skip
    asked = ("Answer", form_of(visit.tx), f"{PATH}/{customer_id}/answer", kept_of(visit.tx, customer_id))
    return Section(
        "Due diligence", titles=("About", "Question", "Answer", "When"), rows=cells, empty="The program asks nothing.",
        forms=forms(visit, asked) if may and cells else (),
    )  # fmt: skip


def answer(visit: Visit) -> Answer:
    """Keep the answers that differ. Refuses: NotEnabled, and what the verb does."""
    require_feature(get_program(visit.tx), FEATURE)
    changes = form_of(visit.tx).changes(visit, kept_of(visit.tx, visit.id))
    answers = [said_of(int(name.removeprefix("q")), value) for name, value in changes.items()]
    if answers:
        try:
            post_answers(visit.tx, customer_id=visit.id, answers=answers)
        except Invalid as error:
            raise on_form(error) from error
    said = "The answers were kept." if answers else "Nothing was changed."
    return Gone(address_of(f"{PATH}/{visit.id}{ENDING}"), said)


def said_of(question_id: int, value: Any) -> Said:
    """What was typed or chosen, as the verb takes it."""
    if isinstance(value, str):
        return Said(question_id, value, ())
    chosen = value if isinstance(value, list) else [value]
    return Said(question_id, "", [one for one in chosen if one is not None])


def on_form(error: Invalid) -> Problems:
    """A refusal beside the question that it is about."""
    found = error.problems if isinstance(error, Problems) else [(error.field, error.problem)]
    return Problems([(f"q{name.removeprefix('question ')}", problem) for name, problem in found])


PAGES = (
    Page(f"{PATH}/{{id:digits}}{ENDING}", show_diligence, BANK),
    Act(f"{PATH}/{{id:digits}}/answer", answer, BANK, show_diligence),
)
