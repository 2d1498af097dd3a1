"""Brands: makers' names on products, with their pictures."""

from collections.abc import Mapping
from typing import Any

from comptoir.console import kinds
from comptoir.console.cells import flag, text, when
from comptoir.console.editing import Editing
from comptoir.console.filters import contains
from comptoir.console.filters import flag as flag_filter
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, by_number
from comptoir.console.pictures import Pictured
from comptoir.console.visits import Answer, Visit
from comptoir.domain.catalogue.brands import IMAGE_FOLDER, create_brand, remove_brand, update_brand
from comptoir.domain.catalogue.models import Brand
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.identity.permissions import CATALOGUE

BRANDS = Listing(
    "brands",
    "Brands",
    "/brands",
    Brand,
    columns=(
        text("Name", Brand.name),
        flag("Published", Brand.is_published, "published", "hidden"),
        text("E-mail", Brand.email),
        when("Changed", Brand.updated_at),
    ),
    sorts=by_number(Brand.id),
    filters=(
        contains("name", "Name", Brand.name),
        flag_filter("published", "Published", Brand.is_published),
    ),
    area=CATALOGUE,
    make="New brand",
)
BRAND = Form(
    "update",
    (
        Field("name", "Name", required=True),
        Field("is_published", "Published", kinds.FLAG),
        Field("description", "Description", kinds.TEXT),
        Field("email", "E-mail", kinds.EMAIL, group="Contact"),
        Field("phone", "Telephone", group="Contact"),
        Field("fax", "Fax", group="Contact"),
        Field("street", "Street", group="Contact"),
        Field("postcode", "Postcode", group="Contact"),
        Field("state", "State", group="Contact"),
        Field("comment1", "Comment 1", kinds.TEXT, group="Comments"),
        Field("comment2", "Comment 2", kinds.TEXT, group="Comments"),
        Field("comment3", "Comment 3", kinds.TEXT, group="Comments"),
    ),
)
SLOTS = {"image1": "Picture 1", "image2": "Picture 2"}


def show_brand(visit: Visit) -> Answer:
    """The page of a brand."""
    return EDITING.show(visit)


PICTURED = Pictured("/brands", CATALOGUE, SLOTS, update_brand, "brand_id", show_brand)


def beside(visit: Visit, row: Mapping[str, Any]) -> dict[str, Any]:
    """The brand's pictures."""
    return PICTURED.shown(visit, row, IMAGE_FOLDER)


EDITING: Editing = Editing(
    "brand", "brand", BRANDS, BRAND, lambda tx, key: get_row(tx, Brand, key),
    create_brand, update_brand, remove_brand, key="brand_id", more=beside, template="pictured.html",
)  # fmt: skip
PAGES = (*EDITING.pages(), *PICTURED.acts())
