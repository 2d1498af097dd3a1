"""JSON Lines and CSV, read and written row by row.

Both are UTF-8; a byte order mark and either line end are taken. In CSV the first row names the fields. A
cell holds a text as it is, a scalar as a word, lists and objects as JSON. An empty cell is the empty text in
a text field; in any other it is null where the field may be null, or else nothing at all. In a text field
that may be null, an empty text and one that begins with a quote are written as JSON.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, Literal, TypeAlias, get_args

import msgspec

from comptoir.domain.exchange.codecs import Codec, decode_json
from comptoir.domain.exchange.errors import UnreadableFile
from comptoir.domain.exchange.kinds import Kind, Values

FileFormat: TypeAlias = Literal["jsonl", "csv"]
FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)
LINE_MAX = 1 << 24
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
BROKEN = "cannot be read from here on"

# One cell may hold all lines of an order; the module's own limit is smaller than one long text.
csv.field_size_limit(LINE_MAX)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a file, counted from 1, and the line on which it begins; or what is wrong with it."""

    number: int
    line: int
    raw: Values
    problem: str = ""
    is_last: bool = False


class BrokenFile(Exception):
    """The file cannot be read any further."""


def read_rows(kind: Kind, source: BinaryIO, file_format: FileFormat) -> Iterator[SourceRow]:
    """The rows of a file. What breaks the file is told in place of the row at which it breaks.

    Refuses: UnreadableFile (the header of a CSV file).
    """
    lines = _Lines(source)
    if file_format == "csv":
        rows = csv.reader(iter(lines), strict=True)
        fields = _header(kind, rows)
        return _csv_rows(fields, rows, lines)
    return _json_rows(lines)


class _Lines:
    """The lines of a file as text, with their ends, counted."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._source.readline(LINE_MAX + 1):
            self.count += 1
            if len(line) > LINE_MAX:
                raise BrokenFile(f"line {self.count} is longer than {LINE_MAX} bytes")
            if self.count == 1:
                line = line.removeprefix(BYTE_ORDER_MARK)
            yield self._text(line)

    def _text(self, line: bytes) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            place = f"byte {error.start + 1} of line {self.count} is 0x{line[error.start]:02x}"
            raise BrokenFile(f"{place}, which is no UTF-8; save the file as UTF-8") from None


def _json_rows(lines: _Lines) -> Iterator[SourceRow]:
    number = 0
    try:
        for line in lines:
            if not line.strip():
                continue
            number += 1
            raw, problem = _object(line)
            yield SourceRow(number, lines.count, raw, problem)
    except BrokenFile as error:
        yield SourceRow(number + 1, lines.count, {}, f"{BROKEN}: {error}", is_last=True)


def _object(line: str) -> tuple[Values, str]:
    try:
        raw = decode_json(line)
    except ValueError as error:
        return {}, str(error)
    return (raw, "") if isinstance(raw, dict) else ({}, "is no JSON object")


def _header(kind: Kind, rows: Iterator[list[str]]) -> list[tuple[str, Codec]]:
    try:
        names = next(rows, [])
    except (csv.Error, BrokenFile) as error:
        raise UnreadableFile("header", str(error)) from None
    known = {one.name: one.codec for one in kind.all_fields}
    if not names:
        raise UnreadableFile("header", f"is missing; the first row names the fields: {', '.join(known)}")
    for name in names:
        if name not in known:
            raise UnreadableFile(name, f"is no field of {kind.name}; its fields are {', '.join(known)}")
        if names.count(name) > 1:
            raise UnreadableFile(name, "stands twice in the header")
    absent = [name for name in known if name in kind.required and name not in names]
    if absent:
        raise UnreadableFile(absent[0], "is missing in the header")
    return [(name, known[name]) for name in names]


def _csv_rows(
    fields: Sequence[tuple[str, Codec]], rows: Iterator[list[str]], lines: _Lines
) -> Iterator[SourceRow]:
    number = 0
    line = lines.count + 1
    try:
        for cells in rows:
            if cells:
                number += 1
                raw, problem = _cells(fields, cells)
                yield SourceRow(number, line, raw, problem)
            line = lines.count + 1
    except (csv.Error, BrokenFile) as error:
        yield SourceRow(number + 1, line, {}, f"{BROKEN}: {error}", is_last=True)


def _cells(fields: Sequence[tuple[str, Codec]], cells: list[str]) -> tuple[Values, str]:
    if len(cells) != len(fields):
        return {}, f"has {len(cells)} cells, the header names {len(fields)}"
    raw: Values = {}
    for (name, codec), cell in zip(fields, cells, strict=True):
        if codec.cell == "text":
            raw[name] = cell
        elif cell == "":
            if codec.is_nullable:
                raw[name] = None
        elif codec.cell == "word" or (codec.cell == "text or null" and cell[0] != '"'):
            raw[name] = cell
        else:
            try:
                raw[name] = decode_json(cell)
            except ValueError as error:
                return raw, f"{name} {error}"
    return raw, ""


class RowWriter:
    """Writes rows of a kind to a file."""

    def __init__(self, kind: Kind, sink: IO[bytes], file_format: FileFormat) -> None:
        self._sink = sink
        self._fields = kind.all_fields
        self._is_csv = file_format == "csv"
        if self._is_csv:
            self._csv = csv.writer(_Encoded(sink), lineterminator="\r\n")
            self._csv.writerow([one.name for one in kind.all_fields])

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows, whose values are as codecs dump them."""
        if self._is_csv:
            self._csv.writerows([_cell(row[one.name], one.codec) for one in self._fields] for row in rows)
        elif rows:
            self._sink.write(b"\n".join(map(msgspec.json.encode, rows)) + b"\n")


class _Encoded:
    """A text sink on top of a binary one, without any translation of line ends."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink

    def write(self, text: str) -> int:
        """Write text as UTF-8."""
        return self._sink.write(text.encode())


def _cell(value: Any, codec: Codec) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if codec.cell == "json" or (codec.cell == "text or null" and value[:1] in {"", '"'}):
        return msgspec.json.encode(value).decode()
    return value
