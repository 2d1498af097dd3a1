"""The how-to on proxies, run as it is printed: nginx and Caddy over TLS in front of a real server."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from lxml import html

from comptoir.domain.identity.logins import ADDRESS_FAILURES_MAX
from tests.e2e.conftest import ROOT, Installation, wait_for
from tests.e2e.fronts import FRONTS, NAME, PAGE, Front, in_front

pytestmark = pytest.mark.e2e
ADA, EVE, BOB = "127.0.0.2", "127.0.0.66", "127.0.0.3"
FAILING = {kind: f"127.0.1.{number}" for number, kind in enumerate(FRONTS, 1)}
EMAIL, PASSWORD = "ada@example.com", "a long enough password"
API_USER, API_PASSWORD = "APIuser", "APIpass-1234567890"
BANK_KEY, BANK_SECRET = "bankkey", "banksecret-1234567890"
SAMPLE = ROOT / "src/comptoir/domain/banking/program/samples/example1.toml"
PUBLIC = f"https://{NAME}"
FORGED = (
    {"X-Forwarded-For": ADA}, {"X-Forwarded-For": f"{ADA}, 127.0.0.1"}, {"X_Forwarded_For": ADA}, {"X-Real-IP": ADA},
    {"Forwarded": f"for={ADA}"}, {"X-Forwarded-For": ADA, "X_Forwarded_For": ADA},
)  # fmt: skip


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A shop whose keys are kept to networks, served to a proxy that it trusts."""
    made = Installation(tmp_path_factory.mktemp("fronted"))
    made.run("init", "--sandbox")
    made.run("users", "create", EMAIL, "--password", PASSWORD)
    made.run("users", "api", "create", API_USER, "--password", API_PASSWORD, "--network", ADA)
    made.run(
        "users",
        "api",
        "create",
        BANK_KEY,
        "--dialect",
        "corepro",
        "--password",
        BANK_SECRET,
        "--network",
        ADA,
    )
    made.run("bank", "load", str(SAMPLE))
    made.serve("--trusted-proxies", "127.0.0.1")
    yield made
    made.close()


@pytest.fixture(scope="module")
def key(installed: Installation) -> str:
    """A key that opens to Ada's address alone."""
    made: str = installed.run("keys", "create", "--scope", "*", "--network", ADA)["key"]
    return made


@pytest.fixture(scope="module", params=FRONTS)
def front(request: pytest.FixtureRequest, installed: Installation) -> Iterator[Front]:
    with in_front(request.param, installed.servers[0]) as opened:
        yield opened


class Visiting:
    """Somebody at the console on its public name; every address that it sends them to is kept."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.sent_to: list[str] = []

    def follow(self, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect:
            self.sent_to.append(urljoin(str(answer.request.url), answer.headers["location"]))
            answer = self.client.get(self.sent_to[-1])
        return answer

    def page(self, path: str) -> Any:
        answer = self.follow(self.client.get(path))
        assert answer.status_code == 200, answer.text
        return html.fromstring(answer.text)

    def send(self, page: Any, ending: str, files: Any = None, **values: str) -> httpx.Response:
        """Send the form that posts to this ending as a browser does, which says where it comes from."""
        form = next(one for one in page.forms if (one.action or "").endswith(ending))
        return self.client.post(
            form.action, data=dict(form.form_values()) | values, files=files, headers={"Origin": PUBLIC}
        )

    def enter(self, email: str = EMAIL, password: str = PASSWORD) -> httpx.Response:
        return self.send(self.page("/console"), "/sign-in", email=email, password=password)


@pytest.fixture
def ada(front: Front) -> Iterator[Visiting]:
    with front.caller(ADA) as client:
        visiting = Visiting(client)
        yield visiting


def test_the_console_is_entered_over_tls_and_stays_on_the_public_name(ada: Visiting) -> None:
    entered = ada.enter()
    assert entered.status_code == 303, entered.text
    (cookie,) = [one for one in entered.headers.get_list("set-cookie") if "comptoir_session" in one]
    assert "secure" in [part.strip().lower() for part in cookie.split(";")]
    assert ada.follow(entered).status_code == 200
    assert ADA in ada.page("/console/profile").text_content(), "from where one is signed in"
    shown = ada.follow(ada.send(ada.page("/console/keys/new"), "/keys/new", name="Till", dialect="coredna"))
    assert f"{PUBLIC}/products" in shown.text, "a request to try it with"
    # Whatever somebody adds to their own request, no page leads elsewhere.
    ada.client.headers.update({"X-Forwarded-Host": "evil.example.com", "Forwarded": "host=evil.example.com"})
    again = ada.follow(ada.send(ada.page("/console/keys/new"), "/keys/new", name="Desk", dialect="coredna"))
    assert (f"{PUBLIC}/products" in again.text, "evil" in again.text) == (True, False)
    assert ada.sent_to
    assert {urlsplit(address)[:2] for address in ada.sent_to} == {("https", NAME)}


def raw(front: Front, target: str, host: str, *more: str) -> str:
    """What a request is answered that no client of good manners would send."""
    lines = [f"GET {target} HTTP/1.1", f"Host: {host}", "Connection: close", *more, "", ""]
    with (
        socket.create_connection(("127.0.0.1", front.port), timeout=20, source_address=(EVE, 0)) as plain,
        front.trusting.wrap_socket(plain, server_hostname=NAME) as line,
    ):
        line.sendall("\r\n".join(lines).encode())
        return b"".join(iter(lambda: line.recv(65536), b"")).decode("utf-8", "replace")


def test_only_the_public_name_reaches_the_server(front: Front, ada: Visiting) -> None:
    ada.follow(ada.enter())
    kept = "; ".join(f"{name}={value}" for name, value in ada.client.cookies.items())
    someone = {"username": front.kind, "email": f"{front.kind}@example.com", "first_name": "Grace"}
    ada.follow(ada.send(ada.page("/console/customers/new"), "/customers/new", **someone))
    (link,) = {link for link in ada.page("/console/customers/1").xpath("//a/@href") if "three-ways" in link}
    shown = raw(front, link, NAME, f"Cookie: {kept}")
    assert (shown.startswith("HTTP/1.1 200"), f"{PUBLIC}/" in shown) == (True, True)
    # A request may name its target whole, and another host beside it: the target counts.
    shown = raw(front, f"{PUBLIC}{link}", "evil.example.com", f"Cookie: {kept}")
    assert (f"{PUBLIC}/" in shown, "evil" in shown) == (True, False)
    before = len(front.server.lines())
    assert "Console" not in raw(front, "/console/sign-in", "evil.example.com")
    assert [line for line in front.server.lines()[before:] if line.get("path") == "/console/sign-in"] == []


def address_logged(front: Front, answer: httpx.Response) -> str:
    request_id = answer.headers["X-Request-Id"]
    found: list[str] = []

    def is_there() -> bool:
        found.extend(line["address"] for line in front.server.lines() if line.get("request_id") == request_id)
        return bool(found)

    wait_for(is_there)
    return found[0]


def test_a_key_kept_to_an_address_opens_to_that_caller_and_to_no_forger(front: Front, key: str) -> None:
    with front.caller(ADA, Authorization=f"Bearer {key}") as caller:
        answer = caller.get("/products")
        assert (answer.status_code, address_logged(front, answer)) == (200, ADA)
    with front.caller(EVE, Authorization=f"Bearer {key}") as caller:
        for forged in ({}, *FORGED):
            answer = caller.get("/products", headers=forged)
            assert (answer.status_code, address_logged(front, answer)) == (401, EVE), forged


def test_a_key_kept_to_the_proxys_address_opens_to_nobody_behind_it(
    front: Front, installed: Installation
) -> None:
    own = installed.run("keys", "create", "--scope", "*", "--network", "127.0.0.1")["key"]
    with front.caller(EVE, Authorization=f"Bearer {own}") as caller:
        for forged in ({}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-For": "unknown"}):
            assert caller.get("/products", headers=forged).status_code == 401, forged


def test_the_three_dialects_answer_and_know_their_caller(front: Front, key: str) -> None:
    asked: list[tuple[str, Any]] = [
        ("/api/acct/detail_company_info", (API_USER, API_PASSWORD)),
        ("/program/get", (BANK_KEY, BANK_SECRET)),
    ]
    with front.caller(ADA) as caller, front.caller(EVE) as stranger:
        for client, is_let_in in ((caller, True), (stranger, False)):
            answer = client.get("/products", headers={"Authorization": f"Bearer {key}"})
            assert (answer.status_code == 200) == is_let_in, answer.text
            for path, auth in asked:
                answer = client.get(path, auth=auth, headers={"Accept": "application/json"})
                assert (answer.status_code == 200) == is_let_in, (path, answer.text)


def test_a_large_file_is_taken(ada: Visiting) -> None:
    ada.follow(ada.enter())
    content = b"name\n" + b"".join(
        b"Brand %09d of a long list of brands\n" % number for number in range(600_000)
    )
    assert len(content) > 20 * 2**20
    page = ada.page("/console/files")
    sent = ada.send(page, "/upload", {"file": ("brands.csv", content, "text/csv")}, kind="brands")
    assert sent.status_code == 303, sent.text[:500]
    task = ada.follow(sent)
    assert "brands.csv" in task.text
    ada.send(html.fromstring(task.text), "/stop")


def test_who_fails_too_often_waits_and_others_do_not(front: Front) -> None:
    with front.caller(FAILING[front.kind]) as client:
        eve = Visiting(client)
        for number in range(ADDRESS_FAILURES_MAX):
            client.headers["X-Forwarded-For"] = f"203.0.113.{number}"
            failed = eve.enter(f"{number}@{front.kind}.example.com", "wrong")
            assert failed.status_code == 422, number
        assert eve.enter().status_code == 429
    with front.caller(BOB) as client:
        bob = Visiting(client)
        assert bob.enter().status_code == 303


def test_the_page_says_how_to_see_that_it_works(front: Front) -> None:
    (header,) = re.findall(
        r"^curl -H '([^']+)' https://shop\.example\.com/healthz$", PAGE.read_text(), re.MULTILINE
    )
    name, _, value = header.partition(": ")
    with front.caller(BOB) as caller:
        assert address_logged(front, caller.get("/healthz", headers={name: value})) == BOB
