"""The console's door: finds out who is there, opens the one transaction, and hands over to a page or an act."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from hmac import compare_digest
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import falcon
import structlog

from comptoir.console.answering import NotFromHere, StillAtIt, apologise, fingerprint, give, go, once_key
from comptoir.console.asking import SMALL_MAX, Asked, read_asked
from comptoir.console.cookies import SAID, SESSION, note_scheme, read_session_cookie
from comptoir.console.navigation import ways
from comptoir.console.places import address_of, explain_at
from comptoir.console.ports import Ports
from comptoir.console.removals import refusing, removed
from comptoir.console.rendering import HEADERS, filled, written_day, written_when
from comptoir.console.visits import Act, Answer, Gone, Home, Page, Refusal, Result, Shown, Visit
from comptoir.console.wording import problems_said
from comptoir.domain.errors import ComptoirError, NotFound
from comptoir.domain.identity.answers import Answer as Given
from comptoir.domain.identity.answers import KeyReused, find_answer, forget_answer, keep_answer
from comptoir.domain.identity.errors import ScopeMissing
from comptoir.domain.identity.permissions import CHANGE, SEE, require
from comptoir.domain.identity.queries import hash_key
from comptoir.domain.identity.sessions import SessionRow, find_session, touch_session
from comptoir.domain.tx import Tx
from comptoir.storage.errors import StillReferenced, StorageError, UniqueTaken
from comptoir.storage.session import Session

LOG = structlog.get_logger()
ATTEMPTS = 5
ONCE_MAX = 40
# Kept in the place of an answer while an act that is alone is being carried out.
BEGUN = Given(102, "text/plain", b"")
# Where a request carries the front: the addresses are the same for everybody, and are joined once.
FRONT = "comptoir.front"
Name = Callable[[Any, str, str, str], str]
"""Tells the log which route a request took, in which shop, by whom; gives the request's id."""


class Stranger(Exception):
    """Nobody is signed in; or the second factor is still missing."""

    def __init__(self, way: str) -> None:
        super().__init__(way)
        self.way = way


class Found(NamedTuple):
    """Who is there, and in which shop."""

    home: Home
    key_hash: str


class Front:
    """What all pages share: the shops, and what is put in from above."""

    def __init__(self, homes: Sequence[Home], ports: Ports, name: Name) -> None:
        self.homes = tuple(homes)
        self.ports = ports
        self.name = name

    def home_named(self, name: str) -> Home | None:
        """The shop of this name."""
        return next((home for home in self.homes if home.shop.name == name), None)

    def found(self, cookies: Mapping[str, str]) -> Found:
        """The session that the browser says it has. Refuses: Stranger."""
        shop_name, key = read_session_cookie(cookies.get(SESSION, ""))
        home = self.home_named(shop_name)
        if home is None or not key:
            raise Stranger("/sign-in")
        return Found(home, hash_key(key, home.secret))

    def refuse_much(self, req: falcon.Request) -> None:
        """Before a large body is read: whether whoever sends it is signed in. Refuses: Stranger."""
        if req.method == "POST" and (req.content_length is None or req.content_length > SMALL_MAX):
            found = self.found(req.cookies)
            found.home.shop.database.read(lambda session: self._known(session, found.home, found.key_hash))

    def show(
        self, asked: Asked, page: Page, ids: Mapping[str, Any], refused: Refusal | None = None
    ) -> "Said":
        """Show a page in a reading transaction. Refuses: Stranger, ComptoirError."""
        found = self.found(asked.cookies)

        def look(session: Session) -> Said:
            visit = self._entered(session, found, asked, ids)
            if page.area is not None:
                require(visit.actor, page.area, SEE)
            visit.refused = refused
            answer = shown_or_removed(visit, page)
            body = self._filled(visit, answer) if isinstance(answer, Shown) else None
            return Said(answer, body, visit.who, visit.who.is_unseen(visit.tx.machine_now))

        said = found.home.shop.database.read(look)
        if said.is_unseen:
            found.home.shop.write(lambda tx: touch_session(tx, key_hash=found.key_hash))
        return said

    def act(self, asked: Asked, act: Act, ids: Mapping[str, Any]) -> tuple[Answer, bytes | None, SessionRow]:
        """Carry out an act. Refuses: Stranger, NotFromHere, ComptoirError."""
        found = self.found(asked.cookies)
        return self._alone(found, asked, act, ids) if act.alone else self._together(found, asked, act, ids)

    def _together(
        self, found: Found, asked: Asked, act: Act, ids: Mapping[str, Any]
    ) -> tuple[Answer, bytes | None, SessionRow]:
        def job(session: Session) -> tuple[Answer, bytes | None, SessionRow]:
            visit = self._permitted(session, found, asked, act, ids)
            given = self._given(visit)
            if given is not None:
                return given, None, visit.who
            answer = act.act(visit)
            self._keep(visit, answer)
            body = self._filled(visit, answer) if isinstance(answer, Shown) else None
            found.home.shop.flush(visit.tx)
            return answer, body, visit.who

        return _again(found.home, job)

    def _alone(
        self, found: Found, asked: Asked, act: Act, ids: Mapping[str, Any]
    ) -> tuple[Answer, bytes | None, SessionRow]:
        def begin(session: Session) -> tuple[Visit, Gone | None]:
            visit = self._permitted(session, found, asked, act, ids)
            given = self._given(visit)
            if visit.once and given is None:
                keep_answer(visit.tx, BEGUN, key=once_key(visit), fingerprint=fingerprint(visit))
            return visit, given

        visit, given = _again(found.home, begin)
        if given is not None:
            return given, None, visit.who
        visit.leave()
        try:
            answer = act.act(visit)
        except BaseException:
            visit.write(lambda tx: forget_answer(tx, key=once_key(visit)))
            raise

        def keep(tx: Tx) -> bytes | None:
            visit.inside(tx)
            forget_answer(tx, key=once_key(visit))
            self._keep(visit, answer)
            return self._filled(visit, answer) if isinstance(answer, Shown) else None

        return answer, found.home.shop.write(keep, visit.actor), visit.who

    def _known(
        self, session: Session, home: Home, key_hash: str, request_id: str = ""
    ) -> tuple[SessionRow, Tx]:
        """Who is signed in by this key, and the transaction in their name. Refuses: Stranger."""
        who = find_session(session, key_hash)
        if who is None:
            raise Stranger("/sign-in")
        tx = home.shop.tx(session, who.actor(), version=who.shop_version, request_id=request_id)
        if who.is_over(tx.machine_now):
            raise Stranger("/sign-in")
        if not who.is_entered:
            raise Stranger("/second-factor")
        return who, tx

    def _entered(self, session: Session, found: Found, asked: Asked, ids: Mapping[str, Any]) -> Visit:
        """Somebody signed in, with the transaction. Refuses: Stranger."""
        who, tx = self._known(session, found.home, found.key_hash, asked.request_id)
        visit = Visit(asked, found.home, who, tx.actor, self.ports, ids)
        visit.inside(tx)
        visit.key_hash = found.key_hash
        return visit

    def _permitted(
        self, session: Session, found: Found, asked: Asked, act: Act, ids: Mapping[str, Any]
    ) -> Visit:
        """Somebody who may do this, by a form of ours. Refuses: Stranger, NotFromHere, ScopeMissing."""
        visit = self._entered(session, found, asked, ids)
        key = asked.posted("csrf").encode("utf-8", "replace")
        if not asked.is_from_here or not compare_digest(key, visit.who.form_key.encode()):
            raise NotFromHere
        if act.area is not None:
            require(visit.actor, act.area, CHANGE)
        once = asked.posted("once")
        visit.once = once if once.isalnum() and once.isascii() and len(once) <= ONCE_MAX else ""
        return visit

    def _given(self, visit: Visit) -> Gone | None:
        """What was answered to this very form before. Refuses: KeyReused, when it says something else; StillAtIt."""
        if not visit.once:
            return None
        given = find_answer(visit.tx, key=once_key(visit), fingerprint=fingerprint(visit))
        if given is None:
            return None
        if given == BEGUN:
            raise StillAtIt
        address, _, said = given.body.decode().partition("\n")
        return Gone(address, said)

    def _keep(self, visit: Visit, answer: Answer) -> None:
        again = answer.again if isinstance(answer, Shown) else answer
        if visit.once and isinstance(again, Gone):
            kept = Given(303, "text/plain", f"{again.address}\n{again.said}".encode())
            keep_answer(visit.tx, kept, key=once_key(visit), fingerprint=fingerprint(visit))

    def _filled(self, visit: Visit, shown: Shown) -> bytes:
        """A page with what surrounds it."""
        facts = visit.tx.shop
        around = {
            "visit": visit,
            "who": visit.who,
            "shop": facts,
            "now": visit.tx.now,
            "groups": ways(visit),
            "said": unquote(visit.asked.cookies.get(SAID, ""))[:500] if visit.asked.method == "GET" else "",
            "csrf": visit.who.form_key,
            "once": visit.tx.ids.text(16),
            "when": lambda at: written_when(at, facts),
            "day": written_day,
            "explain_at": explain_at,
            "refused": visit.refused,
        }
        return filled(shown.template, {**around, **shown.values})


def front_of(req: falcon.Request) -> Front:
    """What this request came in through."""
    front: Front = req.env[FRONT]
    return front


def shown_or_removed(visit: Visit, page: Page) -> Answer:
    """The page; or, when its thing was removed, one that says so. Refuses: ComptoirError."""
    try:
        return page.show(visit)
    except NotFound:
        told = removed(visit, page.path)
        if told is None:
            raise
        return told


def _again(home: Home, job: Callable[[Session], Result]) -> Result:
    """Write; when somebody else was quicker, another look sees what they did, and refuses in our words."""
    for _ in range(ATTEMPTS - 1):
        with suppress(UniqueTaken, StillReferenced):
            return home.shop.database.write(job)
    return home.shop.database.write(job)


class Said(NamedTuple):
    """What a page answered, filled already."""

    answer: Answer
    body: bytes | None
    who: SessionRow
    is_unseen: bool


class Door:
    """One address of the console, with its page and its act."""

    def __init__(self, page: Page | None, act: Act | None) -> None:
        named = page or act
        assert named is not None, "an address has a page, or an act, or both"
        self._page = page
        self._act = act
        self._label = named.path.strip("/").replace("{", "").replace("}", "").replace("/", ".") or "home"

    def on_get(self, req: falcon.Request, resp: falcon.Response, **ids: Any) -> None:
        """Show the page."""
        self._answer(req, resp, ids)

    def on_head(self, req: falcon.Request, resp: falcon.Response, **ids: Any) -> None:
        """The same without its body, which the server leaves out."""
        self._answer(req, resp, ids)

    def on_post(self, req: falcon.Request, resp: falcon.Response, **ids: Any) -> None:
        """Carry out the act."""
        self._answer(req, resp, ids)

    def _answer(self, req: falcon.Request, resp: falcon.Response, ids: dict[str, Any]) -> None:
        front = front_of(req)
        request_id = front.name(req.env, self._label, "", "")
        resp.set_headers(HEADERS)
        note_scheme(req, resp)
        try:
            front.refuse_much(req)
            asked = read_asked(req, request_id)
            if req.method == "POST":
                self._carry_out(req, resp, asked, ids)
            else:
                self._show(req, resp, asked, ids)
        except Stranger as error:
            back = f"?next={quote(req.relative_uri, safe='')}" if req.method != "POST" else ""
            go(resp, address_of(f"{error.way}{back}"))
        except (ComptoirError, StorageError) as error:
            apologise(resp, error)

    def _show(self, req: falcon.Request, resp: falcon.Response, asked: Asked, ids: dict[str, Any]) -> None:
        if self._page is None:
            resp.status = HTTPStatus.METHOD_NOT_ALLOWED.value
            resp.set_header("Allow", "POST")
            return
        front = front_of(req)
        said = front.show(asked, self._page, ids)
        front.name(req.env, self._label, "", said.who.operator_name)
        give(resp, said.answer, said.body)
        if SAID in asked.cookies and isinstance(said.answer, Shown):
            resp.unset_cookie(SAID, path="/console")

    def _carry_out(
        self, req: falcon.Request, resp: falcon.Response, asked: Asked, ids: dict[str, Any]
    ) -> None:
        act = self._act
        if act is None:
            resp.status = HTTPStatus.METHOD_NOT_ALLOWED.value
            resp.set_header("Allow", "GET")
            return
        front = front_of(req)
        try:
            answer, body, who = front.act(asked, act, ids)
        except NotFound as error:
            said = front.show(asked, Page(act.path, refusing(error), act.area), ids)
            give(resp, said.answer, said.body)
            return
        except (NotFromHere, ScopeMissing):
            raise
        except (ComptoirError, StorageError) as error:
            problems = {"": "This form was sent before, with other values. Nothing was changed now."}
            if not isinstance(error, KeyReused):
                problems = problems_said(error)
            refusal = Refusal(act.name, problems, asked.form)
            said = front.show(asked, Page(act.path, act.shows, act.area), ids, refusal)
            give(resp, said.answer, said.body)
            if resp.status != HTTPStatus.NOT_FOUND.value:
                resp.status = HTTPStatus.UNPROCESSABLE_ENTITY.value
            return
        front.name(req.env, self._label, "", who.operator_name)
        give(resp, answer, body)
