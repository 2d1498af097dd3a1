"""Buyers, shops and their attackers at the open doors: no fault, nothing of theirs runs on our pages."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from hypothesis import given, seed
from hypothesis import strategies as st
from lxml import html

from comptoir.domain.payments.cards import tokenise
from comptoir.domain.payments.port import Card
from comptoir.domain.payments.sandbox import SandboxGateway
from tests.conftest import SECRET
from tests.fuzz.drawing import SETTINGS
from tests.fuzz.twocheckout.buyers import Asked, links, orders, token_calls, visits
from tests.fuzz.twocheckout.hostile import multipart

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

    from tests.dialects.conftest import LocalWire
    from tests.dialects.wire import Answer, World
    from tests.fuzz.tally import Tally

ENVELOPE = {"validationErrors", "response", "exception"}
SCRIPT = re.compile(rb"/\*\*/[A-Za-z_$][\w$.]*\(.*\);", re.DOTALL)
CHECKOUT = re.compile(r"/checkout/purchase/[\w-]+")
RUNNING = {"script", "iframe", "object", "embed", "base", "applet", "frame"}
LEADING = ("href", "src", "action", "formaction")
KNOWN = ("/", "https://", "http://", "#", "?", "mailto:", "tel:")
NUMBERS_TYPED = ["4000000000000002", "4000 0000 0000 0002", "4333433343334333"]


def test_buyers(buyers_run: int, wire: LocalWire, world: World, tally: Tally) -> None:
    world("everything")

    @seed(buyers_run)
    @SETTINGS
    @given(data=st.data())
    def come(data: DataObject) -> None:
        data.draw(st.sampled_from([buy, buy, pay_by_api, ask_for_token]))(wire, tally, data)

    come()
    tally.hold()


def buy(wire: LocalWire, tally: Tally, data: DataObject) -> None:
    """Follow a link, and go some steps."""
    asked = data.draw(links())
    answer = send(wire, asked)
    tally.note(answer.status, "checkout.open", faults_of_page(answer), str(asked)[:900])
    place = CHECKOUT.fullmatch(answer.headers.get("location") or "")
    for step in data.draw(visits()) if place else ():
        assert place is not None
        answer = send(wire, step._replace(path=f"{place[0]}/{step.path}"))
        tally.note(
            answer.status, f"checkout.{step.path}", faults_of_page(answer), f"{asked!s:.600} {step!s:.900}"
        )


def pay_by_api(wire: LocalWire, tally: Tally, data: DataObject) -> None:
    """Sell by the payment API, with a token of a good card, of a bad one, or with none."""
    number = data.draw(st.sampled_from(["4000000000000002", "4333433343334333", ""]))
    token = "ffff"
    if number:
        token = tokenise(wire.shop, SandboxGateway(), Card(number, 12, 2030, "123"), secret=SECRET).token
    asked = data.draw(orders(token))
    answer = send(wire, asked)
    tally.note(answer.status, "authService", faults_of_envelope(answer), str(asked)[:1500])


def ask_for_token(wire: LocalWire, tally: Tally, data: DataObject) -> None:
    """Ask for a token."""
    asked = data.draw(token_calls())
    answer = send(wire, asked)
    tally.note(answer.status, "tokens", faults_of_token(asked, answer), str(asked)[:900])


def send(wire: LocalWire, asked: Asked) -> Answer:
    """Send a request as a browser does."""
    form = urlencode(
        [
            (name.encode("utf-8", "surrogatepass"), value.encode("utf-8", "surrogatepass"))
            for name, value in asked.pairs
        ]
    )
    body, path = asked.body, asked.path
    if asked.method == "GET":
        path = f"{path}?{form}" if form else path
    elif body is None:
        body = multipart(asked.pairs) if "multipart" in asked.label else form.encode()
    return wire.request(asked.method, path, key="none", raw=body, content_type=asked.label)


def faults_of_page(answer: Answer) -> list[str]:
    """What is wrong with a page: a fault, anything that runs or leads astray, a card's number told back."""
    if answer.status >= 500:
        return [answer.body.decode()]
    if not answer.body or not (answer.headers.get("content-type") or "").startswith("text/html"):
        return []
    page = answer.body.decode()
    faults = [f"tells {number}" for number in NUMBERS_TYPED if number in page]
    if answer.headers.get("content-security-policy") is None:
        faults.append("has no policy")
    for element in html.document_fromstring(page).iter("*"):
        if element.tag in RUNNING:
            faults.append(f"holds <{element.tag}>")
        for name, value in element.items():
            astray = name in LEADING and not str(value).startswith(KNOWN)
            if str(name).startswith("on") or (astray and value):
                faults.append(f"holds {name!r}={value!r}")
    return faults


def faults_of_envelope(answer: Answer) -> list[str]:
    """What is wrong with an answer of the payment API."""
    if answer.status not in {200, 400, 401}:
        return [f"answered {answer.status}: {answer.body.decode():.300}"]
    document = json.loads(answer.body)
    faults = [] if answer.body.isascii() else ["is not ASCII"]
    if document.keys() != ENVELOPE or (document["response"] is None) == (document["exception"] is None):
        faults.append(f"is no envelope: {sorted(document)}")
    elif (answer.status == 200) != (document["exception"] is None):
        faults.append(f"says {answer.status} with {document['exception']}")
    return faults


def faults_of_token(asked: Asked, answer: Answer) -> list[str]:
    """What is wrong with an answer of the token service."""
    if asked.method == "PUT":
        return [] if answer.status == 405 else [f"answered {answer.status} to PUT"]
    if answer.status not in {200, 400}:
        return [f"answered {answer.status}: {answer.body.decode():.300}"]
    if (answer.headers.get("content-type") or "").startswith("application/javascript"):
        return [] if SCRIPT.fullmatch(answer.body) else ["is no call"]
    return [] if json.loads(answer.body).keys() == ENVELOPE else ["is no envelope"]
