"""Import and export: a file is looked through first, then taken in; records are given out as files."""

from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.console import kinds
from comptoir.console.asking import Upload
from comptoir.console.cells import Cell, badge, text, when
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, Sort, listed, written
from comptoir.console.places import address_of
from comptoir.console.tasks import OPENED, TOLD, seen_task, show_task
from comptoir.console.visits import Act, Answer, Gone, Page, Sent, Shown, Visit
from comptoir.domain.errors import Invalid
from comptoir.domain.exchange.tables import KINDS, kind_named
from comptoir.domain.identity.errors import ScopeMissing
from comptoir.domain.identity.permissions import (
    BOOKS,
    CATALOGUE,
    CHANGE,
    CUSTOMERS,
    FILES,
    SALES,
    SEE,
    SETTINGS,
)
from comptoir.domain.tasks.actions import Source, ask_task
from comptoir.domain.tasks.models import DONE, Task
from comptoir.domain.tasks.queries import TaskRow
from comptoir.storage.reading import Filter, Target

PREVIEW, IMPORT, EXPORT = "preview", "import", "export"
EVERYTHING = "everything"
SNIFFED = 4_096
NAME_LETTERS = 120
# Whose records a kind holds: whoever takes them in must be allowed to change them, whoever gives them out to see them.
AREAS = {
    "brands": CATALOGUE, "categories": CATALOGUE, "custom_fields": CATALOGUE, "options": CATALOGUE,
    "products": CATALOGUE, "product_terms": CATALOGUE, "variants": CATALOGUE, "pricings": CATALOGUE,
    "coupons": CATALOGUE, "assets": CATALOGUE, "warehouses": CATALOGUE, "stock": CATALOGUE,
    "customers": CUSTOMERS, "groups": CUSTOMERS, "notifications": CUSTOMERS,
    "merchant": SETTINGS, "exchange_rates": SETTINGS, "tax_rates": SETTINGS, "shipping_methods": SETTINGS,
    "orders": SALES, "payments": SALES, "order_logs": SALES, "refunds": SALES, "invoices": SALES,
    "order_comments": SALES, "subscriptions": SALES, "subscription_users": SALES, "recurring_items": SALES,
    "payment_methods": SALES, "chargebacks": SALES, "payouts": BOOKS,
}  # fmt: skip


def kinds_for(visit: Visit, mode: str) -> list[tuple[str, str]]:
    """The kinds that this operator may take in or give out."""
    return [
        (name, name.replace("_", " ").capitalize())
        for name in KINDS
        if visit.may(FILES) and visit.may(AREAS[name], mode)
    ]


def for_export(visit: Visit) -> list[tuple[str, str]]:
    """The kinds, and all of them in one archive for whoever may see all."""
    found = kinds_for(visit, SEE)
    return [*found, (EVERYTHING, "Everything, as an archive")] if len(found) == len(KINDS) else found


FORMATS = {"csv": "CSV, for spreadsheets", "jsonl": "JSON Lines"}
UPLOAD = Form(
    "upload",
    (
        Field(
            "kind", "What the file holds", kinds.choice(lambda visit: kinds_for(visit, CHANGE)), required=True
        ),
        Field(
            "file",
            "File",
            kinds.FILE,
            required=True,
            hint="CSV or JSON Lines in UTF-8, up to 64 MB; the first row of a CSV file names the fields.",
        ),
    ),
    button="Look it through",
)
GIVING = Form(
    "export",
    (
        Field("kind", "What to give out", kinds.choice(for_export), required=True),
        Field(
            "format",
            "As",
            kinds.choice(FORMATS),
            required=True,
            hint="Texts stand in it as they are: let a spreadsheet take every column for text, not for formulas.",
        ),
    ),
    button="Export",
)
FILE_TASKS = Listing(
    "file-tasks",
    "Imports and exports",
    "/tasks",
    Task,
    columns=(
        text("Task", Task.title),
        badge("State", Task.state),
        text("Asked by", Task.operator),
        when("Asked", Task.asked_at),
    ),
    sorts=(Sort("newest", "newest first", Task.id, falls=True),),
    empty="Nothing was imported or exported here yet.",
)
OF_FILES = Filter(Target(Task.kind, "text"), "in", (PREVIEW, IMPORT, EXPORT))


def show_files(visit: Visit) -> Answer:
    """The ways in and out, and what went them."""
    may = visit.may(FILES)
    return Shown(
        "files.html",
        {
            **listed(visit, FILE_TASKS, (OF_FILES,)),
            "uploading": UPLOAD.filled(visit, address_of("/files/upload")) if may else None,
            "giving": GIVING.filled(visit, address_of("/files/export"), {"format": "csv"}) if may else None,
        },
    )


def show_fields(visit: Visit) -> Answer:
    """What stands in a file of each kind that the operator may take in or give out."""
    seen = dict(kinds_for(visit, SEE))
    told = [
        (
            title,
            address_of(f"/files/fields/{name}"),
            [
                [
                    Cell(one.name),
                    Cell(one.codec.name),
                    Cell("must be given" if one.name in KINDS[name].required else ""),
                ]
                for one in KINDS[name].all_fields
            ],
        )
        for name, title in seen.items()
    ]
    return Shown("file_fields.html", {"told": told, "way": [("Import and export", address_of("/files"))]})


def show_header(visit: Visit) -> Answer:
    """An empty file of a kind: the row that names its fields. Refuses: UnknownKind."""
    kind = kind_named(str(visit.ids["kind"]))
    return Sent(
        "text/csv; charset=utf-8", written([[one.name for one in kind.all_fields]]), f"{kind.name}.csv"
    )


def upload(visit: Visit) -> Answer:
    """Keep a file, and ask for it to be looked through. Refuses: Problems, Invalid (kind, file)."""
    typed = visit.read(lambda tx: _typed(visit, tx))
    file: Upload = typed["file"]
    form = sniffed(file)
    source = Source(visit.home.media.put(file.content), name_of(file))
    task_id = visit.write(
        lambda tx: ask_task(
            tx,
            kind=PREVIEW,
            title=f"Look through {source.name}",
            arguments={"kind": typed["kind"], "format": form},
            source=source,
        )
    )
    return Gone(address_of(f"/tasks/{task_id}"))


def _typed(visit: Visit, tx: Any) -> dict[str, Any]:
    visit.inside(tx)
    try:
        return UPLOAD.read(visit)
    finally:
        visit.leave()


def take_in(visit: Visit) -> Answer:
    """Ask for a file to be taken in that was looked through. Refuses: TaskNotFound, ScopeMissing, Invalid."""
    task = seen_task(visit, CHANGE)
    kind = str(task.arguments.get("kind"))
    area = AREAS.get(kind, "")
    if not visit.may(area):
        raise ScopeMissing(f"{area}:{CHANGE}")
    if task.kind != PREVIEW or task.state != DONE or task.source_digest is None:
        raise Invalid("file", "was not looked through, or is no longer kept: upload it again")
    task_id = ask_task(
        visit.tx,
        kind=IMPORT,
        title=f"Import {kind.replace('_', ' ')} from {task.source_name}",
        arguments=task.arguments,
        source=Source(task.source_digest, task.source_name),
        total=int((task.result or {}).get("rows", 0)),
    )
    return Gone(address_of(f"/tasks/{task_id}"))


def give_out(visit: Visit) -> Answer:
    """Ask for a file of records. Refuses: Problems."""
    typed = GIVING.read(visit)
    task_id = ask_task(
        visit.tx, kind=EXPORT, title=f"Export {typed['kind'].replace('_', ' ')}", arguments=typed
    )
    return Gone(address_of(f"/tasks/{task_id}"))


def sniffed(file: Upload) -> str:
    """Which format a file has, by what is in it. Refuses: Invalid (file)."""
    head = file.content[:SNIFFED].removeprefix(b"\xef\xbb\xbf")
    if not head.strip():
        raise Invalid("file", "is empty")
    if head.startswith((b"PK", b"\x1f\x8b")):
        raise Invalid(
            "file", "is an archive or a spreadsheet's own format: save it as CSV, or unpack it first"
        )
    if b"\0" in head:
        raise Invalid("file", "is no text in UTF-8: save it as UTF-8 CSV or JSON Lines")
    return "jsonl" if head.lstrip()[:1] == b"{" else "csv"


def name_of(file: Upload) -> str:
    """A file's name as it may be kept: its end, without what no name has."""
    name = "".join(
        letter for letter in file.name.replace("\\", "/").rpartition("/")[2] if letter.isprintable()
    )
    return name.encode(errors="ignore").decode()[-NAME_LETTERS:] or "file"


def _told_of_rows(visit: Visit, task: TaskRow) -> Mapping[str, Any]:
    result = task.result or {}
    kind = str(task.arguments.get("kind"))
    may = visit.may(FILES) and visit.may(AREAS.get(kind, ""))
    is_ready = task.kind == PREVIEW and task.state == DONE and task.source_digest is not None
    return {
        "part": "task_rows.html",
        "kind": kind.replace("_", " "),
        "report": result,
        "is_preview": task.kind == PREVIEW,
        "mistakes": [_mistake(row) for row in result.get("refused", ())],
        "may_import": may and is_ready and _brings(result),
    }


def _brings(result: Mapping[str, Any]) -> bool:
    """Whether an import would bring something, as far as the file was tried."""
    return bool(result.get("created", 0) or result.get("rows", 0) > result.get("tried", 0))


def _mistake(row: Sequence[Any]) -> list[Cell]:
    number, line, key, field, problem = row
    return [
        Cell(f"{number:,}", "number"),
        Cell(f"{line:,}", "number"),
        Cell("" if key is None else str(key)),
        Cell(field),
        Cell(problem),
    ]


def _told_of_export(_visit: Visit, task: TaskRow) -> Mapping[str, Any]:
    return {"part": "task_counts.html", "counts": (task.result or {}).get("counts", {})}


def _may_open(visit: Visit, task: TaskRow) -> bool:
    """Whether the operator may see the records that a task's file is about."""
    kind = str(task.arguments.get("kind"))
    areas = AREAS.values() if kind == EVERYTHING else (AREAS.get(kind, ""),)
    return all(visit.may(area, SEE) for area in areas)


TOLD |= {PREVIEW: _told_of_rows, IMPORT: _told_of_rows, EXPORT: _told_of_export}
OPENED |= dict.fromkeys((PREVIEW, IMPORT, EXPORT), _may_open)
PAGES = (
    Page("/files", show_files, FILES),
    Page("/files/fields", show_fields, FILES),
    Page("/files/fields/{kind}", show_header, FILES),
    Act("/files/upload", upload, FILES, show_files, alone=True),
    Act("/files/export", give_out, FILES, show_files),
    Act("/tasks/{id:digits}/import", take_in, FILES, show_task),
)
