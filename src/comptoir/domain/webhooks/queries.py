"""Reading endpoints, what is or was sent to them, and each attempt."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, func, literal, select

from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.errors import DeliveryNotFound, EndpointNotFound
from comptoir.domain.webhooks.models import DEAD, PENDING, Delivery, DeliveryAttempt, Endpoint


class EndpointRow(NamedTuple):
    """An address that is told what happens."""

    id: int
    kind: str
    url: str
    description: str
    kinds: list[str]
    secret: str
    previous_secret: str
    previous_until: datetime | None
    is_active: bool
    created_at: datetime

    def wants(self, kind: str) -> bool:
        """Whether it is told of this kind of thing."""
        return not self.kinds or kind in self.kinds or f"{kind.partition('.')[0]}.*" in self.kinds


class DeliveryRow(NamedTuple):
    """One message for one endpoint."""

    id: int
    endpoint_id: int
    number: int
    event_seq: int | None
    kind: str
    subject: str
    subject_id: int
    state: str
    attempts: int
    due_at: datetime | None
    created_at: datetime
    ended_at: datetime | None
    repeats_id: int | None
    body: str


class Standing(NamedTuple):
    """How an endpoint's deliveries stand: how many wait, how many of these failed before, how many were given up."""

    waiting: int
    retried: int
    dead: int


class AttemptRow(NamedTuple):
    """One attempt to deliver."""

    at: datetime
    status: int | None
    problem: str
    answer: str
    took_ms: int


ENDPOINTS = (
    select(*(Endpoint.__table__.columns[name] for name in EndpointRow._fields))
    .where(Endpoint.removed_at.is_(None))
    .order_by(Endpoint.id)
)
# One that was removed is found as well: what was sent to it is still shown.
ANY_ENDPOINT = select(*ENDPOINTS.selected_columns).where(Endpoint.id == bindparam("endpoint_id"))
GET_ENDPOINT = ENDPOINTS.where(Endpoint.id == bindparam("endpoint_id"))
DELIVERIES = select(*(Delivery.__table__.columns[name] for name in DeliveryRow._fields))
GET_DELIVERY = DELIVERIES.where(Delivery.id == bindparam("delivery_id"))
NEWEST = (
    DELIVERIES.where(Delivery.id < bindparam("before")).order_by(Delivery.id.desc()).limit(bindparam("limit"))
)
OF_EVENT = (
    DELIVERIES.where(Delivery.event_seq == bindparam("event_seq"))
    .order_by(Delivery.id)
    .limit(bindparam("limit"))
)
LAST_ID = select(func.coalesce(func.max(Delivery.id), 0))
FROM_ON = (
    select(Delivery.id, Delivery.created_at)
    .where(Delivery.id >= bindparam("delivery_id"))
    .order_by(Delivery.id)
    .limit(1)
)
# Each of these narrows the list; together they are few enough to be compiled once each.
NARROWED = {
    "endpoint": Delivery.endpoint_id == bindparam("endpoint"),
    "state": Delivery.state == bindparam("state"),
    "subject_id": Delivery.subject_id == bindparam("subject_id"),
}
ATTEMPTS = (
    select(*(DeliveryAttempt.__table__.columns[name] for name in AttemptRow._fields))
    .where(DeliveryAttempt.delivery_id == bindparam("delivery_id"))
    .order_by(DeliveryAttempt.id)
)
IN_STATE = (
    select(Delivery.id)
    .where(
        Delivery.endpoint_id == bindparam("endpoint_id"),
        Delivery.state == bindparam("state"),
        Delivery.attempts >= bindparam("attempts"),
    )
    .limit(bindparam("limit"))
)
COUNT_IN_STATE = select(func.count()).select_from(IN_STATE.subquery())
IS_DUE = select(literal(1)).where(
    exists().where(
        Delivery.endpoint_id == Endpoint.id,
        Delivery.state == PENDING,
        Delivery.due_at <= bindparam("now"),
        Endpoint.is_active,
    )
)
ID_MAX = 2**63 - 1


def list_endpoints(tx: Tx) -> list[EndpointRow]:
    """All endpoints that were not removed, by id."""
    return [EndpointRow(*row) for row in tx.all(ENDPOINTS)]


def get_endpoint(tx: Tx, endpoint_id: int) -> EndpointRow:
    """One endpoint. Refuses: EndpointNotFound."""
    row = tx.one(GET_ENDPOINT, endpoint_id=endpoint_id)
    if row is None:
        raise EndpointNotFound(endpoint_id)
    return EndpointRow(*row)


def find_endpoint(tx: Tx, endpoint_id: int) -> EndpointRow:
    """The endpoint of a delivery, which may have been removed since."""
    row = tx.one(ANY_ENDPOINT, endpoint_id=endpoint_id)
    assert row is not None, "deliveries name their endpoint"
    return EndpointRow(*row)


def get_delivery(tx: Tx, delivery_id: int) -> DeliveryRow:
    """One delivery. Refuses: DeliveryNotFound."""
    row = tx.one(GET_DELIVERY, delivery_id=delivery_id)
    if row is None:
        raise DeliveryNotFound(delivery_id)
    return DeliveryRow(*row)


def standing_of(tx: Tx, endpoint_id: int, *, limit: int = 1000) -> Standing:
    """How an endpoint's deliveries stand, counted no further than the limit."""

    def counted(state: str, attempts: int = 0) -> int:
        asked = {"endpoint_id": endpoint_id, "state": state, "attempts": attempts, "limit": limit}
        return int(tx.value(COUNT_IN_STATE, **asked))

    return Standing(counted(PENDING), counted(PENDING, 1), counted(DEAD))


def list_deliveries(
    tx: Tx,
    *,
    endpoint_id: int | None = None,
    state: str | None = None,
    subject_id: int | None = None,
    before: int = ID_MAX,
    limit: int = 100,
) -> list[DeliveryRow]:
    """What was and will be sent, the newest first: to one endpoint, in one state, of one subject, or all."""
    asked = {"endpoint": endpoint_id, "state": state, "subject_id": subject_id}
    given = {name: value for name, value in asked.items() if value is not None}
    statement = LISTS[frozenset(given)]
    return [DeliveryRow(*row) for row in tx.all(statement, before=before, limit=limit, **given)]


def list_deliveries_of_event(tx: Tx, event_seq: int, *, limit: int = 100) -> list[DeliveryRow]:
    """What was told of an event, to whomever and how ever often."""
    return [DeliveryRow(*row) for row in tx.all(OF_EVENT, event_seq=event_seq, limit=limit)]


def last_delivery_id(tx: Tx) -> int:
    """The number of the newest delivery, 0 when there is none."""
    return int(tx.value(LAST_ID))


def delivery_from_on(tx: Tx, delivery_id: int) -> int | None:
    """The first delivery that is kept from a number on."""
    row = tx.one(FROM_ON, delivery_id=delivery_id)
    return None if row is None else int(row[0])


def first_delivery_since(tx: Tx, at: datetime) -> int:
    """The first delivery of this time or later, found by halving: they are numbered as they are made.

    When there is none, the number is above the last.
    """
    low, high = 1, last_delivery_id(tx) + 1
    while low < high:
        middle = (low + high) // 2
        row = tx.one(FROM_ON, delivery_id=middle)
        if row is None or row[1] >= at:
            high = middle
        else:
            low = int(row[0]) + 1
    return low


def list_attempts(tx: Tx, delivery_id: int) -> list[AttemptRow]:
    """Each attempt at a delivery, in order. Refuses: DeliveryNotFound."""
    get_delivery(tx, delivery_id)
    return [AttemptRow(*row) for row in tx.all(ATTEMPTS, delivery_id=delivery_id)]


def is_anything_due(tx: Tx) -> bool:
    """Whether there is something to deliver now."""
    return tx.value(IS_DUE, now=tx.now) is not None


def _lists() -> dict[frozenset[str], Select[Any]]:
    lists: dict[frozenset[str], Select[Any]] = {frozenset(): NEWEST}
    for name, condition in NARROWED.items():
        lists |= {names | {name}: statement.where(condition) for names, statement in lists.items()}
    return lists


LISTS = _lists()
