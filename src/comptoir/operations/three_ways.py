"""A thing as each dialect would answer for it: its own routes, asked without a key in the console's transaction."""

import shlex
from collections.abc import Mapping, Sequence
from time import perf_counter
from urllib.parse import quote, urlencode

from comptoir.console.ports import Way
from comptoir.dialects.bodies import BodyLimits
from comptoir.dialects.coredna.manners import CorednaManners
from comptoir.dialects.coredna.routes import table as coredna_table
from comptoir.dialects.corepro.manners import CoreproManners
from comptoir.dialects.corepro.routes import directory, refusals
from comptoir.dialects.edge import Call, Manners, Request, Route, ServedShop
from comptoir.dialects.twocheckout.manners import TwocheckoutManners
from comptoir.dialects.twocheckout.routes import table as twocheckout_table
from comptoir.domain.errors import ComptoirError, NotFound
from comptoir.domain.identity.permissions import SEE, covers
from comptoir.domain.tx import Tx
from comptoir.operations.corepro import guid_of
from comptoir.operations.three_asked import ASKED, COREDNA, COREPRO, TWOCHECKOUT, Asking, Unshown

# The formats that may be chosen, by the word for each, and how a client asks for them. The first is what comes unasked.
FORMS: Mapping[str, Mapping[str, str]] = {
    COREDNA: {"json": "application/json", "xml": "application/xml"},
    TWOCHECKOUT: {"xml": "application/xml", "json": "application/json", "xoxo": "text/html"},
    COREPRO: {"json": ""},
}
KEYS = {
    COREDNA: ("-H", '"Authorization: Bearer $KEY"'),
    TWOCHECKOUT: ("-u", '"$USER:$PASSWORD"'),
    COREPRO: ("-u", '"$KEY:$SECRET"'),
}


class KindUnknown(NotFound):
    """Nothing of this kind can be shown in the dialects."""

    thing = "kind of thing"


class Uncounted:
    """The number of a request that nobody sent: none is taken for it."""

    def next(self) -> int:
        """No number."""
        return 0


class DialectsShown:
    """The same thing in every dialect."""

    def __init__(self, limits: BodyLimits | None = None) -> None:
        limits = limits or BodyLimits()
        self._manners: Mapping[str, Manners] = {
            COREDNA: CorednaManners(Uncounted(), limits),
            TWOCHECKOUT: TwocheckoutManners(limits),
            COREPRO: CoreproManners(limits, refusals()),
        }
        self._tables = {COREDNA: coredna_table(), TWOCHECKOUT: twocheckout_table()}
        self._directory = directory()

    def ways(
        self, home: ServedShop, tx: Tx, kind: str, key: int, *, base: str, form: str = ""
    ) -> Sequence[Way]:
        """How each dialect answers for a thing. Refuses: KindUnknown, and NotFound when there is no such thing."""
        if kind not in ASKED:
            raise KindUnknown(kind)
        return [
            unshown(one) if isinstance(one, Unshown) else self._way(home, tx, one, base, form)
            for one in ASKED[kind](tx, key)
        ]

    def _way(self, home: ServedShop, tx: Tx, asking: Asking, base: str, form: str) -> Way:
        accept = FORMS[asking.dialect].get(form, "")
        path, query = asking.path.format(**asking.ids), urlencode(asking.query, quote_via=quote)
        request = self._request(asking.dialect, path, query, accept, tx)
        manners, started = self._manners[asking.dialect], perf_counter()
        route = self._route(asking, request)
        if not covers(tx.actor, route.area, SEE):
            return unshown(Unshown(asking.dialect, f"Your role may not see {route.area}."))
        try:
            call = Call(request, asking.ids, home, {})
            call.tx = tx
            answer = manners.answer(request, route.handler(call), started)
        except ComptoirError as error:
            answer = manners.refuse(request, error, started)
        address = f"{path}?{query}" if query else path
        curl = curl_of(asking.dialect, f"{base}{address}", accept)
        body = answer.body.decode("utf-8", "replace")
        return Way(
            asking.dialect,
            asking.title,
            request.method,
            address,
            curl,
            answer.status,
            answer.content_type,
            body,
        )

    def _request(self, dialect: str, path: str, query: str, accept: str, tx: Tx) -> Request:
        """What a client would send."""
        headers = {"user-agent": "curl"} | ({"accept": accept} if accept else {})
        own, request_id = None, tx.request_id
        if dialect == COREPRO:
            own, request_id = self._directory.way(path, query), guid_of(request_id)
        return Request("GET", path, query, headers, b"", "", request_id, own=own)

    def _route(self, asking: Asking, request: Request) -> Route:
        if asking.dialect == COREPRO:
            routes: Mapping[str, Route] = request.own.routes
        else:
            routes = self._tables[asking.dialect][asking.path]
        return routes["GET"]


def curl_of(dialect: str, address: str, accept: str) -> str:
    """The request as a line for a shell, whose variables hold the key."""
    words = ["curl", *KEYS[dialect]]
    if accept:
        words += ["-H", f'"Accept: {accept}"']
    return " ".join([*words, shlex.quote(address)])


def unshown(one: Unshown) -> Way:
    """Only the sentence that says why."""
    return Way(one.dialect, "", "", "", "", 0, "", "", one.remark)
