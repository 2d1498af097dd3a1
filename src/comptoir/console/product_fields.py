"""The tabs of a product that are one form: its custom fields, its terms of sale; and the one of its pictures."""

from typing import Any

from comptoir.console import kinds, limits
from comptoir.console.forms import Field, Form
from comptoir.console.pictures import Pictured
from comptoir.console.product_tabs import FormTab, framed, product_row, terms_row
from comptoir.console.visits import Answer, Page, Shown, Visit
from comptoir.domain.catalogue.belongings import custom_values_of, list_names
from comptoir.domain.catalogue.models import CustomField
from comptoir.domain.catalogue.products import IMAGE_FOLDER, IMAGES, update_product
from comptoir.domain.catalogue.terms import COMMISSION_TYPES, UNITS, set_terms
from comptoir.domain.identity.permissions import CATALOGUE
from comptoir.domain.tx import Tx

FIELDS_MAX = 200
PREFIX = "field_"


def custom_form(visit: Visit) -> Form:
    """A line for each of the shop's custom fields."""
    fields = list_names(visit.tx, CustomField, limit=FIELDS_MAX)
    return Form("fields", tuple(Field(f"{PREFIX}{one}", name, limits.LONG, rows=1) for one, name in fields))


def custom_row(tx: Tx, product_id: int) -> dict[str, Any]:
    """The product's values."""
    return {f"{PREFIX}{one}": value for one, value in custom_values_of(tx, product_id).items()}


def set_values(tx: Tx, *, product_id: int, **values: str) -> None:
    """Set the values that are named. Refuses: ProductNotFound, Invalid (custom_values)."""
    named: dict[str | int, str] = {int(name.removeprefix(PREFIX)): value for name, value in values.items()}
    update_product(tx, product_id=product_id, custom_values=named)


FIELDS = FormTab("/fields", custom_form, custom_row, set_values, template="product_fields.html")

RECURS = "What recurs"
COMMISSION = "Commission to others"
UNIT = kinds.choice({one: f"{one}s" for one in UNITS}, kinds.OPTIONAL_LINE)
TERMS = Form(
    "terms",
    (
        Field("vendor_product_id", "Your own number in links", limits.SHORT),
        Field("is_tangible", "It is sent to the buyer", kinds.FLAG),
        Field("handling_e4", "Handling", limits.OPTIONAL_PRICE),
        Field("is_recurring", "It is billed again and again", kinds.FLAG, group=RECURS),
        Field("recurrence_count", "Every", limits.OPTIONAL_NATURAL, group=RECURS),
        Field("recurrence_unit", "Unit of the interval", UNIT, group=RECURS),
        Field("duration_count", "For", limits.OPTIONAL_NATURAL, group=RECURS, hint="Empty: for ever."),
        Field("duration_unit", "Unit of the duration", UNIT, group=RECURS),
        Field("startup_fee_e4", "Start-up fee", kinds.PRICE, group=RECURS, hint="Below 0: the first time is cheaper."),
        Field("approved_url", "Where an approved buyer goes", limits.OPTIONAL_ADDRESS, group="After the sale"),
        Field("pending_url", "Where a waiting buyer goes", limits.OPTIONAL_ADDRESS, group="After the sale"),
        Field("has_commission", "Others earn a commission", kinds.FLAG, group=COMMISSION),
        Field("commission_type", "Reckoned as",
              kinds.choice(COMMISSION_TYPES, kinds.OPTIONAL_LINE), group=COMMISSION),
        Field("commission_e4", "Amount, or per cent", limits.OPTIONAL_SIZE, group=COMMISSION),
    ),
)  # fmt: skip
TERMS_TAB = FormTab(
    "/terms", lambda _visit: TERMS, terms_row, set_terms, template="product_terms.html",
    more=lambda visit, _row: {"terms": terms_row(visit.tx, visit.id)},
)  # fmt: skip

SLOTS = {slot: f"Picture {place}" for place, slot in enumerate(IMAGES, 1)}


def show_pictures(visit: Visit) -> Answer:
    """The tab of the pictures."""
    row = product_row(visit.tx, visit.id)
    values = {**framed(visit, "/pictures", row), **PICTURED.shown(visit, row, IMAGE_FOLDER)}
    return Shown("product_pictures.html", values)


PICTURED = Pictured("/products", CATALOGUE, SLOTS, update_product, "product_id", show_pictures, "/pictures")
PAGES = (
    *FIELDS.entries(),
    *TERMS_TAB.entries(),
    Page("/products/{id:digits}/pictures", show_pictures, CATALOGUE),
    *PICTURED.acts(),
)
