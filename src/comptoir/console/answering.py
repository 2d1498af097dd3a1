"""What a page or an act answers, handed to the server; and what says that it cannot."""

from hashlib import blake2b
from http import HTTPStatus
from urllib.parse import quote

import falcon
import structlog

from comptoir.console.cookies import PATH, SAID
from comptoir.console.rendering import HTML, filled
from comptoir.console.visits import Answer, Gone, Sent, Shown, Visit
from comptoir.console.wording import sentence
from comptoir.domain.errors import ComptoirError, Conflict, Forbidden, Invalid, NotFound
from comptoir.storage.errors import StorageError

LOG = structlog.get_logger()
YEAR = 365 * 86_400


class NotFromHere(Forbidden):
    """The form was not one of ours, or is of an earlier session."""

    def __init__(self) -> None:
        super().__init__(
            "This form is out of date. Nothing was changed: look at the page again and repeat it."
        )


class StillAtIt(Conflict):
    """The very same form is being worked on."""

    def __init__(self) -> None:
        super().__init__(
            "this was sent a moment ago and is still being worked on; look at the page again in a moment"
        )


def once_key(visit: Visit) -> str:
    """What a form of one page is known by: its page's word and its address."""
    return f"console:{visit.once}:{blake2b(visit.asked.path.encode(), digest_size=8).hexdigest()}"


def fingerprint(visit: Visit) -> str:
    """What a form says, in a few letters: twice the same is one and the same.

    With the installation's key in it, so that who finds it in the database cannot try passwords on it.
    """
    asked = visit.asked
    seen = blake2b(asked.path.encode("utf-8", "replace"), digest_size=16, key=visit.home.secret)
    for name, values in sorted(asked.form.items()):
        if name not in {"csrf", "once"}:
            seen.update(repr((name, list(values))).encode("utf-8", "replace"))
    for name, files in sorted(asked.files.items()):
        for file in files:
            seen.update(repr((name, file.name)).encode("utf-8", "replace") + file.content)
    return seen.hexdigest()


def give(resp: falcon.Response, answer: Answer, body: bytes | None) -> None:
    """Hand an answer to the server."""
    match answer:
        case Gone(address, said, tastes):
            go(resp, address, said)
            for name, value in tastes:
                resp.set_cookie(
                    name, value, path=PATH, secure=resp.context.is_secure, same_site="Lax", max_age=YEAR
                )
        case Sent(content_type, content, filename):
            resp.content_type = content_type
            if isinstance(content, bytes):
                resp.data = content
            else:
                resp.stream = content
            if filename:
                safe = "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in filename)
                resp.set_header(
                    "Content-Disposition",
                    f'attachment; filename="{safe.encode("ascii", "replace").decode()}"',
                )
        case Shown(_, _, status):
            resp.status = status
            resp.content_type = HTML
            resp.data = body


def go(resp: falcon.Response, address: str, said: str = "") -> None:
    """Lead to another page; what is to be said there goes along, once."""
    resp.status = HTTPStatus.SEE_OTHER.value
    resp.set_header("Location", address)
    if said:
        resp.set_cookie(
            SAID,
            quote(said[:500]),
            path="/console",
            http_only=True,
            secure=resp.context.is_secure,
            same_site="Lax",
            max_age=60,
        )


STATUSES: tuple[tuple[type[Exception], int, str], ...] = (
    (NotFound, 404, "Not found"),
    (NotFromHere, 403, "Please repeat that"),
    (Forbidden, 403, "Not allowed"),
    (Invalid, 422, "That cannot be taken"),
    (StorageError, 503, "Busy"),
    (ComptoirError, 409, "Not possible now"),
)


def apologise(resp: falcon.Response, error: Exception) -> None:
    """A page that says what is refused, without anything of the shop on it."""
    status, title = next((status, title) for kind, status, title in STATUSES if isinstance(error, kind))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        LOG.error("console_busy", exc_info=error)
        resp.set_header("Retry-After", "5")
    resp.status = status
    resp.content_type = HTML
    resp.data = filled("sorry.html", {"title": title, "sentence": sentence(error), "status": status})
