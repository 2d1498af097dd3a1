"""The bank's own documents, and how they were given out before (reference 3.6.3)."""

from datetime import UTC
from typing import Any

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading
from comptoir.dialects.corepro.documents_sent import FILE_CONTENT, contents_of, file_content
from comptoir.dialects.corepro.replies import RawFile, moment, ok
from comptoir.dialects.corepro.shapes import ID, MOMENT, TEXT, a_list, an_object, one_of, placed
from comptoir.dialects.corepro.words import VALUE
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.documents.disclosures import DEFAULT_CULTURE
from comptoir.domain.banking.documents.kinds import DISCLOSURES
from comptoir.domain.banking.documents.queries import DocumentRow, get_disclosure, list_disclosures
from comptoir.domain.banking.program.queries import PROGRAM_ID, get_program
from comptoir.domain.tx import Tx

BANK_ID = 1
BANK_DOCUMENT = an_object(
    {
        "bankId": ID, "culture": TEXT, "documentId": ID, "documentType": one_of(DISCLOSURES), "downloadUrl": TEXT,
        "effectiveDate": MOMENT, "expireDate": MOMENT, "html": TEXT, "programId": ID, "title": TEXT,
    },
    always=("bankId", "culture", "documentId", "documentType", "downloadUrl", "programId", "title"),
)  # fmt: skip


def list_all(call: Call, asked: Asked) -> Reply:
    """List what customers have to accept now; a culture that is left open is the default one."""
    culture, kind = asked.place(0) or DEFAULT_CULTURE, asked.place(1)
    get_program(call.tx)
    rows = list_disclosures(call.tx, culture=culture, document_type=kind) if culture.isprintable() else []
    return ok([shown(call.tx, row) for row in rows])


def download(call: Call, asked: Asked) -> Reply:
    """Give the file in an envelope."""
    row = _asked_for(call, asked)
    return ok(file_content(contents_of(call).get(row.id, row.digest), row.content_type))


def download_raw(call: Call, asked: Asked) -> Reply:
    """Give the file as it is, which is why these calls were replaced."""
    row = _asked_for(call, asked)
    return Reply(200, RawFile(contents_of(call).get(row.id, row.digest), row.content_type))


def shown(tx: Tx, row: DocumentRow) -> dict[str, Any]:
    """One of the bank's documents; the days from and until which it holds were always told in UTC (1.6)."""
    return {
        "bankId": BANK_ID,
        "culture": row.culture,
        "documentId": row.id,
        "documentType": row.document_type,
        "downloadUrl": f"{tx.shop.site_url.rstrip('/')}/document/download/{row.culture}/{row.id}",
        "effectiveDate": moment(row.effective_at, UTC),
        "expireDate": moment(row.expires_at, UTC),
        "html": row.html or None,
        "programId": PROGRAM_ID,
        "title": row.title,
    }


def _asked_for(call: Call, asked: Asked) -> DocumentRow:
    return get_disclosure(call.tx, asked.id_place(1), culture=asked.place(0))


LISTED = (placed("culture", TEXT, is_required=False), placed("documentType", TEXT, is_required=False))
ONE = (placed("culture", TEXT), placed("documentId"))
CALLS = (
    reading("bankDocument/list", list_all, takes=LISTED, shows=a_list(BANK_DOCUMENT), text="List the bank's documents"),
    reading(
        "bankDocument/download", download, takes=ONE, shows=FILE_CONTENT, codes=(VALUE,),
        text="Download one of the bank's documents",
    ),
    reading(
        "document/list", list_all, takes=LISTED, shows=a_list(BANK_DOCUMENT),
        text="The same as bankDocument/list; deprecated",
    ),
    reading(
        "document/get", download_raw, takes=ONE, shows=None, gives="application/pdf", codes=(VALUE,),
        text="The file itself; deprecated",
    ),
    reading(
        "document/download", download_raw, takes=ONE, shows=None, gives="application/pdf", codes=(VALUE,),
        text="The file itself; deprecated",
    ),
)  # fmt: skip
