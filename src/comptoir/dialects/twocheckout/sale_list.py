"""Lists of sales (reference 4.2)."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from comptoir.dialects.edge import Call, Reply
from comptoir.dialects.twocheckout.calls import reading
from comptoir.dialects.twocheckout.paging import (
    PAGE_INFO,
    page_asked,
    page_info,
    paging,
    public_base,
    sorting_asked,
)
from comptoir.dialects.twocheckout.parameters import ParameterInvalid, Parameters, asked_of
from comptoir.dialects.twocheckout.replies import ok
from comptoir.dialects.twocheckout.sale_amounts import day, total_told
from comptoir.dialects.twocheckout.shapes import (
    ASKED_DAY,
    ASKED_ID,
    DAY,
    FLAG,
    ID,
    MONEY,
    TEXT,
    a_list,
    an_object,
    given,
    or_null,
)
from comptoir.domain.sales.facts import SaleSummary, summaries_of
from comptoir.domain.sales.listing import ORDERS, Wanted, list_sales
from comptoir.domain.shop import ShopFacts

NAME_LEAST = 3
FIRST_DIGITS, LAST_DIGITS = 6, 2
TELEPHONE = re.compile(r"[\d\s().+/-]*\d[\d\s().+/-]*", re.ASCII)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)
COLUMNS = {name: name for name in ORDERS}

SUMMARY = an_object({
    "customer_name": TEXT,
    "customer_total": MONEY,
    "date_placed": DAY,
    "decline_code": or_null(TEXT),
    "recurring": FLAG,
    "recurring_declined": or_null(DAY),
    "sale_id": ID,
    "sale_url": TEXT,
    "usd_total": MONEY,
})  # fmt: skip


def list_of_sales(call: Call) -> Reply:
    """A page of the sales that are asked for, the newest first unless another order is."""
    asked = asked_of(call)
    page = page_asked(asked)
    order = sorting_asked(asked, COLUMNS, "date_placed", is_descending=not asked.is_sent("sort_col"))
    found = list_sales(
        call.tx,
        wanted_of(asked, call.tx.shop),
        order=order.column,
        is_descending=order.is_descending,
        limit=page.size,
        start=page.start,
    )
    info = page_info(call, page, found.total)
    base = public_base(call)
    summaries = summaries_of(call.tx, found.order_ids)
    shown = [_summary(one, base, call.tx.shop) for one in summaries]
    return ok("Sales summary retrieved", page_info=info, sale_summary=shown)


def wanted_of(asked: Parameters, shop: ShopFacts) -> Wanted:
    """Which sales are asked for. Refuses: ParameterInvalid."""
    begin = _day(asked, "sale_date_begin", "date_sale_begin")
    end = _day(asked, "sale_date_end", "date_sale_end")
    return Wanted(
        sale_id=asked.id("sale_id"),
        invoice_id=asked.id("invoice_id"),
        customer_name=_name(asked),
        customer_email=_text(asked, "customer_email"),
        customer_phone=_telephone(asked),
        vendor_product_id=_text(asked, "vendor_product_id"),
        card_first_six=_digits(asked, "ccard_first6", FIRST_DIGITS),
        card_last_two=_digits(asked, "ccard_last2", LAST_DIGITS),
        begin=None if begin is None else _midnight(begin, shop),
        end=None if end is None else _midnight(min(end, LAST_DAY) + timedelta(days=1), shop),
        is_declined=asked.flag("declined_recurrings") or False,
        is_active=asked.flag("active_recurrings") or False,
        is_refunded=asked.flag("refunded") or False,
    )


def _summary(sale: SaleSummary, base: str, shop: ShopFacts) -> dict[str, Any]:
    row, declined = sale.row, sale.declined
    at = None if declined is None else declined.declined_at or declined.first_declined_at
    return {
        "customer_name": row.billing_name,
        "customer_total": total_told(row.customer_total_minor, row.total_minor, sale.worth.customer),
        "date_placed": day(row.created_at, shop),
        "decline_code": None if declined is None else declined.decline_code or None,
        "recurring": "1" if sale.is_recurring else "0",
        "recurring_declined": day(at, shop),
        "sale_id": str(row.sale_id),
        "sale_url": f"{base}/api/sales/detail_sale?sale_id={row.sale_id}",
        "usd_total": total_told(row.usd_total_minor, row.total_minor, sale.worth.usd),
    }


def _text(asked: Parameters, name: str) -> str | None:
    return (asked.text(name) or "").strip() or None


def _name(asked: Parameters) -> str | None:
    name = _text(asked, "customer_name")
    if name is not None and len(name) < NAME_LEAST:
        raise ParameterInvalid("customer_name", f"must have at least {NAME_LEAST} characters")
    return name


def _telephone(asked: Parameters) -> str | None:
    number = _text(asked, "customer_phone")
    if number is not None and not TELEPHONE.fullmatch(number):
        raise ParameterInvalid("customer_phone", "must be the beginning of a telephone number")
    return number


def _digits(asked: Parameters, name: str, count: int) -> str | None:
    """Digits of a card; a client that counts with them has lost the zeros before (reference 4.2)."""
    number = asked.whole(name, least=0, most=10**count - 1)
    return None if number is None else str(number).zfill(count)


def _day(asked: Parameters, *names: str) -> date | None:
    """A day under the first of its names that has one."""
    return next((found for name in names if (found := asked.day(name)) is not None), None)


def _midnight(on: date, shop: ShopFacts) -> datetime:
    """The beginning of a day on the shop's calendar; nothing is sold on days at the ends of the calendar."""
    day_in_reach = min(max(on, FIRST_DAY), LAST_DAY)
    return datetime.combine(day_in_reach, time(), tzinfo=shop.zone).astimezone(UTC)


CARD = {"type": "integer", "minimum": 0}
CALLS = (
    reading(
        "sales/list_sales", list_of_sales,
        takes=(
            given("sale_id", ASKED_ID, "That sale."),
            given("invoice_id", ASKED_ID, "The sale of that invoice."),
            given("customer_name", {**TEXT, "minLength": NAME_LEAST}, "Part of the cardholder's name, in any case."),
            given("customer_email", TEXT, "Part of the e-mail address, in any case."),
            given("customer_phone", {**TEXT, "pattern": r"^\d+$"}, "The beginning of the telephone number."),
            given("vendor_product_id", TEXT, "Part of the vendor's number of something sold."),
            given("ccard_first6", {**CARD, "maximum": 10**FIRST_DIGITS - 1}, "How the card's number begins."),
            given("ccard_last2", {**CARD, "maximum": 10**LAST_DIGITS - 1}, "How the card's number ends."),
            given("sale_date_begin", ASKED_DAY, "Placed on that day or later; also date_sale_begin."),
            given("sale_date_end", ASKED_DAY, "Placed on that day or before; also date_sale_end."),
            given("declined_recurrings", FLAG, "Only those with an installment that was declined."),
            given("active_recurrings", FLAG, "Only those that are billed again."),
            given("refunded", FLAG, "Only those of which something was refunded."),
            *paging(COLUMNS),
        ),
        shows={"page_info": PAGE_INFO, "sale_summary": a_list(SUMMARY)},
        text="List sales",
    ),
)  # fmt: skip
