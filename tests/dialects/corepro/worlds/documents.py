"""Customers and external accounts as in `external`, with papers: customer 1 sent a licence (1) and a bill (2),
customer 6 a passport (3), and there is one of external account 4 (4). Their contents are nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comptoir.domain.banking.documents.contents import StoredFile
from comptoir.domain.banking.documents.filing import file_document
from tests.dialects.corepro.worlds import external

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

FILES: tuple[dict[str, Any], ...] = (
    {"customer_id": 1, "document_type": "DriversLicense", "reason_type": "ManualReview", "name": "licence.pdf",
     "tag": "licence", "custom": ["one", "two", "three", "four", "five"]},
    {"customer_id": 1, "document_type": "UtilityBill", "tag": "bill/2026 03"},
    {"customer_id": 6, "document_type": "PassportFront", "tag": "77"},
    {"customer_id": 1, "document_type": "BankStatement", "external_account_id": 4, "tag": "licence"},
)  # fmt: skip


def load(shop: OpenShop) -> None:
    external.load(shop)
    shop.write(papers)


def papers(tx: Tx) -> None:
    for number, facts in enumerate(FILES, start=1):
        file_document(tx, file=StoredFile(f"{number:064x}", "application/pdf", 10), **facts)
