"""Plans: what is billed again and again, how much, and how often."""

from collections.abc import Mapping
from typing import Any

from comptoir.console import kinds
from comptoir.console.cells import e4, flag, number, text, to
from comptoir.console.editing import Editing
from comptoir.console.filters import choice, contains
from comptoir.console.filters import flag as flag_filter
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, Sort
from comptoir.console.order_forms import BARE
from comptoir.console.visits import Visit
from comptoir.domain.identity.permissions import SALES
from comptoir.domain.sales.whole import get_whole
from comptoir.domain.subscriptions.models import INTERVAL_UNITS, MONTH, Subscription
from comptoir.domain.subscriptions.plans import create_plan, update_plan
from comptoir.domain.tx import Tx

UNITS = {unit: unit for unit in INTERVAL_UNITS}
PLANS = Listing(
    "plans",
    "Plans",
    "/plans",
    Subscription,
    columns=(
        text("Name", Subscription.name),
        e4(
            "Price",
            Subscription.price_e4,
            Subscription.currency,
            explain=("subscription", "price", Subscription.id),
        ),
        number("Every", Subscription.interval_count),
        text("Unit", Subscription.interval_unit),
        to("Product", Subscription.product_id, "product"),
        flag("Offered", Subscription.is_active, "active", "closed"),
    ),
    sorts=(
        Sort("newest", "newest first", Subscription.id, falls=True),
        Sort("oldest", "number", Subscription.id),
    ),
    filters=(
        contains("name", "Name", Subscription.name),
        flag_filter("active", "Offered", Subscription.is_active),
        choice("unit", "Unit", Subscription.interval_unit, INTERVAL_UNITS),
    ),
    area=SALES,
    make="New plan",
    about="What customers subscribe to. A new price or interval counts from the next renewal on.",
)
FIELDS = (
    Field("name", "Name", required=True),
    Field("price_e4", "Price", BARE, required=True, hint="In the plan's currency."),
    Field("interval_count", "Every", kinds.INTEGER, required=True),
    Field("interval_unit", "Unit", kinds.choice(UNITS), required=True),
    Field("product_id", "Product", kinds.INTEGER, hint="The id of the product it sells, if it sells one."),
    Field("is_active", "Customers may subscribe, and are billed", kinds.FLAG),
)
PLAN = Form("update", FIELDS)
NEW_PLAN = Form(
    "new",
    (*FIELDS, Field("currency", "Currency", hint="The shop's own, when left empty. It stays as it is.")),
)


def beside(visit: Visit, row: Mapping[str, Any]) -> dict[str, Any]:
    """The way to those who are on the plan."""
    return {"subscribed": f"/subscriptions?plan={visit.id}", "plan": row}


def offer(tx: Tx, *, currency: str, **fields: Any) -> int:
    """Offer a plan, in the shop's own currency unless another is said."""
    return create_plan(tx, **(fields | ({"currency": currency} if currency else {})))


EDITING = Editing(
    "subscription", "plan", PLANS, PLAN, lambda tx, key: get_whole(tx, Subscription, key), offer, update_plan,
    key="subscription_id", more=beside, template="plan.html", new_form=NEW_PLAN,
    begins={"interval_count": 1, "interval_unit": MONTH, "is_active": True},
)  # fmt: skip
PAGES = EDITING.pages()
