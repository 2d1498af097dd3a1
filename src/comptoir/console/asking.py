"""One request as the console's pages see it: address, query, form, files and cookies, read within limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

import falcon
from multipart import (  # type: ignore[import-untyped]  # ships no types
    MultipartError,
    MultipartParser,
    parse_options_header,
)

from comptoir.domain.errors import Invalid

BODY_MAX = 64 * 2**20
FIELDS_MAX = 5_000
# So much may anybody send; more only who is signed in.
SMALL_MAX = 2**16
SAFE_SITES = frozenset({"same-origin", "none"})


class Upload(NamedTuple):
    """A file that came with a form. Its name and type are what the browser says, and prove nothing."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser asked for."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    form: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, Sequence[Upload]] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    agent: str = ""
    base: str = ""
    is_from_here: bool = True
    request_id: str = ""

    def said(self, name: str, default: str = "") -> str:
        """The last value of a name in the query."""
        values = self.query.get(name)
        return values[-1] if values else default

    def posted(self, name: str, default: str = "") -> str:
        """The last value of a field of the form."""
        values = self.form.get(name)
        return values[-1] if values else default

    def again(self, **changes: str | None) -> str:
        """This page's address with some of its query changed; None takes a name out."""
        pairs = [(name, value) for name, values in self.query.items() for value in values]
        kept = [(name, value) for name, value in pairs if name not in changes]
        kept += [(name, value) for name, value in changes.items() if value is not None]
        return f"{self.path}?{urlencode(kept)}" if kept else self.path


def read_asked(req: falcon.Request, request_id: str, most: int = BODY_MAX) -> Asked:
    """Read a request, whose body has `most` bytes. Refuses: Invalid (form), when it cannot be read or is too large."""
    is_form = req.method == "POST"
    pairs, files = read_form(req, most) if is_form else ([], [])
    return Asked(
        method=req.method,
        path=req.path,
        query=gathered(query_pairs(req)),
        form=gathered(pairs),
        files=gathered(files),
        cookies=req.cookies,
        address=address_of(req.env.get("REMOTE_ADDR", "")),
        agent=(req.user_agent or "")[:255],
        base=f"{req.scheme}://{req.netloc}",
        is_from_here=is_from_here(req),
        request_id=request_id,
    )


def query_pairs(req: falcon.Request) -> list[tuple[str, str]]:
    """The query in its order; what cannot be read says nothing."""
    try:
        return parse_qsl(
            req.query_string, keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="replace"
        )
    except ValueError:
        return []


def read_form(req: falcon.Request, most: int) -> tuple[list[tuple[str, str]], list[tuple[str, Upload]]]:
    """The fields and the files of a form. Refuses: Invalid (form)."""
    body = b"" if (req.content_length or 0) > most else req.bounded_stream.read(most + 1)
    if (req.content_length or len(body)) > most:
        raise Invalid("form", f"is larger than {most // 2**10:,} KB")
    try:
        if (req.content_type or "").lower().startswith("multipart/form-data"):
            return parts_of(req, body)
        text = body.decode("utf-8", "replace")
        return parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="replace"), []
    except (ValueError, MultipartError) as error:
        raise Invalid("form", "cannot be read, or has too many fields") from error


def parts_of(req: falcon.Request, body: bytes) -> tuple[list[tuple[str, str]], list[tuple[str, Upload]]]:
    """The parts of a multipart form; its texts are UTF-8, whatever they say that they are."""
    boundary = parse_options_header(req.content_type or "")[1].get("boundary", "")
    if not boundary:
        raise ValueError("no boundary")
    fields, uploads = [], []
    for part in MultipartParser(
        BytesIO(body), boundary, len(body), part_limit=FIELDS_MAX, mem_limit=BODY_MAX, memfile_limit=BODY_MAX
    ):
        if part.filename:
            uploads.append((part.name, Upload(part.filename, part.content_type or "", part.raw)))
        else:
            fields.append((part.name, part.raw.decode("utf-8", "replace")))
        part.close()
    return fields, uploads


def gathered(pairs: Sequence[tuple[str, Any]]) -> dict[str, list[Any]]:
    """Values by name, in their order."""
    found: dict[str, list[Any]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def is_from_here(req: falcon.Request) -> bool:
    """Whether the browser says that one of our own pages sent this; old ones say nothing."""
    site = req.get_header("Sec-Fetch-Site")
    if site is not None:
        return site in SAFE_SITES
    origin = req.get_header("Origin")
    return origin is None or urlsplit(origin).netloc == req.netloc


def address_of(remote: str) -> str:
    """The caller's address without its port, which some servers add."""
    if remote.startswith("["):
        return remote[1:].partition("]")[0]
    return remote.partition(":")[0] if remote.count(":") == 1 else remote
