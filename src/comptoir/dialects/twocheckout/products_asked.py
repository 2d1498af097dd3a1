"""What is said of a product, as keywords of the domain's verbs (reference 5.1, 10.7)."""

from typing import Any

from comptoir.dialects.twocheckout.parameters import ParameterInvalid, Parameters
from comptoir.dialects.twocheckout.prices import NO_INTERVAL, NOTHING, PRICE_MAX, e4_asked, interval_asked
from comptoir.domain.catalogue.terms import COMMISSION_TYPES
from comptoir.domain.money import E4_PLACES

LABEL_MAX = 255
URL_MAX = 2_000
AMOUNTS = {"handling": "handling_e4", "startup_fee": "startup_fee_e4", "commission_amount": "commission_e4"}
# A fee below zero makes the first time cheaper (reference 6.6).
LEAST = {"startup_fee": -PRICE_MAX}
FLAGS = {"tangible": "is_tangible", "commission": "has_commission"}
# The domain's words for what was sent.
WORDS = {
    "category_ids": "category_id", "option_ids": "option_id", "price_rrp_e4": "price", "weight_e4": "weight",
    "preview": "description", "description": "long_description", "handling_e4": "handling",
    "recurrence_unit": "recurrence", "recurrence_count": "recurrence", "duration_unit": "duration",
    "duration_count": "duration", "startup_fee_e4": "startup_fee", "commission_e4": "commission_amount",
}  # fmt: skip


def needed_by_flags(asked: Parameters) -> list[str]:
    """What a product must have for being tangible or recurring."""
    names = []
    if asked.flag("tangible"):
        names += ["weight", "handling"]
    if asked.flag("recurring"):
        names += ["recurrence", "duration"]
    return names


def ids_asked(asked: Parameters, name: str) -> list[int] | None:
    """The records that take the place of those there are; None when they stay. Nothing sent takes all away."""
    if not asked.is_sent(name) or (asked.is_null(name) and not asked.ids(name)):
        return None
    return list(asked.ids(name))


def product_asked(asked: Parameters) -> Any:
    """What is said of the product itself, as keywords of its verbs."""
    product: dict[str, Any] = {}
    name, preview = asked.text("name", most=LABEL_MAX), asked.text("description")
    description, price_e4 = asked.text("long_description"), e4_asked(asked, "price")
    if name is not None:
        product["name"] = name.strip()
    if preview is not None:
        product["preview"] = preview
    if description is not None:
        product["description"] = description
    if price_e4 is not None:
        # The price that is written here is the price that is asked: none is special beside it.
        product |= {"price_rrp_e4": price_e4, "price_special_e4": 0}
    elif asked.is_cleared("price"):
        raise ParameterInvalid("price", "must be an amount")
    weight_e4 = e4_asked(asked, "weight", places=E4_PLACES)
    if weight_e4 is not None or asked.is_cleared("weight"):
        product["weight_e4"] = weight_e4 or 0
    category_ids = ids_asked(asked, "category_id")
    if category_ids is not None:
        product["category_ids"] = category_ids
    return product


def terms_asked(asked: Parameters) -> Any:
    """What is said of its terms. A name without a value takes away what can be gone without."""
    terms: dict[str, Any] = {}
    number = asked.text("vendor_product_id", most=LABEL_MAX)
    if number is not None:
        terms["vendor_product_id"] = number.strip()
    for name in ("approved_url", "pending_url"):
        url = asked.text(name, most=URL_MAX)
        if url is not None:
            terms[name] = url.strip() or None
    kept: dict[str, tuple[str, Any]] = {
        name: (key, e4_asked(asked, name, least=LEAST.get(name, NOTHING))) for name, key in AMOUNTS.items()
    }
    kept["commission_type"] = ("commission_type", asked.choice("commission_type", COMMISSION_TYPES))
    kept |= {name: (key, asked.flag(name)) for name, key in FLAGS.items()}
    for name, (key, value) in kept.items():
        if value is not None or asked.is_cleared(name):
            terms[key] = bool(value) if name in FLAGS else value
    return terms | _recurrence(asked)


def _recurrence(asked: Parameters) -> dict[str, Any]:
    terms: dict[str, Any] = {}
    recurring = asked.flag("recurring")
    recurrence = interval_asked(asked, "recurrence")
    duration = interval_asked(asked, "duration", may_last=True)
    if recurring is not None:
        terms["is_recurring"] = recurring
    elif asked.is_cleared("recurring") and recurrence is None:
        terms["is_recurring"] = False
    if recurrence is None and asked.is_cleared("recurrence"):
        recurrence = NO_INTERVAL
    if recurrence is not None:
        terms["recurrence_unit"], terms["recurrence_count"] = recurrence
    if duration is not None:
        terms["duration_unit"], terms["duration_count"] = duration
    return terms
