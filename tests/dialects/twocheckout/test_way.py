"""The way of a request to its handler: user, verb, permission, transaction, fault."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from comptoir.dialects.bodies import BodyLimits
from comptoir.dialects.coredna.brands import BRAND
from comptoir.dialects.edge import Edge
from comptoir.domain.identity.models import Operator
from tests.dialects.twocheckout.asking import COREDNA_KEY, USERS
from tests.dialects.twocheckout.conftest import let_in
from tests.dialects.twocheckout.probing import Probe

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop
    from tests.dialects.conftest import LocalWire

DENIED = [{"code": "FORBIDDEN", "message": "Access denied."}]


@pytest.fixture
def probe(wire: LocalWire, world: Any) -> Probe:
    world("empty")
    return Probe(wire._served)


def brands(probe: Probe) -> list[str]:
    return probe.home.shop.read(lambda tx: [one["name"] for one in BRAND.page(tx, (), limit=10)])


@pytest.mark.parametrize("user", ["updating", "reading"])
@pytest.mark.parametrize("verb", ["GET", "POST", "HEAD"])
def test_what_reads_is_asked_by_get_and_post(probe: Probe, verb: str, user: str) -> None:
    status, document = probe.ask(verb, "probe/tell?a=1", user=user)
    assert (status, document["asked"]) == (200, {"a": ["1"]})


def test_what_writes_is_asked_by_a_user_who_may_update(probe: Probe) -> None:
    assert probe.ask("POST", "probe/make", b"name=Sparkle")[1] == {
        "actor": "APIuser1817037",
        "response_code": "OK",
        "response_message": "made",
    }
    assert brands(probe) == ["Sparkle"]


def test_who_only_reads_may_not_write(probe: Probe) -> None:
    status, document = probe.ask("POST", "probe/make", b"name=Sparkle", user="reading")
    assert (status, document["errors"]) == (400, DENIED)
    assert (document["response_code"], document["response_message"]) == ("FORBIDDEN", "Access denied.")
    assert brands(probe) == []


@pytest.mark.parametrize("verb", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_what_writes_is_asked_by_post_alone(probe: Probe, verb: str) -> None:
    status, document = probe.ask(verb, "probe/make?name=Sparkle", b"name=Sparkle")
    assert (status, document["errors"]) == (
        400,
        [{"code": "BAD_METHOD", "message": "This call takes POST only."}],
    )
    assert brands(probe) == []


@pytest.mark.parametrize("user", ["revoked", "elsewhere"])
@pytest.mark.parametrize(
    ("verb", "path"), [("GET", "probe/tell"), ("POST", "probe/make"), ("PUT", "probe/tell")]
)
def test_a_stranger_is_told_so_first(probe: Probe, user: str, verb: str, path: str) -> None:
    status, document = probe.ask(verb, path, user=user)
    assert (status, document["errors"]) == (401, DENIED)


def test_what_is_missing_is_named(probe: Probe) -> None:
    missing = [
        {"code": "PARAMETER_MISSING", "message": "Required parameter missing: name", "parameter": "name"}
    ]
    for body in (b"", b"name", b"name=", b"name=+", b"Name=x"):
        status, document = probe.ask("POST", "probe/make", body)
        assert (status, document["errors"]) == (400, missing)


@pytest.mark.parametrize(("verb", "path"), [("GET", "probe/fail"), ("POST", "probe/make_and_fail")])
def test_our_own_fault_is_said_in_shape_and_changes_nothing(probe: Probe, verb: str, path: str) -> None:
    status, document = probe.ask(verb, path, b"name=Sparkle")
    assert (status, document) == (
        500,
        {
            "errors": [{"code": "INTERNAL_ERROR", "message": "Internal error."}],
            "response_code": "INTERNAL_ERROR",
            "response_message": "Internal error.",
        },
    )
    assert brands(probe) == []


def test_a_body_that_is_too_large_is_refused_by_who_reads_it(wire: LocalWire, world: Any) -> None:
    world("empty")
    probe = Probe(wire._served, BodyLimits(max_bytes=10))
    invalid = {
        "code": "PARAMETER_INVALID",
        "message": "Invalid value for parameter: body",
        "parameter": "body",
    }
    for body in (b"a=34567890x", None):
        assert probe.ask("POST", "probe/tell", body)[1]["errors"] == [invalid]
    assert probe.ask("POST", "probe/tell", b"a=34567890")[0] == 200


def test_a_user_who_moves_to_another_shop_is_found_there(wire: LocalWire, world: Any, shop: OpenShop) -> None:
    world("empty")
    first, second = wire._served, replace(wire._served, shop=shop)
    probe = Probe(first)
    probe._edge = Edge([second, first], probe._edge.manners)
    assert probe.ask("POST", "probe/make", b"name=Here")[0] == 200
    first.shop.write(lambda tx: tx.update(Operator, 1, is_active=False))
    assert probe.ask("POST", "probe/make", b"name=Nowhere")[0] == 401
    shop.write(let_in)
    assert probe.ask("POST", "probe/make", b"name=There")[0] == 200
    assert (brands(probe), brands(Probe(second))) == (["Here"], ["There"])


def test_the_dialects_do_not_open_each_other(wire: LocalWire, world: Any) -> None:
    world("empty")
    user = USERS["updating"]
    assert wire.request("GET", "/warehouses", key=f"{user.name}:{user.password}").status == 401
    assert wire.request("GET", "/warehouses", key=user.name, auth="basic").status == 401
    assert wire.request("GET", "/warehouses", key=COREDNA_KEY).status == 200
    assert wire.request("GET", "/api/acct/detail_company_info", key=COREDNA_KEY, auth="basic").status == 401


def test_other_unknown_paths_stay_with_core_dna(wire: LocalWire, world: Any) -> None:
    world("empty")
    for path in ("/apis", "/nowhere", "/apiacct/detail_company_info"):
        answer = wire.request("GET", path, key=COREDNA_KEY)
        assert answer.status == 404
        assert b"transaction_id" in answer.body
