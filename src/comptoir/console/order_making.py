"""Taking an order by hand: for whom, what, at which prices, sent how."""

from typing import Any

from comptoir.console import kinds
from comptoir.console.forms import Field, Form
from comptoir.console.order_forms import PLACE
from comptoir.console.orders import order_at
from comptoir.console.picking import CUSTOMER, PRODUCT
from comptoir.console.picking_variants import variant_of
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.customers.errors import CustomerNotFound
from comptoir.domain.customers.queries import get_customer
from comptoir.domain.errors import Invalid, Problems
from comptoir.domain.identity.permissions import SALES
from comptoir.domain.inventory.errors import OutOfStock
from comptoir.domain.inventory.models import Warehouse
from comptoir.domain.orders.amounts import refuse_wrong_price
from comptoir.domain.orders.lines import LineFields, price_of
from comptoir.domain.orders.models import IN_PROGRESS, NEW
from comptoir.domain.orders.placing import OrderFields, place_order
from comptoir.domain.orders.quoting import WantedLine, quote_line, take_for_order
from comptoir.storage.walking import Walker

LINES = 6
HOUSES = Walker(Warehouse, [Warehouse.id, Warehouse.name])
HOUSES_MAX = 200
TAX_PPM_MAX = 1_000_000
OF_LINE = ("product", "variant", "quantity", "price", "discount")
# How an order's refusals are called on the form.
NAMES = {
    "discount": "discount_e4", "delivery": "delivery_e4", "insurance": "insurance_e4",
    "surcharge": "surcharge_e4",
}  # fmt: skip


def houses(visit: Visit) -> list[tuple[str, str]]:
    """The warehouses that the pieces may come from."""
    rows = HOUSES.step(visit.tx, (), by=Warehouse.id, falls=False, limit=HOUSES_MAX)
    return [(str(key), name) for key, name in rows]


def _line(number: int) -> tuple[Field, ...]:
    """The fields of one item, which stand in a row of a table."""
    variant = variant_of(product=f"product_{number}", quantity=f"quantity_{number}", warehouse="warehouse_id")
    return (
        Field(f"product_{number}", "Product", PRODUCT, group="Items"),
        Field(f"variant_{number}", "Variant", variant, group="Items"),
        Field(f"quantity_{number}", "Pieces", kinds.INTEGER, group="Items"),
        Field(f"price_{number}", "Price of a piece", kinds.PRICE, group="Items"),
        Field(f"discount_{number}", "Discount on a piece", kinds.PRICE, group="Items"),
    )


NEW_ORDER = Form(
    "new",
    (
        Field("customer_id", "Customer", CUSTOMER, hint="Name, e-mail or number; nobody, when left empty."),
        Field("status", "Status", kinds.choice({NEW: "new", IN_PROGRESS: "in progress"}), required=True),
        Field(
            "warehouse_id",
            "Take the pieces from",
            kinds.choice(houses, kinds.INTEGER),
            hint="Without a warehouse the stock stays as it is.",
        ),
        *(field for number in range(LINES) for field in _line(number)),
        Field("delivery_e4", "Delivery", kinds.PRICE, group="Charges"),
        Field("insurance_e4", "Insurance", kinds.PRICE, group="Charges"),
        Field("surcharge_e4", "Surcharge", kinds.PRICE, group="Charges"),
        Field("discount_e4", "Discount on the whole order", kinds.PRICE, group="Charges"),
        Field("tax_ppm", "Tax", kinds.PERCENT, group="Charges"),
        Field("tax_included", "The prices include the tax", kinds.FLAG, group="Charges"),
        *(
            Field(f"billing_{name}", label, kinds.EMAIL if name == "email" else kinds.LINE, group="Billed to")
            for name, label in PLACE
        ),
        *(
            Field(f"delivery_{name}", label, kinds.EMAIL if name == "email" else kinds.LINE, group="Sent to")
            for name, label in PLACE
        ),
        Field("shipping_method", "Sent by", group="Sent to"),
        Field("payment_method", "To be paid by", group="More"),
        Field("comments", "Comments of the buyer", kinds.TEXT, group="More"),
    ),
    button="Place order",
)  # fmt: skip


def show_new(visit: Visit) -> Answer:
    """The empty form; `?customer=7` takes who buys along."""
    values: dict[str, Any] = {"status": NEW, "tax_included": True}
    customer = kinds.record_number(visit.asked.said("customer"))
    if customer is not None:
        values |= {"customer_id": customer}
    filled = NEW_ORDER.filled(visit, address_of("/orders/new"), values)
    way = [("Orders", address_of("/orders"))]
    named = {one.field.name: one for one in filled.fields}
    values = {"title": "New order", "way": way, "filled": filled, "fields": named}
    return Shown("order_new.html", {**values, "lines": LINES, "of_line": OF_LINE})


def make(visit: Visit) -> Answer:
    """Place the order, and take the pieces from the warehouse. Refuses: Problems, what placing refuses."""
    typed = NEW_ORDER.read(visit)
    if not 0 <= (typed["tax_ppm"] or 0) <= TAX_PPM_MAX:
        raise Invalid("tax_ppm", "must be between 0 and 100")
    lines = lines_of(visit, typed)
    fields: OrderFields = billed_to(visit, typed)
    fields |= OrderFields(
        status=typed["status"],
        tax_included=typed["tax_included"],
        charges_tax_ppm=typed["tax_ppm"] or 0,
        delivery_e4=typed["delivery_e4"] or 0,
        insurance_e4=typed["insurance_e4"] or 0,
        surcharge_e4=typed["surcharge_e4"] or 0,
        discount_e4=typed["discount_e4"] or 0,
        customer_id=typed["customer_id"],
        warehouse_id=typed["warehouse_id"],
        shipping_method=typed["shipping_method"],
        payment_method=typed["payment_method"],
        comments=typed["comments"],
    )
    try:
        order_id = place_order(visit.tx, lines=lines, **fields)
        if typed["warehouse_id"] is not None:
            take_for_order(visit.tx, order_id=order_id, lines=lines, warehouse_id=typed["warehouse_id"])
    except Invalid as error:
        raise Invalid(NAMES.get(error.field, error.field), error.problem) from error
    except OutOfStock as error:
        raise Invalid("warehouse_id", str(error)) from error
    return Gone(order_at(order_id), "The order was placed.")


def lines_of(visit: Visit, typed: dict[str, Any]) -> list[LineFields]:
    """The lines that were typed, each with its own problems. Refuses: Problems."""
    lines: list[LineFields] = []
    problems: list[tuple[str, str]] = []
    for number in range(LINES):
        said = {name: typed[f"{name}_{number}"] for name in OF_LINE}
        if not said["product"]:
            if any(said.values()):
                problems.append((f"product_{number}", "must not be empty"))
            continue
        quantity = 1 if said["quantity"] is None else said["quantity"]
        if quantity < 1:
            problems.append((f"quantity_{number}", "must be above zero"))
            continue
        wanted = WantedLine(
            said["product"], said["variant"], quantity, said["price"], said["discount"] or 0,
            typed["tax_ppm"] or 0,
        )  # fmt: skip
        try:
            line = quote_line(visit.tx, wanted)
            refuse_wrong_price(price_of(line))
            lines.append(line)
        except Invalid as error:
            problems.append((f"{error.field}_{number}", error.problem))
    if not lines and not problems:
        problems.append(("product_0", "must not be empty"))
    if problems:
        raise Problems(problems)
    return lines


def billed_to(visit: Visit, typed: dict[str, Any]) -> Any:
    """The addresses as they were typed; what was left empty is the customer's. Refuses: Invalid (customer_id)."""
    said = {
        f"{side}_{name}": typed[f"{side}_{name}"] for side in ("billing", "delivery") for name, _ in PLACE
    }
    if typed["customer_id"] is None:
        return said
    try:
        customer = get_customer(visit.tx, typed["customer_id"])
    except CustomerNotFound as error:
        raise Invalid("customer_id", str(error)) from error
    own = {
        "billing_name": f"{customer['first_name']} {customer['last_name']}".strip(),
        "billing_company": customer["company"],
        "billing_address": customer["address1"],
        "billing_suburb": customer["suburb"],
        "billing_city": customer["city"],
        "billing_state": customer["state_id"],
        "billing_postcode": customer["postcode"],
        "billing_email": customer["email"],
        "billing_phone": customer["phone_day"],
    }
    return said | {name: said[name] or value for name, value in own.items()}


PAGES = (
    Page("/orders/new", show_new, SALES),
    Act("/orders/new", make, SALES, show_new),
)
