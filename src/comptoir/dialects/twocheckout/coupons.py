"""Coupons (reference 5.3)."""

from decimal import Decimal
from typing import Any

from comptoir.dialects.edge import Call, Reply
from comptoir.dialects.twocheckout import shapes
from comptoir.dialects.twocheckout.calls import reading, writing
from comptoir.dialects.twocheckout.paging import PAGE_INFO, Page, page_info, public_base
from comptoir.dialects.twocheckout.parameters import (
    ParameterInvalid,
    ParameterMissing,
    Parameters,
    asked_of,
    in_words,
)
from comptoir.dialects.twocheckout.prices import e4_asked, money_or_none
from comptoir.dialects.twocheckout.refusals import denied
from comptoir.dialects.twocheckout.replies import ok
from comptoir.dialects.twocheckout.shapes import ASKED_DAY, ASKED_ID, ASKED_MONEY, given, needed, repeated
from comptoir.dialects.wire import Wire
from comptoir.domain.coupons.actions import CODE_MAX, create_coupon, remove_coupon, update_coupon
from comptoir.domain.coupons.amounts import PPM, CouponFacts
from comptoir.domain.coupons.errors import CouponNotFound
from comptoir.domain.coupons.models import COUPON_TYPES, PRODUCT, SHIPPING
from comptoir.domain.coupons.queries import get_coupon, list_coupons

PERCENT_PLACES = 6
PPM_PER_PERCENT = PPM // 100
DISCOUNT = "percentage_off_or_value_off"
NO_PRODUCT = 0
# What a new coupon cannot do without, and the domain's words for what was sent.
NEEDED = {"date_expire": "expires_on", "type": "type"}
WORDS = {
    "code": "coupon_code", "expires_on": "date_expire", "percent_ppm": "percentage_off", "value_e4": "value_off",
    "minimum_e4": "minimum_purchase", "product_ids": "product_id",
}  # fmt: skip

_SUMMARY = {
    "coupon_code": shapes.TEXT, "date_expire": shapes.DAY, "minimum_purchase": shapes.MONEY,
    "percentage_off": {"type": ["string", "null"], "pattern": r"^\d+(\.\d+)?$"},
    "value_off": shapes.or_null(shapes.MONEY), "type": {"type": "string", "enum": list(COUPON_TYPES)},
}  # fmt: skip
SUMMARY_SHAPE = shapes.an_object(_SUMMARY)
DETAIL_SHAPE = shapes.an_object({
    **_SUMMARY,
    "product": shapes.a_list(shapes.an_object({"product_id": shapes.ID, "product_url": shapes.TEXT})),
})  # fmt: skip


def shown(coupon: CouponFacts) -> Wire:
    """A coupon without its products. Its percentage is a whole number in lists as well (reference 12, #12)."""
    return {
        "coupon_code": coupon.code,
        "date_expire": coupon.expires_on.isoformat(),
        "minimum_purchase": money_or_none(coupon.minimum_e4) or "0.00",
        "percentage_off": None if coupon.percent_ppm is None else _percent(coupon.percent_ppm),
        "value_off": money_or_none(coupon.value_e4),
        "type": coupon.type,
    }


def detail_coupon(call: Call) -> Reply:
    """One coupon; a code that nobody has is denied, not missed (reference 12, #37)."""
    asked = asked_of(call)
    code = asked.need_text("coupon_code").strip()
    try:
        coupon = get_coupon(call.tx, code)
    except CouponNotFound:
        raise denied("coupon") from None
    url = f"{public_base(call)}/api/products/detail_product?product_id="
    # One that is not for particular products says so by a product of number 0.
    products = [
        {"product_id": str(product_id), "product_url": f"{url}{product_id}"}
        for product_id in sorted(coupon.product_ids) or [NO_PRODUCT]
    ]
    return ok("Coupon detail retrieved successfully.", coupon={**shown(coupon), "product": products})


def show_coupons(call: Call) -> Reply:
    """Every coupon: this list has one page only."""
    coupons = list_coupons(call.tx)
    info = page_info(call, Page(1, max(len(coupons), 1), has_size=False), len(coupons))
    return ok(
        "Coupon information retrieved successfully.",
        coupon=[shown(coupon) for coupon in coupons], page_info=info,
    )  # fmt: skip


def create(call: Call) -> Reply:
    """Create a coupon, with a code of ours where none is sent."""
    asked = asked_of(call)
    asked.demand(*NEEDED)
    code = (asked.text("coupon_code", most=CODE_MAX) or "").strip()
    values = _values(asked)
    if unsaid := [name for name, key in NEEDED.items() if key not in values]:
        # There was a value, but the last one counts, and it says nothing.
        raise ParameterMissing(*unsaid)
    if values["type"] != SHIPPING and not _has_discount(values):
        raise ParameterMissing(DISCOUNT)
    _demand_products(asked, values)
    with in_words(WORDS):
        made = create_coupon(call.tx, code="" if asked.is_null("coupon_code") else code, **values)
    return ok("Coupon successfully created", coupon_code=made)


def update(call: Call) -> Reply:
    """Change what is named of a coupon."""
    asked = asked_of(call)
    code = asked.need_text("coupon_code").strip()
    new_code = (asked.text("new_code", most=CODE_MAX) or "").strip()
    values = _values(asked)
    coupon = get_coupon(call.tx, code)
    if coupon.type == SHIPPING != values.get("type", SHIPPING) and not _has_discount(values):
        raise ParameterMissing(DISCOUNT)
    if coupon.type != PRODUCT:
        _demand_products(asked, values)
    renamed = None if not new_code or asked.is_null("new_code") else new_code
    with in_words({**WORDS, "code": "new_code"}):
        kept = update_coupon(call.tx, coupon_code=code, code=renamed, **values)
    return ok("Coupon updated successfully", coupon_code=kept)


def delete(call: Call) -> Reply:
    """Remove a coupon."""
    remove_coupon(call.tx, coupon_code=asked_of(call).need_text("coupon_code").strip())
    return ok("Coupon successfully deleted.")


def _percent(ppm: int) -> str:
    whole, rest = divmod(ppm, PPM_PER_PERCENT)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")


def _ppm(percent: Decimal) -> int:
    """Millionths of a percentage, or of a fraction below 1, which some clients send (reference 5.3)."""
    ppm = percent * (PPM if percent < 1 else PPM_PER_PERCENT)
    if ppm != ppm.to_integral_value():
        raise ParameterInvalid("percentage_off", "has more decimals than are kept")
    return int(ppm)


def _values(asked: Parameters) -> Any:
    """What is said of a coupon, as keywords of its verbs."""
    values: dict[str, Any] = {}
    if (kind := asked.choice("type", COUPON_TYPES)) is not None:
        values["type"] = kind
    if (day := asked.day("date_expire")) is not None:
        values["expires_on"] = day
    percent = asked.money("percentage_off", places=PERCENT_PLACES)
    amounts = {
        "percentage_off": ("percent_ppm", None if percent is None else _ppm(percent)),
        "value_off": ("value_e4", e4_asked(asked, "value_off")),
        "minimum_purchase": ("minimum_e4", e4_asked(asked, "minimum_purchase")),
    }
    for name, (key, value) in amounts.items():
        # A bare name takes the value away; of a coupon that has only the other one there is nothing to take.
        if value is not None or asked.is_cleared(name):
            values[key] = value
    return values | _products(asked)


def _products(asked: Parameters) -> dict[str, Any]:
    """What a coupon is for. All products, or none of those it was for and then those that are sent."""
    values: dict[str, Any] = {}
    product_ids = [one for one in asked.ids("product_id") if one != NO_PRODUCT]
    if product_ids:
        values |= {"product_ids": product_ids, "is_for_all": False}
    for_all = asked.flag("select_all")
    if for_all is not None:
        values |= {"product_ids": [] if for_all else product_ids, "is_for_all": for_all}
    return values


def _has_discount(values: dict[str, Any]) -> bool:
    return values.get("percent_ppm") is not None or values.get("value_e4") is not None


def _demand_products(asked: Parameters, values: dict[str, Any]) -> None:
    if values.get("type") == PRODUCT and not values.get("product_ids") and not values.get("is_for_all"):
        # A 0 that stands for no product is no product either.
        asked.demand("product_id")
        raise ParameterInvalid("product_id", "must name a product")


_CODE = needed("coupon_code", shapes.TEXT, "The coupon.")
_FIELDS = (
    given("percentage_off", {"type": "string", "pattern": r"^\d{1,3}([.,]\d{1,4})?$"}, "As 5, or as 0.05."),
    given("value_off", ASKED_MONEY, "Off the sale, or off each piece of its products."),
    given("minimum_purchase", ASKED_MONEY, "From which amount on it goes."),
    given("select_all", {"type": "string", "enum": ["0", "1"]}, "1: for all products; 0: for none any more."),
    repeated("product_id", ASKED_ID, "What a coupon of the type product is for."),
)
_DAY = "The last day of it."
_TYPE = {"type": "string", "enum": list(COUPON_TYPES)}
CALLS = (
    reading("products/detail_coupon", detail_coupon, takes=(_CODE,), shows={"coupon": DETAIL_SHAPE}),
    reading(
        "products/list_coupons", show_coupons,
        shows={"coupon": shapes.a_list(SUMMARY_SHAPE), "page_info": PAGE_INFO},
    ),
    writing(
        "products/create_coupon", create,
        takes=(
            given("coupon_code", shapes.TEXT, "Made when it is not given."),
            needed("date_expire", ASKED_DAY, _DAY), needed("type", _TYPE, "What gets cheaper."), *_FIELDS,
        ),
        shows={"coupon_code": shapes.TEXT},
    ),
    writing(
        "products/update_coupon", update,
        takes=(
            _CODE, given("new_code", shapes.TEXT), given("date_expire", ASKED_DAY, _DAY),
            given("type", _TYPE), *_FIELDS,
        ),
        shows={"coupon_code": shapes.TEXT},
    ),
    writing("products/delete_coupon", delete, takes=(_CODE,)),
)  # fmt: skip
