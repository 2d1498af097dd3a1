"""Coming in and leaving: the password, the second factor, signing out; before there is anybody to visit a page."""

from collections.abc import Callable, Mapping
from hmac import compare_digest
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import falcon

from comptoir.console.answering import NotFromHere, apologise, go
from comptoir.console.asking import SMALL_MAX, Asked, read_asked
from comptoir.console.cookies import (
    ENTERING,
    PATH,
    SAID,
    SESSION,
    forget_session_cookie,
    note_scheme,
    read_session_cookie,
    set_session_cookie,
)
from comptoir.console.front import Front, Stranger, front_of
from comptoir.console.places import address_of
from comptoir.console.rendering import HEADERS, HTML, filled
from comptoir.console.visits import Home
from comptoir.domain.errors import ComptoirError
from comptoir.domain.identity.errors import LoginThrottled
from comptoir.domain.identity.logins import login, login_hash
from comptoir.domain.identity.passwords import Passwords, Tried
from comptoir.domain.identity.queries import hash_key
from comptoir.domain.identity.second_factor import enter
from comptoir.domain.identity.sessions import (
    CONSOLE,
    NewSession,
    SessionRow,
    begin_session,
    end_session,
    find_session,
)
from comptoir.domain.tx import Actor, Tx
from comptoir.storage.errors import StorageError

SIGN_IN, SECOND_FACTOR, SIGN_OUT = "/sign-in", "/second-factor", "/sign-out"
MARK_LETTERS = 24
WAY_MAX = 2_000
TEXT_MAX = 1_024
SAID_MAX = 500
# In whose name somebody is tried who is not known yet.
NOBODY = Actor(name="nobody", dialect=CONSOLE)


class Trouble(NamedTuple):
    """Why somebody does not come in: what is said, and for how many seconds nothing is tried."""

    sentence: str
    wait_seconds: int = 0


NO_TROUBLE = Trouble("")
WRONG = Trouble("E-mail address and password do not fit.")
WRONG_CODE = Trouble("That code does not fit, or it was used already. Wait for the next one.")


def add_entering(app: falcon.App[Any, Any]) -> None:
    """Serve the ways in and out."""
    app.add_route(address_of(SIGN_IN), SignIn(Passwords()))
    app.add_route(address_of(SECOND_FACTOR), SecondFactor())
    app.add_route(address_of(SIGN_OUT), SignOut())


class Entrance:
    """What these addresses share: a page without a session, whose faults are told as everywhere."""

    label = ""

    def kept(self, work: Callable[..., None], req: falcon.Request, resp: falcon.Response) -> None:
        """Do the work of a request; say what is refused."""
        front = front_of(req)
        request_id = front.name(req.env, self.label, "", "")
        resp.set_headers(HEADERS)
        note_scheme(req, resp)
        try:
            work(front, resp, read_asked(req, request_id, SMALL_MAX))
        except Stranger as error:
            go(resp, address_of(error.way))
        except (ComptoirError, StorageError) as error:
            apologise(resp, error)

    def write(self, home: Home, asked: Asked, work: Callable[[Tx], Any], actor: Actor = NOBODY) -> Any:
        """Writing work in a transaction that carries the request's id into its events."""

        def job(session: Any) -> Any:
            tx = home.shop.tx(session, actor, request_id=asked.request_id)
            done = work(tx)
            home.shop.flush(tx)
            return done

        return home.shop.database.write(job)


class SignIn(Entrance):
    """The e-mail address and the password."""

    label = "sign-in"

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Ask for them."""
        self.kept(self._show, req, resp)

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Try them."""
        self.kept(self._try, req, resp)

    def _show(self, front: Front, resp: falcon.Response, asked: Asked) -> None:
        told = (home_chosen(front, asked.said("shop")), asked.said("next"), "")
        self._page(front, resp, asked, told)

    def _try(self, front: Front, resp: falcon.Response, asked: Asked) -> None:
        mark = asked.posted("mark").encode("utf-8", "replace")
        kept = asked.cookies.get(ENTERING, "").encode("utf-8", "replace")
        if not asked.is_from_here or not kept or not compare_digest(mark, kept):
            raise NotFromHere
        home, way = home_chosen(front, asked.posted("shop")), asked.posted("next")
        email, password = asked.posted("email")[:TEXT_MAX], asked.posted("password")
        try:
            begun = self._begun(home, asked, email, password)
        except LoginThrottled as error:
            self._page(front, resp, asked, (home, way, email), paused(home, error))
            return
        if begun is None:
            self._page(front, resp, asked, (home, way, email), WRONG)
            return
        set_session_cookie(resp, home.shop.name, begun.key)
        resp.unset_cookie(ENTERING, path=PATH)
        if begun.is_entered:
            go(resp, safe_way(way))
        else:
            go(resp, address_of(f"{SECOND_FACTOR}?next={quote(safe_way(way), safe='')}"))

    def _begun(self, home: Home, asked: Asked, email: str, password: str) -> NewSession | None:
        """A session under a new key; the one that the browser had before ends. Refuses: LoginThrottled."""
        kept = home.shop.read(lambda tx: login_hash(tx, email=email, address=asked.address))
        passwords = Tried(self._passwords, password, kept)

        def work(tx: Tx) -> NewSession | None:
            operator = login(tx, email=email, password=password, passwords=passwords, address=asked.address)
            if operator is None:
                return None
            tx.actor = Actor(operator.name, CONSOLE, operator.id)
            shop, key = read_session_cookie(asked.cookies.get(SESSION, ""))
            if shop == home.shop.name:
                end_session(tx, key_hash=hash_key(key, home.secret))
            return begin_session(
                tx,
                operator_id=operator.id,
                secret=home.secret,
                address=asked.address,
                agent=asked.agent,
            )

        begun: NewSession | None = self.write(home, asked, work)
        return begun

    def _page(
        self,
        front: Front,
        resp: falcon.Response,
        asked: Asked,
        told: tuple[Home, str, str],
        trouble: Trouble = NO_TROUBLE,
    ) -> None:
        """The form; `told` are the shop, the page that is wanted, and the e-mail address, as far as they are known."""
        home, way, email = told
        mark = home.shop.chance.text(MARK_LETTERS)
        resp.set_cookie(
            ENTERING, mark, path=PATH, http_only=True, same_site="Lax",
            secure=resp.context.is_secure,
        )  # fmt: skip
        values = {
            "action": address_of(SIGN_IN),
            "shops": [one.shop.name for one in front.homes],
            "chosen": home.shop.name,
            "mark": mark,
            "next": safe_way(way),
            "email": email,
            "said": unquote(asked.cookies.get(SAID, ""))[:SAID_MAX],
        }
        show(resp, "sign_in.html", values, trouble)
        if SAID in asked.cookies:
            resp.unset_cookie(SAID, path=PATH)


def home_chosen(front: Front, name: str) -> Home:
    """The shop that was chosen, or the first."""
    return front.home_named(name) or front.homes[0]


class SecondFactor(Entrance):
    """The authenticator's code, or a recovery code, for who has given the password."""

    label = "second-factor"

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Ask for it."""
        self.kept(self._show, req, resp)

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Try it."""
        self.kept(self._try, req, resp)

    def _show(self, front: Front, resp: falcon.Response, asked: Asked) -> None:
        _, _, who = waiting(front, asked)
        if who.is_entered:
            go(resp, safe_way(asked.said("next")))
            return
        self._page(resp, who, asked.said("next"))

    def _try(self, front: Front, resp: falcon.Response, asked: Asked) -> None:
        home, _, who = waiting(front, asked)
        way = asked.posted("next")
        refuse_forged(asked, who)
        if who.is_entered:
            go(resp, safe_way(way))
            return

        def work(tx: Tx) -> NewSession | None:
            return enter(
                tx,
                who,
                code=asked.posted("code"),
                secret=home.secret,
                address=asked.address,
                agent=asked.agent,
            )

        try:
            begun = self.write(home, asked, work, who.actor())
        except LoginThrottled as error:
            self._page(resp, who, way, paused(home, error))
            return
        if begun is None:
            self._page(resp, who, way, WRONG_CODE)
            return
        set_session_cookie(resp, home.shop.name, begun.key)
        go(resp, safe_way(way))

    def _page(self, resp: falcon.Response, who: SessionRow, way: str, trouble: Trouble = NO_TROUBLE) -> None:
        values = {
            "action": address_of(SECOND_FACTOR),
            "leave": address_of(SIGN_OUT),
            "csrf": who.form_key,
            "name": who.operator_name,
            "next": safe_way(way),
        }
        show(resp, "second_factor.html", values, trouble)


class SignOut(Entrance):
    """Leaving: the session ends here and now, and with it what the browser holds."""

    label = "sign-out"

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Leave."""
        self.kept(self._leave, req, resp)

    def _leave(self, front: Front, resp: falcon.Response, asked: Asked) -> None:
        home, key_hash, who = waiting(front, asked)
        refuse_forged(asked, who)
        self.write(home, asked, lambda tx: end_session(tx, key_hash=key_hash), who.actor())
        forget_session_cookie(resp)
        go(resp, address_of(SIGN_IN), "You are signed out.")


def waiting(front: Front, asked: Asked) -> tuple[Home, str, SessionRow]:
    """Whose session the browser holds, whether entered or not. Refuses: Stranger."""
    home, key_hash = front.found(asked.cookies)

    def look(tx: Tx) -> SessionRow | None:
        who = find_session(tx, key_hash)
        return None if who is None or who.is_over(tx.machine_now) else who

    who = home.shop.read(look)
    if who is None:
        raise Stranger(SIGN_IN)
    return home, key_hash, who


def refuse_forged(asked: Asked, who: SessionRow) -> None:
    """Refuses: NotFromHere, when the form is none of this session."""
    key = asked.posted("csrf").encode("utf-8", "replace")
    if not asked.is_from_here or not compare_digest(key, who.form_key.encode()):
        raise NotFromHere


def safe_way(way: str) -> str:
    """The page that was asked for before signing in, when it is one of ours; otherwise the first."""
    ours = way == PATH or way.startswith((f"{PATH}/", f"{PATH}?"))
    entrances = tuple(address_of(path) for path in (SIGN_IN, SECOND_FACTOR, SIGN_OUT))
    is_plain = way.isascii() and way.isprintable() and "\\" not in way and len(way) <= WAY_MAX
    return way if ours and is_plain and not way.startswith(entrances) else PATH


def paused(home: Home, error: LoginThrottled) -> Trouble:
    """How long nothing is tried, in minutes and on the shop's clock."""

    def told(tx: Tx) -> Trouble:
        seconds = max((error.until - tx.machine_now).seconds, 1)
        minutes = -(-seconds // 60)
        at = f"{tx.shop.local(error.until):%H:%M}"
        span = f"{minutes} minute{'' if minutes == 1 else 's'}"
        return Trouble(f"Too many attempts have failed. Try again in {span}, at {at}.", seconds)

    return home.shop.read(told)


def show(resp: falcon.Response, template: str, values: Mapping[str, Any], trouble: Trouble) -> None:
    """A page without a session; one that was refused says so by its status as well."""
    if trouble.wait_seconds:
        resp.status = HTTPStatus.TOO_MANY_REQUESTS.value
        resp.set_header("Retry-After", str(trouble.wait_seconds))
    elif trouble.sentence:
        resp.status = HTTPStatus.UNPROCESSABLE_ENTITY.value
    resp.content_type = HTML
    resp.data = filled(template, {**values, "problem": trouble.sentence})
