"""What may be chosen in the bank's forms: customers by number, products, accounts of a customer."""

import re
from dataclasses import replace

from comptoir.console import kinds
from comptoir.console.bank_parts import masked
from comptoir.console.picking import BANK_CUSTOMER
from comptoir.console.visits import Visit
from comptoir.domain.banking.accounts.queries import get_bank_account, list_bank_accounts
from comptoir.domain.banking.external.queries import list_external_accounts
from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.banking.program.queries import (
    get_program,
    list_fee_types,
    list_products,
    list_program_accounts,
)
from comptoir.domain.shop import ShopFacts

TEXT_MAX = 255
JOINT = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
CUSTOMER = BANK_CUSTOMER
Choices = list[tuple[str, str]]


def spelt(word: str) -> str:
    """A word of the bank's that is written in one, taken apart: `BeneficialOwner` is Beneficial Owner."""
    return JOINT.sub(" ", word)


def line(most: int = TEXT_MAX, *, is_optional: bool = False) -> kinds.Kind:
    """A line of text of so many letters at most; one that is optional is None when it is empty."""

    def read(value: str, shop: ShopFacts) -> str:
        typed = kinds.read_line(value, shop)
        if len(typed) > most:
            raise ValueError(f"must have at most {most} letters")
        return typed

    kind = kinds.OPTIONAL_LINE if is_optional else kinds.LINE
    return replace(kind, read=read, attributes={"maxlength": str(most)})


TAG = line(is_optional=True)


def words(most: int = TEXT_MAX) -> kinds.Kind:
    """Some lines of text, of so many letters at most."""

    def read(value: str, shop: ShopFacts) -> str:
        typed = kinds.read_text(value, shop)
        if len(typed) > most:
            raise ValueError(f"must have at most {most} letters")
        return typed

    return replace(kinds.TEXT, read=read)


def product_choices(visit: Visit) -> Choices:
    """What is offered."""
    return [(str(one.id), f"{one.name} ({one.category})") for one in list_products(visit.tx)]


def fee_choices(visit: Visit) -> Choices:
    """The fees that are charged by hand."""
    return [
        (str(one.id), f"{one.name} ({one.code})")
        for one in list_fee_types(visit.tx)
        if one.is_manual and one.is_active
    ]


def external_type_choices(visit: Visit) -> Choices:
    """Which kinds of accounts at other banks the program knows."""
    try:
        return [(one, one) for one in get_program(visit.tx).external_account_types]
    except NoProgram:
        return []


def account_choices(visit: Visit, customer_id: int) -> Choices:
    """A customer's accounts that are not closed."""
    return [
        (str(one.account_id), f"{one.name} {masked(one.account_number)} ({one.status})")
        for one in list_bank_accounts(visit.tx, customer_id)
        if not one.is_closed
    ]


def external_choices(visit: Visit, customer_id: int) -> Choices:
    """A customer's accounts at other banks that are not ended."""
    return [
        (
            str(one.id),
            f"{one.nick_name or one.name or 'Account'} {masked(one.account_number)} at another bank ({one.status})",
        )
        for one in list_external_accounts(visit.tx, customer_id)
        if one.is_active
    ]


def program_choices(visit: Visit) -> Choices:
    """The program's own accounts."""
    return [
        (str(one.account_id), f"{one.type} of the program")
        for one in list_program_accounts(visit.tx)
        if one.is_active
    ]


def sweep_choices(visit: Visit) -> Choices:
    """Where what is left on an account may go when it is closed."""
    account = get_bank_account(visit.tx, visit.id)
    own = [one for one in account_choices(visit, account.customer_id) if one[0] != str(visit.id)]
    return [*own, *external_choices(visit, account.customer_id)]
