"""Files as clients send and take them: base64 of all kinds, numbers for bytes, `fileContent` (reference 3.6 and 8)."""

import binascii
import re
from base64 import b64decode, b64encode
from typing import Any, NamedTuple

from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.refusals import REQUIRED, Refusal
from comptoir.dialects.corepro.shapes import COUNT, TEXT, an_object
from comptoir.dialects.edge import Call
from comptoir.domain.banking.documents.contents import Contents, StoredFile
from comptoir.domain.banking.documents.errors import FileRefused

FILE_BYTES_MAX = 10 * 1024 * 1024
MEDIA, SIZE, BASE64, BODY = 62702, 62703, 62705, 62706
NAME_MAX = 50
# What stands before the content in an address of the kind `data:`.
DATA_URL = re.compile(r"\s*data:[^,]{0,200};base64,", re.IGNORECASE)
# Some clients break lines, some use the letters that are safe in addresses.
WHITESPACE, SAFE = b" \t\r\n\f\v", bytes.maketrans(b"-_", b"+/")
BYTE_MIN, BYTE_MAX = -128, 255
GROUP = 4

FILE_CONTENT = an_object(
    {"content": {**TEXT, "format": "byte"}, "contentLength": COUNT, "contentType": TEXT},
    always=("content", "contentLength", "contentType"),
)


class Uploaded(NamedTuple):
    """A file that came: where it is kept, or what is wrong with it."""

    file: StoredFile | None
    problems: tuple[Refusal, ...] = ()


def uploaded(call: Call, asked: Asked) -> Uploaded:
    """Read and keep what was sent, before the transaction begins; a file that nothing points at is swept away."""
    if not asked.has("documentContent"):
        return _refused(REQUIRED, "Required parameter documentContent is missing.")
    content = read_content(asked.raw("documentContent"))
    if content is None:
        return _refused(BASE64, "documentContent is not base64 as RFC 4648 has it.")
    if len(content) > FILE_BYTES_MAX:
        return _refused(SIZE, f"documentContent is larger than {FILE_BYTES_MAX} bytes.")
    try:
        return Uploaded(contents_of(call).put(content, asked.text("documentName") or ""))
    except FileRefused as error:
        return _refused(MEDIA, f"documentContent {error.problem}.")


def read_content(raw: Any) -> bytes | None:
    """The bytes of a file, from base64 or from a list of numbers, signed ones too; None when they are neither."""
    if isinstance(raw, list):
        if not all(isinstance(one, int) and BYTE_MIN <= one <= BYTE_MAX for one in raw):
            return None
        return bytes(one & BYTE_MAX for one in raw)
    if not isinstance(raw, str) or not raw.isascii():
        return None
    head = DATA_URL.match(raw)
    text = raw[head.end() if head else 0 :].encode("ascii").translate(SAFE, WHITESPACE)
    if b"=" not in text:
        text += b"=" * (-len(text) % GROUP)
    try:
        return b64decode(text, validate=True)
    except binascii.Error:
        return None


def contents_of(call: Call) -> Contents:
    """Where the contents of documents are kept."""
    return Contents(call.shop.media, call.shop.secret)


def file_content(content: bytes, content_type: str) -> dict[str, Any]:
    """A file as it is given out."""
    return {
        "content": b64encode(content).decode(),
        "contentLength": len(content),
        "contentType": content_type,
    }


def _refused(code: int, message: str) -> Uploaded:
    return Uploaded(None, (Refusal(code, message),))
