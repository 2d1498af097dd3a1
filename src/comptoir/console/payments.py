"""Payments: the list, and the page of one with what its gateway was asked and answered."""

from comptoir.console import kinds
from comptoir.console.cells import Cell, badge, e4, text, to, when
from comptoir.console.filters import Asking, Narrowing, Query, choice, days, exactly, spelled
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, newest_first, show_list
from comptoir.console.order_forms import BARE
from comptoir.console.order_tables import attempt_cells, money, posting_cells, refund_cells
from comptoir.console.places import address_of, link_to
from comptoir.console.rendering import written_when
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.identity.permissions import BOOKS, SALES, SEE
from comptoir.domain.money import minor_of_e4
from comptoir.domain.payments.actions import settle_payment
from comptoir.domain.payments.attempts import find_last_attempt
from comptoir.domain.payments.chargebacks import charge_back
from comptoir.domain.payments.errors import AttemptInFlight
from comptoir.domain.payments.models import (
    CAPTURE,
    FAIL,
    OPEN,
    PAYMENT_STATUSES,
    PENDING,
    SUCCESS,
    PaymentTransaction,
)
from comptoir.domain.payments.queries import find_few_of_reference, get_payment
from comptoir.domain.payments.surplus import refuse_asked
from comptoir.domain.payments.writing import payable_minor
from comptoir.domain.sales.money import Disputed, list_disputed_of, list_posted_by
from comptoir.domain.sales.whole import get_whole, list_given_by
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Filter, Target

REFERENCE = spelled("reference", "Reference", PaymentTransaction.identifier)
KEY = Target(PaymentTransaction.id, "number")


def of_reference(tx: Tx, query: Query) -> Asking | None:
    """The filter by a gateway's reference, by the ids of the few payments that have it."""
    asked = REFERENCE.ask(query, tx.shop)
    if not asked.filters or asked.problem:
        return asked
    few = find_few_of_reference(tx, asked.filters[0].values[0])
    return None if few is None else asked._replace(filters=(Filter(KEY, "in", tuple(few)),))


PAYMENTS = Listing(
    "payments",
    "Payments",
    "/payments",
    PaymentTransaction,
    columns=(
        text("Payment", PaymentTransaction.id),
        to("Order", PaymentTransaction.order_id, "order"),
        when("When", PaymentTransaction.date),
        badge("Status", PaymentTransaction.status),
        text("By", PaymentTransaction.gateway),
        text("Reference", PaymentTransaction.identifier),
        e4(
            "Amount",
            PaymentTransaction.amount_e4,
            PaymentTransaction.currency,
            explain=("payment", "amount", PaymentTransaction.id),
        ),
    ),
    sorts=newest_first(PaymentTransaction.date),
    filters=(
        choice("status", "Status", PaymentTransaction.status, PAYMENT_STATUSES),
        days("on", "When", PaymentTransaction.date),
        Narrowing(REFERENCE.name, REFERENCE.ask, of_reference),
        exactly("order", "Order", PaymentTransaction.order_id),
    ),
    area=SALES,
    about="Money that came in is positive, money that was given back is negative. A payment is recorded at its order.",
)
SETTLE = Form(
    "settle",
    (
        Field(
            "status",
            "What became of it",
            kinds.choice({SUCCESS: "the money moved", FAIL: "it did not"}),
            required=True,
        ),
        Field("at", "When", kinds.MOMENT, hint="Now, when left empty."),
    ),
    button="Say so",
)
CHARGEBACK = Form(
    "charge-back",
    (
        Field("identifier", "The bank's number for it", required=True),
        Field("reason", "Reason"),
        Field("amount", "Amount", BARE, hint="In the payment's currency; all that is left, when left empty."),
    ),
    button="Record that it was taken back",
)


def show_payment(visit: Visit) -> Answer:
    """The page of one. Refuses: PaymentNotFound."""
    payment = get_whole(visit.tx, PaymentTransaction, visit.id)
    row = get_payment(visit.tx, visit.id)
    disputed = list_disputed_of(visit.tx, order_id=row.order_id, payment_id=row.id)
    transfers = [row.transfer_id, *(one.transfer_id for one in disputed)]
    here = address_of(f"/payments/{visit.id}")
    may = visit.may(SALES)
    minor = minor_of_e4(row.amount_e4, row.currency)
    kept = minor - sum(one.amount_minor for one in disputed)
    may_dispute = may and row.status == SUCCESS and kept > 0
    values = {
        "title": f"Payment {visit.id}",
        "way": [("Payments", address_of("/payments"))],
        "payment": payment,
        "answered": [(str(name), str(value)) for name, value in row.response.items()],
        "attempts": attempt_cells(visit, [row]),
        "refunds": refund_cells(
            list_given_by(visit.tx, order_id=row.order_id, payment_id=row.id), visit.shop
        ),
        "disputed": dispute_cells(visit, disputed),
        "may_see_books": visit.may(BOOKS, SEE),
        "postings": posting_cells(list_posted_by(visit.tx, transfers), visit.shop),
        "settle": SETTLE.filled(visit, f"{here}/settle", {"status": SUCCESS})
        if may and row.status == PENDING
        else None,
        "charge_back": CHARGEBACK.filled(visit, f"{here}/charge-back") if may_dispute else None,
        "happened": list_events_of(visit.tx, subject="payment", subject_id=visit.id),
    }
    return Shown("payment.html", values)


def dispute_cells(visit: Visit, disputed: list[Disputed]) -> list[list[Cell]]:
    """What the buyer's bank took back."""
    return [
        [
            Cell(one.identifier),
            Cell(written_when(one.at, visit.shop), "when"),
            Cell(one.reason),
            Cell(str(one.transfer_id or ""), link=link_to("transfer", one.transfer_id)),
            money(one.amount_minor, one.currency, "chargeback", one.id, "amount"),
        ]
        for one in disputed
    ]


def settle(visit: Visit) -> Answer:
    """Say what became of a pending payment. Refuses: AttemptInFlight, what settling refuses."""
    typed = SETTLE.read(visit)
    taking = find_last_attempt(visit.tx, payment_id=visit.id, verb=CAPTURE)
    if taking is not None and taking.state == OPEN:
        raise AttemptInFlight(taking.key)
    refuse_asked(visit.tx, visit.id)
    settle_payment(visit.tx, payment_id=visit.id, status=typed["status"], at=typed["at"])
    return done(visit, "The payment was settled.")


def take_back(visit: Visit) -> Answer:
    """Write down that the buyer's bank took the payment back. Refuses: what writing it down refuses."""
    typed = CHARGEBACK.read(visit)
    payment = get_payment(visit.tx, visit.id)
    minor = None if typed["amount"] is None else payable_minor(typed["amount"], payment.currency)
    charge_back(
        visit.tx,
        payment_id=visit.id,
        identifier=typed["identifier"],
        reason=typed["reason"],
        amount_minor=minor,
    )
    return done(visit, "It was written down that the bank took the money back.")


def done(visit: Visit, said: str) -> Gone:
    """Back to the payment."""
    return Gone(address_of(f"/payments/{visit.id}"), said)


PAGES = (
    Page("/payments", show_list(PAYMENTS), SALES),
    Page("/payments/{id:digits}", show_payment, SALES),
    Act("/payments/{id:digits}/settle", settle, SALES, show_payment),
    Act("/payments/{id:digits}/charge-back", take_back, SALES, show_payment),
)
