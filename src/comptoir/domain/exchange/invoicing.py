"""What the card trade knows of orders, in files: invoices with their line items, and comments on sales."""

from comptoir.domain.exchange.codecs import OBJECT, list_of
from comptoir.domain.exchange.hanging import rows_under
from comptoir.domain.exchange.kinds import Branch, Field, Kind, fields_of, rows_of
from comptoir.domain.exchange.trade import of_live_order
from comptoir.domain.orders.models import Invoice, LineItem, OrderComment
from comptoir.domain.orders.taking_over import import_comments, import_invoices

# A list of small objects, none of whose values is a decimal, so that it is read as what it is.
SURCHARGES = Field("surcharges", "surcharges", list_of(OBJECT))
LINE_ITEM_FIELDS = (
    *fields_of(LineItem, without=("order_id", "surcharges"), signed=("startup_fee_e4",)),
    SURCHARGES,
)
INVOICES = Kind(
    "invoices",
    Invoice,
    fields_of(Invoice, names=("merchant_order_id",)),
    import_invoices,
    frozenset({"order_id"}),
    key=("order_id",),
    branches=(
        Branch(
            Field("line_items", "line_items", rows_of(LINE_ITEM_FIELDS, ("order_line_id",))),
            rows_under(LineItem, LINE_ITEM_FIELDS, LineItem.order_id, LineItem.order_line_id),
            [],
        ),
    ),
    live=of_live_order(Invoice.order_id),
)
ORDER_COMMENTS = Kind(
    "order_comments",
    OrderComment,
    fields_of(OrderComment, without=("sale_id",)),
    import_comments,
    frozenset({"order_id", "created_at", "author", "text"}),
    live=of_live_order(OrderComment.order_id),
)
