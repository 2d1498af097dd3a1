"""The only place where rooms are joined: routes, dialects and shops become one WSGI application."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

import falcon
from falcon.constants import COMBINED_METHODS
from falcon.routing import BaseConverter

from comptoir import feed
from comptoir.console.ports import Ports
from comptoir.dialects.bodies import BodyLimits
from comptoir.dialects.codecs import INTEGER_MAX
from comptoir.dialects.coredna.manners import CorednaManners, TransactionNumbers
from comptoir.dialects.coredna.routes import table as coredna_table
from comptoir.dialects.corepro.entering import CoreproEdge
from comptoir.dialects.corepro.manners import CoreproManners
from comptoir.dialects.corepro.routes import directory as corepro_directory
from comptoir.dialects.corepro.routes import paths as corepro_paths
from comptoir.dialects.corepro.routes import refusals as corepro_refusals
from comptoir.dialects.edge import Edge, Manners, Request, Route, ServedShop
from comptoir.dialects.twocheckout.manners import TwocheckoutManners
from comptoir.dialects.twocheckout.routes import table as twocheckout_table
from comptoir.documentation import add_docs
from comptoir.domain.clock import Chance
from comptoir.domain.identity.answers import Answer
from comptoir.domain.identity.key_uses import KeyUses
from comptoir.domain.tx import Tx
from comptoir.operations.access import TRACE, App, Environ, RequestIds, Start, Trace, Watched, named
from comptoir.operations.asking import Asked, asked
from comptoir.operations.card_tokens import add_card_tokens
from comptoir.operations.corepro import CoreproDoor
from comptoir.operations.files import PUBLIC, Files
from comptoir.operations.health import Alive, BooksSeen, BooksWatch, Ready
from comptoir.operations.payment_api import add_payment_api
from comptoir.operations.proxies import X_FORWARDED, Behind
from comptoir.operations.three_ways import DialectsShown
from comptoir.operations.window import WindowDoor
from comptoir.storage.session import Session
from comptoir.storefront.pages import add_checkout

if TYPE_CHECKING:
    from comptoir.operations.measures import PrometheusMeasures

FEED: Mapping[str, Mapping[str, Route]] = {route.path: {route.method: route} for route in feed.ROUTES}
# A dialect's outline is read and nothing else: it needs no style, no script and no picture.
OUTLINE_POLICY = "default-src 'none'"


class Digits(BaseConverter):
    """An id in a path: digits only; what is too long for a number is the id of nothing."""

    def convert(self, value: str) -> int | None:
        """The number, or None when the segment is no id."""
        if not value.isascii() or not value.isdigit():
            return None
        return int(value) if len(value) < len(str(INTEGER_MAX)) else INTEGER_MAX


class WatchedEdge(Edge):
    """An edge that notes for the log whose request it is, and when keys are used."""

    def __init__(self, shops: Sequence[ServedShop], manners: Manners, uses: Mapping[str, KeyUses]) -> None:
        super().__init__(shops, manners)
        self._uses = uses

    def _opened(self, session: Session, home: ServedShop, key: str, request: Request) -> Tx:
        tx = super()._opened(session, home, key, request)
        actor = tx.actor
        if isinstance(request, Asked):
            request.trace.shop, request.trace.operator = home.shop.name, actor.name
        if actor.key_id is not None:
            self._uses[home.shop.name].note(actor.key_id, None, tx.now)
        return tx


class WatchedCoreproEdge(WatchedEdge, CoreproEdge):
    """The same for the dialect whose requests are counted against a rate."""


def fill(resp: falcon.Response, answer: Answer, headers: Mapping[str, str]) -> None:
    """Hand an answer to the server."""
    resp.status = answer.status
    resp.data = answer.body
    resp.content_type = answer.content_type
    if answer.content_type.startswith("text/html"):
        resp.set_header("Content-Security-Policy", OUTLINE_POLICY)
    for name, value in headers.items():
        resp.set_header(name, value)


class Endpoint:
    """One path of a dialect, with its verbs."""

    def __init__(self, edge: Edge, routes: Mapping[str, Route], names: Sequence[str]) -> None:
        self._edge = edge
        self._routes = routes
        self._names = tuple(names)
        self._labels = {method: route.id for method, route in routes.items()}
        if "GET" in self._labels:
            self._labels["HEAD"] = self._labels["GET"]

    def answer(self, req: falcon.Request, resp: falcon.Response, **places: int) -> None:
        """Hand the request to the edge and its answer to the server."""
        started = perf_counter()
        trace: Trace = req.env[TRACE]
        trace.dialect = self._edge.manners.name
        trace.route = self._labels.get(req.method, "none")
        ids = {name: places[f"p{place}"] for place, name in enumerate(self._names)}
        answer, headers = self._edge.handle(asked(req.env, self._edge), self._routes, ids, started)
        resp.set_header("Vary", "Accept")
        fill(resp, answer, headers)


# Also the verbs that no resource knows: the dialect says so in its own words.
for verb in COMBINED_METHODS:
    setattr(Endpoint, f"on_{verb.lower()}", Endpoint.answer)


class Nowhere(Endpoint):
    """Every path that no route names: the key is asked for first, then nothing is found."""

    def __init__(self, edge: Edge) -> None:
        super().__init__(edge, {}, ())

    def __call__(self, req: falcon.Request, resp: falcon.Response, **_found: Any) -> None:
        """Answer as a falcon sink."""
        self.answer(req, resp)


class Unowned(Nowhere):
    """What no dialect owns is the bank's when a key of the bank asks for it, and the shop's otherwise."""

    def __init__(self, edge: Edge, bank: CoreproDoor) -> None:
        super().__init__(edge)
        self._bank = bank

    def __call__(self, req: falcon.Request, resp: falcon.Response, **found: Any) -> None:
        """Answer as a falcon sink."""
        if not self._bank.has_key(req.env):
            super().__call__(req, resp, **found)
            return
        answer, headers = self._bank.answer(req.env)
        fill(resp, answer, headers)


def falcon_path(path: str) -> tuple[str, list[str]]:
    """A route's path as Falcon writes it, with the names of its ids in order."""
    names: list[str] = []
    parts = []
    for part in path.split("/"):
        if part.startswith("{"):
            parts.append(f"{{p{len(names)}:digits}}")
            names.append(part[1:-1])
        else:
            parts.append(part)
    return "/".join(parts), names


def all_routes() -> dict[str, Mapping[str, Mapping[str, Route]]]:
    """Every path with its verbs, by the dialect that owns it."""
    return {**routed(), "corepro": corepro_paths()}


def routed() -> dict[str, Mapping[str, Mapping[str, Route]]]:
    """What the router finds; CorePro's paths, in any case and with empty places, are found at its own door."""
    return {"coredna": coredna_table(), "twocheckout": twocheckout_table(), "feed": FEED}


@dataclass(frozen=True)
class Served:
    """The application with what the background work shares with it."""

    wsgi: App
    uses: Mapping[str, KeyUses]
    measures: "PrometheusMeasures"


def make_served(
    shops: Sequence[ServedShop],
    limits: BodyLimits | None = None,
    *,
    logs: bool = False,
    ports: Ports | None = None,
    proxies: Sequence[str] = (),
    proxy_headers: str = X_FORWARDED,
) -> Served:
    """The WSGI application that serves these shops, and what it shares; `ports` are the console's.

    `proxies` are the networks of those that are believed when they say for whom they ask, in `proxy_headers`.
    """
    # Loaded where requests are counted: it finds out then whether other processes count as well.
    from comptoir.operations.measures import MeasuresPage, PrometheusMeasures  # noqa: PLC0415

    limits = limits or BodyLimits()
    uses = {home.shop.name: KeyUses() for home in shops}
    books = [BooksWatch(home.shop) for home in shops]
    app = empty_app()
    coredna = WatchedEdge(shops, CorednaManners(TransactionNumbers(shops[0].shop), limits), uses)
    twocheckout = WatchedEdge(shops, TwocheckoutManners(limits), uses)
    feeding = WatchedEdge(shops, feed.FeedManners(limits), uses)
    edges = {"coredna": coredna, "twocheckout": twocheckout, "feed": feeding}
    for dialect, paths in routed().items():
        for path, routes in paths.items():
            template, names = falcon_path(path)
            app.add_route(template, Endpoint(edges[dialect], routes, names))
    measures = PrometheusMeasures(books)
    app.add_route("/healthz", Alive())
    app.add_route("/readyz", Ready([home.shop for home in shops], books))
    app.add_route("/metrics", MeasuresPage(measures))
    add_docs(app)
    add_card_tokens(app, shops)
    add_payment_api(app, shops)
    add_checkout(app, shops, lambda env, route: named(env, "checkout", route))
    corepro = WatchedCoreproEdge(shops, CoreproManners(limits, corepro_refusals()), uses)
    ports = ports or Ports()
    ports = replace(ports, three_ways=ports.three_ways or DialectsShown(limits), books=BooksSeen(books))
    window = WindowDoor(app, partial(make_console, shops, ports))
    door = CoreproDoor(window, corepro, corepro_directory())
    app.add_sink(Unowned(coredna, door), r"/")
    app.add_sink(Nowhere(twocheckout), r"/api(/|$)")
    app.add_sink(Files(shops), PUBLIC)
    watched = Watched(door, RequestIds(Chance()), measures, logs=logs)
    return Served(Behind(watched, proxies, proxy_headers) if proxies else watched, uses, measures)


def empty_app() -> falcon.App[Any, Any]:
    """An application without routes, with our ways of reading and refusing."""
    app: falcon.App[Any, Any] = falcon.App()
    app.router_options.converters["digits"] = Digits
    app.req_options.strip_url_path_trailing_slash = True
    app.add_error_handler(Exception, fall_through)
    app.add_error_handler(falcon.HTTPError, fall_through)
    return app


def make_console(shops: Sequence[ServedShop], ports: Ports) -> App:
    """The console of these shops."""
    # Loaded when it is first looked at: it is a hundred modules.
    from comptoir.console.front import FRONT, Front  # noqa: PLC0415

    site, front = console_site(), Front(shops, ports, noted)

    def answer(environ: Environ, start_response: Start) -> Iterable[bytes]:
        environ[FRONT] = front
        return site(environ, start_response)

    return answer


@cache
def console_site() -> App:
    """The addresses of the console: hundreds, the same for every shop."""
    from comptoir.console.sitemap import add_console  # noqa: PLC0415

    app = empty_app()
    add_console(app)
    return app


def noted(env: Mapping[str, Any], route: str, shop: str, operator: str) -> str:
    """Tell the log of a request to the console, and give the request's id."""
    trace: Trace = env[TRACE]
    trace.dialect, trace.route = "console", f"console.{route}"
    trace.shop, trace.operator = shop or trace.shop, operator or trace.operator
    return trace.request_id


def fall_through(req: falcon.Request, resp: falcon.Response, error: Exception, _params: Any) -> None:
    """Say what the framework refuses; leave a fault to the net around the application, which logs it."""
    if not isinstance(error, falcon.HTTPError):
        raise error
    named(req.env, "operations", "none")
    resp.status = error.status
    resp.set_headers(dict(error.headers or {}))
    resp.media = {"error": error.description or error.title}


def make_app(
    shops: Sequence[ServedShop],
    limits: BodyLimits | None = None,
    *,
    logs: bool = False,
    ports: Ports | None = None,
    proxies: Sequence[str] = (),
) -> App:
    """The WSGI application that serves these shops."""
    return make_served(shops, limits, logs=logs, ports=ports, proxies=proxies).wsgi
