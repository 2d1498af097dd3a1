"""Runs the published search vectors against products and users that hold their data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.dialects.expectations import envelope_of
from tests.dialects.published import facts

if TYPE_CHECKING:
    from tests.dialects.wire import Wire, World

VECTORS = facts("search_vectors")["coredna_search"]


def _for_products(query: str, ids: dict[str, str]) -> str:
    """The vector's query in the names of a product: its cost is a price, its ids those that were given."""
    parameters = []
    for parameter in filter(None, query.split("&")):
        name, _, value = parameter.partition("=")
        if re.fullmatch(r"id(_\w+)?", name):
            value = re.sub(r"\d+", lambda number: ids.get(number.group(), "99999999"), value)
        name = re.sub(r"^cost(_\w+)?$", r"prices[cost\1]", name)
        parameters.append(f"{name}={value}".replace(" ", "%20"))
    return "&".join(parameters)


def _for_users(query: str) -> str:
    """The vector's query in the names of a user of the world `market`."""
    return query.replace("availability[status]", "address[state_id]").replace(
        "name_like", "name[nickname_like]"
    )


def _stock_up(wire: Wire) -> dict[str, str]:
    ids = {}
    for row in VECTORS["data"]:
        form = {
            "name": row["name"],
            "prices[cost]": row["cost"],
            "available[quantity]": row["availability"]["quantity"],
            "available[status]": row["availability"]["status"],
        }
        answer = wire.request("POST", "/products", form=form)
        assert answer.status == 201, answer.body
        ids[str(row["id"])] = envelope_of(answer)["data"]["id"]
    return ids


@pytest.mark.parametrize("vector", VECTORS["cases"], ids=lambda each: each["query"] or "no filter")
def test_search_vector(vector: dict[str, Any], wire: Wire, world: World) -> None:
    world("empty")
    ids = _stock_up(wire)
    answer = wire.request("GET", f"/products?{_for_products(vector['query'], ids)}")
    assert answer.status == vector["status"], answer.body
    envelope = envelope_of(answer)
    if answer.status == 200:
        assert [each["id"] for each in envelope["data"]] == [ids[str(number)] for number in vector["ids"]]


@pytest.mark.parametrize("vector", VECTORS["count_cases"], ids=lambda each: each["query"] or "no filter")
def test_count_vector(vector: dict[str, Any], wire: Wire, world: World) -> None:
    world("market")
    answer = wire.request("GET", f"/users/count?{_for_users(vector['query'])}")
    assert answer.status == 200, answer.body
    assert envelope_of(answer)["data"] == {"count": vector["count"]}


def test_a_hundred_records_come_without_a_limit_and_more_with_one(wire: Wire, world: World) -> None:
    world("documented")
    for number in range(102):
        form = {"user_id": "3", "content": f"Number {number}"}
        assert wire.request("POST", "/users/notifications", form=form).status == 201
    for query, length in (
        ("", 100),
        ("?limit=104", 104),
        ("?limit=500", 105),
        ("?limit=999999999", 105),
        ("?limit=10&start=100", 5),
        ("?limit=10&start=999999999", 0),
    ):
        answer = wire.request("GET", f"/users/notifications{query}")
        assert len(envelope_of(answer)["data"]) == length, query


def test_all_vectors_are_here() -> None:
    assert (len(VECTORS["cases"]), len(VECTORS["count_cases"])) == (55, 5)
