"""What stands beside the records of the bank when many are shown: names, balances, ends of transfers, owners."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, literal, select

from comptoir.domain.banking.accounts.models import BankAccount, BankHold
from comptoir.domain.banking.cards.controls import CONTROLS_IN_FORCE, ControlRow
from comptoir.domain.banking.cards.errors import CardNotFound
from comptoir.domain.banking.cards.models import Card
from comptoir.domain.banking.customers.models import BankCustomer
from comptoir.domain.banking.documents.models import BankDocument
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.movements.errors import TransactionNotFound
from comptoir.domain.banking.movements.models import AppliedFee, BankTransfer
from comptoir.domain.banking.program.models import FeeType, ProgramAccount
from comptoir.domain.banking.statements.errors import StatementNotFound
from comptoir.domain.banking.statements.models import Statement
from comptoir.domain.customers.models import Customer
from comptoir.domain.ledger.models import ACTIVE, Account, Hold, Transfer
from comptoir.domain.ledger.standing import STANDINGS, Standing
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

HOLDS_MAX = 100
LAST_MAX = 20
FAMILY_MAX = 100


class Name(NamedTuple):
    """Who a customer of the bank is, in a list."""

    customer_id: int
    text: str
    email: str


class Place(NamedTuple):
    """An end of a transfer: a deposit account, one of the program, or one at another bank; its number in clear."""

    kind: str
    id: int
    name: str
    number: str
    customer_id: int | None


class HoldRow(NamedTuple):
    """Money that is held on an account; what was written of it, when a person placed it."""

    id: int
    amount_minor: int
    subject: str
    subject_id: int
    placed_at: datetime
    expires_at: datetime | None
    description: str | None


class MovementRow(NamedTuple):
    """What is known of a movement of the bank, and of its transfer in the ledger."""

    transfer_id: int
    master_id: int
    customer_id: int | None
    requesting_customer_id: int | None
    from_id: int | None
    to_id: int | None
    external_account_id: int | None
    card_id: int | None
    amount_minor: int
    type_code: str
    status: str
    tag: str | None
    to_tag: str | None
    description: str
    purpose_code: str
    fee_code: str
    sub_type_code: str
    return_code: str
    is_same_day: bool
    settles_on: Any
    available_at: datetime | None
    settled_at: datetime | None
    voided_at: datetime | None
    file_id: int | None
    trace_number: str
    details: dict[str, Any]
    created_at: datetime
    kind: str
    state: str


class FeeRow(NamedTuple):
    """A fee that was charged: for which transfer, and of what type."""

    id: int
    name: str
    account_id: int
    amount_minor: int
    transfer_id: int
    created_at: datetime


NAMES: Select[Any] = (
    select(
        Customer.id, Customer.first_name, Customer.last_name, Customer.email, BankCustomer.is_business,
        BankCustomer.details,
    )
    .join(BankCustomer, BankCustomer.customer_id == Customer.id)
    .where(among(Customer.id, "ids"))
)  # fmt: skip
STANDINGS_AMONG = STANDINGS.where(among(Account.id, "ids"))
DEPOSIT_ACCOUNTS = select(
    literal("bank_account"), BankAccount.account_id, BankAccount.name, BankAccount.account_number,
    BankAccount.customer_id,
).where(among(BankAccount.account_id, "ids"))  # fmt: skip
PROGRAM_ACCOUNTS = select(
    literal("program_account"), ProgramAccount.account_id, ProgramAccount.type, ProgramAccount.account_number,
    literal(None),
).where(among(ProgramAccount.account_id, "ids"))  # fmt: skip
INSIDE: tuple[Select[Any], ...] = (PROGRAM_ACCOUNTS, DEPOSIT_ACCOUNTS)
EXTERNAL_ACCOUNTS = select(
    ExternalAccount.id, ExternalAccount.nick_name, ExternalAccount.name, ExternalAccount.account_number,
    ExternalAccount.customer_id,
).where(among(ExternalAccount.id, "ids"))  # fmt: skip
HOLDS = (
    select(
        Hold.id, Hold.amount_minor, Hold.subject, Hold.subject_id, Hold.placed_at, Hold.expires_at,
        BankHold.description,
    )
    .outerjoin(BankHold, BankHold.hold_id == Hold.id)
    .where(Hold.account_id == bindparam("account_id"), Hold.state == literal(ACTIVE))
    .order_by(Hold.id)
    .limit(HOLDS_MAX)
)  # fmt: skip
MOVEMENTS = (
    select(*(getattr(BankTransfer, name) for name in MovementRow._fields[:-2]), Transfer.kind, Transfer.state)
    .join(Transfer, Transfer.id == BankTransfer.transfer_id)
    .order_by(BankTransfer.transfer_id)
)
GET_MOVEMENT = MOVEMENTS.where(BankTransfer.transfer_id == bindparam("transfer_id"))
ENDS = select(BankTransfer.transfer_id, BankTransfer.from_id, BankTransfer.to_id).where(
    among(BankTransfer.transfer_id, "ids")
)
FAMILY = MOVEMENTS.where(BankTransfer.master_id == bindparam("master_id")).limit(FAMILY_MAX)
FEES = (
    select(
        AppliedFee.id, FeeType.name, AppliedFee.account_id, AppliedFee.amount_minor, AppliedFee.transfer_id,
        AppliedFee.created_at,
    )
    .join(FeeType, FeeType.id == AppliedFee.fee_type_id)
    .join(
        BankTransfer,
        and_(BankTransfer.transfer_id == AppliedFee.transfer_id, BankTransfer.master_id == bindparam("master_id")),
    )
    .order_by(AppliedFee.id)
)  # fmt: skip
OWNERS_OF_ACCOUNTS = select(BankAccount.account_id, BankAccount.customer_id).where(
    among(BankAccount.account_id, "ids")
)
OWNERS_OF_EXTERNALS = select(ExternalAccount.id, ExternalAccount.customer_id).where(
    among(ExternalAccount.id, "ids")
)
OWNERS_OF_STATEMENTS = select(Statement.id, Statement.customer_id).where(among(Statement.id, "ids"))
OWNERS_OF_DOCUMENTS = select(BankDocument.id, BankDocument.customer_id).where(
    among(BankDocument.id, "ids"), BankDocument.customer_id.is_not(None)
)
OWNERS_OF_CARDS = select(Card.id, Card.customer_id).where(among(Card.id, "ids"))
THROUGH = (
    select(*MOVEMENTS.selected_columns)
    .join(Transfer, Transfer.id == BankTransfer.transfer_id)
    .where(BankTransfer.external_account_id == bindparam("external_account_id"))
    .order_by(BankTransfer.transfer_id.desc())
    .limit(LAST_MAX)
)
BY_CARD = (
    select(*MOVEMENTS.selected_columns)
    .join(Transfer, Transfer.id == BankTransfer.transfer_id)
    .where(BankTransfer.card_id == bindparam("card_id"))
    .order_by(BankTransfer.created_at.desc())
    .limit(LAST_MAX)
)
OWNER_OF_CARD = select(Card.customer_id).where(Card.id == bindparam("card_id"))
OWNER_OF_STATEMENT = select(Statement.customer_id).where(Statement.id == bindparam("statement_id"))


def names_of(tx: Tx, customer_ids: Iterable[int | None]) -> dict[int, Name]:
    """What these customers are called, by their ids; a business by its own name."""
    ids = sorted({one for one in customer_ids if one is not None})
    found: dict[int, Name] = {}
    if not ids:
        return found
    for id, first, last, email, is_business, details in tx.all(NAMES, ids=ids):
        own = str((details or {}).get("business_legal_name", "")) if is_business else ""
        found[id] = Name(id, own or f"{first} {last}".strip() or email or f"Customer {id}", email)
    return found


def owners_of(tx: Tx, account_ids: Iterable[int]) -> dict[int, int]:
    """Whose deposit accounts these are, by their ids."""
    ids = sorted(set(account_ids))
    return dict(tx.all(OWNERS_OF_ACCOUNTS, ids=ids)) if ids else {}


def owners_of_external(tx: Tx, external_ids: Iterable[int]) -> dict[int, int]:
    """Whose accounts at other banks these are, by their ids."""
    ids = sorted(set(external_ids))
    return dict(tx.all(OWNERS_OF_EXTERNALS, ids=ids)) if ids else {}


def owners_of_cards(tx: Tx, card_ids: Iterable[int]) -> dict[int, int]:
    """Who ordered these cards, by their ids."""
    ids = sorted(set(card_ids))
    return dict(tx.all(OWNERS_OF_CARDS, ids=ids)) if ids else {}


def owners_of_statements(tx: Tx, statement_ids: Iterable[int]) -> dict[int, int]:
    """Who is told by these statements, by their ids."""
    ids = sorted(set(statement_ids))
    return dict(tx.all(OWNERS_OF_STATEMENTS, ids=ids)) if ids else {}


def owners_of_documents(tx: Tx, document_ids: Iterable[int]) -> dict[int, int]:
    """Who sent these documents, by their ids; those of the bank itself are left out."""
    ids = sorted(set(document_ids))
    return {row[0]: row[1] or 0 for row in tx.all(OWNERS_OF_DOCUMENTS, ids=ids)} if ids else {}


def list_moves_through(tx: Tx, external_account_id: int) -> list[MovementRow]:
    """The last movements to and from an account at another bank."""
    return [MovementRow(*row) for row in tx.all(THROUGH, external_account_id=external_account_id)]


def list_moves_by_card(tx: Tx, card_id: int) -> list[MovementRow]:
    """The last movements by a card, authorisations too."""
    return [MovementRow(*row) for row in tx.all(BY_CARD, card_id=card_id)]


def list_controls_of(tx: Tx, card_id: int) -> list[ControlRow]:
    """The rules that hold for a card."""
    return [ControlRow(*row) for row in tx.all(CONTROLS_IN_FORCE, card_id=card_id)]


def standings_of(tx: Tx, account_ids: Iterable[int]) -> dict[int, Standing]:
    """The balances of accounts, by their ids."""
    ids = sorted(set(account_ids))
    return {row[0]: Standing(*row) for row in tx.all(STANDINGS_AMONG, ids=ids)} if ids else {}


def places_among(tx: Tx, ids: Iterable[int | None]) -> dict[int, Place]:
    """What the ends of transfers are, by their ids, which are of one sequence."""
    wanted = sorted({one for one in ids if one is not None})
    if not wanted:
        return {}
    found = {row[1]: Place(*row) for query in INSIDE for row in tx.all(query, ids=wanted)}
    for id, nick, name, number, customer_id in tx.all(EXTERNAL_ACCOUNTS, ids=wanted):
        found.setdefault(id, Place("external_account", id, nick or name, number, customer_id))
    return found


def list_holds(tx: Tx, account_id: int) -> list[HoldRow]:
    """What is held on an account, the first hundred, oldest first."""
    return [HoldRow(*row) for row in tx.all(HOLDS, account_id=account_id)]


def get_movement(tx: Tx, transfer_id: int) -> MovementRow:
    """One movement of the bank. Refuses: TransactionNotFound."""
    row = tx.one(GET_MOVEMENT, transfer_id=transfer_id)
    if row is None:
        raise TransactionNotFound(transfer_id)
    return MovementRow(*row)


def ends_of(tx: Tx, transfer_ids: Iterable[int]) -> dict[int, tuple[int | None, int | None]]:
    """Where movements come from and where they go, by their ids."""
    ids = sorted(set(transfer_ids))
    return {row[0]: (row[1], row[2]) for row in tx.all(ENDS, ids=ids)} if ids else {}


def list_family(tx: Tx, master_id: int) -> list[MovementRow]:
    """A movement with all that came of it: its return, its completion, its fees; oldest first."""
    return [MovementRow(*row) for row in tx.all(FAMILY, master_id=master_id)]


def list_fees_of(tx: Tx, master_id: int) -> list[FeeRow]:
    """The fees that were charged for a movement."""
    return [FeeRow(*row) for row in tx.all(FEES, master_id=master_id)]


def owner_of_card(tx: Tx, card_id: int) -> int:
    """Whose card it is. Refuses: CardNotFound."""
    found: int | None = tx.value(OWNER_OF_CARD, card_id=card_id)
    if found is None:
        error = CardNotFound(card_id, 0)
        error.args = (f"there is no card {card_id}",)
        raise error
    return found


def owner_of_statement(tx: Tx, statement_id: int) -> int:
    """Who is told by a statement. Refuses: StatementNotFound."""
    found: int | None = tx.value(OWNER_OF_STATEMENT, statement_id=statement_id)
    if found is None:
        raise StatementNotFound(statement_id)
    return found
