"""The records of telling others what happened: whom, what, and each attempt."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index

from comptoir.storage.schema import Id, JsonValue, Mapped, Record, Sealed, mapped_column, partial_index

INS, STANDARD = "ins", "standard"
ENDPOINT_KINDS = (INS, STANDARD)
PENDING, DELIVERED, DEAD = "pending", "delivered", "dead"
DELIVERY_STATES = (PENDING, DELIVERED, DEAD)
# The types of INS messages (2Checkout reference 7.2).
MESSAGE_TYPES = (
    "ORDER_CREATED",
    "FRAUD_STATUS_CHANGED",
    "SHIP_STATUS_CHANGED",
    "INVOICE_STATUS_CHANGED",
    "REFUND_ISSUED",
    "RECURRING_INSTALLMENT_SUCCESS",
    "RECURRING_INSTALLMENT_FAILED",
    "RECURRING_STOPPED",
    "RECURRING_COMPLETE",
    "RECURRING_RESTARTED",
)
# The shop's setting that says which kinds of endpoints there are.
TOLD = "webhooks"


class Endpoint(Record):
    """An address that wants to know: by INS messages, or by webhooks signed with its secret.

    `kinds` are the kinds of messages or events that it wants; none are all. For a while after the secret was
    rotated, what is sent is signed with the previous one as well.
    """

    __tablename__ = "endpoint"

    id: Mapped[Id]
    kind: Mapped[str]
    url: Mapped[str]
    description: Mapped[str]
    kinds: Mapped[JsonValue]
    secret: Mapped[Sealed]
    previous_secret: Mapped[Sealed]
    previous_until: Mapped[datetime | None]
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Delivery(Record):
    """One message for one endpoint, as it was worded when it happened; it is never worded again.

    Deliveries of one subject (such as sale 46) go out in the order of their ids: only the first that is pending
    has its `due_at`. `number` counts an endpoint's messages without gaps. `repeats_id` names the delivery that an
    operator sent again, whose number, event and body this one has.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_due", "endpoint_id", "state", "due_at"),
        Index("ix_delivery_subject", "endpoint_id", "subject", "subject_id", "id"),
        Index("ix_delivery_event", "event_seq"),
        # How the console's list is narrowed.
        Index("ix_delivery_endpoint", "endpoint_id", "id"),
        Index("ix_delivery_state", "state", "id"),
        partial_index("ix_delivery_dead", "ended_at", "id", where="state = 'dead'"),
        partial_index("ix_delivery_retried", "id", where="state = 'pending' AND attempts > 0"),
    )

    id: Mapped[Id]
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("endpoint.id"))
    number: Mapped[int]
    event_seq: Mapped[int | None]
    kind: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int]
    body: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    due_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    repeats_id: Mapped[int | None]


class DeliveryAttempt(Record):
    """One attempt to deliver: what was answered (`status` None when nothing was), and how long it took."""

    __tablename__ = "delivery_attempt"

    id: Mapped[Id]
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    at: Mapped[datetime]
    status: Mapped[int | None]
    problem: Mapped[str]
    answer: Mapped[str]
    took_ms: Mapped[int]
