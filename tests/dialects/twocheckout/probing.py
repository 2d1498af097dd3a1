"""Calls that only tests know: they say what they were asked with, so that the way to a handler can be seen."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

from comptoir.dialects.bodies import BodyLimits
from comptoir.dialects.edge import Call, Edge, Reply, Request
from comptoir.dialects.twocheckout.calls import ApiCall, reading, writing
from comptoir.dialects.twocheckout.manners import TwocheckoutManners
from comptoir.dialects.twocheckout.parameters import asked_of
from comptoir.dialects.twocheckout.replies import ok
from comptoir.domain.catalogue.brands import create_brand
from comptoir.domain.identity.permissions import SALES
from tests.dialects.twocheckout.asking import FORM_TYPE, credentials, read_json

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop


def tell(call: Call) -> Reply:
    """Say what was asked with."""
    return ok("told", asked={name: list(values) for name, values in asked_of(call).fields.items()})


def make(call: Call) -> Reply:
    """Change something."""
    create_brand(call.tx, name=asked_of(call).need_text("name"))
    return ok("made", actor=call.tx.actor.name)


def fail(call: Call) -> Reply:
    """Be at fault."""
    raise ZeroDivisionError(call.request.path)


def make_and_fail(call: Call) -> Reply:
    """Change something, and be at fault."""
    make(call)
    return fail(call)


CALLS = {
    call.path: call
    for call in (
        reading("probe/tell", tell, shows={}),
        reading("probe/fail", fail, shows={}),
        writing("probe/make", make),
        writing("probe/make_and_fail", make_and_fail),
    )
}


class Probe:
    """Asks the calls above as an API user."""

    def __init__(self, home: ServedShop, limits: BodyLimits | None = None) -> None:
        self.home = home
        self._edge = Edge([home], TwocheckoutManners(limits or BodyLimits()))

    def ask(
        self,
        verb: str,
        path: str,
        body: bytes | None = b"",
        *,
        label: str = FORM_TYPE,
        user: str = "updating",
    ) -> tuple[int, dict[str, Any]]:
        """The status and the document."""
        path, _, query = path.partition("?")
        headers = {"accept": "application/json", "content-type": label, "authorization": credentials(user)}
        call: ApiCall = CALLS[path]
        route = replace(call.route, area=SALES)
        routes = {"POST": route} if call.is_write else {"GET": route, "POST": route}
        request = Request(verb, f"/api/{path}", query, headers, body, "127.0.0.1", "r1")
        answer, _ = self._edge.handle(request, routes, {}, perf_counter())
        return answer.status, read_json(answer.body)

    def told(self, body: bytes, *, query: str = "", label: str = FORM_TYPE) -> Any:
        """What a handler finds in a body and a query."""
        status, document = self.ask("POST", f"probe/tell?{query}", body, label=label)
        return document["asked"] if status == 200 else document["errors"]
