"""Whose a request is, and that nothing that comes to the door breaks it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import falcon.testing
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.dialects.corepro.paths import HOSTS
from comptoir.dialects.corepro.routes import CALLS
from comptoir.operations.corepro import guid_of
from tests.dialects.corepro.asking import COREDNA_KEY, credentials

if TYPE_CHECKING:
    from tests.dialects.corepro.wire import BankWire
    from tests.dialects.wire import World

LATIN = st.text(st.characters(codec="latin-1"), max_size=60)
SEGMENTS = (
    st.sampled_from([call.path for call in CALLS])
    | LATIN
    | st.sampled_from(["", "/", "null", "1", "%", ".."])
)
HEADERS = (
    "HTTP_AUTHORIZATION", "HTTP_HOST", "CONTENT_TYPE", "HTTP_ACCEPT", "HTTP_X_REQUEST_ID", "HTTP_X_COREPRO_REQUESTID",
    "HTTP_IDEMPOTENCY_KEY", "CONTENT_LENGTH", "REMOTE_ADDR",
)  # fmt: skip
REQUESTS = st.fixed_dictionaries(
    {
        "REQUEST_METHOD": st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"]),
        "PATH_INFO": st.lists(SEGMENTS, max_size=6).map("/".join).map("/{}".format),
        "QUERY_STRING": LATIN,
        "HTTP_HOST": st.sampled_from(sorted(HOSTS)),
        "HTTP_AUTHORIZATION": st.sampled_from(["updating", "reading", "revoked"]).map(credentials),
    },
    optional={name: LATIN for name in HEADERS if name not in {"HTTP_HOST", "HTTP_AUTHORIZATION"}},
)
ODD = st.dictionaries(st.sampled_from(HEADERS), LATIN, max_size=2)
SILENT = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def answered(wire: BankWire, environ: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The status and the document of what a raw environment is answered."""
    found: list[str] = []
    body = b"".join(wire.door(environ, lambda status, _headers: found.append(status)))
    return int(found[0][:3]), json.loads(body or b"{}")


@SILENT
@given(request=REQUESTS, odd=ODD, body=st.binary(max_size=60))
def test_nothing_breaks_the_door(
    wire: BankWire, world: World, request: dict[str, str], odd: dict[str, str], body: bytes
) -> None:
    world("empty")
    environ = falcon.testing.create_environ("/", method=request["REQUEST_METHOD"], body=body) | request | odd
    wire.trace(environ)
    status, document = answered(wire, environ)
    assert status < 500
    if document and "HTTP_HOST" not in odd:
        assert document["status"] == status


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"Authorization": f"Bearer {COREDNA_KEY}"}, 404),
        ("/", {"Authorization": "Basic eW91cnVuaXF1ZWFwaWtleTo="}, 404),
        ("/", {"Authorization": "Basic dW5rbm93bjp1bmtub3du"}, 401),
        ("/", {}, 401),
        ("/products", {"Authorization": f"Bearer {COREDNA_KEY}"}, 200),
        ("/transactions", {"Authorization": f"Bearer {COREDNA_KEY}"}, 404),
        ("/nope/x", {"Authorization": f"Bearer {COREDNA_KEY}"}, 404),
        ("/nope/x", {"Authorization": credentials("revoked")}, 401),
        ("/nope/x", {"Authorization": "Basic dW5rbm93bjp1bmtub3du"}, 401),
        ("/nope/x", {}, 401),
        ("/products", {"Authorization": credentials("updating")}, 401),
    ],
    ids=repr,
)
def test_what_is_another_dialects_stays_so(
    wire: BankWire, world: World, path: str, headers: dict[str, str], status: int
) -> None:
    world("empty")
    got = wire.request("GET", path, headers=headers, key="none")
    assert (got.status, "transaction_id" in json.loads(got.body)) == (status, True)


def test_the_other_dialects_answer_beside_this_one(wire: BankWire, world: World) -> None:
    world("empty")
    got = wire.request(
        "GET", "/api/acct/detail_company_info", headers={"Authorization": credentials("updating")}
    )
    assert got.status == 401
    assert got.headers["WWW-Authenticate"] == 'Basic realm="2CO API"'
    assert wire.request("GET", "/healthz", key="none").status == 200


def test_a_requests_id_is_a_guid_whatever_it_was() -> None:
    own = "0B0E6F5C-5d0a-4f86-9f5b-6a2f9c1d7e11"
    assert guid_of(own) == own.lower()
    assert guid_of("request-1") == guid_of("request-1") != guid_of("request-2")
    assert len(guid_of("0b0e6f5c5d0a4f869f5b6a2f9c1d7e11")) == 36
