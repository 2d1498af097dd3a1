"""Custom fields, and a product's value for one (reference 3.6)."""

from typing import Any

from comptoir.dialects.codecs import INT_AS_TEXT, NAME, TEXT, choice
from comptoir.dialects.coredna.resource import changer, creator, getter, lister, remover
from comptoir.dialects.coredna.search import Searchable
from comptoir.dialects.edge import Call, Reply, Route
from comptoir.dialects.outlines import Outline, outlined
from comptoir.dialects.wire import Document, field
from comptoir.domain.catalogue.custom_fields import (
    create_custom_field,
    remove_custom_field,
    update_custom_field,
)
from comptoir.domain.catalogue.errors import CustomFieldNotFound
from comptoir.domain.catalogue.models import CustomField, Product, ProductCustomField
from comptoir.domain.catalogue.products import set_custom_value
from comptoir.domain.catalogue.queries import get_row

STATUS = choice({"": "", "active": "active"})
FIELDS = (
    field("id", CustomField.id, INT_AS_TEXT, access="r"),
    field("name", CustomField.name, NAME, required=True),
    field("description", CustomField.description, TEXT),
    field("available.status", CustomField.status, STATUS),
)

CUSTOM_FIELD: Document[CustomField] = Document(FIELDS, missing=CustomFieldNotFound)
PRODUCT_CUSTOM_FIELD: Document[CustomField] = Document(
    (*FIELDS, field("value", ProductCustomField.value, TEXT, access="r"))
)
VALUE: Document[Any] = Document((field("value", ProductCustomField.value, TEXT, required=True),))
CUSTOM_FIELDS = Searchable(CUSTOM_FIELD)


@outlined(Outline("one", PRODUCT_CUSTOM_FIELD, takes=VALUE))
def set_value(call: Call) -> Reply:
    """Set a product's value; an empty one clears it (reference 3.6)."""
    get_row(call.tx, Product, call.ids["product_id"])
    shown = CUSTOM_FIELD.get(call.tx, call.ids["id"])
    value = VALUE.load(call.body, "c", call.tx.shop)["value"]
    set_custom_value(call.tx, product_id=call.ids["product_id"], field_id=call.ids["id"], value=value)
    return Reply(200, {**shown, "value": value})


ROUTES = (
    Route("custom_fields.create", "POST", "/products/custom_fields", creator(CUSTOM_FIELD, create_custom_field)),
    Route("custom_fields.list", "GET", "/products/custom_fields", lister(CUSTOM_FIELD, CUSTOM_FIELDS)),
    Route("custom_fields.get", "GET", "/products/custom_fields/{id}", getter(CUSTOM_FIELD)),
    Route(
        "custom_fields.update", "PUT", "/products/custom_fields/{id}",
        changer(CUSTOM_FIELD, update_custom_field, "field_id"),
    ),
    Route(
        "custom_fields.delete", "DELETE", "/products/custom_fields/{id}",
        remover(remove_custom_field, "field_id"),
    ),
    Route(
        "products.set_custom_field", "PUT", "/products/{product_id}/custom_fields/{id}", set_value,
        ("/products/{product_id}/custom_field/{id}",),
    ),
)  # fmt: skip
