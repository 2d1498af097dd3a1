"""Which number and which words a refusal gets."""

from __future__ import annotations

import pytest

from comptoir.dialects.corepro.bodies import BodyMisread
from comptoir.dialects.corepro.refusals import COMMON, Element, Refusal, Refusals, Said, said, saying
from comptoir.dialects.corepro.routes import refusals
from comptoir.domain.banking.customers.errors import CustomerNotFound
from comptoir.domain.errors import ComptoirError, Conflict, Invalid, NotFound, Problems
from comptoir.storage.errors import DatabaseAway, TryAgain


class Taken(Invalid):
    """A tag that is another's."""

    def __init__(self) -> None:
        super().__init__("tag", "is used already")


class Gone(NotFound):
    thing = "card"


def told(
    error: Exception, words: Refusals | None = None, fields: dict[str, Refusal | int] | None = None
) -> list[Element]:
    """What is said of an error that a verb raises."""
    with pytest.raises(ComptoirError) as refused, saying(words or {}, fields):
        raise error
    return said(refused.value, COMMON)[1]


def test_a_call_says_a_refusal_in_its_own_way() -> None:
    assert told(CustomerNotFound(5)) == [(60001, "Customer id 5 is invalid.")]
    assert told(CustomerNotFound(5), {CustomerNotFound: 63601}) == [(63601, "Customer id 5 is invalid.")]
    own = Refusal(63601, "Invalid source account id {customer_id}, {nothing}.")
    assert told(CustomerNotFound(5), {CustomerNotFound: own}) == [(63601, "Invalid source account id 5, .")]
    assert told(Gone(7), {NotFound: 150701}) == [(150701, "There is no card 7.")]
    assert told(Gone(7)) == [(59956, "There is no card 7.")]
    assert told(Conflict("it is late")) == [(60000, "It is late.")]


def test_fields_are_said_each_by_its_own_number() -> None:
    problems = Problems([("first_name", "is required"), ("birth_date", "is too early"), ("tag", "is odd")])
    assert told(problems) == [
        (59956, "firstName is required."), (59956, "birthDate is too early."), (59956, "tag is odd."),
    ]  # fmt: skip
    assert told(problems, {}, {"first_name": 60203, "tag": Refusal(60303, "Tag is taken.")}) == [
        (60203, "firstName is required."), (59956, "birthDate is too early."), (60303, "Tag is taken."),
    ]  # fmt: skip
    assert told(Taken(), {}, {"tag": 60303}) == [(60303, "tag is used already.")]
    assert told(Taken(), {Taken: 61005}, {"tag": 60303}) == [(61005, "Tag is used already.")]


def test_what_a_caller_sends_is_never_read_as_a_template() -> None:
    own = Refusal(61400, "No card {key}.")
    assert told(Gone("{key} {0} %s"), {Gone: own}) == [(61400, "No card {key} {0} %s.")]


def test_what_is_said_already_stays_so() -> None:
    settled = Said(Refusal(1, "One."), Refusal(2, "Two.", 409))
    assert told(settled, {ComptoirError: 3}) == [(1, "One."), (2, "Two.")]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(ValueError("x"), 500, 50500), (TryAgain("x"), 500, 50500), (DatabaseAway("x"), 503, 50503)],
    ids=repr,
)
def test_a_fault_is_no_refusal_and_tells_nothing(error: Exception, status: int, code: int) -> None:
    found, ((number, message),) = said(error, COMMON)
    assert (found, number) == (status, code)
    assert "x" not in message.split()


def test_a_body_has_the_code_of_what_is_wrong_with_it() -> None:
    error = Invalid("body", "ends before its object does")
    error.__cause__ = BodyMisread(59950, "ends before its object does")
    assert said(error, COMMON)[1] == [(59950, "The body ends before its object does.")]
    assert said(Invalid("body", "is larger than 5 bytes"), COMMON)[1] == [
        (59900, "The body is larger than 5 bytes.")
    ]


def test_every_number_of_every_resource_is_one_of_the_dialects() -> None:
    for kind, line in refusals().items():
        code = line if isinstance(line, int) else line.code
        assert 50000 < code < 2**31, kind
        status = 400 if isinstance(line, int) else line.status
        assert 400 <= status < 500, kind
