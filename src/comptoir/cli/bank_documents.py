"""Commands on documents: what customers sent and the bank decides about, and what the bank publishes for them."""

from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comptoir.cli.desk import MISUSED, Desk, command, operator_at_the_desk

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from comptoir.domain.banking.documents.queries import DocumentRow

DocumentId = Annotated[int, typer.Argument(help="The document's number.")]
Status = Annotated[str, typer.Option(help="inReview, approved or rejected.")]
Limit = Annotated[int, typer.Option(help="How many at most, the oldest first.", min=1, max=10_000)]
Target = Annotated[Path, typer.Argument(help="Where the file goes; one that is there is not overwritten.")]
Approved = Annotated[bool, typer.Option("--approved", help="It is what it should be.")]
Rejected = Annotated[bool, typer.Option("--rejected", help="It is not.")]
Type = Annotated[str, typer.Argument(help="Such as eStatement, PrivacyPolicy or TermsAndConditions.")]
File = Annotated[Path, typer.Argument(help="The document as PDF.")]
Title = Annotated[str, typer.Option(help="What it is called.")]
Culture = Annotated[str, typer.Option(help="The language it is in, such as en-US or es-US.")]
Html = Annotated[Path | None, typer.Option(help="The same as a part of an HTML page, to be shown in place.")]
DAYS = ["%Y-%m-%d"]
Effective = Annotated[datetime | None, typer.Option(formats=DAYS, help="The first day on which it holds.")]
Expires = Annotated[
    datetime | None, typer.Option(formats=DAYS, help="The first day on which it holds no more.")
]
COLUMNS = ("id", "customer_id", "document_type", "reason_type", "name", "status", "created_at")
PUBLISHED = ("id", "document_type", "culture", "title", "effective_at", "expires_at")
# Papers of people: whoever wrote them out may read them.
OWNER_ONLY = 0o600


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="Documents of customers: list, write, decide; and of the bank: publish, withdraw, published.",
        no_args_is_help=True,
    )
    command(group, "list")(list_all)
    command(group, "write")(write)
    command(group, "decide")(decide)
    command(group, "published")(published)
    command(group, "publish")(publish)
    command(group, "withdraw")(withdraw)
    app.add_typer(group, name="documents")


def list_all(desk: Desk, *, status: Status = "inReview", limit: Limit = 200) -> None:
    """Documents that customers sent, by what was decided about them."""
    from comptoir.domain.banking.documents.kinds import DOCUMENT_STATUSES, spelt
    from comptoir.domain.banking.documents.queries import list_documents_with

    known = spelt(status, DOCUMENT_STATUSES)
    if known is None:
        desk.refuse(f"--status is one of {', '.join(DOCUMENT_STATUSES)}", MISUSED)
    with desk.opened() as home:
        rows = home.shop.read(lambda tx: list_documents_with(tx, status=known, limit=limit))
    desk.tell_table([_told(row, COLUMNS) for row in rows], COLUMNS, "There are no such documents.")


def write(desk: Desk, document_id: DocumentId, file: Target) -> None:
    """Write a customer's document into a file, to look at it."""
    from comptoir.domain.banking.documents.contents import Contents
    from comptoir.domain.banking.documents.queries import get_any_document

    with desk.opened() as home:
        row = home.shop.read(lambda tx: get_any_document(tx, document_id))
        content = Contents(home.media, home.secret).get(row.id, row.digest)
    try:
        with file.open("xb") as opened:
            file.chmod(OWNER_ONLY)
            opened.write(content)
    except OSError as error:
        desk.refuse(f"{file} cannot be written: {error.strerror}", MISUSED)
    told = {"id": row.id, "file": str(file), "content_type": row.content_type, "byte_size": row.byte_size}
    desk.tell(told, [f"Document {row.id} is in {file} ({row.content_type})."])


def decide(
    desk: Desk, document_id: DocumentId, *, approved: Approved = False, rejected: Rejected = False
) -> None:
    """Say what the bank decided about a document in review; it stays so."""
    from comptoir.domain.banking.documents.filing import decide_document
    from comptoir.domain.banking.documents.kinds import APPROVED, REJECTED
    from comptoir.domain.banking.documents.queries import get_any_document

    if approved == rejected:
        desk.refuse("say one of --approved and --rejected", MISUSED)
    status = APPROVED if approved else REJECTED
    with desk.opened() as home:
        row = home.shop.read(lambda tx: get_any_document(tx, document_id))
        customer_id = row.customer_id or 0
        home.shop.write(
            lambda tx: decide_document(tx, customer_id=customer_id, document_id=document_id, status=status),
            operator_at_the_desk(),
        )
    desk.tell({"id": document_id, "status": status}, [f"Document {document_id} is {status}."])


def published(desk: Desk) -> None:
    """What the bank published, also what holds not yet or no more."""
    from comptoir.domain.banking.documents.queries import list_all_disclosures

    with desk.opened() as home:
        rows = home.shop.read(list_all_disclosures)
    desk.tell_table([_told(row, PUBLISHED) for row in rows], PUBLISHED, "Nothing is published yet.")


def publish(
    desk: Desk,
    type: Type,
    file: File,
    *,
    title: Title,
    culture: Culture = "en-US",
    html: Html = None,
    effective: Effective = None,
    expires: Expires = None,
) -> None:
    """Publish a document that customers are to accept."""
    from comptoir.domain.banking.documents.contents import Contents
    from comptoir.domain.banking.documents.disclosures import publish_disclosure
    from comptoir.domain.banking.program.queries import get_program

    try:
        content, words = file.read_bytes(), "" if html is None else html.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        desk.refuse(f"the file cannot be read: {error}", MISUSED)
    with desk.opened() as home:
        stored = Contents(home.media, home.secret).put(content, file.name)
        zone = home.shop.read(get_program).zone
        document_id = home.shop.write(
            lambda tx: publish_disclosure(
                tx,
                document_type=type,
                title=title,
                file=stored,
                culture=culture,
                html=words,
                effective_at=_midnight(effective, zone),
                expires_at=_midnight(expires, zone),
            ),
            operator_at_the_desk(),
        )
    desk.tell({"id": document_id}, [f"It is document {document_id}."])


def withdraw(desk: Desk, document_id: DocumentId) -> None:
    """Let a document of the bank hold no longer."""
    from comptoir.domain.banking.documents.disclosures import withdraw_disclosure

    with desk.opened() as home:
        home.shop.write(lambda tx: withdraw_disclosure(tx, document_id), operator_at_the_desk())
    desk.tell({"id": document_id}, [f"Document {document_id} holds no longer."])


def _midnight(day: datetime | None, zone: "ZoneInfo") -> datetime | None:
    return None if day is None else datetime.combine(day.date(), time.min, zone)


def _told(row: "DocumentRow", columns: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in columns}
