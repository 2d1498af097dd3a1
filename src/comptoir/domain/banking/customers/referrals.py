"""Whom customers recommended the bank to."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.customers.errors import (
    AlreadyReferred,
    CustomerNotFound,
    ReferralNotFound,
    ReferralTagTaken,
    ReferredNotFound,
)
from comptoir.domain.banking.customers.judging import REQUIRED
from comptoir.domain.banking.customers.models import CustomerReferral
from comptoir.domain.banking.customers.persons import get_person
from comptoir.domain.banking.customers.queries import get_customer, require_customer
from comptoir.domain.identity.texts import email_problem, refuse, text_problems
from comptoir.domain.tx import Tx


class ReferralRow(NamedTuple):
    """A recommendation: whose, and of whom."""

    customer_id: int
    referred_id: int
    tag: str | None
    first_name: str
    last_name: str
    email: str
    custom: list[str]
    created_at: datetime


REFERRALS = (
    select(*(getattr(CustomerReferral, name) for name in ReferralRow._fields))
    .where(CustomerReferral.customer_id == bindparam("customer_id"))
    .order_by(CustomerReferral.id)
)
GET_REFERRAL = REFERRALS.where(CustomerReferral.referred_id == bindparam("referred_id"))
BY_TAG = REFERRALS.where(CustomerReferral.tag == bindparam("tag"))
TAG_HELD = select(CustomerReferral.id).where(CustomerReferral.tag == bindparam("tag"))


def create_referral(
    tx: Tx,
    *,
    customer_id: int,
    referred_id: int | None,
    tag: str | None,
    first_name: str = "",
    last_name: str = "",
    email: str = "",
    custom: list[str],
) -> int:
    """Write down whom a customer recommended the bank to, and give the id of who was recommended.

    A customer of the bank is known by the id; somebody who is none yet by name and e-mail address, and gets a
    number of the customers' own sequence, so that it means nobody else.
    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, CustomerNotVerified,
    ReferredNotFound, Problems (a name or e-mail address), ReferralTagTaken, AlreadyReferred.
    """
    require_customer(tx, customer_id)
    if referred_id is not None:
        first_name, last_name, email = _of_customer(tx, referred_id, customer_id)
    else:
        _judge(first_name, last_name, email)
    if tag is not None and tx.value(TAG_HELD, tag=tag) is not None:
        raise ReferralTagTaken
    if referred_id is not None and tx.one(GET_REFERRAL, customer_id=customer_id, referred_id=referred_id):
        raise AlreadyReferred(f"customer {referred_id} was recommended by customer {customer_id} already")
    made = tx.ids.next("customer") if referred_id is None else referred_id
    tx.insert(
        CustomerReferral, id=tx.ids.next("customer_referral"), customer_id=customer_id, referred_id=made, tag=tag,
        first_name=first_name, last_name=last_name, email=email, custom=custom, created_at=tx.now,
    )  # fmt: skip
    tx.note("bank_customer.referred", "bank_customer", customer_id, after={"referred_id": made, "tag": tag})
    return made


def get_referral(tx: Tx, *, customer_id: int, referred_id: int) -> ReferralRow:
    """One recommendation. Refuses: CustomerNotFound, ReferralNotFound."""
    get_customer(tx, customer_id)
    row = tx.one(GET_REFERRAL, customer_id=customer_id, referred_id=referred_id)
    if row is None:
        raise ReferralNotFound(referred_id)
    return ReferralRow(*row)


def find_referral_by_tag(tx: Tx, customer_id: int, tag: str) -> ReferralRow | None:
    """The customer's recommendation with this tag."""
    row = tx.one(BY_TAG, customer_id=customer_id, tag=tag)
    return None if row is None else ReferralRow(*row)


def list_referrals(tx: Tx, customer_id: int) -> list[ReferralRow]:
    """All recommendations of a customer, the first first. Refuses: CustomerNotFound."""
    get_customer(tx, customer_id)
    return [ReferralRow(*row) for row in tx.all(REFERRALS, customer_id=customer_id)]


def _of_customer(tx: Tx, referred_id: int, customer_id: int) -> tuple[str, str, str]:
    if referred_id == customer_id:
        raise ReferredNotFound(referred_id)
    try:
        person = get_person(tx, referred_id)
    except CustomerNotFound:
        raise ReferredNotFound(referred_id) from None
    return person.first_name, person.last_name, person.email


def _judge(first_name: str, last_name: str, email: str) -> None:
    values: dict[str, Any] = {"first_name": first_name, "last_name": last_name, "email": email}
    problems = text_problems(values, short=values)
    problems += [(name, REQUIRED) for name in ("first_name", "last_name") if not values[name].strip()]
    if email and (problem := email_problem(email)):
        problems.append(("email", problem))
    refuse(problems)
