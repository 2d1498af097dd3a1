"""What the shop is told when its buyer comes back: every parameter in order, and the key (reference 8.3)."""

import hashlib
import re

from comptoir.domain.checkout.addresses import PREFILL, SHIP_PREFILL, Address, person_name
from comptoir.domain.checkout.bills import Bill
from comptoir.domain.checkout.carts import PASS_THROUGH, PLUG_AND_PLAY
from comptoir.domain.checkout.models import DEMO, PAYING
from comptoir.domain.checkout.queries import CheckoutRow
from comptoir.domain.merchant.queries import MerchantFacts
from comptoir.domain.money import decimal_of_minor
from comptoir.domain.orders.selling import INVOICE_AFTER

Passback = list[tuple[str, str]]

DEMO_ORDER = 1
CARD = "CC"
PROCESSED, PENDING = "Y", "K"
# What steers the checkout, and is no business of whoever is told of its end.
STEERING = frozenset(
    "mode pay_method purchase_step skip_landing coupon return_url 2co_cart_type submit x_login".split()
)
_CATALOGUE = re.compile(r"(?:product_id|quantity)\d{0,3}", re.ASCII)


def passback_key(secret_word: str, sid: int | str, order_number: int | str, total: str) -> str:
    """The hash by which a shop knows that the message is ours."""
    joined = f"{secret_word}{sid}{order_number}{total}"
    return hashlib.md5(joined.encode(), usedforsecurity=False).hexdigest().upper()


def passback(row: CheckoutRow, merchant: MerchantFacts, link_url: str) -> Passback:
    """The parameters for a checkout that is paid, is being paid, or was in demo mode.

    Custom ones come last, unchanged.
    """
    paying = row.said.paying
    assert paying is not None, "what is paid has a bill"
    bill, sale_id, is_demo = paying.bill, row.sale_id or 0, row.state == DEMO
    total = str(decimal_of_minor(bill.total_minor, bill.currency))
    sid, asked = str(merchant.vendor_id), row.asked
    key = passback_key(merchant.secret_word, sid, DEMO_ORDER if is_demo else sale_id, total)
    told = {
        "sid": sid,
        "order_number": str(sale_id),
        "invoice_id": str(row.order_id or sale_id + INVOICE_AFTER),
        "merchant_order_id": asked.text("merchant_order_id"),
        "key": key,
        "total": total,
        "currency_code": bill.customer_currency,
        "lang": row.language,
        "pay_method": CARD,
        "credit_card_processed": PENDING if row.state == PAYING else PROCESSED,
        "demo": "Y" if is_demo else "",
        **({"fixed": asked.values["fixed"]} if "fixed" in asked.values else {}),
        **_buyer(row.said.billing),
        "ip_country": "",
        "cart_weight": "0",
        "cart_tangible": "Y" if bill.is_tangible else "N",
        "x_receipt_link_url": link_url,
        **(_delivery(row.said.shipping) if bill.is_tangible else {}),
        **_goods(row, bill),
    }
    told |= {name: value for name, value in asked.values.items() if name not in told and not _is_ours(name)}
    return list(told.items())


def _buyer(address: Address) -> dict[str, str]:
    person = person_name(address.name)
    return {
        "card_holder_name": address.name,
        "first_name": person.first,
        "middle_initial": person.middle_initial,
        "last_name": person.last,
        "street_address": address.street,
        "street_address2": address.street2,
        "city": address.city,
        "state": address.state,
        "zip": address.postcode,
        "country": address.country,
        "email": address.email,
        "phone": f"{address.phone} {address.phone_ext}",
    }


def _delivery(address: Address) -> dict[str, str]:
    said = address.said()
    return {wire: said[name] for name, wire in SHIP_PREFILL.items()}


def _goods(row: CheckoutRow, bill: Bill) -> dict[str, str]:
    """What was bought, in the words of the set that it was asked for in."""
    asked = row.asked.values
    if bill.kind == PASS_THROUGH:
        return {name: value for name, value in asked.items() if name.startswith("li_")}
    if bill.kind != PLUG_AND_PLAY:
        return {name: asked[name] for name in ("cart_order_id",) if name in asked}
    told: dict[str, str] = {}
    for place, line in enumerate(line for line in bill.lines if line.is_catalogue and line.quantity):
        number = str(place or "")
        told |= {
            f"product_id{number}": asked.get(f"product_id{line.key[1:]}", ""),
            f"quantity{number}": str(line.quantity),
            f"merchant_product_id{number}": line.code,
            f"product_description{number}": line.description or line.name,
        }
    return told


def _is_ours(name: str) -> bool:
    """Whether a parameter is one of those that checkout itself reads."""
    known = {*STEERING, *PREFILL.values(), *SHIP_PREFILL.values()}
    return name in known or _CATALOGUE.fullmatch(name) is not None
