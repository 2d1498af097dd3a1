"""What may be typed on an order's page: its editable facts, a shipment, a remark, a payment, a verdict."""

from dataclasses import replace
from typing import Any

from comptoir.console import kinds
from comptoir.console.forms import Field, Form
from comptoir.console.visits import Visit
from comptoir.domain.orders.models import FAIL, PASS, SETTABLE_STATUSES, WAIT
from comptoir.domain.orders.queries import get_head
from comptoir.domain.payments.gateways import MANUAL
from comptoir.domain.payments.models import FAIL as FAILED
from comptoir.domain.payments.models import PENDING, SUCCESS
from comptoir.domain.payments.queries import list_gateways
from comptoir.domain.payments.surplus import list_ways

# An amount whose currency its label says, since it need not be the shop's.
BARE = replace(kinds.PRICE, unit="")
STATUS_WORDS = {one: "in progress" if one == "inprogress" else one for one in SETTABLE_STATUSES}
PLACE = (
    ("name", "Name"), ("company", "Company"), ("address", "Street"), ("suburb", "Suburb"), ("city", "City"),
    ("state", "State"), ("postcode", "Postcode"), ("email", "E-mail"), ("phone", "Telephone"),
)  # fmt: skip


def _place(side: str, group: str) -> tuple[Field, ...]:
    """The fields of one address."""
    return tuple(
        Field(f"{side}_{name}", label, kinds.EMAIL if name == "email" else kinds.LINE, group=group)
        for name, label in PLACE
    )


def known_gateways(visit: Visit) -> list[tuple[str, str]]:
    """The gateways that a payment may be said to have come by: by hand, or any that was ever asked."""
    names = [MANUAL, *(name for name in list_gateways(visit.tx) if name != MANUAL)]
    return [(name, name) for name in names]


UPDATE = Form(
    "update",
    (
        Field("status", "Status", kinds.choice(STATUS_WORDS), required=True),
        Field("comments", "Comments of the buyer", kinds.TEXT),
        *_place("billing", "Billed to"),
        *_place("delivery", "Sent to"),
        Field("tracking_id", "Tracking number", group="Shipment"),
        Field("carrier", "Carrier", group="Shipment"),
        Field("shipped_at", "Shipped", kinds.MOMENT, group="Shipment"),
        *(Field(f"custom{number}", f"Custom {number}", group="Your own") for number in range(1, 11)),
    ),
)
# Of a split order the status says that it is split, which nobody may say by hand.
UPDATE_SPLIT = Form("update", UPDATE.fields[1:])
SHIP = Form(
    "ship",
    (
        Field("tracking_number", "Tracking number"),
        Field("carrier", "Carrier"),
        Field("tracking_url", "Address to follow it at", kinds.ADDRESS),
    ),
    button="Say that it is on its way",
)
COMMENT = Form(
    "comment",
    (
        Field("text", "Remark", kinds.TEXT, required=True, rows=2),
        Field("tells", "Tell the customer too", kinds.FLAG),
    ),
    button="Add remark",
)


def pay_form(currency: str) -> Form:
    """The form for a payment, in the order's own currency."""
    return Form(
        "pay",
        (
            Field("amount", f"Amount in {currency}", BARE, required=True),
            Field("gateway", "Came by", kinds.choice(known_gateways), required=True),
            Field(
                "status",
                "What became of it",
                kinds.choice({SUCCESS: "received", PENDING: "promised", FAILED: "failed"}),
                required=True,
            ),
            Field("identifier", "Reference", hint="Such as the number on the bank statement."),
            Field("at", "When", kinds.MOMENT, hint="Now, when left empty."),
            Field(
                "keeps_surplus",
                "Keep what is more than is owed as the customer's money",
                kinds.FLAG,
                hint="It can be given back here at any time.",
            ),
        ),
        button="Record payment",
    )


def ways_back(visit: Visit) -> list[tuple[str, str]]:
    """How money that is the customer's may go back: as it came, or by hand."""
    return [(name, name) for name in list_ways(visit.tx, get_head(visit.tx, visit.id).root_id)]


def surplus_form(currency: str) -> Form:
    """The form for giving back what came in beyond what the order comes to."""
    return Form(
        "give-back",
        (
            Field("amount", f"Amount in {currency}", BARE, required=True),
            Field(
                "gateway",
                "Goes by",
                kinds.choice(ways_back),
                required=True,
                hint="By hand it is written down only: send the money yourself.",
            ),
        ),
        button="Give back",
    )


REVIEW = Form(
    "review",
    (
        Field(
            "status",
            "Fraud review",
            kinds.choice({WAIT: "still waits", PASS: "passes", FAIL: "fails, and cancels the sale"}),
            required=True,
        ),
    ),
    button="Decide",
)


def shown_form(order: Any) -> Form:
    """The form for an order's editable facts."""
    return UPDATE if order["status"] in SETTABLE_STATUSES else UPDATE_SPLIT
