"""Files for tests: what a shop exports, what it makes of a text, and a second shop to take it."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from comptoir.domain.clock import Chance
from comptoir.domain.events.actions import flush
from comptoir.domain.exchange.exporting import export_kind
from comptoir.domain.exchange.formats import FileFormat
from comptoir.domain.exchange.importing import ImportReport, import_kind
from comptoir.domain.exchange.tables import KINDS
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW
from tests.engines import Engines


def exported(shop: OpenShop, name: str, file_format: FileFormat = "jsonl") -> bytes:
    """The file of one kind."""
    sink = io.BytesIO()
    shop.read(lambda tx: export_kind(tx, KINDS[name], sink, file_format))
    return sink.getvalue()


def all_exported(shop: OpenShop, file_format: FileFormat = "jsonl") -> dict[str, bytes]:
    """The files of all kinds, at one moment."""

    def work(tx: Tx) -> dict[str, bytes]:
        files = {}
        for name, kind in KINDS.items():
            sink = io.BytesIO()
            export_kind(tx, kind, sink, file_format)
            files[name] = sink.getvalue()
        return files

    return shop.read(work)


def imported(
    shop: OpenShop, name: str, rows: bytes | str | Sequence[Mapping[str, Any]], **options: Any
) -> ImportReport:
    """What the shop makes of a file, given as it is or as rows."""
    if isinstance(rows, str):
        rows = rows.encode()
    if not isinstance(rows, bytes):
        rows = "".join(json.dumps(row) + "\n" for row in rows).encode()
    return import_kind(shop, KINDS[name], io.BytesIO(rows), **options)


def all_imported(shop: OpenShop, files: Mapping[str, bytes], file_format: FileFormat, **options: Any) -> None:
    """Take all files; nothing may be refused."""
    for name, content in files.items():
        report = imported(shop, name, content, file_format=file_format, **options)
        assert report.refused == [], (name, report.refused[:3])
        assert report.is_complete
        assert report.resume_at == report.read


def rows_of(shop: OpenShop, name: str) -> list[dict[str, Any]]:
    """The rows of a kind, as the file has them."""
    return [json.loads(line) for line in exported(shop, name).splitlines()]


@contextmanager
def fresh_shop(engines: Engines, engine: str, folder: Path, seed: int = 11) -> Iterator[OpenShop]:
    """Another shop, with nothing in it."""
    folder.mkdir()
    database = engines.fresh(engine, folder)
    try:
        yield OpenShop("other", database, flush, system=lambda: NOW, chance=Chance(seed=seed))
    finally:
        engines.drop(database)
