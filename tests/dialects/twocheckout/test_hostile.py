"""Whatever is sent to the dialect is answered in its own shape, and never with a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.dialects.twocheckout.routes import CALLS
from tests.dialects.twocheckout.asking import (
    COREDNA_KEY,
    FORM_TYPE,
    credentials,
    read_json,
    read_xml,
    read_xoxo,
)

if TYPE_CHECKING:
    from comptoir.dialects.twocheckout.calls import ApiCall
    from tests.dialects.conftest import LocalWire
    from tests.dialects.wire import Answer

READERS = {"application/json": read_json, "application/xml": read_xml, "text/html": read_xoxo}
PARAMETERS = sorted(
    {taken.name for call in CALLS for taken in call.takes} | {"cur_page", "pagesize", "sale_id"}
)
VALUES = [
    "",
    "null",
    "0",
    "-1",
    "1.005",
    "9" * 40,
    "'",
    "%",
    "\0",
    "<b>",
    "\u202e",
    "a" * 3000,
    "2012-13-45",
    "Y",
]
NAMES = st.sampled_from(PARAMETERS) | st.text(max_size=5)
PAIRS = st.lists(st.tuples(NAMES, st.sampled_from(VALUES) | st.text(max_size=8)), max_size=8)
LABELS = [FORM_TYPE, "application/json", "multipart/form-data; boundary=x", "", "image/png", "é"]
SENT = st.fixed_dictionaries({
    "verb": st.sampled_from(["GET", "POST", "POST", "PUT", "DELETE"]),
    "pairs": PAIRS,
    "raw": st.none() | st.binary(max_size=60),
    "label": st.sampled_from(LABELS),
    "accept": st.sampled_from([*READERS, "*/*", "", "nonsense;q=x"])
    | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8),
})  # fmt: skip


def in_shape(answer: Answer) -> dict[str, Any]:
    """The answer read as what it says it is."""
    kind = (answer.headers.get("Content-Type") or "").partition(";")[0]
    document: dict[str, Any] = READERS[kind](answer.body)
    assert ("errors" in document) == (answer.status >= 400)
    return document


@pytest.fixture
def standing(wire: LocalWire, world: Any) -> LocalWire:
    """One shop for all that a test sends."""
    world("empty")
    return wire


@pytest.mark.parametrize("user", ["updating", "reading", "none"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(call=st.sampled_from(CALLS), sent=SENT)
def test_any_request_is_answered_in_shape(
    standing: LocalWire, user: str, call: ApiCall, sent: dict[str, Any]
) -> None:
    form = urlencode(sent["pairs"], errors="replace")
    headers = {"Accept": sent["accept"]} | ({} if user == "none" else {"Authorization": credentials(user)})
    answer = standing.request(
        sent["verb"], f"/api/{call.path}?{form if sent['verb'] == 'GET' else ''}", headers=headers, key="none",
        raw=form.encode() if sent["raw"] is None else sent["raw"], content_type=sent["label"],
    )  # fmt: skip
    assert answer.status < 500, answer.body[:300]
    in_shape(answer)
    assert user != "none" or answer.status == 401


@pytest.mark.parametrize(
    "path",
    [
        "/api/%00",
        "/api/../products",
        "/api//acct",
        "/api/acct/detail_company_info%2F..",
        "/api/\u00e9",
        "/api/" + "a" * 5000,
    ],
)
def test_any_path_below_is_of_this_dialect(standing: LocalWire, path: str) -> None:
    answer = standing.request("GET", path, headers={"Authorization": credentials("reading")}, key="none")
    assert answer.status == 404
    assert in_shape(answer)["response_code"] == ["RECORD_NOT_FOUND"]
    assert standing.request("GET", path, key=COREDNA_KEY).status == 401
