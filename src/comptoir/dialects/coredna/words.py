"""What the description calls things: schemas, groups of routes, and each route in a few words."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.coredna.brands import BRAND
from comptoir.dialects.coredna.categories import CATEGORY
from comptoir.dialects.coredna.custom_fields import CUSTOM_FIELD, PRODUCT_CUSTOM_FIELD, VALUE
from comptoir.dialects.coredna.groups import GROUP, GROUP_SUMMARY
from comptoir.dialects.coredna.notifications import NOTIFICATION
from comptoir.dialects.coredna.orders import LINE, LOG, ORDER, PART, TRANSACTION
from comptoir.dialects.coredna.pricings import PRICING
from comptoir.dialects.coredna.products import PRODUCT
from comptoir.dialects.coredna.refunds import ITEM, REFUND
from comptoir.dialects.coredna.subscriptions import SUBSCRIPTION_USER
from comptoir.dialects.coredna.users import USER
from comptoir.dialects.coredna.variants import VARIANT
from comptoir.dialects.coredna.warehouses import WAREHOUSE
from comptoir.dialects.outlines import Form
from comptoir.dialects.wire import Document

NAMES: Mapping[Document[Any], str] = {
    PRODUCT: "Product",
    BRAND: "Brand",
    CATEGORY: "Category",
    CUSTOM_FIELD: "CustomField",
    PRODUCT_CUSTOM_FIELD: "ProductCustomField",
    VALUE: "CustomFieldValue",
    VARIANT: "Variant",
    PRICING: "Pricing",
    ORDER: "Order",
    LINE: "OrderLine",
    PART: "ProductLine",
    TRANSACTION: "PaymentTransaction",
    LOG: "OrderLog",
    REFUND: "Refund",
    ITEM: "RefundItem",
    SUBSCRIPTION_USER: "SubscriptionUser",
    WAREHOUSE: "Warehouse",
    USER: "User",
    NOTIFICATION: "Notification",
    GROUP: "Group",
    GROUP_SUMMARY: "GroupSummary",
}

INTRODUCTION = """\
The published Core dna REST API, answered by comptoir.

Send the API key as `Authorization: Bearer KEY`, or as the user name of Basic with an empty password.
Answers are JSON; `Accept: application/xml` asks for XML. Each answer holds `data`, or `error` with one
sentence, then `transaction_id` and `time`.

Bodies may be JSON, multipart/form-data or urlencoded, on POST and on PUT. Forms write nested values in
brackets: `available[quantity]=5`. Fields that nobody knows are left alone.

Every GET may be asked as HEAD. A path with a slash at its end is the same path.
"""

ANSWERS: Mapping[Form, str] = {
    "one": "The record.",
    "many": "The records in the order of their ids.",
    "count": "How many there are.",
    "true": "It is done.",
}

# The group of routes, and what one record of it is called.
NOUNS = {
    "products": "product",
    "brands": "brand",
    "categories": "category",
    "custom_fields": "custom field",
    "variants": "variant",
    "pricings": "pricing",
    "orders": "order",
    "refunds": "refund",
    "subscription_users": "subscription user",
    "warehouses": "warehouse",
    "users": "user",
    "notifications": "notification",
    "groups": "group",
}
PLURALS = {"category": "categories"}
VERBS = {
    "create": "Create {a} {one}",
    "list": "List {many}",
    "get": "Show one {one}",
    "update": "Change {a} {one}",
    "delete": "Remove {a} {one}",
    "count": "Count {many}",
}
SUMMARIES = {
    "products.remove_category": "Take a product off a category",
    "products.set_custom_field": "Set a product's value for a custom field",
    "variants.get_in_product": "Show one variant of a product",
    "variants.list_in_product": "List the variants of a product",
    "variants.update_in_product": "Change a variant of a product",
    "variants.update_by_code": "Change every variant with a code",
    "pricings.list_in_product": "List the pricings of a product",
    "orders.transactions": "List the payment transactions of an order",
    "orders.logs.create": "Add a log to an order",
    "orders.logs.get": "Show one log of an order",
    "orders.logs.list": "List the logs of an order",
    "notifications.list_for_user": "List the notifications of a user",
}


def tag_of(route: str) -> str:
    """The group that a route is shown in."""
    return route.partition(".")[0].replace("_", " ").capitalize()


def summary_of(route: str) -> str:
    """A route in a few words."""
    if route in SUMMARIES:
        return SUMMARIES[route]
    group, _, verb = route.rpartition(".")
    one = NOUNS[group]
    article = "an" if one[0] in "aeio" else "a"
    return VERBS[verb].format(a=article, one=one, many=PLURALS.get(one, f"{one}s"))
