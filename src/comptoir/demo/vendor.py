"""The sales that the vendor's published examples speak of, with their numbers, placed around the shop's day.

They lie in a file as detail_sale shows them; their days are written from the shop's day on, `-25d 14:20:11`
or `+5d`, so that what recurs in the examples has its next billing before it, and what can be refunded is recent.
"""

import re
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from comptoir.demo.documented import Progress, kept
from comptoir.dialects.twocheckout.moving_in import take_sales
from comptoir.domain.exchange.codecs import decode_json
from comptoir.domain.payments.methods import keep_method
from comptoir.domain.payments.sandbox import APPROVED, SANDBOX
from comptoir.domain.tx import OpenShop, Tx

FILE = files("comptoir.demo").joinpath("vendor_sales.jsonl")
RECURRING = (4774380224, 4834917619, 4766009260)
DAYS = re.compile(r"([+-]\d{1,4})d( \d\d:\d\d:\d\d)?", re.ASCII)


def load_vendor_sales(shop: OpenShop, told: Progress) -> None:
    """Put the documented sales into a shop. Refuses: NotKept."""
    lines = FILE.read_text().splitlines()

    def work(tx: Tx) -> None:
        today = tx.shop.local(tx.now).date()
        kept(take_sales(tx, [dated(decode_json(line), today) for line in lines]))
        # What recurs goes on at the sandbox, where every card of the examples is good.
        for sale_id in RECURRING:
            keep_method(tx, sale_id=sale_id, gateway=SANDBOX, method=APPROVED)

    shop.write(work)
    told("Documented sales", len(lines), len(lines))


def dated(value: Any, today: date) -> Any:
    """A document whose days are those of the calendar."""
    if isinstance(value, dict):
        return {name: dated(member, today) for name, member in value.items()}
    if isinstance(value, list):
        return [dated(one, today) for one in value]
    match = DAYS.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    return (today + timedelta(days=int(match[1]))).isoformat() + (match[2] or "")
