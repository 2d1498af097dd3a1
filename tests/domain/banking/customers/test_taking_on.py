import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from comptoir.domain import records
from comptoir.domain.banking.customers.beneficiaries import create_beneficiary
from comptoir.domain.banking.customers.creating import create_business, create_customer, initiate_customer
from comptoir.domain.banking.customers.entering import enter_customer
from comptoir.domain.banking.customers.errors import (
    BusinessTaken,
    CustomerNotFound,
    TagTaken,
    TaxIdTaken,
    TooManyRegistrations,
)
from comptoir.domain.banking.customers.models import (
    ARCHIVED,
    DENIED,
    INITIATED,
    VERIFIED,
    BankCustomer,
    CustomerVerification,
)
from comptoir.domain.banking.customers.persons import Person, get_person
from comptoir.domain.banking.customers.searching import find_by_tag, search_people
from comptoir.domain.banking.customers.updating import update_customer
from comptoir.domain.banking.customers.verifying import set_status
from comptoir.domain.banking.program.models import Program
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.customers.actions import register_customer
from comptoir.domain.customers.queries import get_customer as get_shop_customer
from comptoir.domain.errors import Invalid, Problems
from comptoir.domain.events.models import Event
from comptoir.domain.shop import Shop
from comptoir.domain.tx import OpenShop, Tx
from comptoir.storage.errors import UniqueTaken
from comptoir.storage.schema import Record
from comptoir.storage.sqlite import SqliteDatabase
from tests.domain.banking.customers.people import HOME, person

SECRETS = ("987654321", "P5551234", "D5559876", "F5550000", "123412349")


def test_a_customer_of_the_bank_is_the_shops_customer(at_bank: Tx) -> None:
    customer_id = create_customer(at_bank, person=person(custom1="one"))
    row = get_shop_customer(at_bank, customer_id)
    assert (row["username"], row["email"], row["first_name"], row["last_name"], row["custom1"]) == (
        "joey1@corepro.io", "joey1@corepro.io", "Joey", "McTester 1", "one",
    )  # fmt: skip
    assert row["birth_date"] == date(1985, 1, 1)
    known = get_person(at_bank, customer_id)
    assert (known.status, known.verified_at, known.tax_id) == (VERIFIED, at_bank.now, "900000001")


@pytest.mark.parametrize("email", ["joey@corepro.io", "JOEY@corepro.io", "", "no address at all"])
def test_a_username_that_is_taken_or_missing_is_made_of_the_id(at_bank: Tx, email: str) -> None:
    if email:
        register_customer(at_bank, username=email)
    customer_id = create_customer(at_bank, person=person(email=email))
    assert get_shop_customer(at_bank, customer_id)["username"] == f"customer-{customer_id}"
    assert get_person(at_bank, customer_id).email == email


def test_a_username_of_that_kind_may_be_taken_too(at_bank: Tx) -> None:
    register_customer(at_bank, username="customer-2")
    customer_id = create_customer(at_bank, person=person(email=""))
    assert get_shop_customer(at_bank, customer_id)["username"] == "customer-2-2"


def test_a_change_of_names_is_one_of_the_shops_customer(at_bank: Tx) -> None:
    customer_id = create_customer(at_bank, person=person())
    update_customer(
        at_bank, customer_id=customer_id, person={"last_name": "Other", "email": "other@corepro.io"}
    )
    row = get_shop_customer(at_bank, customer_id)
    assert (row["last_name"], row["email"], row["email_key"]) == (
        "Other",
        "other@corepro.io",
        "other@corepro.io",
    )


WORKS: Person = {
    "business_legal_name": "Works", "legal_entity_type": "Partnership", "tax_id": "12", "tax_id_type": "EIN",
    "addresses": [{**HOME, "address_type": "Registered"}, {**HOME, "address_type": "PrimaryBusiness"}],
}  # fmt: skip


def test_a_business_is_known_to_the_shop_as_a_company(at_bank: Tx) -> None:
    customer_id = create_business(at_bank, person=WORKS)
    assert get_shop_customer(at_bank, customer_id)["company"] == "Works"


@pytest.mark.parametrize(
    ("papers", "problems"),
    [
        ({"foreign_type": "Visa", "foreign_number": "1"}, ["foreign_type"]),
        ({"foreign_type": "Visa"}, ["foreign_type", "foreign_number"]),
        ({"foreign_country": "MEX"}, ["foreign_country"]),
        ({"foreign_expires_on": date(2030, 1, 1)}, ["foreign_expires_on"]),
        ({"foreign_number": "F-1"}, ["foreign_documents"]),
        ({"foreign_type": "Passport"}, ["foreign_documents", "foreign_number"]),
    ],
)
def test_papers_of_a_business_are_judged_as_strictly_when_it_comes_as_when_it_changes(
    at_bank: Tx, papers: Person, problems: list[str]
) -> None:
    known = create_business(at_bank, person=WORKS)
    if "foreign_documents" in problems:
        features = [one for one in get_program(at_bank).features if one != "foreign_documents"]
        at_bank.update(Program, 1, features=features)
    with pytest.raises(Invalid) as changed:
        update_customer(at_bank, customer_id=known, person=papers)
    with pytest.raises(Invalid) as came:
        create_business(at_bank, person={**WORKS, **papers})
    assert [field for field, _ in said(came.value)] == problems
    assert said(came.value) == said(changed.value)


def said(error: Invalid) -> list[tuple[str, str]]:
    """All that is wrong, by field."""
    return list(error.problems) if isinstance(error, Problems) else [(error.field, error.problem)]


def test_what_cannot_be_kept_is_refused_before_anything_is_written(at_bank: Tx) -> None:
    for name in ("first_name", "email", "tag", "passport_number", "custom5", "doing_business_as"):
        for text in ("a\0b", "a\ud800b", "x" * 70_000):
            with pytest.raises(Problems, match=name) as refused:
                create_customer(at_bank, person=person(1, **{name: text}, gender=""))
            assert {field for field, _ in refused.value.problems} >= {name, "gender"}
    with pytest.raises(CustomerNotFound):
        get_person(at_bank, 1)


def everything(opened: OpenShop) -> str:
    """All that the database keeps, as text."""
    if isinstance(opened.database, SqliteDatabase):
        path = opened.database.path
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.read_bytes().decode("latin-1")
    assert records.ROOMS
    return opened.read(lambda tx: repr([tx.all(_columns(each)) for each in _mapped()]))


def _mapped() -> list[type[Record]]:
    return Record.__subclasses__()


def _columns(record: type[Record]) -> Any:
    sealed = {column.name for column in record.__table__.columns if "Encrypted" in type(column.type).__name__}
    return select(*(column for column in record.__table__.columns if column.name not in sealed))


def test_numbers_that_identify_people_are_in_no_file_and_no_event(opened: OpenShop) -> None:
    def work(tx: Tx) -> None:
        customer_id = create_customer(
            tx,
            person=person(
                tax_id="987-65-4321", passport_number="P 555-1234", license_number="D5559876",
                foreign_number="F5550000", foreign_type="Passport",
            ),
        )  # fmt: skip
        create_beneficiary(
            tx,
            customer_id=customer_id,
            beneficiary={"first_name": "F", "last_name": "L", "tax_id": "123412349"},
        )
        update_customer(
            tx, customer_id=customer_id, person={"tax_id": "987654321", "license_number": "d-5559876"}
        )

    opened.write(work)
    kept = everything(opened)
    assert "McTester 1" in kept
    assert [secret for secret in SECRETS if secret in kept] == []
    events = opened.read(lambda tx: repr(tx.all(select(Event.kind, Event.before, Event.after))))
    assert "bank_customer.created" in events
    assert [secret for secret in SECRETS if secret in events] == []
    found = opened.read(lambda tx: search_people(tx, {"tax_id": "987 65 4321"}, limit=5, offset=0))
    assert [one.passport_number for one in found.page] == ["P5551234"]


def in_production(tx: Tx) -> None:
    """Leave the sandbox."""
    tx.update(Shop, 1, is_sandbox=False, version=tx.shop.version + 1)


def into_a_sandbox(tx: Tx) -> None:
    """Enter it."""
    tx.update(Shop, 1, is_sandbox=True, version=tx.shop.version + 1)


def attempt(opened: OpenShop, taking: Callable[[Tx], int]) -> int | str:
    """Try, as a request does that loses races."""
    for _ in range(5):
        try:
            return opened.write(taking)
        except (TagTaken, TaxIdTaken, BusinessTaken) as refusal:
            return type(refusal).__name__
        except UniqueTaken:
            continue
    return "lost every time"


@pytest.mark.parametrize(
    ("said", "refused"), [({"tag": "one"}, "TagTaken"), ({"tax_id": "123456789"}, "TaxIdTaken")]
)
def test_of_many_who_want_one_tag_at_once_one_has_it(
    opened: OpenShop, said: dict[str, str], refused: str
) -> None:
    takings = [partial(create_customer, person=person(number, **said)) for number in range(1, 9)]
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(partial(attempt, opened), takings))
    assert sorted(map(str, outcomes)) == [
        next(str(one) for one in outcomes if one != refused),
        *[refused] * 7,
    ]
    assert opened.read(lambda tx: tx.all(select(BankCustomer.customer_id))) == [
        (next(one for one in outcomes if one != refused),)
    ]


def test_tags_of_who_left_are_free_and_those_of_who_waits_are_not(opened: OpenShop) -> None:
    first = opened.write(lambda tx: enter_customer(tx, person(), status=INITIATED))
    with pytest.raises(TagTaken):
        opened.write(lambda tx: create_customer(tx, person=person(2, tag="tag 1")))
    opened.write(lambda tx: set_status(tx, get_person(tx, first), ARCHIVED))
    second = opened.write(lambda tx: create_customer(tx, person=person(1)))
    assert opened.read(lambda tx: find_by_tag(tx, "tag 1")) == opened.read(lambda tx: get_person(tx, second))


def test_a_tax_id_that_was_denied_twice_waits_two_days(opened: OpenShop) -> None:
    denied = person(tax_id="900009999", tag=None)
    for _ in range(2):
        assert opened.write(lambda tx: initiate_customer(tx, person=denied)).status == DENIED
    with pytest.raises(TooManyRegistrations):
        opened.write(lambda tx: create_customer(tx, person=denied))
    opened.write(lambda tx: tx.update(CustomerVerification, 1, ended_at=tx.now - timedelta(hours=48)))
    assert opened.write(lambda tx: create_customer(tx, person=denied)) == 3


def test_a_sandbox_minds_neither_tags_nor_tax_ids(opened: OpenShop) -> None:
    opened.write(into_a_sandbox)
    ids = [opened.write(lambda tx: create_customer(tx, person=person())) for _ in range(3)]
    found = opened.read(lambda tx: find_by_tag(tx, "tag 1"))
    assert found is not None
    assert found.customer_id == ids[-1]
    for _ in range(4):
        opened.write(lambda tx: initiate_customer(tx, person=person(tax_id="900009999")))
    opened.write(in_production)
    with pytest.raises(TooManyRegistrations):
        opened.write(lambda tx: create_customer(tx, person=person(5, tax_id="900009999")))
