"""Who asks when a proxy asks: what trusted ones say is believed wherever an address counts, and nobody else's word."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import falcon.testing
import msgspec
import pytest
import structlog

from comptoir.app import make_served
from comptoir.domain.checkout.queries import get_checkout
from comptoir.domain.identity.keys import update_key
from comptoir.domain.identity.logins import ADDRESS_FAILURES_MAX
from comptoir.domain.identity.queries import list_keys
from comptoir.domain.identity.sessions import list_sessions
from comptoir.operations.access import Watched
from comptoir.operations.logs import configure_logs
from comptoir.operations.proxies import HOPS_MAX, Behind
from tests.console.visiting import PASSWORD, Visitor, let_in
from tests.domain.checkout.shopping import ONE_SHIRT, be_seller
from tests.operations.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comptoir.dialects.edge import ServedShop

PROXY, INNER, BUYER, STRANGER = "10.0.0.1", "10.9.9.9", "203.0.113.7", "198.51.100.66"
TRUSTED = ("10.0.0.0/8", "fd00::/8")


def told(environ: dict[str, str]) -> tuple[str, str]:
    """The address and the scheme that the application sees."""
    seen: list[tuple[str, str]] = []

    def app(env: dict[str, Any], _start: Any) -> list[bytes]:
        seen.append((env["REMOTE_ADDR"], env["wsgi.url_scheme"]))
        return []

    Behind(app, TRUSTED)({"wsgi.url_scheme": "http", **environ}, lambda *_: None)
    return seen[0]


@pytest.mark.parametrize(
    ("peer", "said", "caller"),
    [
        (PROXY, BUYER, BUYER),
        (PROXY, f"{STRANGER}, {BUYER}", BUYER),
        (PROXY, f"{STRANGER},{BUYER}, {INNER}", BUYER),
        (PROXY, f"{INNER}, {PROXY}", INNER),
        (PROXY, "", PROXY),
        (PROXY, "unknown", PROXY),
        (PROXY, f"{BUYER}, unknown", PROXY),
        (PROXY, f"{BUYER}, _hidden, {INNER}", INNER),
        (PROXY, f"{BUYER}, , {INNER}", INNER),
        (PROXY, f"{BUYER}:4711", BUYER),
        (PROXY, "[2001:db8::5]:4711", "2001:db8::5"),
        (PROXY, "2001:DB8:0::5", "2001:db8::5"),
        (PROXY, f"::ffff:{BUYER}", BUYER),
        (PROXY, "fe80::1%eth0", PROXY),
        (PROXY, "1" * 100_000, PROXY),
        (PROXY, f"{BUYER}, " + ", ".join([INNER] * (HOPS_MAX + 9)), INNER),
        (f"::ffff:{PROXY}", BUYER, BUYER),
        (f"{PROXY}:50000", BUYER, BUYER),
        ("fd00::1", BUYER, BUYER),
        ("[fd00::1]:50000", BUYER, BUYER),
        (STRANGER, BUYER, STRANGER),
        (STRANGER, f"{BUYER}, {PROXY}", STRANGER),
        ("2001:db8::9", BUYER, "2001:db8::9"),
        ("", BUYER, ""),
        ("unix:", BUYER, "unix:"),
    ],
)
def test_the_caller_is_the_last_that_is_no_trusted_proxy(peer: str, said: str, caller: str) -> None:
    assert told({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": said})[0] == caller


@pytest.mark.parametrize(
    ("peer", "said", "scheme"),
    [
        (PROXY, "https", "https"),
        (PROXY, "HTTPS", "https"),
        (PROXY, "http, https", "https"),
        (PROXY, "https, http", "http"),
        (PROXY, "ftp", "http"),
        (PROXY, "", "http"),
        (STRANGER, "https", "http"),
    ],
)
def test_the_scheme_is_believed_as_well(peer: str, said: str, scheme: str) -> None:
    assert told({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_PROTO": said})[1] == scheme


def test_without_proxies_nothing_stands_in_between(home: ServedShop) -> None:
    assert isinstance(make_served([home]).wsgi, Watched)
    assert isinstance(make_served([home], proxies=TRUSTED).wsgi, Behind)


# --------------------------------------------------------------------- wherever an address counts


class Proxied:
    """A shop behind a trusted proxy, and its log."""

    def __init__(self, home: ServedShop, log: io.StringIO) -> None:
        self.home = home
        self.app = make_served([home], logs=True, proxies=TRUSTED).wsgi
        self.client = falcon.testing.TestClient(self.app)
        self._log = log

    def ask(self, path: str, said: str, peer: str = PROXY, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {KEY}", "X-Forwarded-For": said}
        return self.client.simulate_get(path, headers=headers, remote_addr=peer, **more)

    def addresses(self) -> list[str]:
        lines = [msgspec.json.decode(line) for line in self._log.getvalue().splitlines()]
        return [line["address"] for line in lines if line["event"] == "request"]


@pytest.fixture
def proxied(home: ServedShop) -> Iterator[Proxied]:
    log = io.StringIO()
    configure_logs("json", "info", log)
    yield Proxied(home, log)
    structlog.reset_defaults()


def test_a_keys_networks_hold_the_caller_and_not_the_proxy(proxied: Proxied) -> None:
    def keep_to(network: str) -> None:
        shop = proxied.home.shop
        number = next(row.id for row in shop.read(list_keys) if row.scopes == ["*"])
        shop.write(lambda tx: update_key(tx, key_id=number, networks=[network]))

    keep_to("203.0.113.0/24")
    assert proxied.ask("/products", BUYER).status_code == 200
    assert proxied.ask("/products", f"{BUYER}, {STRANGER}").status_code == 401
    assert proxied.ask("/products", BUYER, STRANGER).status_code == 401
    assert proxied.addresses() == [BUYER, STRANGER, STRANGER]
    keep_to("10.0.0.0/8")
    assert proxied.ask("/products", BUYER).status_code == 401


def enter(visitor: Visitor, said: str, password: str, peer: str = PROXY, **more: str) -> Any:
    """Try to sign in from somewhere."""
    headers = {"X-Forwarded-For": said, **more}
    page = visitor.ask("GET", "/console/sign-in", headers=headers, remote_addr=peer)
    fields = dict(page.form("/sign-in").form_values())
    body = urlencode(fields | {"email": f"{said}@example.com", "password": password}).encode()
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    return visitor.ask("POST", "/console/sign-in", body=body, headers=headers, remote_addr=peer)


def test_a_caller_is_throttled_and_not_everybody_behind_the_proxy(proxied: Proxied) -> None:
    visitor = Visitor(proxied.home, app=proxied.app)
    # What the caller writes before the proxy's word makes nobody somebody else.
    for number in range(ADDRESS_FAILURES_MAX):
        assert enter(visitor, f"192.0.2.{number}, {STRANGER}", "wrong").status == 422
    assert enter(visitor, STRANGER, "wrong").status == 429
    assert enter(visitor, BUYER, "wrong").status == 422


def test_who_comes_past_the_proxy_is_who_they_are(proxied: Proxied) -> None:
    visitor = Visitor(proxied.home, app=proxied.app)
    for number in range(ADDRESS_FAILURES_MAX):
        assert enter(visitor, f"192.0.2.{number}", "wrong", STRANGER).status == 422
    assert enter(visitor, BUYER, "wrong", STRANGER).status == 429


def test_a_session_tells_the_caller_and_its_cookies_stay_with_tls(proxied: Proxied) -> None:
    shop = proxied.home.shop
    own = shop.write(lambda tx: let_in(tx, email=f"{BUYER}@example.com"))
    visitor = Visitor(proxied.home, app=proxied.app)
    entered = enter(visitor, BUYER, PASSWORD, **{"X-Forwarded-Proto": "https"})
    assert entered.status == 303
    assert entered.answer.cookies["comptoir_session"].secure
    (session,) = shop.read(lambda tx: list_sessions(tx, operator_id=own))
    assert session.address == BUYER
    headers = {"X-Forwarded-Proto": "https"}
    page = visitor.ask("GET", "/console/profile", headers=headers, remote_addr=PROXY)
    body = urlencode({**dict(page.form("/profile/update").form_values()), "name": "Ada L"}).encode()
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    saved = visitor.ask("POST", "/console/profile/update", body=body, headers=headers, remote_addr=PROXY)
    assert (saved.status, saved.answer.cookies["comptoir_said"].secure) == (303, True)
    spoofed = Visitor(proxied.home, app=proxied.app)
    entered = enter(spoofed, BUYER, PASSWORD, STRANGER, **{"X-Forwarded-Proto": "https"})
    assert (entered.status, entered.answer.cookies["comptoir_session"].secure) == (303, False)


def test_a_buyer_is_known_by_their_own_address(proxied: Proxied) -> None:
    shop = proxied.home.shop
    shop.write(be_seller)
    for said, peer, kept in ((BUYER, PROXY, BUYER), (f"{BUYER}, {STRANGER}", PROXY, STRANGER),
                             (BUYER, STRANGER, STRANGER)):  # fmt: skip
        begun = proxied.ask("/checkout/purchase", said, peer, query_string=urlencode(ONE_SHIRT))
        key = begun.headers["location"].split("/")[3]
        assert shop.read(partial(get_checkout, key=key)).ip_address == kept, (said, peer)
