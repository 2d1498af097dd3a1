"""Finding customers of the bank by parts of their names and e-mail addresses, however many customers there are."""

from typing import Any

from sqlalchemy import Select, bindparam, select

from comptoir.domain.banking.customers.models import BankCustomer, CustomerVerification
from comptoir.domain.customers.models import Customer
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among
from comptoir.storage.reading import Filter, Target
from comptoir.storage.walking import Walker

# Shorter parts are in too many names for an index to help.
PART_LETTERS = 3
FOUND_MAX = 1_000

PEOPLE = Walker(Customer, (Customer.id,))
PARTS = tuple(Target(one, "text") for one in (Customer.first_name, Customer.last_name, Customer.email))
BANKING = select(BankCustomer.customer_id).where(among(BankCustomer.customer_id, "ids"))
OPEN_QUESTIONS: Select[Any] = (
    select(CustomerVerification.key, CustomerVerification.questions)
    .where(
        CustomerVerification.customer_id == bindparam("customer_id"),
        CustomerVerification.ended_at.is_(None),
    )
    .order_by(CustomerVerification.id.desc())
    .limit(1)
)


def find_people(tx: Tx, words: str) -> list[int]:
    """The customers of the bank with all these words in their name or e-mail address, a thousand at most.

    Words of fewer than three letters are passed over.
    """
    found: set[int] | None = None
    for word in words.lower().split():
        if len(word) < PART_LETTERS:
            continue
        here = {
            row[0]
            for part in PARTS
            for row in PEOPLE.step(
                tx, (Filter(part, "like", (word,)),), by=Customer.id, falls=True, limit=FOUND_MAX
            )
        }
        found = here if found is None else found & here
    ids = sorted(found or (), reverse=True)[:FOUND_MAX]
    return [row[0] for row in tx.all(BANKING, ids=ids)] if ids else []


def open_questions(tx: Tx, customer_id: int) -> tuple[str, list[dict[str, Any]]] | None:
    """The questions that wait for a customer's answers, with the word that they are known by."""
    row = tx.one(OPEN_QUESTIONS, customer_id=customer_id)
    return None if row is None or not row[1] else (row[0], row[1])
