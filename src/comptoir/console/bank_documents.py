"""Documents: those that customers sent, which the bank decides about, and those that it publishes for them."""

from datetime import datetime, time
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank_choices import CUSTOMER, TAG, line
from comptoir.console.bank_parts import (
    Button,
    Fact,
    Leaf,
    Section,
    Way,
    at,
    customer_by,
    fact,
    moment,
    page,
    state,
    thing,
    to,
)
from comptoir.console.bank_statements import typed_alone
from comptoir.console.cells import Cell, Column, badge, number, text, when
from comptoir.console.filters import (
    UNFINDABLE,
    Asking,
    Input,
    Narrowing,
    Query,
    choice,
    contains,
    exactly,
    findable,
    value_of,
)
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, listed, newest_first, show_list
from comptoir.console.places import address_of, link_to
from comptoir.console.visits import Act, Answer, Gone, Page, Sent, Shown, Visit
from comptoir.domain.banking.beside import names_of, owners_of_documents
from comptoir.domain.banking.documents.contents import Contents, StoredFile
from comptoir.domain.banking.documents.disclosures import publish_disclosure, withdraw_disclosure
from comptoir.domain.banking.documents.errors import FileRefused
from comptoir.domain.banking.documents.filing import (
    CUSTOM_FIELDS,
    decide_document,
    file_document,
    refuse_unfit,
)
from comptoir.domain.banking.documents.kinds import (
    APPROVED,
    CUSTOMER_DOCUMENTS,
    CUSTOMER_REASONS,
    DISCLOSURES,
    DOCUMENT_STATUSES,
    IN_REVIEW,
    REJECTED,
)
from comptoir.domain.banking.documents.models import OF_BANK, BankDocument
from comptoir.domain.banking.documents.queries import (
    DocumentRow,
    get_any_document,
    get_disclosure,
    ids_tagged,
    list_disclosures,
)
from comptoir.domain.banking.documents.sniffing import FILE_KINDS
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.errors import Invalid, NotFound
from comptoir.domain.identity.permissions import BANK, CHANGE, require
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Filter, Target

PATH = "/bank/documents"
WAY = [("Documents", address_of(PATH))]
BYTES_MAX = 10 * 2**20
CUSTOM_MAX, OWN = 50, range(1, CUSTOM_FIELDS + 1)
OF = {"customer": "a customer", "external_account": "an external account", OF_BANK: "the bank"}
ENDINGS = {kind.content_type: kind.extensions[0] for kind in FILE_KINDS}
CULTURES = {"en-US": "English", "es-US": "Spanish"}
BY_ID = Target(BankDocument.id, "number")


def asked_tag(query: Query, _shop: ShopFacts) -> Asking:
    """Nothing is asked for, or something that no tag is."""
    value = value_of(query, "tag")
    shown = (Input("tag", "Tag", value=value),)
    return Asking(shown, (Filter(BY_ID, "never"),), f"Tag: {UNFINDABLE}") if value else Asking(shown)


def look_tag_up(tx: Tx, query: Query) -> Asking | None:
    """The documents with a tag: few, and found by it at once."""
    value = value_of(query, "tag")
    try:
        ids = ids_tagged(tx, findable(value)) if value else None
    except ValueError:
        return None
    if ids is None:
        return None
    return Asking(
        (Input("tag", "Tag", value=value),),
        (Filter(BY_ID, "in", tuple(ids)) if ids else Filter(BY_ID, "never"),),
    )


DOCUMENTS = Listing(
    "bank-documents",
    "Documents",
    PATH,
    BankDocument,
    columns=(
        Column(
            "Document",
            lambda row, _shop: Cell(row[0] or row[1] or row[2]),
            (BankDocument.title, BankDocument.name, BankDocument.document_type),
        ),
        text("Type", BankDocument.document_type),
        badge("Of", BankDocument.kind),
        badge("Status", BankDocument.status),
        number("Bytes", BankDocument.byte_size),
        when("Since", BankDocument.created_at),
    ),
    sorts=newest_first(BankDocument.id),
    filters=(
        choice("status", "Status", BankDocument.status, DOCUMENT_STATUSES),
        choice("of", "Of", BankDocument.kind, OF),
        contains("name", "Name", BankDocument.name),
        Narrowing("tag", asked_tag, look_tag_up),
        choice("type", "Type", BankDocument.document_type, sorted({*CUSTOMER_DOCUMENTS, *DISCLOSURES})),
        choice("language", "Language", BankDocument.culture, CULTURES),
        exactly("customer", "Customer no.", BankDocument.customer_id),
        exactly("external", "External account no.", BankDocument.external_account_id),
    ),
    area=BANK,
    make="File a document",
    ways=(("What customers accept now", f"{PATH}/now"),),
    more_titles=("Customer",),
    more=customer_by(owners_of_documents),
)
FILE_FORM = Form(
    "new",
    (
        Field("customer_id", "Customer", CUSTOMER, required=True, hint="Name, e-mail or number at the bank."),
        Field(
            "external_account_id",
            "About an external account",
            kinds.INTEGER,
            hint="Its number, if it is about one.",
        ),
        Field("document_type", "Type", kinds.choice(CUSTOMER_DOCUMENTS), required=True),
        Field("reason_type", "Why", kinds.choice(CUSTOMER_REASONS)),
        Field("name", "Name", line()),
        Field("tag", "Tag", TAG),
        *(Field(f"custom{one}", f"Own field {one}", line(CUSTOM_MAX), group="Own fields") for one in OWN),
        Field("file", "File", kinds.FILE, required=True, hint="PDF, JPEG, PNG, GIF or HEIC, up to 10 MB."),
    ),
    "File it",
)
PUBLISH = Form(
    "publish",
    (
        Field("document_type", "Type", kinds.choice(DISCLOSURES), required=True),
        Field("title", "Title", line(), required=True),
        Field("culture", "Language", kinds.choice(CULTURES), required=True),
        Field("effective_on", "Holds from", kinds.DAY),
        Field("expires_on", "until the beginning of", kinds.DAY),
        Field("file", "File", kinds.FILE, required=True, hint="A PDF, up to 10 MB."),
    ),
    "Publish it",
)


def show_documents(visit: Visit) -> Answer:
    """The list."""
    if visit.asked.said("format") == "csv":
        return show_list(DOCUMENTS)(visit)
    return Shown("bank_documents.html", listed(visit, DOCUMENTS))


def show_new(visit: Visit) -> Answer:
    """The form; `?customer=` says for whom."""
    customer = kinds.record_number(visit.asked.said("customer"))
    filled = FILE_FORM.filled(visit, address_of(f"{PATH}/new"), {"customer_id": customer})
    return Shown("form.html", {"title": "File a document", "way": WAY, "filled": filled})


def show_now(visit: Visit) -> Answer:
    """What customers have to accept now, by language."""
    leaf = Leaf("What customers accept now", WAY)
    get_program(visit.tx)
    for culture, language in CULTURES.items():
        rows = [
            [
                to("bank_document", one.id, one.title), Cell(one.document_type), at(visit.shop, one.effective_at),
                at(visit.shop, one.expires_at),
            ]
            for one in list_disclosures(visit.tx, culture=culture)
        ]  # fmt: skip
        titles = ("Document", "Type", "Holds from", "until")
        leaf.sections.append(Section(language, titles=titles, rows=rows, empty="Nothing is published."))
    return page(visit, leaf)


def show_publish(visit: Visit) -> Answer:
    """The form of a document that customers are to accept."""
    filled = PUBLISH.filled(visit, address_of(f"{PATH}/publish"), {"culture": "en-US"})
    return Shown("form.html", {"title": "Publish a document", "way": WAY, "filled": filled})


def contents(visit: Visit) -> Contents:
    """Where documents are kept, sealed."""
    return Contents(visit.home.media, visit.home.secret)


def kept(visit: Visit, typed: dict[str, Any]) -> StoredFile:
    """Keep what was uploaded; a file that nothing points at is swept away. Refuses: Invalid (file)."""
    upload = typed["file"]
    if len(upload.content) > BYTES_MAX:
        raise Invalid("file", f"is larger than {BYTES_MAX // 2**20} MB")
    try:
        return contents(visit).put(upload.content, upload.name)
    except FileRefused as error:
        raise Invalid("file", error.problem) from error


def make(visit: Visit) -> Answer:
    """File one: looked at first, so that nothing is kept for nobody."""
    typed = visit.read(lambda tx: _fit(visit, tx))
    file = kept(visit, typed)
    said: dict[str, Any] = {name: value for name, value in typed.items() if name != "file"}
    said["custom"] = [said.pop(f"custom{one}") for one in OWN]
    said["name"] = said["name"] or str(typed["file"].name)[:255]
    made = visit.write(lambda tx: file_document(tx, **said, file=file))
    return Gone(address_of(f"{PATH}/{made}"), "The document was filed.")


def _fit(visit: Visit, tx: Tx) -> dict[str, Any]:
    typed = typed_alone(visit, tx, FILE_FORM)
    refuse_unfit(tx, typed["customer_id"], typed["external_account_id"])
    return typed


def publish(visit: Visit) -> Answer:
    """Publish one that customers are to accept."""
    typed = visit.read(lambda tx: typed_alone(visit, tx, PUBLISH))
    zone = visit.read(get_program).zone
    file = kept(visit, typed)
    said: dict[str, Any] = {
        f"{name}_at": None
        if typed[f"{name}_on"] is None
        else datetime.combine(typed[f"{name}_on"], time(), zone)
        for name in ("effective", "expires")
    }
    said |= {name: typed[name] for name in ("document_type", "title", "culture")}
    made = visit.write(lambda tx: publish_disclosure(tx, **said, file=file))
    return Gone(address_of(f"{PATH}/{made}"), "The document was published.")


def show_document(visit: Visit) -> Answer:
    """One document, of a customer or of the bank."""
    row = found(visit)
    leaf = Leaf(row.title or row.name or row.document_type, WAY, facts_of(visit, row))
    leaf.subject = ("bank_document", row.id)
    if visit.may(BANK) or row.kind == OF_BANK:
        leaf.ways = [Way("Download", address_of(f"{PATH}/{row.id}/download"))]
    if visit.may(BANK):
        leaf.buttons = buttons_of(row)
    return page(visit, leaf)


def found(visit: Visit) -> DocumentRow:
    """The document of the page. Refuses: DocumentNotFound."""
    try:
        return get_any_document(visit.tx, visit.id)
    except NotFound:
        return get_disclosure(visit.tx, visit.id)


def facts_of(visit: Visit, row: DocumentRow) -> list[Fact]:
    """What is known of it."""
    shop, names = visit.shop, names_of(visit.tx, [row.customer_id])
    facts = [
        state("Status", row.status), fact("Type", row.document_type), fact("Of", OF.get(row.kind, row.kind)),
        fact("Why", row.reason_type), fact("Name", row.name), fact("Language", row.culture), fact("Tag", row.tag),
        fact("Own fields", ", ".join(filter(None, row.custom))), fact("Kind of file", row.content_type),
        fact("Bytes", f"{row.byte_size:,}"),
        moment(shop, "Since", row.created_at), moment(shop, "Holds from", row.effective_at),
        moment(shop, "Holds until", row.expires_at), moment(shop, "Kept until", row.keep_until),
        fact("External account", row.external_account_id, link_to("external_account", row.external_account_id)),
    ]  # fmt: skip
    if row.customer_id in names:
        facts.insert(1, thing("Customer", "bank_customer", row.customer_id, names[row.customer_id or 0].text))
    return facts


def buttons_of(row: DocumentRow) -> list[Button]:
    """What is decided about it."""
    path = f"{PATH}/{row.id}"
    if row.kind == OF_BANK:
        return [Button(f"{path}/withdraw", "Withdraw", confirm="Let it hold no longer?", is_danger=True)]
    if row.status != IN_REVIEW:
        return []
    return [Button(f"{path}/approve", "Approve"), Button(f"{path}/reject", "Reject", is_danger=True)]


def download(visit: Visit) -> Answer:
    """The file, to keep: never shown in place, whatever it is; a customer's own papers for those who decide on them.

    Refuses: DocumentNotFound, ScopeMissing, ContentForgotten.
    """
    row = found(visit)
    if row.kind != OF_BANK:
        require(visit.actor, BANK, CHANGE)
    ending = ENDINGS.get(row.content_type, "bin")
    content = contents(visit).get(row.id, row.digest)
    return Sent(row.content_type, content, f"document-{row.id}.{ending}")


def approve(visit: Visit) -> Answer:
    """Say that it is what it should be."""
    return _decide(visit, APPROVED)


def reject(visit: Visit) -> Answer:
    """Say that it is not."""
    return _decide(visit, REJECTED)


def _decide(visit: Visit, status: str) -> Answer:
    customer_id = get_any_document(visit.tx, visit.id).customer_id or 0
    decide_document(visit.tx, customer_id=customer_id, document_id=visit.id, status=status)
    return Gone(address_of(f"{PATH}/{visit.id}"), f"The document is {status}.")


def withdraw(visit: Visit) -> Answer:
    """Let a document of the bank hold no longer."""
    withdraw_disclosure(visit.tx, visit.id)
    return Gone(address_of(f"{PATH}/{visit.id}"), "The document holds no longer.")


ONE = f"{PATH}/{{id:digits}}"
PAGES = (
    Page(PATH, show_documents, BANK),
    Page(f"{PATH}/now", show_now, BANK),
    Page(f"{PATH}/new", show_new, BANK),
    Act(f"{PATH}/new", make, BANK, show_new, alone=True),
    Page(f"{PATH}/publish", show_publish, BANK),
    Act(f"{PATH}/publish", publish, BANK, show_publish, alone=True),
    Page(ONE, show_document, BANK),
    Page(f"{ONE}/download", download, BANK),
    Act(f"{ONE}/approve", approve, BANK, show_document),
    Act(f"{ONE}/reject", reject, BANK, show_document),
    Act(f"{ONE}/withdraw", withdraw, BANK, show_document),
)
