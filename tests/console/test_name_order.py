"""Products and customers by name: case and accents make no difference, page by page, with filters and as CSV."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest

from comptoir.console.listing import PAGE
from comptoir.domain.banking.customers.entering import enter_customer
from comptoir.domain.banking.customers.models import VERIFIED
from comptoir.domain.catalogue.importing import import_products
from comptoir.domain.catalogue.products import create_product, update_product
from comptoir.domain.customers.actions import register_customer, remove_customer
from tests.domain.banking.accounts.people import found_bank
from tests.domain.banking.customers.people import person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comptoir.domain.tx import OpenShop, Tx
    from tests.console.visiting import Paper, Visitor

GOODS = ("zebra", "Étagère", "apron", "Lamp", "etagere", "lamp", "Ørsted lamp", "Äpfel")
BY_NAME = ["Äpfel", "apron", "Étagère", "etagere", "Lamp", "lamp", "Ørsted lamp", "zebra"]
PEOPLE = (
    ("Zoë", "Müller"),
    ("Ada", "Lovelace"),
    ("zoe", "MULLER"),
    ("", ""),
    ("Émile", "de Gaulle"),
    ("Bob", ""),
)
BY_LAST_NAME = ["Bob", "c3@example.com", "Émile de Gaulle", "Ada Lovelace", "Zoë Müller", "zoe MULLER"]
HOSTILE = (
    "name'--",
    "name%00",
    "%ED%A0%80",
    "NAME",
    "name-",
    "'); DROP TABLE product",
    "name&sort=",
    "9" * 400,
    "../name",
)


def stock(tx: Tx) -> None:
    for place, name in enumerate(GOODS):
        create_product(tx, name=name, code=f"c{place}", is_published=place % 2 == 0)


def crowd(tx: Tx) -> None:
    for place, (first, last) in enumerate(PEOPLE):
        register_customer(tx, email=f"c{place}@example.com", first_name=first, last_name=last)


def column(paper: Paper, place: int) -> list[str]:
    return [row[place] for row in paper.rows]


def walked(visitor: Visitor, page: Paper, rel: str) -> Iterator[Paper]:
    """The page, and those behind or before it."""
    while True:
        yield page
        links = page.tree.xpath(f"//a[@rel='{rel}']/@href")
        if not links:
            return
        page = visitor.get(links[0])


def told(visitor: Visitor, path: str, place: int) -> list[str]:
    """A column of a list's CSV."""
    _, *rows = csv.reader(StringIO(visitor.get(path).answer.content.decode()))
    return [row[place] for row in rows]


def heads(page: Paper) -> dict[str, tuple[str, str]]:
    """Of each head that sorts: how the list is sorted by it, and the sort that it leads to."""
    found = {}
    for head in page.tree.xpath("(//thead)[1]//th"):
        (link,) = head.xpath("./a/@href") or [""]
        if link or head.get("aria-sort"):
            sort = link.partition("sort=")[2].partition("&")[0]
            found[head.text_content().strip()] = (head.get("aria-sort", ""), sort)
    return found


def test_products_stand_by_name(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(stock)
    assert column(visitor.get("/products?sort=name"), 1) == BY_NAME
    assert column(visitor.get("/products?sort=name-back"), 1) == BY_NAME[::-1]
    assert column(visitor.get("/products?sort=name&published=1"), 1) == [
        "apron",
        "etagere",
        "Ørsted lamp",
        "zebra",
    ]
    assert column(visitor.get("/products?sort=name-back&name=LAMP"), 1) == ["Ørsted lamp", "lamp", "Lamp"]
    assert column(visitor.get("/products?sort=name&code=c"), 1) == BY_NAME
    shop.write(lambda tx: update_product(tx, product_id=1, name="Aardvark"))
    assert column(visitor.get("/products?sort=name"), 1)[:2] == ["Aardvark", "Äpfel"]


def test_customers_stand_by_last_name(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(crowd)
    gone = shop.write(lambda tx: register_customer(tx, email="gone@example.com", last_name="Abbot"))
    shop.write(lambda tx: remove_customer(tx, customer_id=gone))
    assert column(visitor.get("/customers?sort=name"), 0) == BY_LAST_NAME
    assert column(visitor.get("/customers?sort=name-back"), 0) == BY_LAST_NAME[::-1]
    assert column(visitor.get("/customers?sort=name&first_name=zo"), 0) == ["Zoë Müller", "zoe MULLER"]
    assert (
        column(visitor.get("/customers?sort=name-back&status=active&since_from=2026-01-01"), 0)
        == BY_LAST_NAME[::-1]
    )
    visitor.done("/customers/6", "/update", last_name="Zuse")
    assert column(visitor.get("/customers?sort=name"), 0)[-1] == "Bob Zuse"


def test_customers_of_the_bank_stand_by_the_name_that_is_shown(shop: OpenShop, visitor: Visitor) -> None:
    def found(tx: Tx) -> None:
        found_bank(tx)
        enter_customer(tx, person(1, first_name="Zoë", last_name="Zuse"), status=VERIFIED)
        enter_customer(
            tx, person(2, business_legal_name="Étage Ltd", last_name="X"), status=VERIFIED, is_business=True
        )
        enter_customer(tx, person(3, first_name="Ada", last_name="Lovelace"), status=VERIFIED)

    shop.write(found)
    assert column(visitor.get("/bank/customers?sort=name"), 0) == ["Étage Ltd", "Ada Lovelace", "Zoë Zuse"]
    assert column(visitor.get("/bank/customers?sort=name-back&business=0"), 0) == ["Zoë Zuse", "Ada Lovelace"]
    visitor.done("/customers/1", "/update", last_name="Apple")
    assert column(visitor.get("/bank/customers?sort=name"), 0) == ["Zoë Apple", "Étage Ltd", "Ada Lovelace"]
    assert told(visitor, "/bank/customers?sort=name-back&format=csv", 1) == [
        "Ada Lovelace",
        "Étage Ltd",
        "Zoë Apple",
    ]


@pytest.mark.parametrize("sort", ["name", "name-back"])
def test_many_of_one_name_are_walked_there_and_back(shop: OpenShop, visitor: Visitor, sort: str) -> None:
    names = ["Äpfel", *["Same"] * (2 * PAGE), *[f"zebra {number:02}" for number in range(PAGE)]]
    rows: list[Any] = [{"id": place, "name": name} for place, name in enumerate(names, 1)]
    shop.write(lambda tx: import_products(tx, rows))
    pages = list(walked(visitor, visitor.get(f"/products?sort={sort}"), "next"))
    seen = [
        int(key)
        for page in pages
        for key in page.tree.xpath("//tbody/tr/@data-link")
        for key in [key.split("/")[-1]]
    ]
    expected = list(range(1, len(names) + 1))
    assert seen == (expected if sort == "name" else expected[::-1])
    assert [column(page, 1) for page in walked(visitor, pages[-1], "prev")] == [
        column(page, 1) for page in pages[::-1]
    ]
    told_names = told(visitor, f"/products?sort={sort}&format=csv", 2)
    assert told_names == (names if sort == "name" else names[::-1])


def test_the_name_of_a_page_that_is_gone_is_no_place(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(stock)
    assert column(visitor.get("/products?sort=name&past=999"), 1) == BY_NAME
    for past in ("-1", "x", "9" * 30, "%00", "1e9"):
        assert visitor.get(f"/products?sort=name&past={past}").status in {200, 404}


@pytest.mark.parametrize("path", ["/products", "/customers", "/bank/customers"])
def test_a_sort_that_is_none_is_the_first_one(shop: OpenShop, visitor: Visitor, path: str) -> None:
    shop.write(stock)
    shop.write(crowd)
    plain = visitor.get(path).rows
    for sort in HOSTILE:
        page = visitor.get(f"{path}?sort={sort}")
        assert (page.status, page.rows) == (200, plain), sort
        assert visitor.get(f"{path}?format=csv&sort={sort}").status == 200


def test_heads_say_how_a_list_is_sorted_and_sort_it(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(stock)
    assert heads(visitor.get("/products?past=5")) == {"Name": ("", "name"), "Code": ("", "code")}
    assert heads(visitor.get("/products?sort=name")) == {
        "Name": ("ascending", "name-back"),
        "Code": ("", "code"),
    }
    assert heads(visitor.get("/products?sort=name-back")) == {
        "Name": ("descending", "name"),
        "Code": ("", "code"),
    }
    assert heads(visitor.get("/products?sort=code")) == {"Name": ("", "name"), "Code": ("ascending", "")}
    (link,) = visitor.get("/products?name=lamp&past=5").tree.xpath("//th/a[text()='Name']/@href")
    assert link == "/console/products?name=lamp&sort=name"
    shop.write(crowd)
    assert heads(visitor.get("/customers")) == {
        "Name": ("", "name"), "E-mail": ("", "email"), "Username": ("", "username"), "Since": ("descending", "oldest"),
    }  # fmt: skip
