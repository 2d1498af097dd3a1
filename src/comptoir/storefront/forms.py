"""The forms of the pages: their fields as tables, and what is read from what a browser sends."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comptoir.domain.checkout.addresses import LENGTHS, PREFILL, SHIP_PREFILL, Address, read_address
from comptoir.domain.money import Money
from comptoir.domain.payments.cards import read_card
from comptoir.domain.payments.errors import CardRefused
from comptoir.domain.payments.port import Card
from comptoir.storefront.words import marked

Form = Mapping[str, str]
Errors = dict[str, str]
"""By the name of a field: what is said of it. The empty name is for the whole form."""

WHOLE = ""
EXPIRY = re.compile(r"\s*(\d{1,2})\s*[/.\- ]?\s*(\d{4}|\d{2})\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `autocomplete` lets a browser fill it in; `kind` decides its keyboard."""

    name: str
    label: str
    autocomplete: str
    most: int
    kind: str = "text"
    is_needed: bool = False
    is_optional: bool = False
    hint: str = ""
    width: str = ""


_LABELS = {
    "name": marked("Name"),
    "street": marked("Street and number"),
    "street2": marked("Apartment, floor"),
    "city": marked("City"),
    "state": marked("State or region"),
    "postcode": marked("Postal code"),
    "country": marked("Country"),
    "email": marked("E-mail"),
    "phone": marked("Phone"),
    "phone_ext": marked("Extension"),
}
_AUTOCOMPLETE = {
    "name": "name", "street": "address-line1", "street2": "address-line2", "city": "address-level2",
    "state": "address-level1", "postcode": "postal-code", "country": "country", "email": "email",
    "phone": "tel-national", "phone_ext": "tel-extension",
}  # fmt: skip
_KINDS = {"email": "email", "phone": "tel", "phone_ext": "tel", "country": "country"}
_NEEDED = frozenset({"name", "street", "city", "country", "email"})
# The rest depends on the country.
_OPTIONAL = frozenset({"street2", "phone", "phone_ext"})
_WIDTHS = dict.fromkeys(("city", "state", "postcode", "country"), "half") | {
    "phone": "long", "phone_ext": "short",
}  # fmt: skip
_HINTS = {"email": marked("So that the shop can reach you about your order.")}


def _address_fields(wires: Mapping[str, str], group: str, order: str) -> tuple[Field, ...]:
    return tuple(
        Field(
            name=wires[name],
            label=_LABELS[name],
            autocomplete=f"{group} {_AUTOCOMPLETE[name]}",
            most=LENGTHS[name],
            kind=_KINDS.get(name, "text"),
            is_needed=name in _NEEDED,
            is_optional=name in _OPTIONAL,
            hint=_HINTS.get(name, ""),
            width=_WIDTHS.get(name, ""),
        )
        for name in order.split()
    )


_PLACE = "street street2 city state postcode country"
CONTACT_FIELDS = _address_fields(PREFILL, "billing", "name email phone phone_ext")
BILLING_FIELDS = _address_fields(PREFILL, "billing", _PLACE)
SHIPPING_FIELDS = _address_fields(SHIP_PREFILL, "shipping", f"name {_PLACE}")
CARD_FIELDS = (
    Field("card_number", marked("Card number"), "cc-number", 30, "digits", is_needed=True),
    Field(
        "card_expiry",
        marked("Valid until"),
        "cc-exp",
        9,
        "digits",
        is_needed=True,
        hint=marked("MM/YY"),
        width="half",
    ),
    Field("card_code", marked("Security code"), "cc-csc", 4, "digits", is_needed=True, width="half"),
)
LABELS = {
    **{
        field.name: field.label
        for field in (*CONTACT_FIELDS, *BILLING_FIELDS, *SHIPPING_FIELDS, *CARD_FIELDS)
    },
    "coupon": marked("Coupon"),
}
# Where the problems of a card are shown.
CARD_PLACES = {
    "number": "card_number", "expiry_month": "card_expiry", "expiry_year": "card_expiry",
    "security_code": "card_code", "card": "card_number",
}  # fmt: skip


def billing_of(form: Form, known: Address) -> Address:
    """The billing address of a form; where the goods go, when the form says that it is the same."""
    said = {name: form.get(wire, "") for name, wire in PREFILL.items()}
    if form.get("same_address") == "Y":
        said |= {name: value for name, value in known.said().items() if name in _PLACE.split()}
    return read_address(said)


def shipping_of(form: Form) -> Address:
    """The shipping address of a form."""
    return read_address({name: form.get(wire, "") for name, wire in SHIP_PREFILL.items()})


def values_of(address: Address, wires: Mapping[str, str]) -> dict[str, str]:
    """An address as its fields show it."""
    said = address.said()
    return {wire: said[name] for name, wire in wires.items()}


def card_of(form: Form) -> Card:
    """The card of a form. Refuses: CardRefused."""
    match = EXPIRY.fullmatch(form.get("card_expiry", ""))
    if match is None:
        raise CardRefused("expiry_month", "is no month and year")
    return read_card(
        number=form.get("card_number", ""),
        expiry_month=match[1],
        expiry_year=match[2],
        security_code=form.get("card_code", ""),
    )


def shown_of(form: Form) -> Money | None:
    """The amount that stood on the button; None when the form does not say."""
    minor, _, currency = form.get("shown", "").partition(" ")
    return Money(int(minor), currency) if minor.isascii() and minor.isdigit() and len(minor) < 19 else None


def field_named(problem_field: str) -> str:
    """The form's field for a field of the domain's, such as `billing.city`."""
    side, _, name = problem_field.partition(".")
    wires = {"billing": PREFILL, "shipping": SHIP_PREFILL}.get(side, {})
    return wires.get(name, WHOLE)


def quantities_of(form: Form, keys: Sequence[str]) -> dict[str, int] | None:
    """The quantities of a form, by the keys of the lines; None when one is no whole number."""
    found = {}
    for key in keys:
        text = form.get(f"quantity.{key}", "").strip()
        if f"quantity.{key}" not in form:
            continue
        if not (text.isascii() and text.isdigit() and len(text) < 5):
            return None
        found[key] = int(text)
    return found


def choices_of(form: Form) -> dict[str, dict[str, str]]:
    """The options chosen in a form, by the keys of the lines."""
    found: dict[str, dict[str, str]] = {}
    for name, value in form.items():
        parts = name.split(".")
        if len(parts) == 3 and parts[0] == "option":
            found.setdefault(parts[1], {})[parts[2]] = value
    return found
