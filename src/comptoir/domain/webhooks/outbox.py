"""The outbox: what a transaction noted becomes messages for every endpoint that wants them, in the same commit."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from comptoir.domain.events.actions import flush, write_events
from comptoir.domain.tx import Change, Tx
from comptoir.domain.webhooks.models import INS, STANDARD, TOLD
from comptoir.domain.webhooks.queries import list_endpoints
from comptoir.domain.webhooks.queue import Entry, hold_queue, join_queue, numbers_of

# The INS messages of a change: type, number of the sale, parameters in their order. `message_id` is filled in here.
Wording = Callable[[Tx, Change], Sequence[tuple[str, int, Mapping[str, str]]]]

SALE = "sale"
MESSAGE_ID = "message_id"
# What concerns the telling itself is not told.
SILENT = frozenset({"endpoint", "delivery"})


class Draft(NamedTuple):
    """A message before it is numbered: for whom, of which change, and the INS parameters if it has any."""

    endpoint_id: int
    place: int
    kind: str
    subject: str
    subject_id: int
    message: int | None = None


def flush_and_tell(tx: Tx, worded: Wording) -> None:
    """Write what the transaction noted as events, and queue a message of each for whoever wants it.

    A shop that tells nobody asks for nothing more than its events.
    """
    told = tx.shop.settings.get(TOLD)
    if not told or not tx.changes:
        flush(tx)
        return
    enqueue(tx, worded)


def enqueue(tx: Tx, worded: Wording) -> int:
    """Write what the transaction noted, queue its messages, and say how many they are."""
    changes = tuple(tx.changes)
    drafts = Drafts(tx, worded)
    for place, change in enumerate(changes):
        if change.subject not in SILENT:
            drafts.add(place, change)
    if not drafts.all:
        flush(tx)
        return 0
    first_id = hold_queue(tx, len(drafts.all))
    numbered = Numbered(tx, write_events(tx), changes, drafts)
    join_queue(tx, first_id, [numbered.entry(draft) for draft in drafts.all])
    return len(drafts.all)


class Drafts:
    """Gathers the messages of changes for whoever wants them; an INS message that nobody wants is none."""

    def __init__(self, tx: Tx, worded: Wording) -> None:
        endpoints = [one for one in list_endpoints(tx) if one.is_active]
        self._signed = [one for one in endpoints if one.kind == STANDARD]
        self._unsigned = [one for one in endpoints if one.kind == INS]
        self._tx = tx
        self._worded = worded
        self.all: list[Draft] = []
        self.messages: list[Mapping[str, str]] = []

    def add(self, place: int, change: Change) -> None:
        """Gather the messages of one change."""
        for one in self._signed:
            if one.wants(change.kind):
                self.all.append(Draft(one.id, place, change.kind, change.subject, change.subject_id))
        for kind, sale_id, parameters in self._worded(self._tx, change) if self._unsigned else ():
            wanting = [one.id for one in self._unsigned if one.wants(kind)]
            self.all += [Draft(one, place, kind, SALE, sale_id, len(self.messages)) for one in wanting]
            if wanting:
                self.messages.append(parameters)


class Numbered:
    """Numbers drafts: an endpoint's own count, and one of INS messages, which several endpoints may get."""

    def __init__(self, tx: Tx, first_seq: int, changes: Sequence[Change], drafts: Drafts) -> None:
        counts = Counter(draft.endpoint_id for draft in drafts.all)
        messages = drafts.messages
        self._numbers = {one: numbers_of(tx, one, counts[one]) for one in sorted(counts)}
        self._first_message = tx.ids.next("ins_message", len(messages)) if messages else 0
        self._first_seq = first_seq
        self._changes = changes
        self._messages = messages
        self._tx = tx

    def entry(self, draft: Draft) -> Entry:
        """The message as it is sent."""
        number = self._numbers[draft.endpoint_id]
        self._numbers[draft.endpoint_id] += 1
        seq = self._first_seq + draft.place
        if draft.message is None:
            body = event_body(told_of(self._tx, seq, self._changes[draft.place]), number)
        else:
            body = form_body(self._messages[draft.message], self._first_message + draft.message)
        return Entry(draft.endpoint_id, number, seq, draft.kind, draft.subject, draft.subject_id, body)


def form_body(parameters: Mapping[str, str], message_id: int) -> str:
    """An INS message as a form, numbered."""
    return urlencode({**parameters, MESSAGE_ID: str(message_id)})


def told_of(tx: Tx, seq: int, change: Change) -> dict[str, Any]:
    """What is told of a change, as it is when it happens."""
    return {
        "kind": change.kind,
        "at": change.at,
        "seq": seq,
        "subject": change.subject,
        "subject_id": change.subject_id,
        "actor": tx.actor.name,
        "dialect": tx.actor.dialect,
        "request_id": tx.request_id,
        "before": change.before,
        "after": change.after,
    }


def event_body(facts: Mapping[str, Any], number: int) -> str:
    """An event as JSON; `sequence` is the endpoint's own count, so that it can tell that none is missing."""
    data = {name: value for name, value in facts.items() if name not in {"kind", "at"}}
    message = {"type": facts["kind"], "timestamp": facts["at"].isoformat(), "sequence": number, "data": data}
    return msgspec.json.encode(message).decode()
