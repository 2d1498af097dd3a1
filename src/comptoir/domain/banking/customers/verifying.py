"""From a registration to a customer who may act: questions, lists, the bank's own decision, and what is forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, or_, select, update

from comptoir.domain.banking.customers.cleaning import compared_tax_id
from comptoir.domain.banking.customers.errors import (
    StatusFinal,
    VerificationEnded,
    VerificationNotFound,
)
from comptoir.domain.banking.customers.models import (
    DECEASED,
    DENIED,
    ENDED_STATUSES,
    EXPIRED,
    INITIATED,
    MANUAL_REVIEW,
    VERIFIED,
    BankCustomer,
    CustomerVerification,
)
from comptoir.domain.banking.customers.persons import (
    PersonFacts,
    get_person,
    refuse_unchangeable,
    take_person,
)
from comptoir.domain.banking.customers.verifiers import (
    BUILT_IN,
    PASSED,
    REFUSED,
    REVIEW,
    Question,
    Subject,
    Verifier,
    verifier_named,
)
from comptoir.domain.banking.customers.writing import change_row, held
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant

# Somebody of whom nothing is heard for so long is forgotten; documents are to come within this time.
PATIENCE = timedelta(days=14)
EXPIRIES_MAX = 200
ASKED = "asked"
STATUS_OF = {PASSED: VERIFIED, REVIEW: MANUAL_REVIEW, REFUSED: DENIED}
KEY_BYTES = 16
# Where the time is kept at which a status came.
TIME_OF = {
    VERIFIED: "verified_at", MANUAL_REVIEW: "manual_review_at", EXPIRED: "expired_at", DECEASED: "deceased_at",
}  # fmt: skip

_VERIFICATION = select(
    CustomerVerification.id, CustomerVerification.customer_id, CustomerVerification.state,
    CustomerVerification.questions,
).where(CustomerVerification.key == bindparam("key"))  # fmt: skip
ANSWERED = (
    select(
        CustomerVerification.key,
        CustomerVerification.questions,
        CustomerVerification.ended_at,
        CustomerVerification.created_at,
    )
    .where(
        CustomerVerification.customer_id == bindparam("customer_id"),
        CustomerVerification.ended_at.is_not(None),
    )
    .order_by(CustomerVerification.id)
)
GET_VERIFICATION: dict[str, Select[Any]] = {
    "sqlite": _VERIFICATION,
    "postgres": _VERIFICATION.with_for_update(key_share=True),
}
END_VERIFICATIONS = (
    update(CustomerVerification)
    .where(
        CustomerVerification.customer_id == bindparam("of_customer"), CustomerVerification.ended_at.is_(None)
    )
    .values(state=bindparam("new_state"), ended_at=bindparam("new_ended_at"))
)
WAITED = (
    select(BankCustomer.customer_id)
    .where(
        or_(
            and_(
                BankCustomer.status == MANUAL_REVIEW,
                BankCustomer.manual_review_at <= bindparam("since", type_=Instant()),
            ),
            and_(
                BankCustomer.status == INITIATED,
                BankCustomer.created_at <= bindparam("since", type_=Instant()),
            ),
        )
    )
    .order_by(BankCustomer.customer_id)
    .limit(EXPIRIES_MAX)
)


class Verification(NamedTuple):
    """Where a customer's verification stands: with its questions while they are open."""

    customer_id: int
    key: str
    status: str
    questions: tuple[Question, ...]
    message: str


class Answered(NamedTuple):
    """A question that a customer was asked, and what they said."""

    key: str
    type: str
    prompt: str
    given: str
    at: datetime


def list_answers(tx: Tx, customer_id: int) -> list[Answered]:
    """What a customer answered to prove who they are, the first first."""
    return [
        Answered(key, one["type"], one["prompt"], one["given"], ended_at or created_at)
        for key, questions, ended_at, created_at in tx.all(ANSWERED, customer_id=customer_id)
        for one in questions
        if "given" in one
    ]


def begin(tx: Tx, customer_id: int) -> Verification:
    """Ask somebody who has just been written down. Refuses: CustomerNotFound, Invalid (verifier)."""
    person = get_person(tx, customer_id)
    asked = verifier_of(tx).ask(subject_of(person))
    key = tx.ids.secret(KEY_BYTES)
    _keep(tx, customer_id, key, asked.questions)
    status = person.status
    if asked.outcome is not None:
        status = STATUS_OF[asked.outcome]
        set_status(tx, person, status, is_screened=True)
    return Verification(customer_id, key, status, asked.questions, asked.message)


def screen(tx: Tx, customer_id: int) -> str:
    """Look somebody up in the lists, and give the status that comes of it. Refuses: CustomerNotFound."""
    person = get_person(tx, customer_id)
    status = STATUS_OF[verifier_of(tx).screen(subject_of(person)).outcome]
    _keep(tx, customer_id, tx.ids.secret(KEY_BYTES), ())
    set_status(tx, person, status, is_screened=status != DECEASED)
    return status


def prove(tx: Tx, customer_id: int) -> str:
    """Decide on somebody who waits without a question being put to them, and give the status.

    Refuses: CustomerNotFound.
    """
    person = take_person(tx, customer_id)
    if person.status not in {INITIATED, MANUAL_REVIEW}:
        return person.status
    verifier, subject = verifier_of(tx), subject_of(person)
    status = STATUS_OF[verifier.ask(subject).outcome or verifier.screen(subject).outcome]
    _keep(tx, customer_id, tx.ids.secret(KEY_BYTES), ())
    set_status(tx, person, status, is_screened=status != DECEASED)
    return status


def verify_customer(tx: Tx, *, customer_id: int, key: str, answers: Mapping[str, str]) -> Verification:
    """Judge somebody's answers, by the type of the question.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, VerificationNotFound,
    VerificationEnded.
    """
    person = take_person(tx, customer_id)
    refuse_unchangeable(person)
    row = tx.one(GET_VERIFICATION[tx.engine], key=key)
    if row is None or row[1] != customer_id:
        raise VerificationNotFound(key)
    if row[2] != ASKED:
        raise VerificationEnded
    assert person.status == INITIATED, "whoever is anything else has no open questions"
    questions = tuple(Question(one["type"], one["prompt"], tuple(one["answers"])) for one in row[3])
    judged = verifier_of(tx).judge(subject_of(person), questions, answers)
    given = [{**one._asdict(), "given": answers.get(one.type, "")} for one in questions]
    tx.update(CustomerVerification, row[0], questions=given)
    status = STATUS_OF[judged.outcome]
    set_status(tx, person, status, is_screened=True)
    return Verification(customer_id, key, status, (), judged.message)


def decide(tx: Tx, *, customer_id: int, status: str) -> None:
    """The bank's own decision: VERIFIED or DENIED of who waits, DECEASED of who was verified.

    Refuses: CustomerNotFound, StatusFinal.
    """
    person = take_person(tx, customer_id)
    waits = (VERIFIED,) if status == DECEASED else (INITIATED, MANUAL_REVIEW)
    if person.status not in waits:
        raise StatusFinal(customer_id, person.status)
    _keep(tx, customer_id, tx.ids.secret(KEY_BYTES), ())
    set_status(tx, person, status, is_screened=status != DECEASED)


def expire_registrations(tx: Tx) -> int:
    """Forget, some at a time, who was to send documents or answers and did not; give how many."""
    waited = [row[0] for row in tx.all(WAITED, since=tx.now - PATIENCE)]
    expired = 0
    for customer_id in waited:
        person = take_person(tx, customer_id)
        # Somebody may have decided while the lock was waited for.
        if person.status in {INITIATED, MANUAL_REVIEW}:
            set_status(tx, person, EXPIRED)
            expired += 1
    return expired


def set_status(tx: Tx, person: PersonFacts, status: str, *, is_screened: bool = False) -> None:
    """Give a customer another status, with the time at which it came; open questions end.

    `is_screened` says that it is what somebody found who looked into who the customer is.
    """
    if status != INITIATED:
        tx.run(END_VERIFICATIONS, of_customer=person.customer_id, new_state=status, new_ended_at=tx.now)
    change_row(
        tx, person.customer_id, status=status, is_active=status not in ENDED_STATUSES,
        tag_key=held(tx, person.tag, status), tax_id_key=held(tx, compared_tax_id(person.tax_id or ""), status),
        **({TIME_OF[status]: tx.now} if status in TIME_OF else {}),
        **({"details": _screened(tx, person, status)} if is_screened else {}),
    )  # fmt: skip
    tx.note(
        "bank_customer.status", "bank_customer", person.customer_id,
        before={"status": person.status}, after={"status": status},
    )  # fmt: skip


def _screened(tx: Tx, person: PersonFacts, status: str) -> dict[str, Any]:
    return person.details | {"screened": status, "screened_at": tx.now.isoformat()}


def verifier_of(tx: Tx) -> Verifier:
    """Who proves identities for this shop. Refuses: Invalid (verifier)."""
    return verifier_named(tx.shop.settings.get("identity_verifier", BUILT_IN))


def subject_of(person: PersonFacts) -> Subject:
    """What a verifier is told of a customer."""
    name = person.detail("business_legal_name") or person.last_name
    return Subject(person.first_name, name, person.birth_date, person.tax_id or "")


def _keep(tx: Tx, customer_id: int, key: str, questions: Sequence[Question]) -> None:
    tx.insert(
        CustomerVerification,
        id=tx.ids.next("customer_verification"),
        customer_id=customer_id,
        key=key,
        state=ASKED,
        questions=[one._asdict() for one in questions],
        created_at=tx.now,
        ended_at=None,
    )
