"""What moved on an account in a stretch of time: by months, by days, and at last movement by movement.

It is called by the account and the stretch: `12.2026-03`; with a posting behind, only what came up to that one
(`12.2026-03.9931`), and with a second only from that one on (`12.2026-03.9931.9204`): so much of the account is read,
and no more. Sums are the database's; of movements one page is read.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, case, func, literal, literal_column, select

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.money_rows import PostedRow
from comptoir.domain.explaining.movements import (
    IS_BEFORE,
    MOVEMENTS,
    NEWEST,
    SHOWN,
    Place,
    many,
    movement_node,
    place_before,
)
from comptoir.domain.explaining.nodes import MOVED, Ask, Explanation, Link, Node, minor
from comptoir.domain.explaining.stretches import EVER, PARTS, Stretch, begins_of, parts_of, stretch_named
from comptoir.domain.ledger.models import POSTED, Posting, Transfer
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant

AMOUNT = "amount"
DIGITS_MAX = 18
NAMES_MAX = 4

_begins = [bindparam(f"begins_{place}", type_=Instant()) for place in range(PARTS)]
PART = case(
    *((Transfer.posted_at >= at, literal_column(str(place))) for place, at in enumerate(_begins)),
    else_=literal_column(str(PARTS)),
)
_within = (
    Posting.transfer_id >= bindparam("from_transfer"),
    Posting.id >= bindparam("from_id"),
    Transfer.posted_at >= bindparam("since", type_=Instant()),
    Transfer.posted_at < bindparam("until", type_=Instant()),
)


def summed(moved: Any) -> Select[Any]:
    """What comes of movements by part and kind: the sum, how many they are, the first and the last of them."""
    return (
        select(
            moved.c.part, moved.c.kind, func.sum(moved.c.minor), func.count(),
            func.min(moved.c.id), func.max(moved.c.id),
        )
        .group_by(moved.c.part, moved.c.kind)
        .order_by(moved.c.part, moved.c.kind)
    )  # fmt: skip


SUMS = summed(
    select(
        PART.label("part"),
        Transfer.kind.label("kind"),
        Posting.amount_minor.label("minor"),
        Posting.id.label("id"),
    )
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .where(
        Posting.account_id == bindparam("account_id"),
        Transfer.state == literal(POSTED),
        *IS_BEFORE,
        *_within,
    )
    .subquery()
)
WITHIN = MOVEMENTS.where(*_within)


class Sum(NamedTuple):
    """What movements of a kind come to from the account's own side, how many they are, the first and the last."""

    kind: str
    minor: int
    movements: int
    first_id: int
    last_id: int


class Moved(NamedTuple):
    """Which movements are meant: of an account, in a stretch, between two places."""

    account: Standing
    stretch: Stretch
    bounds: Mapping[str, int]

    def values(self, parts: Sequence[Stretch] = (), **bounds: int) -> dict[str, Any]:
        """What a statement binds, between closer places perhaps."""
        times = {"since": self.stretch.since, "until": self.stretch.until}
        own = {"account_id": self.account.id, **times, **self.bounds, **bounds}
        return own | begins_of(parts or [self.stretch])


def explain_moved(tx: Tx, id: str, what: str, after: int = 0) -> Explanation:
    """What moved, by the parts of the stretch where it is much, or a page of movements; and by kinds of transfers.

    Refuses: NotExplained, AccountNotFound.
    """
    if what != AMOUNT:
        raise NotExplained(what)
    moved = _named(tx, id)
    parts = parts_of(moved.stretch, tx.now, tx.shop.zone)
    sums = sums_by_part(moved.account, tx.all(SUMS, **moved.values(parts)))
    every = [one for kinds in sums.values() for one in kinds]
    total, count = sum(one.minor for one in every), sum(one.movements for one in every)
    if after or not parts or count <= SHOWN:
        told = _page(tx, moved, id, Sum("", total, count, 0, 0), after)
    else:
        told = part_nodes(moved.account, parts, sums)
    account, words = moved.account, f"moved in {moved.stretch.words}"
    label = "moved" if moved.stretch.name == EVER else words
    why, link = f"{many(count)} on {account.code}", Link("account", account.id)
    made_of = minor(label, total, account.currency, why=why, link=link, parts=told)
    by_kind = minor("by kind", total, account.currency, parts=_kind_nodes(account, _by_kind(every)))
    return Explanation(made_of, by_kind)


def sums_by_part(account: Standing, rows: Iterable[Sequence[Any]]) -> dict[int, list[Sum]]:
    """What the database added up, told from the account's own side."""
    sums: defaultdict[int, list[Sum]] = defaultdict(list)
    for part, kind, total, count, first_id, last_id in rows:
        sums[part].append(Sum(kind, account.natural(int(total)), count, first_id, last_id))
    return dict(sums)


def part_nodes(account: Standing, parts: Sequence[Stretch], sums: Mapping[int, Sequence[Sum]]) -> list[Node]:
    """Each part of a stretch that something moved in: by kinds, and open to what it is made of."""
    nodes = []
    for place, kinds in sums.items():
        first_id, last_id = min(one.first_id for one in kinds), max(one.last_id for one in kinds)
        ask = Ask(MOVED, f"{account.id}.{parts[place].name}.{last_id}.{first_id}", AMOUNT)
        total = sum(one.minor for one in kinds)
        kind_nodes = _kind_nodes(account, kinds)
        nodes.append(minor(parts[place].words, total, account.currency, parts=kind_nodes, ask=ask))
    return nodes


def _kind_nodes(account: Standing, kinds: Iterable[Sum]) -> list[Node]:
    return [
        minor(one.kind.replace("_", " "), one.minor, account.currency, why=many(one.movements))
        for one in kinds
    ]


def _by_kind(sums: Iterable[Sum]) -> list[Sum]:
    """Sums of kinds, over all parts."""
    found: dict[str, Sum] = {}
    for one in sums:
        known = found.get(one.kind, Sum(one.kind, 0, 0, 0, 0))
        found[one.kind] = known._replace(
            minor=known.minor + one.minor, movements=known.movements + one.movements
        )
    return [found[kind] for kind in sorted(found)]


def _page(tx: Tx, moved: Moved, id: str, whole: Sum, after: int) -> list[Node]:
    """A page of movements, and those before and behind it as sums."""
    account = moved.account
    place = place_before(tx, account.id, after)._asdict() if after else {}
    rows = [PostedRow(*row) for row in tx.all(WITHIN, **moved.values(**place), limit=SHOWN)]
    nodes = [movement_node(account, row) for row in rows]
    newer, count = 0, 0
    if after:
        begun = {"from_transfer": place["transfer_id"], "from_id": place["before_id"]}
        found = sums_by_part(account, tx.all(SUMS, **moved.values(**begun)))
        newer = sum(one.minor for one in found.get(0, ()))
        count = sum(one.movements for one in found.get(0, ()))
        ask = Ask(MOVED, id, AMOUNT)
        nodes.insert(0, minor(f"{many(count)} before these", newer, account.currency, ask=ask))
    left = whole.movements - count - len(rows)
    if left > 0:
        over = whole.minor - newer - sum(account.natural(row.amount_minor) for row in rows)
        nodes.append(minor(f"{left:,} more", over, account.currency, ask=Ask(MOVED, id, AMOUNT, rows[-1].id)))
    return nodes


def _named(tx: Tx, id: str) -> Moved:
    """Refuses: NotExplained, AccountNotFound."""
    account_id, _, rest = id.partition(".")
    name, *ends = rest.split(".")
    numbers = [account_id, *ends]
    is_number = all(one.isascii() and one.isdigit() and len(one) <= DIGITS_MAX for one in numbers)
    if not is_number or len(ends) + 2 > NAMES_MAX:
        raise NotExplained(f"of {id}")
    stretch, account = stretch_named(name, tx.shop.zone), get_account(tx, int(account_id))
    last, first, *_ = (*map(int, ends), 0, 0)
    newest = (
        place_before(tx, account.id, last)._replace(before_id=last + 1) if last else Place(NEWEST, NEWEST)
    )
    oldest = place_before(tx, account.id, first) if first else Place(0, 0)
    bounds = {**newest._asdict(), "from_transfer": oldest.transfer_id, "from_id": oldest.before_id}
    return Moved(account, stretch, bounds)
