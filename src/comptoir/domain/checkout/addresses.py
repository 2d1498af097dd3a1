"""Who buys and where it is sent: what an address must have, and how parameters say it (reference 8.1, 9.2)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import NamedTuple

from comptoir.domain.checkout.parameters import Parameters
from comptoir.domain.countries import country_of
from comptoir.domain.identity.texts import Problem, email_problem, text_problem

# Where a letter does not arrive without them (reference 9.2).
NEEDS_STATE = frozenset(
    "ARG AUS BGR CAN CHN CYP EGY FRA IND IDN ITA JPN MYS MEX NLD PAN PHL POL ROU RUS SRB SGP ZAF ESP SWE THA"
    " TUR GBR USA".split()
)
NEEDS_STREET2 = frozenset("CHN JPN RUS".split())
LENGTHS = {
    "name": 128, "street": 64, "street2": 64, "city": 64, "state": 64, "postcode": 16, "country": 64,
    "email": 64, "phone": 16, "phone_ext": 9,
}  # fmt: skip

PREFILL = {
    "name": "card_holder_name", "street": "street_address", "street2": "street_address2", "city": "city",
    "state": "state", "postcode": "zip", "country": "country", "email": "email", "phone": "phone",
    "phone_ext": "phone_extension",
}  # fmt: skip
SHIP_PREFILL = {
    "name": "ship_name", "street": "ship_street_address", "street2": "ship_street_address2",
    "city": "ship_city", "state": "ship_state", "postcode": "ship_zip", "country": "ship_country",
}  # fmt: skip
# The same in the words of another gateway.
X_PREFILL = {
    "street": "x_address", "city": "x_city", "state": "x_state", "postcode": "x_zip", "country": "x_country",
    "email": "x_email", "phone": "x_phone",
}  # fmt: skip
X_SHIP_PREFILL = {
    "street": "x_ship_to_address", "city": "x_ship_to_city", "state": "x_ship_to_state",
    "postcode": "x_ship_to_zip", "country": "x_ship_to_country",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody at a place. The country is alpha-3."""

    name: str = ""
    street: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""
    phone_ext: str = ""

    def said(self) -> dict[str, str]:
        """The address as it is kept."""
        return asdict(self)


NAMES = tuple(each.name for each in fields(Address))


class PersonName(NamedTuple):
    """A name in its parts, as far as they can be told from it."""

    first: str
    middle_initial: str
    last: str


def read_address(values: Mapping[str, str]) -> Address:
    """An address from its texts; a country may be given by name. What is too long stays so, to be refused."""
    said = {name: " ".join(values.get(name, "").split()) for name in NAMES}
    return Address(**said | {"country": country_of(said["country"]) or said["country"]})


def address_problems(address: Address, *, has_email: bool = True) -> list[Problem]:
    """Everything that is wrong with an address, by its fields."""
    needed = ["name", "street", "city", "country", *(["email"] if has_email else [])]
    if address.country in NEEDS_STATE:
        needed += ["state", "postcode"]
    if address.country in NEEDS_STREET2:
        needed.append("street2")
    problems = [(name, "is missing") for name in needed if not getattr(address, name)]
    for name, limit in LENGTHS.items():
        problem = text_problem(getattr(address, name), limit)
        if problem:
            problems.append((name, problem))
    if address.country and not country_of(address.country):
        problems.append(("country", "is no country that we know"))
    if has_email and address.email and email_problem(address.email):
        problems.append(("email", "must be an e-mail address"))
    return problems


def prefilled(asked: Parameters) -> tuple[Address, Address]:
    """The billing and the shipping address as far as the link says them; what does not fit is left out."""
    billing = {name: asked.values.get(wire, "") for name, wire in PREFILL.items()}
    shipping = {name: asked.values.get(wire, "") for name, wire in SHIP_PREFILL.items()}
    # Shops write these names with capitals as often as without.
    spoken = {name.lower(): value for name, value in asked.values.items()}
    for said, words, prefix in ((billing, X_PREFILL, "x_"), (shipping, X_SHIP_PREFILL, "x_ship_to_")):
        for name, wire in words.items():
            said[name] = said[name] or spoken.get(wire, "")
        names = [spoken.get(f"{prefix}{part}_name", "") for part in ("first", "last")]
        said["name"] = said["name"] or " ".join(names)
    return _fitting(billing), _fitting(shipping)


def _fitting(said: Mapping[str, str]) -> Address:
    address = read_address(said)
    kept = {name: value if len(value) <= LENGTHS[name] else "" for name, value in address.said().items()}
    return Address(**kept | {"country": country_of(kept["country"])})


def person_name(name: str) -> PersonName:
    """First name, middle initial and last name of somebody."""
    first, *rest = name.split() or [""]
    if len(rest) > 1 and len(rest[0].rstrip(".")) == 1:
        return PersonName(first, rest[0].rstrip("."), " ".join(rest[1:]))
    return PersonName(first, "", " ".join(rest))
