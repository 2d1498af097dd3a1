"""The bank and the books as places to find things in."""

from sqlalchemy import bindparam

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.cards.models import Card
from comptoir.domain.banking.customers.models import BankCustomer
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.customers.models import Customer
from comptoir.domain.finding.places import (
    Found,
    Place,
    Row,
    Way,
    by_amount,
    by_filled_text,
    by_number,
    by_text,
)
from comptoir.domain.identity.permissions import BANK, BOOKS
from comptoir.domain.ledger.models import Account, Transfer
from comptoir.domain.money import Money
from comptoir.domain.payouts.models import Payout
from comptoir.domain.tx import Tx

SHOWN_DIGITS = 4


def _bank_customer(_tx: Tx, row: Row) -> Found:
    key, first, last, status, tag, at = row
    return Found("bank_customer", key, f"{first} {last}".strip(), _told(status, tag), at)


def _bank_account(_tx: Tx, row: Row) -> Found:
    key, name, number, status, tag, at = row
    return Found(
        "bank_account", key, name or f"Account {key}", _told(f"…{number[-SHOWN_DIGITS:]}", status, tag), at
    )


def _external(_tx: Tx, row: Row) -> Found:
    key, name, bank, status, tag, at = row
    return Found("external_account", key, name or f"External account {key}", _told(bank, status, tag), at)


def _movement(tx: Tx, row: Row) -> Found:
    key, type_code, status, tag, description, minor, at = row
    title = f"Transaction {key}"
    moved = Money(minor, tx.shop.currency)
    return Found("bank_transfer", key, title, _told(type_code, status, tag, description), at, moved)


def _card(_tx: Tx, row: Row) -> Found:
    key, first, last, four, status, at = row
    return Found("card", key, f"Card …{four}", _told(f"{first} {last}".strip(), status), at)


def _transfer(_tx: Tx, row: Row) -> Found:
    key, kind, subject, subject_id, tag, at = row
    return Found(
        "transfer", key, f"Transfer {key}", _told(kind, f"{subject} {subject_id}" if subject else "", tag), at
    )


def _account(_tx: Tx, row: Row) -> Found:
    key, code, name, currency, at = row
    return Found("account", key, f"{code} ({currency})", name, at)


def _payout(tx: Tx, row: Row) -> Found:
    key, identifier, state, minor, at = row
    return Found("payout", key, identifier or f"Payout {key}", state, at, Money(minor, tx.shop.currency))


def _told(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


PLACES = (
    Place(
        "bank_customer",
        BANK,
        BankCustomer,
        (
            BankCustomer.customer_id,
            Customer.first_name,
            Customer.last_name,
            BankCustomer.status,
            BankCustomer.tag,
            BankCustomer.created_at,
        ),
        _bank_customer,
        (by_number(BankCustomer.customer_id), by_text(BankCustomer.tag)),
        base=lambda found: found.join(Customer, Customer.id == BankCustomer.customer_id),
    ),
    Place(
        "bank_account",
        BANK,
        BankAccount,
        (
            BankAccount.account_id,
            BankAccount.name,
            BankAccount.account_number,
            BankAccount.status,
            BankAccount.tag,
            BankAccount.created_at,
        ),
        _bank_account,
        (by_number(BankAccount.account_id), by_text(BankAccount.tag), by_text(BankAccount.account_number)),
        parts=(BankAccount.account_number, BankAccount.name),
    ),
    Place(
        "external_account",
        BANK,
        ExternalAccount,
        (
            ExternalAccount.id,
            ExternalAccount.name,
            ExternalAccount.nick_name,
            ExternalAccount.status,
            ExternalAccount.tag,
            ExternalAccount.created_at,
        ),
        _external,
        (
            by_number(ExternalAccount.id),
            by_text(ExternalAccount.tag),
            # Of the number only a keyed digest can be looked for: the whole of it, or nothing.
            by_text(ExternalAccount.account_digest),
        ),
    ),
    Place(
        "bank_transfer",
        BANK,
        BankTransfer,
        (
            BankTransfer.transfer_id,
            BankTransfer.type_code,
            BankTransfer.status,
            BankTransfer.tag,
            BankTransfer.description,
            BankTransfer.amount_minor,
            BankTransfer.created_at,
        ),
        _movement,
        (
            by_number(BankTransfer.transfer_id),
            by_text(BankTransfer.tag),
            by_text(BankTransfer.to_tag),
            by_filled_text(BankTransfer.trace_number),
            by_amount(BankTransfer.amount_minor),
        ),
    ),
    Place(
        "card",
        BANK,
        Card,
        (Card.id, Card.first_name, Card.last_name, Card.last_four, Card.status, Card.created_at),
        _card,
        (
            Way(("last_four",), Card.last_four == bindparam("last_four")),
            by_number(Card.id),
            by_text(Card.tag),
        ),
    ),
    Place(
        "transfer",
        BOOKS,
        Transfer,
        (
            Transfer.id,
            Transfer.kind,
            Transfer.subject,
            Transfer.subject_id,
            Transfer.tag,
            Transfer.created_at,
        ),
        _transfer,
        (by_number(Transfer.id), by_text(Transfer.tag)),
    ),
    Place(
        "account",
        BOOKS,
        Account,
        (Account.id, Account.code, Account.name, Account.currency, Account.created_at),
        _account,
        (by_number(Account.id), by_text(Account.code)),
    ),
    Place(
        "payout",
        BOOKS,
        Payout,
        (Payout.id, Payout.identifier, Payout.state, Payout.amount_minor, Payout.created_at),
        _payout,
        (by_number(Payout.id), by_text(Payout.identifier), by_amount(Payout.amount_minor)),
    ),
)
