"""Secrets of a card that a person says: its PIN, its security code. They are passed on, and shown to nobody."""

from dataclasses import replace

from comptoir.console import kinds
from comptoir.console.bank_card_acts import back, which
from comptoir.console.forms import Field, Form
from comptoir.console.visits import Answer, Visit
from comptoir.domain.banking.cards.errors import ValuesDiffer
from comptoir.domain.banking.cards.pins import PIN_DIGITS_MAX, reset_pin, seal_pin
from comptoir.domain.banking.cards.verifying import Printed, verify_by_code
from comptoir.domain.errors import Invalid
from comptoir.domain.shop import ShopFacts

CODE_DIGITS_MAX = 4
MONTHS = [str(one) for one in range(1, 13)]
UNKEPT = "It goes to the network, and is not kept here."


def digits(most: int) -> kinds.Kind:
    """A secret number, which is never written into a page."""

    def read(value: str, _shop: ShopFacts) -> str:
        typed = value.strip()
        if not (typed.isascii() and typed.isdigit() and len(typed) <= most):
            raise ValueError(f"must be a number of at most {most} digits")
        return typed

    attributes = {"maxlength": str(most), "inputmode": "numeric"}
    return replace(kinds.PASSWORD, read=read, attributes=attributes)


PIN = Form(
    "pin",
    (
        Field("pin", "New PIN", digits(PIN_DIGITS_MAX), required=True, hint=UNKEPT),
        Field("again", "The same again", digits(PIN_DIGITS_MAX), required=True),
    ),
    "Set the PIN",
)  # fmt: skip
BY_CODE = Form(
    "verify-code",
    (
        Field("expire_month", "Good until the month", kinds.choice(MONTHS, kinds.INTEGER), required=True),
        Field("expire_year", "of the year", kinds.INTEGER, required=True),
        Field("security_code", "Security code", digits(CODE_DIGITS_MAX), required=True, hint="On its back."),
    ),
    "Take it into use",
)  # fmt: skip


def pin_of(visit: Visit, pin: str, again: str) -> str:
    """A PIN that was typed twice, encrypted for the verb. Refuses: Invalid (pin, again), NoPinKey."""
    if pin != again:
        raise Invalid("again", "is not the same PIN")
    if not int(pin):
        raise Invalid("pin", "must be from 1 to 9999")
    return seal_pin(visit.tx, pin)


def change_pin(visit: Visit) -> Answer:
    """Give the card another PIN. Refuses: as pin_of, and what the verb does."""
    reset_pin(visit.tx, **which(visit), new_pin=pin_of(visit, **PIN.read(visit)))
    return back(visit, "The PIN was set.")


def verify_printed(visit: Visit) -> Answer:
    """Take the card into use by what is printed on it. Refuses: Invalid (security_code), and what the verb does."""
    typed = BY_CODE.read(visit)
    printed = Printed(typed["security_code"], typed["expire_year"], typed["expire_month"])
    try:
        verify_by_code(visit.tx, **which(visit), printed=printed)
    except ValuesDiffer as error:
        raise Invalid("security_code", "or the month is not that of the card") from error
    return back(visit, "The card can be used.")
