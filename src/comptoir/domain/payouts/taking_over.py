"""Taking over payouts as another shop of ours kept them, entry by entry; the books are written anew.

What an entry settles says under which tag it is posted, so that it is settled once and never gathered again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import literal, select

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import refuse, text_problems
from comptoir.domain.ledger.models import Transfer
from comptoir.domain.ledger.transfers import reverse_transfer
from comptoir.domain.orders.models import Invoice
from comptoir.domain.payouts.importing import AMOUNT_MINOR_MAX, NUMBER_MAX
from comptoir.domain.payouts.models import (
    ADJUSTMENT,
    BALANCE_FORWARD,
    CARRIED,
    CHARGEBACK,
    COMMISSION,
    ENTRY_KINDS,
    OPEN,
    PAID,
    REFUND,
    RESERVE_RELEASED,
    SALE,
    VOIDED,
    Payout,
    PayoutEntry,
)
from comptoir.domain.payouts.paying import post_payout
from comptoir.domain.payouts.queries import OPEN_PAYOUT
from comptoir.domain.payouts.settling import Part, Settlement, post_settlements, tag_of
from comptoir.domain.payouts.waiting import PROCESSORS, tell_until
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

Row = Mapping[str, Any]
Columns = dict[str, Any]
Problem = Invalid | None

STATES = (OPEN, PAID, CARRIED, VOIDED)
# What adds to a payout, and what may do either; everything else takes from it.
ADDING = frozenset({SALE, RESERVE_RELEASED, COMMISSION})
EITHER = frozenset({ADJUSTMENT, BALANCE_FORWARD})
# Whose money stands on the clearing account of a gateway.
CLEARED = frozenset({SALE, REFUND, CHARGEBACK})
SETTLING = frozenset({REFUND, CHARGEBACK, RESERVE_RELEASED})
NEW: Columns = {
    "identifier": "", "method": "", "paid_at": None, "reserve_released_at": None, "voided_at": None, "entries": (),
}  # fmt: skip
NEW_ENTRY: Columns = {"order_id": None, "memo": "", "gateway": "", "settles_id": None}

TAKEN = select(Payout.id).where(among(Payout.id, "ids"))
TAKEN_ENTRIES = select(PayoutEntry.id).where(among(PayoutEntry.id, "ids"))
TAGGED = select(Transfer.tag).where(among(Transfer.tag, "tags"))
SOLD = select(PayoutEntry.order_id).where(
    among(PayoutEntry.order_id, "ids"), PayoutEntry.kind == literal(SALE)
)
RELEASED = select(Payout.id).where(among(Payout.id, "ids"), Payout.reserve_released_at.is_not(None))
INVOICES = select(Invoice.payout_id, Invoice.order_id, Invoice.paid_out_at).where(
    among(Invoice.payout_id, "ids")
)


def take_over_payouts(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep payouts with their entries, and post them at their times; invoices already say what paid them.

    Refuses per row: Invalid (id, identifier, method, state, amount_minor, paid_at, voided_at, entries).
    """
    known = _Known(tx, rows)
    problems: list[Problem] = []
    for row in rows:
        try:
            taken = known.taken({**NEW, **row})
        except Invalid as problem:
            problems.append(problem)
        else:
            problems.append(None)
            _write(tx, taken)
    return problems


class _Known:
    """What decides whether payouts can be kept, before the first and after each of them."""

    def __init__(self, tx: Tx, rows: Sequence[Row]) -> None:
        ids = [row["id"] for row in rows]
        entries = [NEW_ENTRY | entry for row in rows for entry in row.get("entries", ())]
        self.ids = {key for (key,) in tx.all(TAKEN, ids=ids)}
        own = [entry["id"] for entry in entries if "id" in entry]
        self.entry_ids = {key for (key,) in tx.all(TAKEN_ENTRIES, ids=own)}
        self.tags = {tag for (tag,) in tx.all(TAGGED, tags=list(_tags(entries)))}
        sold = [entry["order_id"] for entry in entries if entry["order_id"] is not None]
        self.sold = {key for (key,) in tx.all(SOLD, ids=sold)}
        freed = [entry["settles_id"] for entry in entries if entry["settles_id"] is not None]
        self.released = {key for (key,) in tx.all(RELEASED, ids=freed)}
        self.has_open = tx.one(OPEN_PAYOUT) is not None
        self.invoices: dict[int | None, list[tuple[int, datetime | None]]] = {}
        for payout_id, order_id, paid_out_at in tx.all(INVOICES, ids=ids):
            self.invoices.setdefault(payout_id, []).append((order_id, paid_out_at))

    def taken(self, row: Columns) -> Columns:
        """The row with its entries whole. Refuses: Invalid."""
        if row["id"] in self.ids or row["id"] > NUMBER_MAX:
            raise Invalid("id", "is taken, or leaves no room for others")
        _refuse_malformed(row)
        if row["state"] == OPEN and self.has_open:
            raise Invalid("state", "must not be open: another payout is")
        for order_id, paid_out_at in self.invoices.get(row["id"], ()):
            if (row["state"] == OPEN) != (paid_out_at is None):
                raise Invalid("state", f"does not go with invoice {order_id}")
        entries = [NEW_ENTRY | {"available_at": one["at"]} | one for one in row["entries"]]
        self._refuse_entries(row, entries)
        self._remember(row, entries)
        return row | {"entries": entries}

    def _refuse_entries(self, row: Columns, entries: Sequence[Columns]) -> None:
        for entry in entries:
            problem = _entry_problem(entry)
            if problem:
                raise Invalid("entries", f"hold one whose {problem}")
            freed = entry["settles_id"] if entry["kind"] == RESERVE_RELEASED else None
            is_own = freed == row["id"] and row["reserve_released_at"] is not None
            if freed is not None and freed not in self.released and not is_own:
                raise Invalid("entries", f"name the reserve of payout {freed}, which was not released")
        own = [entry["id"] for entry in entries if "id" in entry]
        if len(set(own)) < len(own) or not self.entry_ids.isdisjoint(own):
            raise Invalid("entries", "have an id that is taken")
        tags, sold = list(_tags(entries)), _sold(entries)
        twice = len(set(tags)) < len(tags) or len(set(sold)) < len(sold)
        if twice or not self.tags.isdisjoint(tags) or not self.sold.isdisjoint(sold):
            raise Invalid("entries", "settle what is settled already")
        total = sum(entry["amount_minor"] for entry in entries)
        if row["state"] != OPEN and total != row["amount_minor"]:
            raise Invalid("amount_minor", f"is not what the entries come to, {total}")

    def _remember(self, row: Columns, entries: Sequence[Columns]) -> None:
        self.ids.add(row["id"])
        self.has_open = self.has_open or row["state"] == OPEN
        self.entry_ids |= {entry["id"] for entry in entries if "id" in entry}
        self.tags |= set(_tags(entries))
        self.sold |= set(_sold(entries))
        if row["reserve_released_at"] is not None:
            self.released.add(row["id"])


def _tags(entries: Iterable[Columns]) -> Iterable[str]:
    return (tag for entry in entries if (tag := _tag(entry)) is not None)


def _tag(entry: Columns) -> str | None:
    return tag_of(entry["kind"], entry["order_id"] if entry["kind"] == SALE else entry["settles_id"])


def _sold(entries: Iterable[Columns]) -> list[int]:
    return [one["order_id"] for one in entries if one["kind"] == SALE and one["order_id"] is not None]


def _refuse_malformed(row: Columns) -> None:
    refuse(text_problems(row, short=("identifier", "method")))
    if row["state"] not in STATES:
        raise Invalid("state", f"{row['state']!r} is none of {', '.join(STATES)}")
    least, most = (0, AMOUNT_MINOR_MAX) if row["state"] in {PAID, VOIDED} else (0, 0)
    if not least <= row["amount_minor"] <= most:
        raise Invalid("amount_minor", f"must be between {least} and {most} of one that is {row['state']}")
    if (row["state"] == OPEN) != (row["paid_at"] is None):
        raise Invalid("paid_at", "must be there if, and only if, the payout has ended")
    if (row["state"] == VOIDED) != (row["voided_at"] is not None):
        raise Invalid("voided_at", "must be there if, and only if, the payout was called back")


def _entry_problem(entry: Columns) -> str:
    """What is wrong with an entry, or nothing."""
    kind, minor = entry["kind"], entry["amount_minor"]
    if kind not in ENTRY_KINDS:
        return f"kind is none of {', '.join(ENTRY_KINDS)}"
    if not 0 < abs(minor) <= AMOUNT_MINOR_MAX or (kind not in EITHER and (minor > 0) != (kind in ADDING)):
        return "amount_minor is nothing, a giant, or of the wrong sign"
    if text_problems(entry, short=("memo", "gateway")) or (kind in CLEARED) != bool(entry["gateway"].strip()):
        return "gateway or memo is too long, or says what this kind does not"
    if entry["settles_id"] is not None and kind not in SETTLING:
        return "settles_id names what this kind does not settle"
    return ""


def _write(tx: Tx, row: Columns) -> None:
    payout_id, entries = row["id"], row["entries"]
    tx.ids.reach("payout", payout_id)
    columns = {name: value for name, value in row.items() if name != "entries"}
    tx.insert(Payout, **columns, transfer_id=None)
    _write_entries(tx, payout_id, entries)
    if row["amount_minor"]:
        transfer_id = post_payout(tx, payout_id, row["amount_minor"], at=row["paid_at"])
        tx.update(Payout, payout_id, transfer_id=transfer_id)
        if row["voided_at"] is not None:
            reverse_transfer(tx, transfer_id=transfer_id, at=row["voided_at"], memo="void")
    told = [one for one in entries if one["kind"] in {SALE, REFUND} and one["order_id"] is None]
    if row["paid_at"] is not None and any(entry["gateway"] in PROCESSORS for entry in told):
        tell_until(tx, row["paid_at"])
    after = {"identifier": row["identifier"], "amount_minor": row["amount_minor"], "state": row["state"]}
    tx.note("payout.imported", "payout", payout_id, after=after)


def _write_entries(tx: Tx, payout_id: int, entries: Sequence[Columns]) -> None:
    moving = [entry for entry in entries if entry["kind"] != BALANCE_FORWARD]
    posted = post_settlements(tx, [_settlement(payout_id, entry) for entry in moving])
    ids = iter(transfer_id for each in posted for transfer_id in each)
    tx.ids.reach("payout_entry", max((entry["id"] for entry in entries if "id" in entry), default=0))
    rows = []
    for entry in entries:
        columns = {
            name: entry[name] for name in ("kind", "order_id", "amount_minor", "at", "available_at", "memo")
        }
        transfer_id = None if entry["kind"] == BALANCE_FORWARD else next(ids)
        entry_id = entry["id"] if "id" in entry else tx.ids.next("payout_entry")
        rows.append(columns | {"id": entry_id, "payout_id": payout_id, "transfer_id": transfer_id})
    tx.insert_many(PayoutEntry, rows)


def _settlement(payout_id: int, entry: Columns) -> Settlement:
    """What posts an entry by itself, under the tag by which it is known."""
    subject, subject_id = "payout", payout_id
    if entry["order_id"] is not None:
        subject, subject_id = "order", entry["order_id"]
    elif entry["kind"] == RESERVE_RELEASED and entry["settles_id"] is not None:
        subject_id = entry["settles_id"]
    part = Part(entry["kind"], entry["amount_minor"], entry["available_at"])
    return Settlement(
        subject, subject_id, entry["at"], [part],
        gateway=entry["gateway"], tag=_tag(entry), memo=entry["memo"],
    )  # fmt: skip
