"""Where names stand in lists: what makes no difference, and that whoever writes a name writes its place too."""

from typing import Any

from sqlalchemy import select

from comptoir.domain.banking.customers.entering import enter_customer
from comptoir.domain.banking.customers.models import VERIFIED, BankCustomer
from comptoir.domain.banking.customers.naming import update_customer as update_known_customer
from comptoir.domain.banking.customers.updating import update_customer as update_bank_customer
from comptoir.domain.catalogue.copying import copy_product
from comptoir.domain.catalogue.importing import import_products
from comptoir.domain.catalogue.models import Product
from comptoir.domain.catalogue.products import create_product, update_product
from comptoir.domain.customers.actions import register_customer, rename_customer, update_customer
from comptoir.domain.customers.importing import import_customers
from comptoir.domain.customers.models import Customer
from comptoir.domain.names import ORDER_CHARACTERS, order_key
from comptoir.domain.tx import Tx
from tests.domain.banking.accounts.people import found_bank
from tests.domain.banking.customers.people import person

KEYS: dict[type[Any], Any] = {
    Product: select(Product.name_key).order_by(Product.id),
    Customer: select(Customer.name_key).order_by(Customer.id),
    BankCustomer: select(BankCustomer.name_key).order_by(BankCustomer.customer_id),
}
BY_KEY = select(Product.name).order_by(Product.name_key, Product.id)
# As they stand, one behind the other; those of one line stand together.
IN_ORDER = (
    ("",), ('"Quoted" lamp',), ("10 lamps",), ("9 lamps",), ("Æther", "aether"),
    ("Äpfel", "apfel", "A\u0308pfel"), ("Apfel, rot", "Äpfel, rot"), ("Apron", "APRON", "  apron "),
    ("étagère", "Etagere", "ÉTAGÈRE"),
    ("İstanbul", "istanbul", "Istanbul", "\u0131stanbul"), ("Łódź", "lodz"), ("œuvre", "OEUVRE"),
    ("Ørsted", "orsted"), ("Straße", "STRASSE"), ("two words", "Two \t  Words", "two\u00a0words"), ("zebra",),
    ("Ζεύς",), ("Яблоко", "яблоко"), ("りんご",), ("\U0001f34e apple",),
)  # fmt: skip


def keys(tx: Tx, record: type[Any]) -> list[str]:
    return [key for (key,) in tx.all(KEYS[record])]


def test_case_marks_and_blanks_make_no_difference() -> None:
    found = [{order_key(name) for name in names} for names in IN_ORDER]
    assert [len(one) for one in found] == [1] * len(IN_ORDER)
    ordered = [key for one in found for key in one]
    assert ordered == sorted(ordered)


def test_both_databases_order_by_the_same(tx: Tx) -> None:
    names = [names[0] for names in IN_ORDER if names[0]]
    for name in reversed(names):
        create_product(tx, name=name)
    assert [name for (name,) in tx.all(BY_KEY)] == names


def test_each_part_of_a_name_is_ordered_by_itself() -> None:
    people = [
        ("De", "Zoe"),
        ("De La", "Ann"),
        ("Li", ""),
        ("Li", "Ann"),
        ("Li", "zoe"),
        ("Lia", "Ann"),
        ("O'Hara", ""),
    ]
    assert sorted(people, key=lambda one: order_key(*one)) == people
    assert order_key("", "") == order_key("\t", " ") == ""


def test_a_long_name_fits_into_an_index(tx: Tx) -> None:
    long = "\U0001f34e\ufdfa" * 5_000
    assert len(order_key(long)) == ORDER_CHARACTERS
    assert len(order_key("x" * 100, "y")) == ORDER_CHARACTERS
    create_product(tx, name=long)
    assert keys(tx, Product) == [order_key(long)]


def test_whoever_names_a_product_puts_it_in_order(tx: Tx) -> None:
    made = create_product(tx, name="Étagère", code="a")
    assert import_products(tx, [{"name": "Zebra"}]) == [None]
    copy_product(tx, product_id=made)
    assert keys(tx, Product) == ["etagere", "zebra", "etagere (copy)"]
    update_product(tx, product_id=made, name="Ørsted")
    update_product(tx, product_id=made, keywords="lamp")
    assert keys(tx, Product)[0] == "orsted"


def test_whoever_names_a_customer_puts_them_in_order(tx: Tx) -> None:
    zoe = register_customer(tx, email="zoe@example.com", first_name="Zoë", last_name="Müller")
    nobody = register_customer(tx, email="No@example.com")
    rows: list[Any] = [{"email": "ada@example.com", "last_name": "Lovelace", "first_name": "Ada"}]
    assert import_customers(tx, rows) == [None]
    assert keys(tx, Customer) == ["muller\tzoe", "no@example.com", "lovelace\tada"]
    update_customer(tx, customer_id=zoe, last_name="Ångström")
    rename_customer(tx, customer_id=nobody, username="Émile")
    assert keys(tx, Customer)[:2] == ["angstrom\tzoe", "emile"]
    update_customer(tx, customer_id=nobody, first_name="Bob")
    assert keys(tx, Customer)[1] == "bob"


def test_whoever_names_a_customer_of_the_bank_puts_them_in_order(tx: Tx) -> None:
    found_bank(tx)
    joey = enter_customer(tx, person(1), status=VERIFIED)
    firm = enter_customer(tx, person(2, business_legal_name="Étage & Co"), status=VERIFIED, is_business=True)
    enter_customer(tx, person(3, first_name="", last_name=""), status=VERIFIED)
    assert keys(tx, BankCustomer) == ["mctester 1\tjoey", "etage & co", "joey3@corepro.io"]
    update_bank_customer(tx, customer_id=joey, person={"last_name": "Ørsted"})
    update_bank_customer(tx, customer_id=firm, person={"business_legal_name": "Zebra"})
    assert keys(tx, BankCustomer)[:2] == ["orsted\tjoey", "zebra"]
    assert keys(tx, Customer)[0] == "orsted\tjoey"
    update_known_customer(tx, customer_id=joey, first_name="Zoë", city="Oslo")
    update_known_customer(tx, customer_id=firm, first_name="Zoë")
    assert keys(tx, BankCustomer)[:2] == ["orsted\tzoe", "zebra"]
    shopper = register_customer(tx, email="ada@example.com")
    update_known_customer(tx, customer_id=shopper, first_name="Ada")
    assert keys(tx, Customer)[-1] == "ada"


def test_no_event_tells_of_the_key(tx: Tx) -> None:
    made = create_product(tx, name="Lamp")
    update_product(tx, product_id=made, name="Bright lamp")
    customer = register_customer(tx, email="ada@example.com")
    update_customer(tx, customer_id=customer, first_name="Ada")
    import_customers(tx, [{"email": "bob@example.com"}])
    assert len(tx.changes) == 5
    assert all("name_key" not in {**(one.before or {}), **(one.after or {})} for one in tx.changes)
