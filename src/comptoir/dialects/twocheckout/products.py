"""Products (reference 5.1)."""

from typing import Any

from comptoir.dialects.codecs import INT_AS_TEXT, TEXT, e4_text2
from comptoir.dialects.edge import Call, Reply
from comptoir.dialects.twocheckout import shapes
from comptoir.dialects.twocheckout.calls import reading, writing
from comptoir.dialects.twocheckout.options import OPTION, OPTION_SHAPE
from comptoir.dialects.twocheckout.paging import PAGE_INFO, page_asked, page_info, paging, sorting_asked
from comptoir.dialects.twocheckout.parameters import ParameterInvalid, asked_of, in_words
from comptoir.dialects.twocheckout.prices import FOREVER, interval_text, money_or_none, weight_or_none
from comptoir.dialects.twocheckout.products_asked import (
    WORDS,
    ids_asked,
    needed_by_flags,
    product_asked,
    terms_asked,
)
from comptoir.dialects.twocheckout.replies import ok
from comptoir.dialects.twocheckout.shapes import ASKED_ID, ASKED_MONEY, FLAG, given, needed, repeated
from comptoir.dialects.wire import Document, Wire, computed, field, many, one
from comptoir.domain.catalogue.errors import ProductNotFound
from comptoir.domain.catalogue.listing import ProductSearch, list_products
from comptoir.domain.catalogue.models import (
    Category,
    Option,
    OptionOfProduct,
    Product,
    ProductCategory,
    ProductTerms,
)
from comptoir.domain.catalogue.options import set_options
from comptoir.domain.catalogue.products import create_product, remove_product, update_product
from comptoir.domain.catalogue.terms import COMMISSION_TYPES, free_code, set_terms, terms_of
from comptoir.domain.merchant.queries import get_merchant
from comptoir.storage.reading import Relation

# What a call names, as the domain calls it; columns that a list is ordered by among them.
SORTABLE = {
    "product_id": "product_id", "name": "name", "description": "description", "option_id": "option_id",
    "price": "price", "vendor_product_id": "vendor_product_id", "assigned_product_id": "assigned_id",
    "tangible": "is_tangible", "weight": "weight", "handling": "handling",
    "long_description": "long_description", "pending_url": "pending_url", "approved_url": "approved_url",
    "startup_fee": "startup_fee", "recurrence": "recurrence", "duration": "duration",
    "category_id": "category_id", "commission_amount": "commission", "commission_type": "commission_type",
}  # fmt: skip

# ---------------------------------------------------------------------------------------- how it is shown


def _flag(value: object) -> str:
    return "1" if value else "0"


def _with_parent(category: Wire) -> Wire:
    """The parent's name beside its number; a parent that is gone is none."""
    parent = category.pop("parent")
    if parent is None:
        return {**category, "parent_id": None, "parent_name": None}
    return {**category, "parent_name": parent["name"]}


_TERMS: Document[ProductTerms] = Document((
    field("assigned_product_id", ProductTerms.assigned_id, INT_AS_TEXT, access="r"),
    field("vendor_product_id", ProductTerms.vendor_product_id, TEXT, access="r"),
    computed("tangible", lambda value, _shop: _flag(value), ProductTerms.is_tangible, schema=FLAG),
    computed("handling", lambda e4, _shop: money_or_none(e4), ProductTerms.handling_e4, schema={}),
    computed("recurring", lambda value, _shop: _flag(value), ProductTerms.is_recurring, schema=FLAG),
    computed(
        "recurrence", lambda unit, count, _shop: interval_text(unit, count),
        ProductTerms.recurrence_unit, ProductTerms.recurrence_count, schema={},
    ),
    computed(
        "duration",
        lambda recurs, unit, count, _shop: (interval_text(unit, count) or FOREVER) if recurs else None,
        ProductTerms.is_recurring, ProductTerms.duration_unit, ProductTerms.duration_count, schema={},
    ),
    computed("startup_fee", lambda e4, _shop: money_or_none(e4), ProductTerms.startup_fee_e4, schema={}),
    computed("approved_url", lambda url, _shop: url, ProductTerms.approved_url, schema={}),
    computed("pending_url", lambda url, _shop: url, ProductTerms.pending_url, schema={}),
    computed("commission", lambda value, _shop: int(value), ProductTerms.has_commission, schema={}),
    computed("commission_amount", lambda e4, _shop: money_or_none(e4), ProductTerms.commission_e4, schema={}),
    computed("commission_type", lambda word, _shop: word, ProductTerms.commission_type, schema={}),
))  # fmt: skip
# A product that was never said to be sold otherwise; its number and the seller's are its id and its code.
_NO_TERMS: Wire = {
    "tangible": "0", "handling": None, "recurring": "0", "recurrence": None, "duration": None, "startup_fee": None,
    "approved_url": None, "pending_url": None, "commission": 0, "commission_amount": None, "commission_type": None,
}  # fmt: skip
_PARENT: Document[Category] = Document((field("name", Category.name, TEXT, access="r"),))
_CATEGORY: Document[Category] = Document((
    field("category_id", Category.id, INT_AS_TEXT, access="r"),
    field("name", Category.name, TEXT, access="r"),
    computed("parent_id", lambda key, _shop: key and str(key), Category.parent_id, schema={}),
    computed("description", lambda text, _shop: text or None, Category.description, schema={}),
    one("parent", _PARENT, Relation(Category, holder=Category.id, key=Category.parent_id)),
), finish=_with_parent)  # fmt: skip


def _price(rrp_e4: int, special_e4: int, _shop: object) -> str:
    return e4_text2(special_e4 if special_e4 > 0 else rrp_e4)


def _images(product_id: int, *names_and_shop: Any) -> list[Wire]:
    """The pictures that are hung, by their places; a picture's id is the product's with its place behind."""
    return [
        {"image_id": f"{product_id}{place}", "image_number": str(place)}
        for place, name in enumerate(names_and_shop[:-1], 1)
        if name
    ]


def _told(product: Wire) -> Wire:
    """The product with its terms, or with what goes for it without."""
    terms = product.pop("terms")
    code = product.pop("code")
    if terms is None:
        terms = {"assigned_product_id": product["product_id"], "vendor_product_id": code, **_NO_TERMS}
    return {**product, **terms}


PRODUCT: Document[Product] = Document((
    field("product_id", Product.id, INT_AS_TEXT, access="r"),
    field("code", Product.code, TEXT, access="r"),
    field("name", Product.name, TEXT, access="r"),
    computed("description", lambda text, _shop: text or None, Product.preview, schema={}),
    computed("long_description", lambda text, _shop: text or None, Product.description, schema={}),
    computed("price", _price, Product.price_rrp_e4, Product.price_special_e4, schema={}),
    computed("weight", lambda e4, _shop: weight_or_none(e4), Product.weight_e4, schema={}),
    computed(
        "images", _images,
        Product.id, Product.image1, Product.image2, Product.image3, Product.image4, Product.image5, schema={},
    ),
    one("terms", _TERMS, Relation(ProductTerms, holder=ProductTerms.product_id, key=Product.id)),
    many(
        "categories", _CATEGORY,
        Relation(
            Category, holder=ProductCategory.product_id, key=Product.id,
            link=(ProductCategory.category_id, Category.id),
        ),
    ),
    many(
        "options", OPTION,
        Relation(
            Option, holder=OptionOfProduct.product_id, key=Product.id,
            link=(OptionOfProduct.option_id, Option.id), order=(OptionOfProduct.position,),
        ),
    ),
), missing=ProductNotFound, finish=_told)  # fmt: skip

_WORD = shapes.or_null(shapes.TEXT)
_MONEY = shapes.or_null(shapes.MONEY)
_LISTED = {
    "product_id": shapes.ID, "assigned_product_id": shapes.ID, "vendor_id": shapes.ID,
    "vendor_product_id": shapes.TEXT, "name": _WORD, "description": _WORD, "long_description": _WORD,
    "price": shapes.MONEY, "tangible": FLAG, "weight": _WORD, "handling": _MONEY, "recurrence": _WORD,
    "duration": _WORD, "startup_fee": _MONEY, "approved_url": _WORD, "pending_url": _WORD,
    "commission": {"type": "null"}, "commission_type": _WORD,
    "categories": shapes.a_list(shapes.an_object({
        "category_id": shapes.ID, "name": shapes.TEXT, "parent_id": shapes.or_null(shapes.ID),
        "description": _WORD, "parent_name": _WORD,
    })),
    "images": shapes.a_list(shapes.an_object({"image_id": shapes.ID, "image_number": shapes.ID})),
    "options": shapes.a_list(OPTION_SHAPE),
}  # fmt: skip
LISTED_SHAPE = shapes.an_object(_LISTED)
DETAIL_SHAPE = shapes.an_object({
    **_LISTED, "recurring": FLAG, "recurrence_p": {"type": "null"}, "commission_amount": _MONEY,
    "commission": {"type": "integer", "enum": [0, 1]},
})  # fmt: skip
DETAIL_ONLY = ("recurring", "commission_amount")


def detail_product(call: Call) -> Reply:
    """One product, with all that is known of it."""
    product_id = asked_of(call).need_id("product_id")
    product = {
        **PRODUCT.get(call.tx, product_id), "vendor_id": _vendor_id(call), "recurrence_p": None,
    }  # fmt: skip
    return ok("Product detail information retrieved successfully", product=product)


def show_products(call: Call) -> Reply:
    """A page of products."""
    asked = asked_of(call)
    page = page_asked(asked)
    sorting = sorting_asked(asked, SORTABLE, "product_id")
    search = ProductSearch(
        asked.text("name") or "", asked.text("vendor_product_id") or "", asked.id("assigned_product_id")
    )
    found = list_products(
        call.tx, search, order=sorting.column, is_descending=sorting.is_descending,
        limit=page.size, start=page.start,
    )  # fmt: skip
    info = page_info(call, page, found.total)
    vendor_id = _vendor_id(call)
    shown = {
        int(product["product_id"]): _listed(product, vendor_id)
        for product in PRODUCT.get_many(call.tx, found.ids)
    }
    return ok(
        "Product list successfully retrieved.", products=[shown[one] for one in found.ids], page_info=info
    )


def _listed(product: Wire, vendor_id: str) -> Wire:
    """A product as lists show it: less of it, no handling as an amount, and a commission of nobody's."""
    row = {name: value for name, value in product.items() if name not in DETAIL_ONLY}
    return {**row, "vendor_id": vendor_id, "handling": product["handling"] or "0.00", "commission": None}


def _vendor_id(call: Call) -> str:
    return str(get_merchant(call.tx).vendor_id)


# ------------------------------------------------------------------------------------- how it is written


def create(call: Call) -> Reply:
    """Create a product with its terms and options."""
    asked = asked_of(call)
    asked.demand("name", "price")
    asked.demand(*needed_by_flags(asked))
    product, terms, option_ids = product_asked(asked), terms_asked(asked), ids_asked(asked, "option_id")
    if wanted := terms.get("vendor_product_id"):
        product["code"] = free_code(call.tx, wanted)
    with in_words(WORDS):
        product_id = create_product(call.tx, **product)
        assigned_id = set_terms(call.tx, product_id=product_id, is_new=True, **terms)
        set_options(call.tx, product_id=product_id, option_ids=option_ids or ())
    return _done("Product successfully created.", product_id, assigned_id)


def update(call: Call) -> Reply:
    """Change what is named of a product."""
    asked = asked_of(call)
    product_id = asked.need_id("product_id")
    product, terms, option_ids = product_asked(asked), terms_asked(asked), ids_asked(asked, "option_id")
    known = terms_of(call.tx, [product_id]).get(product_id)
    if known is None:
        raise ProductNotFound(product_id)
    if terms.get("is_recurring", known.is_recurring):
        if not known.is_recurring:
            asked.demand("recurrence", "duration")
        if asked.is_cleared("duration"):
            raise ParameterInvalid("duration", "must be given for what recurs")
    with in_words(WORDS):
        if product:
            update_product(call.tx, product_id=product_id, **product)
        assigned_id = set_terms(call.tx, product_id=product_id, **terms) if terms else known.assigned_id
        if option_ids is not None:
            set_options(call.tx, product_id=product_id, option_ids=option_ids)
    return _done("Product successfully updated", product_id, assigned_id)


def delete(call: Call) -> Reply:
    """Remove a product; what was sold of it stays in its sales."""
    remove_product(call.tx, product_id=asked_of(call).need_id("product_id"))
    return ok("Product successfully deleted.")


def _done(message: str, product_id: int, assigned_id: int) -> Reply:
    return ok(message, product_id=str(product_id), assigned_product_id=str(assigned_id))


_ID = needed("product_id", ASKED_ID, "The product.")
_TEXT, _AMOUNT = shapes.TEXT, ASKED_MONEY
_YES_OR_NO = {"type": "string", "enum": ["0", "1"]}
_INTERVAL = {"type": "string", "pattern": r"^[1-9]\d{0,2} (Week|Month|Year)$"}
_DURATION = {"type": "string", "pattern": r"^(Forever|[1-9]\d{0,2} (Week|Month|Year))$"}
_URL = {"type": "string", "pattern": r"^https?://"}
_DONE = {"product_id": shapes.ID, "assigned_product_id": shapes.ID}
_FIELDS = (
    given("vendor_product_id", _TEXT, "The seller's own number of it."),
    given("description", _TEXT), given("long_description", _TEXT),
    given("pending_url", _URL, "Where a buyer goes whose payment is pending."),
    given("approved_url", _URL, "Where a buyer goes who has paid."),
    given("tangible", _YES_OR_NO, "Whether it is shipped; then it needs weight and handling."),
    given("weight", _AMOUNT), given("handling", _AMOUNT),
    given("recurring", _YES_OR_NO, "Whether it is billed again; then it needs recurrence and duration."),
    given("startup_fee", _AMOUNT, "What is billed the first time beside the price; or off it, below zero."),
    given("recurrence", _INTERVAL), given("duration", _DURATION),
    given("commission", _YES_OR_NO, "Whether those who send buyers earn by it."),
    given("commission_type", {"type": "string", "enum": list(COMMISSION_TYPES)}),
    given("commission_amount", _AMOUNT),
    repeated("option_id", ASKED_ID, "The options that it has; they take the place of those it had."),
    repeated("category_id", ASKED_ID, "The categories it is in; they take the place of those it was in."),
)  # fmt: skip
CALLS = (
    reading("products/detail_product", detail_product, takes=(_ID,), shows={"product": DETAIL_SHAPE}),
    reading(
        "products/list_products", show_products,
        takes=(
            given("name", _TEXT, "A part of the name."),
            given("vendor_product_id", _TEXT, "The seller's own number of it."),
            given("assigned_product_id", ASKED_ID, "The number that links call it by."),
            *paging(SORTABLE),
        ),
        shows={"products": shapes.a_list(LISTED_SHAPE), "page_info": PAGE_INFO},
    ),
    writing(
        "products/create_product", create,
        takes=(needed("name", _TEXT), needed("price", _AMOUNT), *_FIELDS), shows=_DONE,
    ),
    writing(
        "products/update_product", update,
        takes=(_ID, given("name", _TEXT), given("price", _AMOUNT), *_FIELDS), shows=_DONE,
        text="What is not named stays as it is; a name without a value takes it away.",
    ),
    writing("products/delete_product", delete, takes=(_ID,)),
)  # fmt: skip
