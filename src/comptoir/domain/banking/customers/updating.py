"""Changing what is known of a customer; what is not said stays as it is (reference 1.8)."""

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.domain.banking.customers.cleaning import clean_address, cleaned
from comptoir.domain.banking.customers.entering import refuse_taken, refuse_tax_id
from comptoir.domain.banking.customers.judging import (
    REQUIRED,
    problem_of_email,
    problems_of_addresses,
    problems_of_business,
    problems_of_changed,
    problems_of_foreign_papers,
    problems_of_industry,
    problems_of_names_on_cards,
    problems_of_phones,
    problems_of_texts,
)
from comptoir.domain.banking.customers.naming import NAMES, put_in_order
from comptoir.domain.banking.customers.persons import (
    DETAIL_FIELDS,
    LIST_FIELDS,
    SHOP_FIELDS,
    Address,
    Person,
    PersonFacts,
    list_addresses,
    list_phones,
    refuse_unchangeable,
    take_person,
)
from comptoir.domain.banking.customers.writing import bank_part, change_row, replace_addresses, replace_phones
from comptoir.domain.banking.program.models import IDENTITY
from comptoir.domain.banking.program.queries import ProgramFacts, get_program, list_bins
from comptoir.domain.customers.actions import update_customer as update_shop_customer
from comptoir.domain.identity.texts import Problem, refuse
from comptoir.domain.tx import Tx

# Cards of this network are made with little room for an address.
NARROW_NETWORK = "VS"
# What was proven about somebody and must not change without being proven again, and what that is called.
FROZEN: Mapping[str, str] = {
    **dict.fromkeys(("first_name", "middle_name", "last_name", "suffix"), "frozen_names"),
    "email": "frozen_email",
    **dict.fromkeys(
        (
            "birth_date", "tax_id", "passport_number", "passport_country", "passport_issued_on",
            "passport_expires_on", "license_number", "license_state", "license_issued_on", "license_expires_on",
        ),
        "frozen_identity",
    ),
    "addresses": "frozen_residence",
}  # fmt: skip
FROZEN_ORDER = ("frozen_names", "frozen_email", "frozen_residence", "frozen_identity")
# What may not be emptied.
KEPT = ("first_name", "last_name", "gender", "culture", "tax_id")
# What an event may tell of a change; of the rest it tells that it changed.
TOLD = frozenset({"tag", "culture", "is_documents_accepted", "is_backup_withholding", "is_opted_in"})


def update_customer(tx: Tx, *, customer_id: int, person: Person) -> None:
    """Change what is said of a customer. Addresses and telephones replace those of their types.

    Refuses: NoProgram, CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, Problems (what
    cannot be taken, or must not change where identities are proven), TagTaken, TaxIdTaken or BusinessTaken.
    """
    program = get_program(tx)
    known = take_person(tx, customer_id)
    refuse_unchangeable(known)
    changed = _changed(tx, known, cleaned(person, is_business=known.is_business))
    refuse([*_problems(tx, program, known, changed), *_frozen(program, changed)])
    if "tag" in changed:
        refuse_taken(tx, changed["tag"], customer_id)
    if "tax_id" in changed:
        refuse_tax_id(tx, changed["tax_id"], customer_id, is_business=known.is_business)
    _write(tx, known, changed)


def update_address(tx: Tx, *, customer_id: int, address: Address) -> None:
    """Change one address, also of somebody whose identity is proven: it may be what is to be proven.

    Refuses: NoProgram, CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, Problems.
    """
    get_program(tx)
    known = take_person(tx, customer_id)
    refuse_unchangeable(known)
    clean = clean_address(address, is_business=known.is_business)
    refuse([
        *problems_of_texts({"addresses": [clean]}),
        *problems_of_addresses([clean], is_business=known.is_business, is_on_card=is_on_card(tx)),
    ])  # fmt: skip
    _write(tx, known, {"addresses": [clean]})


def is_on_card(tx: Tx) -> bool:
    """Whether addresses are printed where there is little room for them."""
    return any(one.network == NARROW_NETWORK and one.is_active for one in list_bins(tx))


def _changed(tx: Tx, known: PersonFacts, person: Person) -> dict[str, Any]:
    """What is said and is another thing than what is known."""
    said: dict[str, Any] = dict(person)
    changed = {
        name: value for name, value in said.items()
        if name not in LIST_FIELDS and _same(value) != _same(_known(known, name))
    }  # fmt: skip
    kept_addresses = {one["address_type"]: one for one in list_addresses(tx, known.customer_id)}
    kept_phones = {one["phone_type"]: one for one in list_phones(tx, known.customer_id)}
    # One that comes twice differs from what is kept at least once, and both are looked at then.
    if any(kept_addresses.get(one["address_type"]) != one for one in said.get("addresses", ())):
        changed["addresses"] = said["addresses"]
    if any(kept_phones.get(one["phone_type"]) != one for one in said.get("phones", ())):
        changed["phones"] = said["phones"]
    if changed.get("foreign_number") == "":
        # What was said of the paper goes with its number.
        gone: dict[str, Any] = {"foreign_type": "", "foreign_country": "", "foreign_expires_on": None}
        changed = gone | changed
    return changed


def _known(known: PersonFacts, name: str) -> Any:
    if name not in DETAIL_FIELDS:
        return getattr(known, name)
    return known.detail_day(name) if name.endswith("_on") else known.detail(name)


def _same(value: Any) -> Any:
    return None if isinstance(value, str) and not value else value


def _problems(
    tx: Tx, program: ProgramFacts, known: PersonFacts, changed: Mapping[str, Any]
) -> Iterator[Problem]:
    said = Person(**changed)  # type: ignore[typeddict-item]
    yield from problems_of_texts(changed)
    for name in KEPT:
        if name in changed and not changed[name] and not (known.is_business and name != "tax_id"):
            yield name, REQUIRED
    yield from problems_of_changed(said, tx.now.astimezone(program.zone).date())
    if "email" in changed:
        yield from problem_of_email(changed["email"]) if changed["email"] else [("email", REQUIRED)]
    yield from problems_of_addresses(
        changed.get("addresses", ()), is_business=known.is_business, is_on_card=is_on_card(tx)
    )
    yield from problems_of_phones(changed.get("phones", ()))
    whole = {**known.details, "foreign_number": known.foreign_number, **changed}
    if changed.keys() & {"business_name_on_card", "preferred_name", "is_preferred_on_card"}:
        yield from problems_of_names_on_cards(whole, program.features)
    yield from problems_of_business(changed, is_new=False)
    yield from problems_of_industry(changed)
    if changed.keys() & {"foreign_type", "foreign_number", "foreign_country", "foreign_expires_on"}:
        yield from problems_of_foreign_papers(whole, program.features)


def _frozen(program: ProgramFacts, changed: Mapping[str, Any]) -> list[Problem]:
    if program.verification_type != IDENTITY:
        return []
    kinds = {FROZEN[name] for name in changed if name in FROZEN}
    return [(kind, "cannot be updated") for kind in FROZEN_ORDER if kind in kinds]


def _write(tx: Tx, known: PersonFacts, changed: Mapping[str, Any]) -> None:
    customer_id = known.customer_id
    shop_part = {name: value for name, value in changed.items() if name in SHOP_FIELDS}
    if shop_part:
        update_shop_customer(tx, customer_id=customer_id, **shop_part)
    change_row(tx, customer_id, **bank_part(tx, changed, status=known.status, details=known.details))
    if NAMES & changed.keys():
        put_in_order(tx, customer_id)
    replace_addresses(tx, customer_id, changed.get("addresses", ()))
    replace_phones(tx, customer_id, changed.get("phones", ()))
    if changed:
        told = TOLD & changed.keys()
        tx.note(
            "bank_customer.updated", "bank_customer", customer_id,
            before={name: getattr(known, name) for name in sorted(told)},
            after={**{name: changed[name] for name in sorted(told)}, "changed": sorted(changed)},
        )  # fmt: skip
