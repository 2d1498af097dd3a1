"""Verbs on endpoints: who is told what happens, and where."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple, TypedDict, Unpack
from urllib.parse import urlsplit

from sqlalchemy import bindparam, update

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.identity.texts import SHORT_TEXT_MAX, text_problem
from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.errors import EndpointUnsigned
from comptoir.domain.webhooks.models import (
    DEAD,
    ENDPOINT_KINDS,
    INS,
    MESSAGE_TYPES,
    PENDING,
    STANDARD,
    TOLD,
    Delivery,
    Endpoint,
)
from comptoir.domain.webhooks.queries import get_endpoint, list_endpoints
from comptoir.domain.webhooks.queue import hold_queue
from comptoir.domain.webhooks.signing import SECRET_BYTES, is_secret, written_secret

URL_LENGTH_MAX = 2000
KINDS_MAX = 100
GRACE = timedelta(days=1)
GRACE_MAX = timedelta(days=30)
# An event's kind, or all kinds of one subject: `order.placed`, `order.*`.
EVENT_KIND = re.compile(r"[a-z_]{1,50}\.([a-z_]{1,50}|\*)")

END_PENDING = (
    update(Delivery)
    .where(Delivery.endpoint_id == bindparam("endpoint"), Delivery.state == PENDING)
    .values(state=DEAD, due_at=None, claimed_until=None, ended_at=bindparam("now"))
)


class EndpointChanges(TypedDict, total=False):
    """What may be changed of an endpoint; what waits for it goes to the new address."""

    url: str
    description: str
    kinds: Sequence[str]
    is_active: bool


class NewEndpoint(NamedTuple):
    """An endpoint that was just made, with its secret, which is not shown again; INS has none."""

    id: int
    secret: str


def create_endpoint(
    tx: Tx,
    *,
    kind: str,
    url: str,
    kinds: Sequence[str] = (),
    description: str = "",
    secret: str | None = None,
) -> NewEndpoint:
    """Tell an address what happens from now on: all of it, or the named kinds.

    Refuses: Invalid (kind, url, description, kinds, secret).
    """
    if kind not in ENDPOINT_KINDS:
        raise Invalid("kind", f"must be one of {', '.join(ENDPOINT_KINDS)}")
    facts: dict[str, Any] = {"url": url, "description": description, "kinds": list(kinds)}
    _refuse_malformed(kind, facts)
    if secret is not None and (kind != STANDARD or not is_secret(secret)):
        raise Invalid("secret", "must be whsec_ and 24 to 64 bytes in Base64, for a signed endpoint")
    if kind == STANDARD:
        secret = secret or _fresh_secret(tx)
    row: dict[str, Any] = {"id": tx.ids.next("endpoint"), "kind": kind, **facts, "is_active": True}
    tx.insert(
        Endpoint,
        **row,
        secret=secret or "",
        previous_secret="",
        previous_until=None,
        created_at=tx.now,
        removed_at=None,
    )
    tx.note("endpoint.created", "endpoint", row["id"], after=row)
    _say_who_is_told(tx)
    return NewEndpoint(row["id"], secret or "")


def update_endpoint(tx: Tx, *, endpoint_id: int, **changes: Unpack[EndpointChanges]) -> None:
    """Change what is named of an endpoint; one that is not active is told nothing, and what waits goes on waiting.

    Refuses: EndpointNotFound, Invalid (url, description, kinds).
    """
    old = get_endpoint(tx, endpoint_id)._asdict()
    values: dict[str, Any] = dict(changes)
    if "kinds" in values:
        values["kinds"] = list(values["kinds"])
    changed = {name: value for name, value in values.items() if value != old[name]}
    _refuse_malformed(old["kind"], changed)
    if not changed:
        return
    tx.update(Endpoint, endpoint_id, **changed)
    before = {name: old[name] for name in changed}
    tx.note("endpoint.updated", "endpoint", endpoint_id, before=before, after=changed)
    _say_who_is_told(tx)


def rotate_secret(tx: Tx, *, endpoint_id: int, grace: timedelta = GRACE) -> str:
    """Give a signed endpoint a new secret; for a while, messages are signed with the old one as well.

    Refuses: EndpointNotFound, EndpointUnsigned, Invalid (grace).
    """
    old = get_endpoint(tx, endpoint_id)
    if old.kind != STANDARD:
        raise EndpointUnsigned(f"endpoint {endpoint_id} takes INS messages, which the secret word signs")
    if not timedelta(0) <= grace <= GRACE_MAX:
        raise Invalid("grace", f"must be at most {GRACE_MAX.days} days")
    secret = _fresh_secret(tx)
    until = tx.now + grace
    tx.update(Endpoint, endpoint_id, secret=secret, previous_secret=old.secret, previous_until=until)
    tx.note("endpoint.secret_rotated", "endpoint", endpoint_id, after={"previous_until": until.isoformat()})
    return secret


def remove_endpoint(tx: Tx, *, endpoint_id: int) -> int:
    """Tell an address nothing more, and say how many messages were still waiting for it: they are dead.

    Refuses: EndpointNotFound.
    """
    get_endpoint(tx, endpoint_id)
    hold_queue(tx)
    ended = tx.run(END_PENDING, endpoint=endpoint_id, now=tx.now)
    tx.update(Endpoint, endpoint_id, is_active=False, removed_at=tx.now)
    tx.note("endpoint.removed", "endpoint", endpoint_id, after={"ended": ended})
    _say_who_is_told(tx)
    return ended


def _say_who_is_told(tx: Tx) -> None:
    """Keep with the shop's facts which kinds of endpoints there are, so that a shop without any asks nothing."""
    told = sorted({one.kind for one in list_endpoints(tx) if one.is_active})
    change_shop(tx, settings={TOLD: told or None})


def _fresh_secret(tx: Tx) -> str:
    return written_secret(bytes.fromhex(tx.ids.secret(SECRET_BYTES)))


def _refuse_malformed(kind: str, values: dict[str, Any]) -> None:
    if "url" in values and (problem := _url_problem(values["url"])):
        raise Invalid("url", problem)
    if problem := text_problem(values.get("description", ""), SHORT_TEXT_MAX):
        raise Invalid("description", problem)
    kinds = values.get("kinds", [])
    if len(kinds) > KINDS_MAX:
        raise Invalid("kinds", f"are more than {KINDS_MAX}")
    for one in kinds:
        if kind == INS and one not in MESSAGE_TYPES:
            raise Invalid("kinds", f"must be among {', '.join(MESSAGE_TYPES)}")
        if kind == STANDARD and not EVENT_KIND.fullmatch(one):
            raise Invalid(
                "kinds", "must be kinds of events such as order.placed, or order.* for all of orders"
            )


def _url_problem(url: str) -> str:
    if len(url) > URL_LENGTH_MAX or not url.isascii() or not url.isprintable() or " " in url:
        return f"must be at most {URL_LENGTH_MAX} plain characters"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "must be an http or https address"
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return "must be an http or https address"
    if parts.username or parts.password:
        return "must not hold a user name or password"
    return ""
