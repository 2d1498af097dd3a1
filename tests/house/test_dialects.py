"""Dialects keep their promises: documents fit their verbs, and every refusal is said."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any, Unpack, get_args, get_origin, get_type_hints

import pytest

import comptoir.domain
from comptoir.dialects.coredna import (
    brands,
    categories,
    custom_fields,
    groups,
    notifications,
    orders,
    pricings,
    products,
    users,
    variants,
)
from comptoir.dialects.coredna.refusals import said as said_in_coredna
from comptoir.dialects.corepro.refusals import Refusal as CoreproRefusal
from comptoir.dialects.corepro.refusals import said as said_in_corepro
from comptoir.dialects.corepro.routes import refusals as numbered_in_corepro
from comptoir.dialects.twocheckout.refusals import Refusal
from comptoir.dialects.twocheckout.refusals import said as said_in_twocheckout
from comptoir.dialects.wire import Document
from comptoir.domain.catalogue.brands import create_brand, update_brand
from comptoir.domain.catalogue.categories import create_category, update_category
from comptoir.domain.catalogue.custom_fields import create_custom_field, update_custom_field
from comptoir.domain.catalogue.pricings import create_pricing, update_pricing
from comptoir.domain.catalogue.products import create_product, update_product
from comptoir.domain.catalogue.variants import update_variant
from comptoir.domain.customers.actions import update_customer
from comptoir.domain.customers.groups import update_group
from comptoir.domain.customers.notifications import notify_customer, update_notification
from comptoir.domain.errors import ComptoirError
from comptoir.domain.orders.changing import update_order
from comptoir.domain.orders.logs import add_order_log

VERBS: list[tuple[Document[Any], str, Callable[..., Any], set[str]]] = [
    (products.PRODUCT, "c", create_product, set()),
    (products.PRODUCT, "u", update_product, {"product_id"}),
    (brands.BRAND, "c", create_brand, set()),
    (brands.BRAND, "u", update_brand, {"brand_id"}),
    (categories.CATEGORY, "c", create_category, set()),
    (categories.CATEGORY, "u", update_category, {"category_id"}),
    (custom_fields.CUSTOM_FIELD, "c", create_custom_field, set()),
    (custom_fields.CUSTOM_FIELD, "u", update_custom_field, {"field_id"}),
    (pricings.PRICING, "c", create_pricing, set()),
    (pricings.PRICING, "u", update_pricing, {"pricing_id"}),
    (variants.VARIANT, "u", update_variant, {"variant_id"}),
    (orders.ORDER, "u", update_order, {"order_id", "version"}),
    (orders.LOG, "c", add_order_log, {"order_id"}),
    (users.USER, "u", update_customer, {"customer_id"}),
    (notifications.NOTIFICATION, "c", notify_customer, set()),
    (notifications.NOTIFICATION, "u", update_notification, {"notification_id"}),
    (groups.GROUP, "u", update_group, {"group_id"}),
]
# What only imports say, because the wire has no word for it.
BEHIND_THE_WIRE = {"id", "created_at", "updated_at"}


def keywords_of(verb: Callable[..., Any]) -> set[str]:
    """The names that a verb takes, those of an unpacked TypedDict among them."""
    names: set[str] = set()
    hints = get_type_hints(verb, include_extras=True)
    for parameter in inspect.signature(verb).parameters.values():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            hint = hints[parameter.name]
            assert get_origin(hint) is Unpack
            names.update(get_type_hints(get_args(hint)[0]))
        elif parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            names.add(parameter.name)
    return names


@pytest.mark.parametrize(
    ("document", "mode", "verb", "beside"), VERBS, ids=[f"{verb.__name__}" for _, _, verb, _ in VERBS]
)
def test_a_document_writes_just_what_its_verb_takes(
    document: Document[Any], mode: Any, verb: Callable[..., Any], beside: set[str]
) -> None:
    assert set(document.writable(mode)) == keywords_of(verb) - beside - BEHIND_THE_WIRE


def refusals() -> Iterator[type[ComptoirError]]:
    """Every class that the domain may refuse with."""
    for module in pkgutil.walk_packages(comptoir.domain.__path__, "comptoir.domain."):
        importlib.import_module(module.name)
    waiting = [ComptoirError]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        yield kind


def refused_with(kind: type[ComptoirError]) -> ComptoirError:
    """A refusal of this class, with any facts."""
    error = kind.__new__(kind)
    error.__dict__.update(
        thing="thing", key=1, field="name", problem="is wrong", has_key=True, allowed=(), names=("name",)
    )
    error.__dict__.update(problems=[("name", "is wrong")], refusal=Refusal("FAILED", "It is said."))
    error.__dict__.update(refusals=[CoreproRefusal(60000, "It is said.")], customer_id=1, account_id=1)
    return error


def test_every_refusal_of_the_domain_is_answered_and_none_as_a_fault() -> None:
    kinds = list(refusals())
    assert len(kinds) > 30, "the walk must find the rooms' errors"
    for kind in kinds:
        status, _sentence = said_in_coredna(refused_with(kind), "/")
        assert 400 <= status < 500, kind
        status, elements = said_in_twocheckout(refused_with(kind))
        assert 400 <= status < 500, kind
        assert all(element["code"] and element["message"] for element in elements), kind
        status, numbered = said_in_corepro(refused_with(kind), numbered_in_corepro())
        assert 400 <= status < 500, kind
        assert all(code >= 50401 and message for code, message in numbered), kind
