"""What a file is, told from how it begins; neither its name nor its label is believed."""

import re
from typing import NamedTuple

from comptoir.domain.banking.documents.errors import FileRefused

# A PDF may begin with other bytes, but not with many.
PDF_HEAD = 1024
PDF_MARK = re.compile(rb"%PDF-\d\.\d")
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
EXTENSION = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,4})$")


class FileKind(NamedTuple):
    """A kind of file that is taken, with the endings that its name may have."""

    content_type: str
    extensions: tuple[str, ...]


PDF = FileKind("application/pdf", ("pdf",))
JPEG = FileKind("image/jpeg", ("jpg", "jpeg"))
GIF = FileKind("image/gif", ("gif",))
PNG = FileKind("image/png", ("png",))
HEIC = FileKind("image/heic", ("heic", "heif"))
FILE_KINDS = (PDF, JPEG, GIF, PNG, HEIC)
TAKEN = ", ".join(f".{ending}" for kind in FILE_KINDS for ending in kind.extensions)


def sniff(content: bytes) -> FileKind | None:
    """The kind of a file by its content."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return HEIC
    # Last, and not when something else stands before it that a browser would take for a page or a program.
    head = content[:PDF_HEAD]
    mark = PDF_MARK.search(head)
    return PDF if mark is not None and not head[: mark.start()].strip(b"\0\t\n\f\r \xef\xbb\xbf") else None


def kind_of(content: bytes, name: str = "") -> FileKind:
    """The kind of a file that may be taken under this name. Refuses: FileRefused."""
    kind = sniff(content)
    if kind is None:
        raise FileRefused(f"is none of {TAKEN}")
    ending = EXTENSION.search(name.strip())
    if ending is not None and ending[1].lower() not in kind.extensions:
        raise FileRefused(f"is {kind.content_type}, which its name {ending[0]} does not say")
    return kind
