"""Who proves that customers are who they say: the port, and the verifier that is built in.

The built-in one answers by what it is given, so that anybody can know beforehand (reference 9, #16): a tax id
that ends in 0000 is for people to look at, one that ends in 9999 is denied, and all others are asked three
questions, of which the first answer is right.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from comptoir.domain.errors import Invalid

PASSED, REVIEW, REFUSED = "passed", "review", "refused"
BUILT_IN = "built-in"
REVIEWED_ENDING, REFUSED_ENDING = "0000", "9999"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NONE_OF_THESE = "None of the above"


class Subject(NamedTuple):
    """Somebody who is to be known."""

    first_name: str
    last_name: str
    birth_date: date | None
    tax_id: str


class Question(NamedTuple):
    """Something that only the right person is likely to know."""

    type: str
    prompt: str
    answers: tuple[str, ...]


class Asked(NamedTuple):
    """What a verifier does first: an outcome at once, or questions whose answers decide."""

    outcome: str | None
    questions: tuple[Question, ...] = ()
    message: str = ""


class Judged(NamedTuple):
    """What a verifier concludes."""

    outcome: str
    message: str


class Verifier(Protocol):
    """Who proves identities."""

    def screen(self, subject: Subject) -> Judged:
        """Look somebody up in the lists of those whom no bank may serve; PASSED or REVIEW."""

    def ask(self, subject: Subject) -> Asked:
        """Begin: decide at once, or ask."""

    def judge(self, subject: Subject, questions: Sequence[Question], answers: Mapping[str, str]) -> Judged:
        """Decide by the answers, which are given by the type of the question."""


class BuiltInVerifier:
    """Decides by the end of the tax id, and asks of the birth date and the name."""

    def screen(self, subject: Subject) -> Judged:
        """Whoever is not to pass otherwise is on the list."""
        if subject.tax_id.endswith((REVIEWED_ENDING, REFUSED_ENDING)):
            return Judged(REVIEW, "A name like this is on a list; the bank looks at it.")
        return Judged(PASSED, "No list has this name.")

    def ask(self, subject: Subject) -> Asked:
        """Three questions, or a decision by the end of the tax id."""
        if subject.tax_id.endswith(REVIEWED_ENDING):
            return Asked(REVIEW, message="Identity could not be proven; documents are needed.")
        if subject.tax_id.endswith(REFUSED_ENDING):
            return Asked(REFUSED, message="Identity could not be proven.")
        return Asked(None, _questions(subject), "Answer the questions.")

    def judge(self, subject: Subject, questions: Sequence[Question], answers: Mapping[str, str]) -> Judged:  # noqa: ARG002 - the port's signature
        """All right is passed, some wrong is for people to look at, all wrong is denied."""
        right = sum(_same(answers.get(one.type, ""), one.answers[0]) for one in questions)
        if right == len(questions):
            return Judged(PASSED, "Identity is proven.")
        if right:
            return Judged(REVIEW, "Not every answer was right; documents are needed.")
        return Judged(REFUSED, "No answer was right.")


_BUILT_IN = BuiltInVerifier()
VERIFIERS: dict[str, Verifier] = {BUILT_IN: _BUILT_IN}


def verifier_named(name: str) -> Verifier:
    """The verifier of this name. Refuses: Invalid (verifier)."""
    found = VERIFIERS.get(name)
    if found is None:
        raise Invalid("verifier", f"{name!r} is none of {', '.join(VERIFIERS)}")
    return found


def _questions(subject: Subject) -> tuple[Question, ...]:
    born = subject.birth_date or date(1970, 1, 1)
    month, day = born.month - 1, born.weekday()
    initial = subject.last_name.strip()[:1].upper() or "A"
    months = _options(MONTHS[month], MONTHS[month - 5], MONTHS[month - 3])
    days = _options(WEEKDAYS[day], WEEKDAYS[day - 2], WEEKDAYS[day - 4])
    letters = _options(initial, "Q", "Y", "X")
    return (
        Question("birth.month", "In which month were you born?", months),
        Question("birth.weekday", "On which day of the week were you born?", days),
        Question("name.initial", "With which letter does your last name begin?", letters),
    )


def _options(right: str, *others: str) -> tuple[str, ...]:
    return (right, *(other for other in others if other != right), NONE_OF_THESE)


def _same(given: str, right: str) -> bool:
    return given.strip().casefold() == right.strip().casefold()
