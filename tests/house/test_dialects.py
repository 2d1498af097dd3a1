"""Dialects keep their promises: documents fit their verbs, every refusal is said, every route is fast to find."""

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
from comptoir.dialects.coredna.refusals import said
from comptoir.dialects.wire import Document
from comptoir.domain.errors import ComptoirError

VERBS: list[tuple[Document[Any], str, Callable[..., Any], set[str]]] = [
    (products.PRODUCT, "c", products.create_product, set()),
    (products.PRODUCT, "u", products.update_product, {"product_id"}),
    (brands.BRAND, "c", brands.create_brand, set()),
    (brands.BRAND, "u", brands.update_brand, {"brand_id"}),
    (categories.CATEGORY, "c", categories.create_category, set()),
    (categories.CATEGORY, "u", categories.update_category, {"category_id"}),
    (custom_fields.CUSTOM_FIELD, "c", custom_fields.create_custom_field, set()),
    (custom_fields.CUSTOM_FIELD, "u", custom_fields.update_custom_field, {"field_id"}),
    (pricings.PRICING, "c", pricings.create_pricing, set()),
    (pricings.PRICING, "u", pricings.update_pricing, {"pricing_id"}),
    (variants.VARIANT, "u", variants.update_variant, {"variant_id"}),
    (orders.ORDER, "u", orders.update_order, {"order_id", "version"}),
    (orders.LOG, "c", orders.add_order_log, {"order_id"}),
    (users.USER, "u", users.update_customer, {"customer_id"}),
    (notifications.NOTIFICATION, "c", notifications.notify_customer, set()),
    (notifications.NOTIFICATION, "u", notifications.update_notification, {"notification_id"}),
    (groups.GROUP, "u", groups.update_group, {"group_id"}),
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


def test_every_refusal_of_the_domain_is_answered_and_none_as_a_fault() -> None:
    kinds = list(refusals())
    assert len(kinds) > 30, "the walk must find the rooms' errors"
    for kind in kinds:
        error = kind.__new__(kind)
        error.__dict__.update(thing="thing", key=1, field="name", problem="is wrong", has_key=True, allowed=())
        error.__dict__.update(problems=[("name", "is wrong")])
        status, _sentence = said(error, "/")
        assert 400 <= status < 500, kind
