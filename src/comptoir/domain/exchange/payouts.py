"""What was paid out to the merchant, in files: payouts with their entries, and what buyers' banks took back.

Of an entry's transfer a file says what follows from nothing else: the gateway on whose clearing account the money
stood, and the refund, chargeback or payout's reserve that it settles.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, literal, or_, select

from comptoir.domain.exchange.codecs import LINK, TEXT, WHOLE_SIGNED, or_null
from comptoir.domain.exchange.kinds import Branch, Field, Kind, Values, fields_of, rows_of
from comptoir.domain.exchange.trade import of_live_order
from comptoir.domain.ledger.models import Account, Posting, Transfer
from comptoir.domain.orders.chart import clearing
from comptoir.domain.orders.models import Order
from comptoir.domain.payments.models import Chargeback, PaymentMethod
from comptoir.domain.payments.taking_over import import_chargebacks, import_methods
from comptoir.domain.payouts.models import Payout, PayoutEntry
from comptoir.domain.payouts.settling import TAGS
from comptoir.domain.payouts.taking_over import CLEARED, SETTLING, take_over_payouts
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

LIVE_SALES = select(Order.sale_id).where(Order.removed_at.is_(None))
CLEARING = clearing("").code
OWN_FIELDS = (
    *fields_of(PayoutEntry, without=("payout_id", "amount_minor", "transfer_id")),
    Field("amount_minor", "amount_minor", WHOLE_SIGNED),
)
ENTRY_FIELDS = (
    *OWN_FIELDS,
    Field("gateway", "gateway", TEXT),
    Field("settles_id", "settles_id", or_null(LINK)),
)
_code = (
    select(Account.code)
    .join(Posting, Posting.account_id == Account.id)
    .where(Posting.transfer_id == PayoutEntry.transfer_id, Account.code.startswith(CLEARING))
    .limit(1)
    .scalar_subquery()
)
_is_cleared = or_(*(PayoutEntry.kind == literal(kind) for kind in sorted(CLEARED)))
ENTRIES = (
    select(
        PayoutEntry.payout_id,
        case((_is_cleared, _code), else_=literal(CLEARING)),
        Transfer.tag,
        *(PayoutEntry.__table__.columns[one.key] for one in OWN_FIELDS),
    )
    .outerjoin(Transfer, Transfer.id == PayoutEntry.transfer_id)
    .where(among(PayoutEntry.payout_id, "ids"))
    .order_by(PayoutEntry.payout_id, PayoutEntry.id)
)


def _entries_of(tx: Tx, payout_ids: Sequence[int]) -> dict[int, list[Values]]:
    found: defaultdict[int, list[Values]] = defaultdict(list)
    keys = [one.key for one in OWN_FIELDS]
    for payout_id, code, tag, *row in tx.all(ENTRIES, ids=payout_ids):
        values: dict[str, Any] = dict(zip(keys, row, strict=True))
        values["gateway"] = code.removeprefix(CLEARING)
        is_told = tag is None or values["kind"] not in SETTLING
        values["settles_id"] = None if is_told else int(tag.removeprefix(TAGS[values["kind"]]))
        found[payout_id].append(values)
    return found


PAYMENT_METHODS = Kind(
    "payment_methods",
    PaymentMethod,
    fields_of(PaymentMethod),
    import_methods,
    frozenset({"sale_id", "gateway", "method"}),
    key=("sale_id",),
    live=PaymentMethod.sale_id.in_(LIVE_SALES),
)
CHARGEBACKS = Kind(
    "chargebacks",
    Chargeback,
    fields_of(Chargeback, without=("order_id", "currency", "transfer_id"), names=("identifier",)),
    import_chargebacks,
    frozenset({"payment_id", "identifier", "amount_minor", "at"}),
    live=of_live_order(Chargeback.order_id),
)
PAYOUTS = Kind(
    "payouts",
    Payout,
    fields_of(Payout, without=("transfer_id",)),
    take_over_payouts,
    frozenset({"id", "state", "amount_minor", "created_at"}),
    branches=(
        Branch(
            Field("entries", "entries", rows_of(ENTRY_FIELDS, ("kind", "amount_minor", "at"))),
            _entries_of,
            [],
        ),
    ),
    later="entries",
)
