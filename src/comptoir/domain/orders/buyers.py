"""Who buys: as checkouts ask them, and the customer that they are or become."""

from dataclasses import dataclass
from datetime import datetime

from comptoir.domain.customers.actions import CustomerFields, register_customer
from comptoir.domain.customers.queries import find_customer_by_username, list_customers_by_email
from comptoir.domain.tx import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """The buyer with both addresses; countries are alpha-3. Without `name` it is put together of its parts."""

    name: str = ""
    first_name: str = ""
    middle_initial: str = ""
    last_name: str = ""
    company: str = ""
    email: str = ""
    phone: str = ""
    phone_ext: str = ""
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    delivery_name: str = ""
    delivery_address1: str = ""
    delivery_address2: str = ""
    delivery_city: str = ""
    delivery_state: str = ""
    delivery_postcode: str = ""
    delivery_country: str = ""
    ip_address: str = ""
    ip_country: str = ""
    language: str = "en"
    customer_id: int | None = None

    @property
    def cardholder(self) -> str:
        """The name on the card; without a middle initial two blanks stand in it (reference 4.1.1)."""
        if self.name:
            return self.name
        return f"{self.first_name} {self.middle_initial} {self.last_name}".strip()

    def invoice_columns(self) -> dict[str, str]:
        """What an invoice keeps of the buyer beside the order."""
        return {
            "first_name": self.first_name,
            "middle_initial": self.middle_initial,
            "last_name": self.last_name,
            "phone_ext": self.phone_ext,
            "billing_address2": self.address2,
            "billing_country": self.country,
            "delivery_address2": self.delivery_address2,
            "delivery_country": self.delivery_country,
            "ip_address": self.ip_address,
            "ip_country": self.ip_country,
            "language": self.language,
        }


def customer_of(tx: Tx, buyer: Buyer, at: datetime | None = None) -> int | None:
    """The customer whom the buyer names, or who has the address, or a new one; nobody without an address.

    Refuses: Invalid (email, or any text that a customer's page could not hold).
    """
    if buyer.customer_id is not None or not buyer.email:
        return buyer.customer_id
    known = list_customers_by_email(tx, buyer.email)
    if known:
        return known[0]
    fields: CustomerFields = {
        "email": buyer.email,
        "username": _free_username(tx, buyer.email),
        "first_name": buyer.first_name or buyer.name,
        "last_name": buyer.last_name,
        "company": buyer.company,
        "address1": buyer.address1,
        "address2": buyer.address2,
        "city": buyer.city,
        "state_id": buyer.state,
        "postcode": buyer.postcode,
        "country_id": buyer.country,
        "phone_day": buyer.phone,
        "created_at": at or tx.now,
    }
    return register_customer(tx, **fields)


def _free_username(tx: Tx, email: str) -> str:
    """The address, or the address with a number when somebody else goes by it."""
    name, number = email, 2
    while find_customer_by_username(tx, name) is not None:
        name, number = f"{email} {number}", number + 1
    return name
