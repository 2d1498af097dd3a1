"""What happens to documents without a call: `DO documents publish` publishes one in each language, `retain` is the
job on the clock, `decide 4 rejected` what the bank decides about one, `burn` loses what is in the media store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from comptoir.domain.banking.documents.contents import Contents
from comptoir.domain.banking.documents.disclosures import publish_disclosure
from comptoir.domain.banking.documents.models import BankDocument
from comptoir.domain.banking.documents.retention import watch_retention

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import Tx

PAGE = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PUBLISHED = (
    (25, "TermsAndConditions", "en-US", "Terms", datetime(2014, 3, 5, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)),
    (28, "eStatement", "en-US", "Statements", None, None),
    (29, "ConsumerDepositAgreement", "en-US", "Deposits", None, datetime(2026, 3, 1, 12, tzinfo=UTC)),
    (30, "FeeSchedule", "en-US", "Fees", datetime(2026, 3, 1, 13, tzinfo=UTC), None),
    (33, "eStatement", "es-US", "Estados de cuenta", None, None),
)  # fmt: skip


def serve(home: ServedShop, argument: str) -> None:
    verb, _, rest = argument.partition(" ")
    if verb == "publish":
        home.shop.write(lambda tx: publish(tx, Contents(home.media, home.secret)))
    elif verb == "retain":
        home.shop.write(watch_retention)
    elif verb == "decide":
        number, _, status = rest.partition(" ")
        home.shop.write(lambda tx: tx.update(BankDocument, int(number), status=status))
    else:
        assert verb == "burn"
        for digest in list(home.media.digests()):
            home.media.delete(digest)


def publish(tx: Tx, contents: Contents) -> None:
    for number, kind, culture, title, effective_at, expires_at in PUBLISHED:
        publish_disclosure(
            tx,
            document_type=kind,
            title=title,
            file=contents.put(PAGE),
            culture=culture,
            html=f"<p>{title}</p>",
            effective_at=effective_at,
            expires_at=expires_at,
            id=number,
        )
