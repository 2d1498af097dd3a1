"""Filling an empty shop with the demo world."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from io import BytesIO
from typing import Any

from comptoir.demo import checkouts
from comptoir.demo.bank import EXAMPLE1, YEAR, load_banking, open_demo_bank, shop_at
from comptoir.demo.checkouts import load_checkouts
from comptoir.demo.disclosures import load_disclosures
from comptoir.demo.documented import Progress, kept, load_documented
from comptoir.demo.merchant import found_demo_merchant
from comptoir.demo.numbers import Numbers
from comptoir.demo.offers import make_offers
from comptoir.demo.people import draw_groups, draw_people
from comptoir.demo.pictures import hang_pictures
from comptoir.demo.recurring import Membership, draw_memberships, draw_plans
from comptoir.demo.shelves import Shelves, draw_shelves
from comptoir.demo.stock import draw_warehouses, load_stock, places_of
from comptoir.demo.trade import Stage, load_trade
from comptoir.demo.vendor import load_vendor_sales
from comptoir.domain.catalogue.importing import (
    import_brands,
    import_categories,
    import_custom_fields,
    import_pricings,
    import_products,
    import_variants,
)
from comptoir.domain.customers.importing import import_customers, import_groups
from comptoir.domain.errors import Conflict
from comptoir.domain.exchange.exporting import export_kind
from comptoir.domain.exchange.tables import KINDS
from comptoir.domain.identity.actions import create_operator
from comptoir.domain.identity.errors import KeyTaken
from comptoir.domain.identity.keys import create_key
from comptoir.domain.identity.passwords import Passwords
from comptoir.domain.identity.permissions import OWNER
from comptoir.domain.identity.queries import find_operator_by_email
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.inventory.actions import import_warehouses
from comptoir.domain.media.store import MediaStore
from comptoir.domain.subscriptions.actions import import_enrolments
from comptoir.domain.subscriptions.plans import import_plans
from comptoir.domain.tx import OpenShop, Tx
from comptoir.storage.fittings import bulk_load

EMAIL, PASSWORD, KEY = "demo@example.com", "demo", "youruniqueapikey"
# Times stand in the published examples as the shop's clock shows them, and in the files in UTC.
FACTS: dict[str, Any] = {"name": "The Corner Comptoir", "currency": "AUD", "time_zone": "UTC"}
CHUNK = 1_000
MUST_BE_EMPTY = ("products", "customers", "orders")


class DemoRefused(Conflict):
    """Only an empty sandbox shop becomes the demo."""


def load_demo(
    shop: OpenShop,
    *,
    secret: bytes,
    media: MediaStore | None = None,
    on_progress: Progress | None = None,
    scale: float = 1.0,
) -> None:
    """Fill an empty sandbox shop, of which nothing but an operator and keys need be there.

    Without a media store no pictures are hung. The scale says how much trade there is; at 1, a year of
    20,000 orders. The same shop's time gives the same records. Refuses: DemoRefused, NotKept.
    """
    told = on_progress or _tell_nobody
    shop.read(_refuse_unfit)
    shop.write(lambda tx: _open(tx, secret))
    begun = shop_at(shop, shop.read(lambda tx: tx.now) - YEAR)
    begun.write(lambda tx: open_demo_bank(tx, plan="example1", credentials=EXAMPLE1, secret=secret))
    with bulk_load(shop.database):
        load_documented(shop, told)
        load_vendor_sales(shop, told)
        if media is not None:
            hang_pictures(shop, media)
            shop.write(lambda tx: load_disclosures(tx, media, secret))
        _load_year(shop, scale, told)


def _tell_nobody(_label: str, _done: int, _total: int) -> None:
    pass


def _refuse_unfit(tx: Tx) -> None:
    if not tx.shop.is_sandbox:
        raise DemoRefused("only a sandbox shop becomes the demo")
    for name in MUST_BE_EMPTY:
        if export_kind(tx, KINDS[name], BytesIO()):
            raise DemoRefused(f"the shop has {name} already")


def _open(tx: Tx, secret: bytes) -> None:
    change_shop(tx, **FACTS)
    operator = find_operator_by_email(tx, EMAIL)
    operator_id = operator.id if operator is not None else create_operator(
        tx, email=EMAIL, name="Demo", role=OWNER, password=PASSWORD, passwords=Passwords()
    )  # fmt: skip
    with suppress(KeyTaken):
        create_key(
            tx,
            operator_id=operator_id,
            name="as documented",
            dialect="coredna",
            scopes=["*"],
            secret=secret,
            key=KEY,
        )
    found_demo_merchant(tx, operator_id=operator_id, secret=secret)


def _load_year(shop: OpenShop, scale: float, told: Progress) -> None:
    numbers, now = shop.write(lambda tx: (Numbers(tx), tx.now))
    shelves = draw_shelves(numbers, now, scale)
    _load_shelves(shop, shelves, told)
    shop.write(lambda tx: make_offers(tx, shelves.articles))
    warehouses = draw_warehouses(numbers, now)
    shop.write(lambda tx: kept(import_warehouses(tx, warehouses)))
    places = places_of(warehouses)
    load_stock(shop, shelves, places, now, told)
    customers, persons = draw_people(numbers, now, scale)
    _load(shop, "Customers", import_customers, customers, told)
    groups = draw_groups(numbers, persons, now)
    shop.write(lambda tx: kept(import_groups(tx, groups)))
    plans = draw_plans(numbers, shelves.articles, now)
    shop.write(lambda tx: kept(import_plans(tx, [plan.fields for plan in plans])))
    memberships = draw_memberships(plans, persons, now, shop.read(lambda tx: tx.shop.zone), scale)
    load_trade(shop, numbers, Stage(shelves.articles, persons, memberships, places, now, scale), told)
    shop.write(lambda tx: _enrol(tx, memberships))
    load_checkouts(shop, checkouts.Stage(shelves.articles, persons, now, scale), told)
    load_banking(shop, now, told)


def _load_shelves(shop: OpenShop, shelves: Shelves, told: Progress) -> None:
    shop.write(lambda tx: kept(import_brands(tx, shelves.brands)))
    shop.write(lambda tx: kept(import_categories(tx, shelves.categories)))
    shop.write(lambda tx: kept(import_custom_fields(tx, shelves.custom_fields)))
    _load(shop, "Products", import_products, shelves.products, told)
    _load(shop, "Variants", import_variants, shelves.variants, told)
    _load(shop, "Pricings", import_pricings, shelves.pricings, told)


def _load(
    shop: OpenShop, label: str, importer: Callable[[Tx, Any], Any], rows: Sequence[Any], told: Progress
) -> None:
    for begin in range(0, len(rows), CHUNK):
        chunk = rows[begin : begin + CHUNK]
        shop.write(partial(_imported, importer=importer, rows=chunk))
        told(label, begin + len(chunk), len(rows))


def _imported(tx: Tx, importer: Callable[[Tx, Any], Any], rows: Sequence[Any]) -> None:
    kept(importer(tx, rows))


def _enrol(tx: Tx, memberships: Sequence[Membership]) -> None:
    begun = sorted(memberships, key=lambda one: one.billed[0])
    next_id = tx.ids.next("order", len(begun))
    rows = [one.enrolment(next_id + place) for place, one in enumerate(begun)]
    kept(import_enrolments(tx, rows))
