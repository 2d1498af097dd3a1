"""The feed: everything that changed since a number, for those who keep a copy."""

from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote

from comptoir.dialects.bodies import BodyLimits
from comptoir.dialects.coredna.manners import CorednaManners
from comptoir.dialects.coredna.refusals import said
from comptoir.dialects.edge import Call, Reply, Request, Route
from comptoir.dialects.render import to_json
from comptoir.domain.errors import Forbidden, Invalid
from comptoir.domain.events.queries import EventRow, last_seq, list_events
from comptoir.domain.identity.answers import Answer
from comptoir.domain.identity.permissions import AUDIT

PATH = "/feed/events"
LIMIT_DEFAULT, LIMIT_MAX = 100, 1000
AFTER_MAX = 2**63 - 1
PARAMETERS = ("after", "limit", "subject")
CONTENT_TYPE = "application/json; charset=utf-8"


class FeedManners(CorednaManners):
    """Keys are carried as in Core dna; answers are plain JSON without an envelope."""

    name = "feed"
    opened_by: frozenset[str] | None = None

    def __init__(self, limits: BodyLimits) -> None:
        self.limits = limits

    def number(self) -> int:
        """The feed numbers events, not requests."""
        return 0

    def answer(self, request: Request, reply: Reply, started: float) -> Answer:  # noqa: ARG002
        """The value as it is."""
        return Answer(reply.status, CONTENT_TYPE, to_json(reply.data))

    def refuse(self, request: Request, error: Exception, started: float) -> Answer:  # noqa: ARG002
        """What was refused, and the id under which a fault is found in the log."""
        status, sentence = said(error, request.path)
        if isinstance(error, Forbidden):
            status = HTTPStatus.FORBIDDEN
        return Answer(status, CONTENT_TYPE, to_json({"error": sentence, "request_id": request.request_id}))

    def challenge(self) -> dict[str, str]:
        """A browser shows its login box."""
        return {"WWW-Authenticate": 'Basic realm="comptoir", charset="UTF-8"'}


def show_events(call: Call) -> Reply:
    """A page of events after a number, oldest first, and where to go on. Refuses: Invalid."""
    asked = dict(parse_qsl(call.request.query, keep_blank_values=True))
    for name in asked:
        if name not in PARAMETERS:
            raise Invalid(name[:50], f"is no parameter of the feed; it takes {', '.join(PARAMETERS)}")
    after = _whole(asked, "after", 0, 0, AFTER_MAX)
    limit = _whole(asked, "limit", LIMIT_DEFAULT, 1, LIMIT_MAX)
    events = list_events(call.tx, after=after, limit=limit, subject=asked.get("subject"))
    reached = events[-1].seq if events else after
    return Reply(
        HTTPStatus.OK,
        {
            "events": [written(event) for event in events],
            "last_seq": last_seq(call.tx),
            "next": f"{PATH}?after={reached}&limit={limit}"
            + (f"&subject={quote(asked['subject'])}" if "subject" in asked else ""),
        },
    )


def written(event: EventRow) -> dict[str, Any]:
    """An event as JSON has it."""
    return {**event._asdict(), "at": event.at.isoformat()}


def _whole(asked: dict[str, str], name: str, default: int, least: int, most: int) -> int:
    text = asked.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
        raise Invalid(name, f"must be a whole number from {least} to {most}")
    return int(text)


ROUTES = (Route("feed.events", "GET", PATH, show_events, area=AUDIT),)
