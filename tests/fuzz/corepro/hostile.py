"""Requests to the bank that no description would suggest: good ones with something gone wrong in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from hypothesis import strategies as st

from comptoir.dialects.corepro.routes import CALLS
from tests.dialects.corepro.asking import credentials
from tests.fuzz.hostile import RAWS, TEXTS, TYPES, VERBS

if TYPE_CHECKING:
    from comptoir.dialects.corepro.calls import ApiCall
    from comptoir.dialects.corepro.shapes import Taken
    from tests.fuzz.corepro.records import Known

NAMES = sorted({taken.name for call in CALLS for taken in call.takes})
BAD: list[Any] = [
    *TEXTS, None, True, False, -1, 0, 1.5, 0.001, 10**12, 10**25, -(2**63), 1e300, [], {}, [[]], [None], {"a": 1},
    "9" * 40, "1e5", "٣", "1/0", "\udcff", "2026-02-30", "0000-00-00", "9999-12-31T23:59:59.999-12:00",
    "<script>zz()</script>", "' OR 1=1 --", "null", "undefined", "a" * 51, "a/b c+d#e:f?g&h=i",
]  # fmt: skip
MONEYS = ["0.01", 1, 2.5, "5.00", 100, "0.00", -5, 1.005, "1,000.00", 99999999999.99]
TEXTUAL = ["fine", "<b>bold</b>", "Söhne & 子", "a" * 51, "x y/z:1+2", "#1"]
CREDENTIALS = [
    "", "Basic ", "Basic !!!", "Basic Og==", "Bearer youruniqueapikey", "basic x", "Basic " + "QQ" * 3000,
]  # fmt: skip


class Attack(NamedTuple):
    """One request to a call; known when somebody who may asks."""

    call: str
    is_known: bool
    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    label: str | None

    @property
    def told(self) -> str:
        """The request in one line."""
        return f"{self.method} {self.path:.600} {self.headers!s:.200} {self.label} {self.body!r:.600}"


@st.composite
def attacks(draw: st.DrawFn, known: Known) -> Attack:
    """Requests to any call, with records that are there."""
    call = draw(st.sampled_from(CALLS))
    method = call.method if draw(st.integers(0, 6)) else draw(st.sampled_from(VERBS))
    path = draw(_paths(call, known))
    user = draw(st.sampled_from(["updating"] * 12 + ["reading", "colon", "umlaut", "revoked", ""]))
    headers = {"Authorization": credentials(user) if user else draw(st.sampled_from(CREDENTIALS))}
    body, label = draw(_bodies(call, known)) if method not in {"GET", "HEAD", "OPTIONS"} else (None, None)
    return Attack(call.id, user not in {"", "revoked"}, method, path, headers, body, label)


@st.composite
def _paths(draw: st.DrawFn, call: ApiCall, known: Known) -> str:
    """The call's path in one of the ways in which clients write it, with good places or others."""
    places = [draw(_place(taken, known)) for taken in call.takes if taken.where == "path"]
    places = places[: draw(st.integers(0, len(places) + 1))] + draw(
        st.sampled_from([[], [], [], ["1"], [""]])
    )
    name = draw(st.sampled_from([call.path] * 6 + [call.path.upper(), call.path.lower(), f"/{call.path}"]))
    asked = [
        f"{taken.name}={quote(draw(_place(taken, known)), safe='')}"
        for taken in call.takes
        if taken.where == "query" and draw(st.booleans())
    ]
    return f"/{'/'.join([name, *places])}{'?' if asked else ''}{'&'.join(asked)}"


@st.composite
def _place(draw: st.DrawFn, taken: Taken, known: Known) -> str:
    value = draw(_value(taken, known)) if draw(st.integers(0, 5)) else draw(st.sampled_from(BAD))
    return quote(str(value).encode("utf-8", "surrogatepass"), safe=draw(st.sampled_from(["", "/:+"])))


@st.composite
def _value(draw: st.DrawFn, taken: Taken, known: Known) -> Any:
    """What is good for a member, or nearly."""
    if taken.name in known:
        return draw(st.sampled_from(known[taken.name]))
    if "amount" in taken.name.lower() or "balance" in taken.name.lower():
        return draw(st.sampled_from(MONEYS))
    if taken.schema.get("enum"):
        return draw(st.sampled_from(taken.schema["enum"]))
    if taken.schema.get("type") == "boolean":
        return draw(st.sampled_from([True, False, "true", 1, "0"]))
    if taken.schema.get("type") == "integer":
        return draw(st.integers(-1, 12))
    if "date" in taken.name.lower():
        return draw(
            st.sampled_from(["2026-03-02", "01/01/2030", "1969-05-05T00:00:00.000+00:00", "2026-03-31"])
        )
    return draw(st.sampled_from(TEXTUAL))


@st.composite
def _bodies(draw: st.DrawFn, call: ApiCall, known: Known) -> tuple[bytes, str]:
    """A body, good or spoilt, and its label, which may be another's."""
    label = draw(st.sampled_from(["application/json"] * 6 + [*TYPES, ""]))
    if not draw(st.integers(0, 14)):
        return draw(st.sampled_from(RAWS) | st.binary(max_size=80)), label
    body = {
        taken.name: draw(_value(taken, known))
        for taken in call.takes
        if taken.where == "body" and draw(st.integers(0, 5))
    }
    for _ in range(draw(st.sampled_from([0, 0, 1, 2, 3]))):
        name = draw(st.sampled_from(sorted(body) or ["x"]) | st.sampled_from(NAMES))
        body[draw(st.sampled_from([name, name, name.upper()]))] = draw(st.sampled_from(BAD))
    text = json.dumps(body, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    return text[: draw(st.integers(0, len(text)))] if not draw(st.integers(0, 19)) else text, label
