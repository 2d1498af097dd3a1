"""What recurs of sales: stopped, put off, made cheaper (reference 4.5 and 4.6)."""

from comptoir.dialects.edge import Call, Reply
from comptoir.dialects.twocheckout.calls import writing
from comptoir.dialects.twocheckout.parameters import ParameterInvalid, ParameterMissing, asked_of, in_words
from comptoir.dialects.twocheckout.prices import e4_asked
from comptoir.dialects.twocheckout.refusals import DENIED, Refusal, Refusals, saying
from comptoir.dialects.twocheckout.replies import ok
from comptoir.dialects.twocheckout.sales import COMMENT_MAX, comment_asked
from comptoir.dialects.twocheckout.shapes import ASKED_ID, ASKED_MONEY, TEXT, given, needed
from comptoir.domain.subscriptions.errors import NotByCard, NotRecurring, PriceNotLower
from comptoir.domain.subscriptions.recurring import SHIFT_DAYS_MAX, change_recurring, stop_recurring

WORDS: Refusals = {
    NotRecurring: Refusal("NOTHING_TO_DO", "Lineitem is not scheduled to recur."),
    NotByCard: DENIED._replace(message="Access denied to lineitem."),
    PriceNotLower: Refusal("TOO_HIGH", "Price must be lower than the current price."),
}


def stop_lineitem_recurring(call: Call) -> Reply:
    """Bill a line item no more."""
    asked = asked_of(call)
    line_id = asked.need_id("lineitem_id")
    with saying(WORDS):
        stop_recurring(call.tx, order_line_id=line_id, ip_address=call.request.address)
    return ok("Recurring billing stopped for lineitem")


def update_lineitem_recurring(call: Call) -> Reply:
    """Put the next billing of a line item off, or lower what it will cost."""
    asked = asked_of(call)
    asked.demand("lineitem_id")
    if not asked.has("shift") and not asked.has("price"):
        raise ParameterMissing("shift_or_price")
    line_id = asked.need_id("lineitem_id")
    comment = comment_asked(asked, "comment") or None
    shift = asked.whole("shift", least=1, most=SHIFT_DAYS_MAX)
    price = e4_asked(asked, "price")
    if price == 0:
        raise ParameterInvalid("price", "must be above zero")
    words = {"shift_days": "shift", "text": "comment"}
    with saying(WORDS), in_words(words):
        change_recurring(
            call.tx,
            order_line_id=line_id,
            shift_days=shift,
            price_e4=price,
            comment=comment,
            ip_address=call.request.address,
        )
    return ok("Lineitem recurring updated")


CALLS = (
    writing(
        "sales/stop_lineitem_recurring", stop_lineitem_recurring,
        takes=(needed("lineitem_id", ASKED_ID, "The line item: the newest installment's."),),
        text="Stop billing a line item",
    ),
    writing(
        "sales/update_lineitem_recurring", update_lineitem_recurring,
        takes=(
            needed("lineitem_id", ASKED_ID, "The line item: the newest installment's."),
            given("comment", {**TEXT, "maxLength": COMMENT_MAX}, "What to say on the sale; no markup."),
            given(
                "shift", {"type": "integer", "minimum": 1, "maximum": SHIFT_DAYS_MAX},
                "By how many days to put the next billing off.",
            ),
            given("price", ASKED_MONEY, "What each further installment costs; less than now."),
        ),
        text="Put off or lower what a line item bills",
    ),
)  # fmt: skip
