from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.conftest import Installation
from tests.e2e.documented_shop import OPTIONS, SECRET_WORD, SELLER, found_shop
from tests.e2e.doors import Doors, begin
from tests.e2e.node_client import NodeClient, node

pytestmark = pytest.mark.e2e
Start = Callable[..., NodeClient]


@pytest.fixture
def doors(installation: Installation) -> Doors:
    node()
    return begin(installation, found_shop(installation))


@pytest.fixture
def start(doors: Doors) -> Iterator[Start]:
    """Starts programs that use the client; each must end well."""
    begun: list[NodeClient] = []

    def starting(**options: Any) -> NodeClient:
        begun.append(NodeClient(doors.authority, doors.port, OPTIONS | options))
        return begun[-1]

    yield starting
    for client in begun:
        client.close()


def test_a_walk_through_the_account(start: Start) -> None:
    client = start()
    company = client.ask("account.company")
    assert company.error is None
    assert company.data["response_code"] == "OK"
    shown = company.data["vendor_company_info"]
    assert (shown["vendor_id"], shown["secret_word"]) == (str(SELLER), SECRET_WORD)
    contact = client.ask("account.contact")
    assert contact.error is None
    assert contact.data["vendor_contact_info"]["vendor_id"] == str(SELLER)
    sandbox = start(sandbox=True)
    assert sandbox.ask("account.company").data == company.data, "the other of the vendor's names"


def test_a_stranger_is_told_so(start: Start) -> None:
    for options in ({"apiPass": "wrong"}, {"apiUser": "nobody"}):
        told = start(**options).ask("account.company")
        assert (told.error, told.data) == ("Access denied.", None)
