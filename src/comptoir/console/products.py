"""Products: found, made, described, copied, removed."""

from collections.abc import Sequence
from typing import Any

from comptoir.console import choosing, kinds, limits
from comptoir.console.called import called
from comptoir.console.catalogue_filters import known_by, standing_in
from comptoir.console.cells import Cell, Column, badge, flag, number, text, to, when
from comptoir.console.editing import Editing, Row
from comptoir.console.filters import amounts, choice, contains, pieces
from comptoir.console.filters import flag as flag_filter
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, Sort, by_name
from comptoir.console.places import explain_at
from comptoir.console.product_tabs import address_of_product, framed, product_row
from comptoir.console.rendering import written_e4
from comptoir.console.visits import Act, Answer, Gone, Visit
from comptoir.domain.catalogue.belongings import brands_of, names_of
from comptoir.domain.catalogue.copying import copy_product
from comptoir.domain.catalogue.models import Brand, Category, Product
from comptoir.domain.catalogue.products import IMAGE_FOLDER, create_product, remove_product, update_product
from comptoir.domain.identity.permissions import CATALOGUE
from comptoir.domain.media.images import DEFAULT_SIZES
from comptoir.domain.money import decimal_of_e4
from comptoir.domain.shop import ShopFacts

THUMBNAIL = next(size.prefix for size in DEFAULT_SIZES if size.name == "thumbnail")
STATUSES = {"in_stock": "in stock", "out_of_stock": "out of stock"}


def pictured(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    """The product's first picture, small."""
    return Cell("", "picture", f"{IMAGE_FOLDER}{THUMBNAIL}{row[0]}" if row[0] else "")


def costs(row: Sequence[Any], shop: ShopFacts) -> Cell:
    """What one piece costs, reduced or not."""
    special_e4, rrp_e4, product_id = row
    price_e4 = special_e4 or rrp_e4
    return Cell(
        written_e4(price_e4, shop.currency), "number", f"{decimal_of_e4(price_e4)}",
        explain_at("product", product_id, "price"),
    )  # fmt: skip


PRODUCTS = Listing(
    "products",
    "Products",
    "/products",
    Product,
    columns=(
        Column("Picture", pictured, (Product.image1,)),
        to("Name", Product.name, "product", Product.id),
        text("Code", Product.code),
        Column("Price", costs, (Product.price_special_e4, Product.price_rrp_e4, Product.id)),
        number("Quantity", Product.quantity),
        badge("Stock", Product.status),
        flag("Published", Product.is_published, "published", "hidden"),
        called("Brand", Product.brand_id, "brand"),
        when("Changed", Product.updated_at),
    ),
    sorts=(
        Sort("newest", "newest first", Product.id, falls=True),
        Sort("oldest", "number", Product.id),
        *by_name(Product.name_key),
        Sort("code", "code", Product.code_key),
        Sort("slug", "name in addresses", Product.slug_key),
    ),
    filters=(
        contains("name", "Name", Product.name),
        contains("code", "Code", Product.code),
        known_by("brand", "Brand", Product.brand_id, Brand),
        standing_in("category", "Category"),
        flag_filter("published", "Published", Product.is_published, yes="published", no="hidden"),
        choice("stock", "Stock", Product.status, STATUSES),
        amounts("price", "List price", Product.price_rrp_e4, is_e4=True),
        pieces("quantity", "Quantity", Product.quantity),
    ),
    area=CATALOGUE,
    make="New product",
    ways=(("Variants", "/variants"), ("Pricings", "/pricings")),
)  # fmt: skip

NAME = Field("name", "Name", limits.SHORT, required=True)
BRAND_FIELD = Field("brand_id", "Brand", kinds.choice(choosing.brands, kinds.INTEGER))
SHELVES = Field("category_ids", "Categories", kinds.many(choosing.categories, kinds.INTEGER))
DESCRIBED = (
    Field("preview", "Short description", limits.LONG, rows=3),
    Field("description", "Description", limits.LONG, rows=8),
)
PRODUCT = Form(
    "update",
    (
        NAME,
        Field(
            "code", "Code", limits.SHORT, required=True, hint="Your own reference; no other product has it."
        ),
        BRAND_FIELD,
        Field("is_published", "Published", kinds.FLAG),
        *DESCRIBED,
        SHELVES,
        Field("keywords", "Keywords", limits.SHORT),
        Field("limit_minimum", "Fewest in one order", limits.NATURAL, hint="0: no limit", group="Limits"),
        Field("limit_maximum", "Most in one order", limits.NATURAL, hint="0: no limit", group="Limits"),
        Field("length_e4", "Length", limits.SIZE, group="Sending"),
        Field("width_e4", "Width", limits.SIZE, group="Sending"),
        Field("depth_e4", "Depth", limits.SIZE, group="Sending"),
        Field("weight_e4", "Weight", limits.SIZE, group="Sending"),
        Field("is_shipped_separately", "Sent in a parcel of its own", kinds.FLAG, group="Sending"),
        Field("is_never_split", "Never split into parcels", kinds.FLAG, group="Sending"),
        Field("slug", "Name in addresses", limits.SHORT, required=True, group="Search engines"),
        Field("seo_title", "Title", limits.SHORT, group="Search engines"),
        Field("seo_keywords", "Keywords for search engines", limits.SHORT, group="Search engines"),
        Field("seo_robots", "What robots are told", limits.SHORT, group="Search engines"),
        Field(
            "seo_description", "Description for search engines", limits.LONG, rows=2, group="Search engines"
        ),
    ),
)
NEW_PRODUCT = Form(
    "new",
    (
        NAME,
        Field("code", "Code", limits.SHORT, hint="Made when it is left empty."),
        Field("price_rrp_e4", "List price", limits.PRICE),
        Field(
            "price_special_e4",
            "Special price",
            limits.PRICE,
            hint="Taken instead of the list price; 0: none.",
        ),
        BRAND_FIELD,
        Field("quantity", "Quantity", limits.NATURAL),
        Field("has_inventory", "Its pieces are counted", kinds.FLAG),
        Field("is_published", "Published", kinds.FLAG),
        *DESCRIBED,
        SHELVES,
    ),
)


def more(visit: Visit, row: Row) -> dict[str, Any]:
    """The tabs, and what the product's head says."""
    brand = brands_of(visit.tx, [visit.id]).get(visit.id)
    names = names_of(visit.tx, Category, row["category_ids"])
    return {
        **framed(visit, "", row),
        "brand": brand,
        "categories": sorted(names.items(), key=lambda one: one[1]),
        "picture": pictured([row["image1"]], visit.shop).plain,
    }


def copy(visit: Visit) -> Answer:
    """Begin another product as this one is."""
    made = copy_product(visit.tx, product_id=visit.id)
    return Gone(address_of_product(made), "This is the copy. It is not published yet.")


EDITING = Editing(
    "product", "product", PRODUCTS, PRODUCT, product_row,
    create_product, update_product, remove_product,
    key="product_id", more=more, template="product.html", new_form=NEW_PRODUCT, begins={"is_published": True},
)  # fmt: skip
PAGES = (*EDITING.pages(), Act("/products/{id:digits}/copy", copy, CATALOGUE, EDITING.show))
