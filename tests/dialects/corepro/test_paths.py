"""Paths and queries as clients write them (reference 1.9), and whose a path is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.app import routed
from comptoir.dialects.corepro.asked import Asked
from comptoir.dialects.corepro.paths import (
    HOSTS,
    Directory,
    Way,
    host_of,
    object_of,
    query_values,
    segments_of,
    table_of,
)
from comptoir.dialects.corepro.routes import directory, table
from comptoir.dialects.edge import Call, Reply, Route
from comptoir.vendor_hosts.names import VENDORS


def nothing(_call: Call) -> Reply:
    return Reply(200, None)


DIRECTORY = Directory(
    table_of(
        Route(path.strip("/").replace("/", "."), method, path, nothing)
        for method, path in (
            ("GET", "/"),
            ("GET", "/transaction/list/{customerId}/{accountId}"),
            ("GET", "/customer/getByTag/{tag}"),
            ("POST", "/card/mock/withdrawal/purchase/authorize"),
            ("GET", "/card/mock/{cardId}"),
            ("POST", "/customer/archive"),
        )
    )
)
WAYS = {
    "/": ("", []),
    "//": ("", []),
    "/transaction/list/1/2///": ("transaction.list.{customerId}.{accountId}", ["1", "2", "", ""]),
    "/transaction/list/1/2/null//": ("transaction.list.{customerId}.{accountId}", ["1", "2", "null", ""]),
    "//Transaction/LIST/1/": ("transaction.list.{customerId}.{accountId}", ["1"]),
    "/customer/getbytag/x y/z:1+2": ("customer.getByTag.{tag}", ["x y", "z:1+2"]),
    "/customer/getByTag/": ("customer.getByTag.{tag}", []),
    "/customer/getByTag": ("customer.getByTag.{tag}", []),
    "/customer/getByTag/\xc3\xa9": ("customer.getByTag.{tag}", ["é"]),
    "/card/mock/Withdrawal/purchase/authorize/": ("card.mock.withdrawal.purchase.authorize", []),
    "/card/mock/5": ("card.mock.{cardId}", ["5"]),
    "/customer": (None, []),
    "/customers/getByTag": (None, []),
    "/customer//getByTag/1": (None, []),
    "/customer/getByTagged/1": (None, []),
}


@pytest.mark.parametrize("path", WAYS)
def test_a_path_leads_somewhere_or_nowhere(path: str) -> None:
    route, places = WAYS[path]
    way = DIRECTORY.way(path, "")
    assert [each.id for each in way.routes.values()] == ([] if route is None else [route])
    assert list(way.places) == places


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tag=a%20b", {"tag": ("a b",)}),
        ("TAG=a+b", {"tag": ("a+b", "a b")}),
        ("tag=a&b", {"tag": ("a&b",)}),
        ("tag=a%26b&PageSize=5", {"tag": ("a&b",), "pagesize": ("5",)}),
        ("pageNumber=&pageSize=", {"pagenumber": ("",), "pagesize": ("",)}),
        ("tag=1&Tag=2", {"tag": ("2",)}),
        ("tag=a=b", {"tag": ("a=b",)}),
        ("%74ag=%zz%", {"tag": ("%zz%",)}),
        ("=x&&b", {"": ("x",)}),
        ("nothing", {}),
        ("", {}),
    ],
    ids=repr,
)  # fmt: skip
def test_a_query_is_read_as_it_may_have_been_meant(query: str, found: dict[str, tuple[str, ...]]) -> None:
    assert query_values(query) == found


def test_a_tag_is_the_rest_of_a_path_or_a_value_of_the_query() -> None:
    assert Asked({}, Way(("5", "a", "", "b+c"))).spellings("tag", 1) == ("a//b+c", "a//b c")
    assert Asked({}, Way(("5",), "Tag=x%2By")).spellings("tag", 1) == ("x+y",)
    assert Asked({}, Way(("5", "null"), "tag=x")).spellings("tag", 1) == ("x",)
    assert Asked({}, Way(("5", "null"), "tag=nil")).spellings("tag", 1) == ()
    asked = Asked({}, Way(("a\0b",)))
    assert asked.spellings("tag") == ()
    assert [problem.code for problem in asked.problems] == [59956]


def test_a_place_may_say_nothing() -> None:
    asked = Asked({}, Way(("null", "", "Undefined", "nil", " 7 ", "x", "2026-01-02", "0", "settled")))
    assert [asked.place(number) for number in range(5)] == [None, None, None, None, " 7 "]
    assert (asked.id_place(4), asked.id_place(5), asked.id_place(7), asked.id_place(50)) == (7, 0, 0, 0)
    assert asked.find_id_place(0) is None
    assert asked.find_id_place(5) == 0
    assert str(asked.day_place(6)) == "2026-01-02"
    assert str(asked.moment_place(6)) == "2026-01-02 00:00:00+00:00"
    assert asked.choice_place(8, ("Settled", "Voided")) == "Settled"
    assert asked.problems == []
    assert asked.day_place(5) is None
    assert asked.choice_place(5, ("Settled",)) is None
    assert [problem.code for problem in asked.problems] == [59952, 59956]


@given(st.text(st.characters(codec="latin-1")), st.text(st.characters(codec="latin-1")))
def test_no_path_and_no_query_is_a_fault(path: str, query: str) -> None:
    asked = Asked({}, directory().way(path, query))
    segments_of(path)
    object_of(path)
    for place in range(3):
        asked.id_place(place)
        asked.day_place(place)
    asked.spellings("tag")
    asked.query_whole("pageNumber")


def test_no_path_of_another_dialect_is_taken() -> None:
    others = {path for paths in routed().values() for path in paths}
    assert others, "there are other dialects"
    beside = {"/healthz", "/readyz", "/metrics", "/docs", "/openapi", "/checkout", "/media", "/console"}
    assert not {object_of(path) for path in others | beside} & directory().objects


def test_every_path_is_one_object_and_its_action() -> None:
    assert all(path == "" or path.count("/") >= 1 for path in table())


def test_the_hosts_are_those_that_the_certificate_vouches_for() -> None:
    assert set(VENDORS["CorePro"]) == HOSTS
    assert {host_of(f"{host.upper()}.:443") for host in HOSTS} == HOSTS
