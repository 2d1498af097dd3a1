"""Coupons: codes that lower a price until a day, what they take off and what they are for."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from comptoir.console import kinds, limits
from comptoir.console.cells import Cell, Column, badge, day, e4, text, when
from comptoir.console.editing import Editing, Row
from comptoir.console.filters import choice, contains, dates
from comptoir.console.filters import flag as flag_filter
from comptoir.console.forms import Field, Form
from comptoir.console.kinds import PPM
from comptoir.console.listing import Listing, Sort
from comptoir.console.places import link_to
from comptoir.console.rendering import written_e4
from comptoir.console.visits import Act, Answer, Gone, Page, Visit
from comptoir.domain.catalogue.belongings import names_of
from comptoir.domain.catalogue.models import Product
from comptoir.domain.coupons.actions import CODE_MAX, create_coupon, remove_coupon, update_coupon
from comptoir.domain.coupons.errors import CouponNotFound
from comptoir.domain.coupons.models import PRODUCT, SALE, SHIPPING, Coupon
from comptoir.domain.coupons.queries import code_of, get_coupon, take_coupon
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import SALES
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx
from comptoir.storage.walking import Walker

TYPES = {SALE: "the whole sale", PRODUCT: "some products", SHIPPING: "the delivery (free)"}
FOUND_MAX = 10
BY_NAME = contains("find", "Name", Product.name)


def takes_off(row: Sequence[Any], shop: ShopFacts) -> Cell:
    """What a coupon takes off."""
    percent_ppm, value_e4, kind = row
    if kind == SHIPPING:
        return Cell("the delivery")
    if percent_ppm is not None:
        return Cell(f"{(Decimal(percent_ppm) / PPM).normalize():f} %", "number")
    return Cell("" if value_e4 is None else written_e4(value_e4, shop.currency), "number")


COUPONS = Listing(
    "coupons",
    "Coupons",
    "/coupons",
    Coupon,
    columns=(
        text("Code", Coupon.code),
        badge("For", Coupon.type),
        Column("Takes off", takes_off, (Coupon.percent_ppm, Coupon.value_e4, Coupon.type)),
        e4("From a purchase of", Coupon.minimum_e4),
        day("Last day", Coupon.expires_on),
        when("Made", Coupon.created_at),
    ),
    sorts=(
        Sort("newest", "newest first", Coupon.id, falls=True),
        Sort("oldest", "number", Coupon.id),
        Sort("code", "code", Coupon.code_key),
    ),
    filters=(
        contains("code", "Code", Coupon.code),
        choice("type", "For", Coupon.type, TYPES),
        dates("until", "Last day", Coupon.expires_on),
        flag_filter("all", "For every product", Coupon.is_for_all),
    ),
    area=SALES,
    make="New coupon",
)
FIELDS = (
    Field("type", "It is for", kinds.choice(TYPES), required=True),
    Field("percent_ppm", "Takes off", kinds.PERCENT, hint="Or an amount, not both; nothing for the delivery."),
    Field("value_e4", "Takes off an amount", limits.OPTIONAL_PRICE, hint="Of a sale once, of products each piece."),
    Field("minimum_e4", "From a purchase of", limits.OPTIONAL_PRICE),
    Field("expires_on", "Last day", kinds.DAY, required=True),
    Field("is_for_all", "For every product", kinds.FLAG, group="When it is for products"),
    Field("product_ids", "Numbers of the products", limits.NUMBERS, hint="With commas between them.",
          group="When it is for products"),
)  # fmt: skip
CODE = limits.SHORT
assert CODE.attributes["maxlength"] == str(CODE_MAX), "a coupon's code is as long as a short text"
COUPON = Form("update", (Field("code", "Code", CODE, required=True), *FIELDS))
NEW = Form("new", (Field("code", "Code", CODE, hint="Made when it is left empty."), *FIELDS))


def get_row(tx: Tx, coupon_id: int) -> dict[str, Any]:
    """A coupon by its number. Refuses: CouponNotFound."""
    return {**asdict(get_coupon(tx, code_of(tx, coupon_id)))}


def create(tx: Tx, **fields: Any) -> int:
    """Create a coupon, and give its number."""
    return get_coupon(tx, create_coupon(tx, **fields)).id


def update(tx: Tx, *, coupon_id: int, **fields: Any) -> None:
    """Change what is named of a coupon."""
    update_coupon(tx, coupon_code=code_of(tx, coupon_id), **fields)


def remove(tx: Tx, *, coupon_id: int) -> None:
    """Remove a coupon."""
    remove_coupon(tx, coupon_code=code_of(tx, coupon_id))


def more(visit: Visit, row: Row) -> dict[str, Any]:
    """Whether it is still valid, what it is for, and what was looked for to put on it."""
    product_ids = row["product_ids"]
    names = names_of(visit.tx, Product, product_ids)
    return {
        "is_over": visit.shop.local(visit.tx.now).date() > row["expires_on"],
        "takes": takes_off((row["percent_ppm"], row["value_e4"], row["type"]), visit.shop).text,
        "type_said": TYPES[row["type"]],
        "is_for_products": row["type"] == PRODUCT and not row["is_for_all"],
        "path": f"/coupons/{visit.id}",
        "products": [(one, names[one], link_to("product", one)) for one in sorted(names)],
        "wanted": visit.asked.said("find"),
        "found": [one for one in looked_for(visit) if one[0] not in product_ids],
    }


def looked_for(visit: Visit) -> list[tuple[int, str, str]]:
    """Some products with what was looked for in their names: number, name, code."""
    filters = BY_NAME.ask(visit.asked.query, visit.shop).filters
    if not filters:
        return []
    rows = PRODUCTS_FOUND.step(visit.tx, filters, by=Product.id, falls=True, limit=FOUND_MAX)
    return [(row[0], row[1], row[2]) for row in rows]


def add_product(visit: Visit) -> Answer:
    """Let it be for one more product. Refuses: CouponNotFound, Invalid (product_ids)."""
    coupon = take_coupon(visit.tx, code_of(visit.tx, visit.id))
    wanted = sorted({*coupon.product_ids, number_of(visit)})
    update_coupon(visit.tx, coupon_code=coupon.code, product_ids=wanted)
    return Gone(COUPONS.link(visit.id), "The product was added.")


def drop_product(visit: Visit) -> Answer:
    """Let it no longer be for a product. Refuses: CouponNotFound, Invalid (product_ids)."""
    coupon = take_coupon(visit.tx, code_of(visit.tx, visit.id))
    product_id = number_of(visit)
    if product_id not in coupon.product_ids:
        raise Invalid("product_ids", f"do not name product {product_id}")
    update_coupon(visit.tx, coupon_code=coupon.code, product_ids=sorted(coupon.product_ids - {product_id}))
    return Gone(COUPONS.link(visit.id), "The product was taken off.")


def number_of(visit: Visit) -> int:
    """The product that a button is about. Refuses: Invalid (product_ids)."""
    try:
        return int(limits.NATURAL.read(visit.asked.posted("product"), visit.shop))
    except ValueError as error:
        raise Invalid("product_ids", str(error)) from None


def find_by_code(visit: Visit) -> Answer:
    """The way to a coupon by its code. Refuses: CouponNotFound."""
    code = visit.asked.said("code")
    try:
        kinds.storable(code)
    except ValueError:
        raise CouponNotFound("with this code") from None
    return Gone(COUPONS.link(get_coupon(visit.tx, code).id))


PRODUCTS_FOUND = Walker(Product, (Product.id, Product.name, Product.code))
EDITING: Editing = Editing(
    "coupon", "coupon", COUPONS, COUPON, get_row, create, update, remove, key="coupon_id", more=more,
    template="coupon.html", named=lambda row: row["code"], new_form=NEW, begins={"type": SALE},
)  # fmt: skip
ONE = "/coupons/{id:digits}"
PAGES = (
    *EDITING.pages(),
    Page("/coupons/by-code", find_by_code, SALES),
    Act(f"{ONE}/add-product", add_product, SALES, EDITING.show),
    Act(f"{ONE}/drop-product", drop_product, SALES, EDITING.show),
)
