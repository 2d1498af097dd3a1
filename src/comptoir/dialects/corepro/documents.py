"""Documents of customers and of their external accounts (reference 3.6.1 and 3.6.2)."""

from typing import Any

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.calls import reading, writing
from comptoir.dialects.corepro.documents_sent import (
    BODY,
    FILE_CONTENT,
    NAME_MAX,
    Uploaded,
    contents_of,
    file_content,
    uploaded,
)
from comptoir.dialects.corepro.refusals import REQUIRED, Refusal, Refusals, Said, saying, wire_name
from comptoir.dialects.corepro.replies import ok
from comptoir.dialects.corepro.shapes import (
    ID,
    TAG,
    TEXT,
    Schema,
    a_list,
    an_object,
    given,
    needed,
    one_of,
    placed,
    queried,
    text,
)
from comptoir.dialects.corepro.words import VALUE
from comptoir.dialects.edge import Call, Reply
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.documents import filing
from comptoir.domain.banking.documents.errors import (
    ContentForgotten,
    DocumentNotFound,
    StatusFinal,
    StatusSame,
    StatusUnknown,
)
from comptoir.domain.banking.documents.filing import decide_document, faults_of, file_document, refuse_unfit
from comptoir.domain.banking.documents.kinds import (
    CUSTOMER_DOCUMENTS,
    CUSTOMER_REASONS,
    DOCUMENT_STATUSES,
    EXTERNAL_DOCUMENTS,
    EXTERNAL_REASONS,
)
from comptoir.domain.banking.documents.queries import (
    DocumentRow,
    find_document_by_tag,
    get_document,
    list_documents,
)
from comptoir.domain.banking.external.errors import ExternalAccountNotFound
from comptoir.domain.tx import Tx

REFUSALS: Refusals = {
    DocumentNotFound: Refusal(VALUE, "Document id {key} is invalid."),
    ContentForgotten: Refusal(VALUE, "The content of document {key} is not kept any more."),
}
FAULTS = {filing.TYPE: 62701, filing.REASON: 62704, filing.TAG: VALUE}
CUSTOM = tuple(f"customField{number}" for number in range(1, 6))
CUSTOM_MAX = 50
# This client can take no data after an upload (reference 8.1).
TAKES_NO_DATA = "CorePro Python SDK"

DOCUMENT = an_object(
    {
        **dict.fromkeys(CUSTOM, TEXT), "customerId": ID, "documentId": ID, "documentName": TEXT, "documentType": TEXT,
        "downloadUrl": TEXT, "externalAccountId": ID, "reasonType": TEXT, "status": one_of(DOCUMENT_STATUSES),
        "tag": TAG,
    },
    always=("customerId", "documentId", "documentType", "downloadUrl", "reasonType", "status"),
)  # fmt: skip
DOCUMENT_ID = an_object({"documentId": ID}, always=("documentId",))


def upload(call: Call, asked: Asked) -> Reply:
    """File a document of a customer."""
    return _upload(call, asked, None)


def upload_external(call: Call, asked: Asked) -> Reply:
    """File a document of an external account."""
    return _upload(call, asked, asked.id("externalAccountId"))


def _upload(call: Call, asked: Asked, external_account_id: int | None) -> Reply:
    sent: Uploaded = call.prepared
    said: dict[str, Any] = {
        "document_type": asked.text("documentType") or "",
        "reason_type": asked.text("reasonType") or "",
        "tag": asked.tag(),
    }
    customer_id = asked.id("customerId")
    name = asked.text("documentName", most=NAME_MAX) or ""
    custom = [asked.text(field, most=CUSTOM_MAX) or "" for field in CUSTOM]
    with saying({ExternalAccountNotFound: 62707}):
        refuse_unfit(call.tx, customer_id, external_account_id)
    faults = {each.kind: each for each in faults_of(call.tx, external_account_id, **said)}
    problems = [
        Refusal(FAULTS[kind], f"{wire_name(faults[kind].field)} {faults[kind].problem}.") for kind in faults
    ]
    at = int(filing.TYPE in faults)
    problems[at:at] = sent.problems
    asked.settle()
    if problems or sent.file is None:
        raise Said(*problems)
    document_id = file_document(
        call.tx, customer_id=customer_id, external_account_id=external_account_id, file=sent.file, name=name,
        custom=custom, **said,
    )  # fmt: skip
    agent = call.request.headers.get("user-agent", "")
    return ok(None if agent.startswith(TAKES_NO_DATA) else {"documentId": document_id})


def get(call: Call, asked: Asked) -> Reply:
    """Show one, by its id or (as typed clients ask) by its tag."""
    customer_id = get_customer(call.tx, asked.id_place(0)).customer_id
    try:
        row = get_document(call.tx, customer_id, asked.id_place(1))
    except DocumentNotFound:
        found = _tagged(call.tx, asked, customer_id)
        if found is None:
            raise DocumentNotFound(asked.place(1) or 0) from None
        row = found
    return ok(shown(call.tx, row))


def get_by_tag(call: Call, asked: Asked) -> Reply:
    """Show the one with this tag, or nothing."""
    row = _tagged(call.tx, asked, asked.id_place(0))
    return ok(None if row is None else shown(call.tx, row))


def list_all(call: Call, asked: Asked) -> Reply:
    """List what a customer sent."""
    customer_id = get_customer(call.tx, asked.id_place(0)).customer_id
    return ok([shown(call.tx, row) for row in list_documents(call.tx, customer_id)])


def download(call: Call, asked: Asked) -> Reply:
    """Give the file itself."""
    customer_id = get_customer(call.tx, asked.id_place(0)).customer_id
    row = get_document(call.tx, customer_id, asked.id_place(1))
    return ok(file_content(contents_of(call).get(row.id, row.digest), row.content_type))


def update_status(call: Call, asked: Asked) -> Reply:
    """Decide about a document in review."""
    status = asked.text("status") or asked.text("statusType") or ""
    asked.demand("customerId", "documentId")
    if not status:
        asked.refuse(REQUIRED, "Required parameter status is missing.")
    asked.settle()
    words: Refusals = {
        DocumentNotFound: Refusal(154201, "Document id {key} is invalid."),
        StatusUnknown: 199700, StatusSame: 199701, StatusFinal: 199702,
    }  # fmt: skip
    document_id = asked.id("documentId")
    with saying(words):
        decide_document(call.tx, customer_id=asked.id("customerId"), document_id=document_id, status=status)
    return ok({"documentId": document_id})


def shown(tx: Tx, row: DocumentRow) -> dict[str, Any]:
    """A document without its content."""
    return {
        **{field: value or None for field, value in zip(CUSTOM, row.custom, strict=True)},
        "customerId": row.customer_id,
        "documentId": row.id,
        "documentName": row.name or None,
        "documentType": row.document_type,
        "downloadUrl": f"{tx.shop.site_url.rstrip('/')}/customerDocument/download/{row.customer_id}/{row.id}",
        "externalAccountId": row.external_account_id,
        "reasonType": row.reason_type,
        "status": row.status,
        "tag": row.tag,
    }


def _tagged(tx: Tx, asked: Asked, customer_id: int) -> DocumentRow | None:
    for tag in asked.spellings("tag", place=1):
        row = find_document_by_tag(tx, customer_id, tag)
        if row is not None:
            return row
    return None


def _takes(types: tuple[str, ...], reasons: tuple[str, ...]) -> tuple[Any, ...]:
    content: Schema = {**TEXT, "format": "byte"}
    return (
        needed("customerId", ID), needed("documentType", one_of(types)), given("documentName", text(NAME_MAX)),
        needed("documentContent", content, "Up to 10 MB of PDF, JPEG, GIF, PNG or HEIC in base64."),
        given("reasonType", one_of(reasons)), given("tag", TAG), *(given(name, text(CUSTOM_MAX)) for name in CUSTOM),
    )  # fmt: skip


FILING = (60001, 60002, 60004, REQUIRED, 62701, 62702, 62703, 62704, 62705, BODY, VALUE)
CALLS = (
    writing(
        "customerDocument/upload", upload, prepare=uploaded, oversize=BODY, shows=DOCUMENT_ID, codes=FILING,
        takes=_takes(CUSTOMER_DOCUMENTS, CUSTOMER_REASONS), text="File a document of a customer",
    ),
    writing(
        "externalAccountDocument/upload", upload_external, prepare=uploaded, oversize=BODY, shows=DOCUMENT_ID,
        takes=(needed("externalAccountId", ID), *_takes(EXTERNAL_DOCUMENTS, EXTERNAL_REASONS)),
        codes=(*FILING, 62707), text="File a document of an account at another bank",
    ),
    writing(
        "customerDocument/updateStatus", update_status, needs="document_status", shows=DOCUMENT_ID,
        takes=(needed("customerId", ID), needed("documentId", ID), needed("status", one_of(DOCUMENT_STATUSES))),
        codes=(60001, REQUIRED, 154201, 199700, 199701, 199702), text="Decide about a document",
    ),
    reading(
        "customerDocument/list", list_all, takes=(placed("customerId"),), shows=a_list(DOCUMENT), codes=(60001,),
        text="List a customer's documents",
    ),
    reading(
        "customerDocument/get", get, takes=(placed("customerId"), placed("documentId")), shows=DOCUMENT,
        codes=(60001, VALUE), text="Show a document",
    ),
    reading(
        "customerDocument/getByTag", get_by_tag, shows=DOCUMENT, text="Find a document by its tag",
        takes=(placed("customerId"), placed("tag", TAG, is_required=False), queried("tag", TAG)),
    ),
    reading(
        "customerDocument/download", download, takes=(placed("customerId"), placed("documentId")), shows=FILE_CONTENT,
        codes=(60001, VALUE), text="Download a document",
    ),
)  # fmt: skip
