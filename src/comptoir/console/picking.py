"""Picking who or what is meant: by its number or code, or by a name, of which those found are offered.

A field of these kinds takes a name as well; the form then comes back as it was filled in, with what goes by that
name to choose from. A script asks for the same while it is typed.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec

from comptoir.console import kinds
from comptoir.console.kinds import Kind
from comptoir.console.places import address_of
from comptoir.console.visits import Answer, Page, Sent, Show, Visit
from comptoir.domain.finding.places import Found
from comptoir.domain.finding.queries import find
from comptoir.domain.identity.permissions import BANK, CATALOGUE, CUSTOMERS
from comptoir.domain.shop import ShopFacts

FOUND_MAX = 10
Choices = list[tuple[str, str]]


def _found(visit: Visit, kind: str, text: str) -> Sequence[Found]:
    """What goes by a text; nothing of what the operator may not see."""
    return find(visit.tx, text, limit=FOUND_MAX, kind=kind).get(kind, ())


def find_customers(visit: Visit, text: str) -> Choices:
    """Customers by their numbers."""
    found = _found(visit, "customer", text)
    return [(str(one.id), _told(one.title, one.detail, f"number {one.id}")) for one in found]


def find_bank_customers(visit: Visit, text: str) -> Choices:
    """Those of the customers who are the bank's."""
    return [one for one in find_customers(visit, text) if _found(visit, "bank_customer", one[0])]


def find_products(visit: Visit, text: str) -> Choices:
    """Products by their codes, or by their numbers where they have none."""
    found = _found(visit, "product", text)
    return [(one.detail or str(one.id), _told(one.title, one.detail)) for one in found]


def _told(*parts: str) -> str:
    return ", ".join(dict.fromkeys(part for part in parts if part))


def read_customer(value: str, shop: ShopFacts) -> int:
    """The number of a customer, or of somebody who is none."""
    try:
        return int(kinds.read_integer(value, shop))
    except ValueError:
        raise ValueError("is no number: choose who is meant, or look for another name") from None


CUSTOMER: Kind = replace(
    kinds.INTEGER,
    widget="text",
    read=read_customer,
    finds=find_customers,
    attributes={"data-finds": address_of("/find/customers")},
)
BANK_CUSTOMER: Kind = replace(
    kinds.INTEGER,
    widget="text",
    finds=find_bank_customers,
    attributes={"data-finds": address_of("/find/bank-customers"), "maxlength": "100"},
)
PRODUCT: Kind = replace(
    kinds.LINE, finds=find_products, attributes={"data-finds": address_of("/find/products")}
)


def _show(finds: Callable[[Visit, str], Choices]) -> Show:
    def show(visit: Visit) -> Answer:
        """What goes by what is being typed, for a script."""
        return Sent("application/json", msgspec.json.encode(finds(visit, visit.asked.said("q"))))

    return show


PAGES = (
    Page("/find/customers", _show(find_customers), CUSTOMERS),
    Page("/find/bank-customers", _show(find_bank_customers), BANK),
    Page("/find/products", _show(find_products), CATALOGUE),
)
