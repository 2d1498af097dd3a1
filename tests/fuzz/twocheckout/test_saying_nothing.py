"""A parameter that was sent may say nothing all the same, in five ways: each is taken or refused, by every call."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from comptoir.dialects.twocheckout.routes import CALLS
from tests.dialects.twocheckout.asking import FORM_TYPE, credentials
from tests.fuzz.twocheckout.hostile import usual
from tests.fuzz.twocheckout.records import known_in

if TYPE_CHECKING:
    from comptoir.dialects.twocheckout.calls import ApiCall
    from tests.dialects.conftest import LocalWire
    from tests.dialects.wire import World

TAKING = [call for call in CALLS if call.takes]


@pytest.mark.parametrize("call", TAKING, ids=lambda call: call.id)
def test_no_call_stumbles_over_nothing(wire: LocalWire, world: World, call: ApiCall) -> None:
    world("everything")
    known = known_in(wire.shop)
    good = [(taken.name, usual(taken, known)[0]) for taken in call.takes]
    headers = {"Accept": "application/json", "Authorization": credentials("updating")}
    for taken in call.takes:
        others = [pair for pair in good if pair[0] != taken.name]
        for nothing in ("", " ", "null", "0", None):
            for before in ([], [(taken.name, usual(taken, known)[0])]):
                form = urlencode([*others, *before])
                form += f"&{taken.name}" if nothing is None else f"&{urlencode({taken.name: nothing})}"
                answer = wire.request(
                    "POST", f"/api/{call.path}", headers=headers, key="none", raw=form.encode(), content_type=FORM_TYPE
                )  # fmt: skip
                assert answer.status in {200, 400}, (form, answer.body)
                assert json.loads(answer.body)["response_code"] not in {"", "INTERNAL_ERROR"}
