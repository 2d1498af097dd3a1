"""Requests to the Admin API that no description would suggest: good ones with something gone wrong in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from hypothesis import strategies as st

from comptoir.dialects.twocheckout.routes import CALLS
from tests.dialects.conftest import BOUNDARY
from tests.dialects.twocheckout.asking import FORM_TYPE, credentials
from tests.fuzz.hostile import ACCEPTS, KEYS, RAWS, TEXTS, TYPES, VERBS
from tests.fuzz.twocheckout.records import GOOD, WORDS, Known

if TYPE_CHECKING:
    from comptoir.dialects.twocheckout.calls import ApiCall
    from comptoir.dialects.twocheckout.shapes import Taken

Pairs = list[tuple[str, str]]

NAMES = sorted({taken.name for call in CALLS for taken in call.takes})
BAD = [
    *TEXTS,
    "9" * 40,
    "-0.00",
    "0.001",
    "1,000.00",
    "1.000,00",
    "99999999999999.99",
    "1e5",
    "٣",
    "\ud800",
    "\udcff",
    "\x1b",
    "\ufffe",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "0 Month",
    "-1 Week",
    "99999999 Year",
    "1 Fortnight",
    "<script>zz()</script>",
    "]]>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
    "&e;",
    "' OR 1=1 --",
    "%27",
]
ANY_TEXT = st.sampled_from(BAD) | st.text(max_size=20)
MISSPELT = [str.upper, str.title, "{}[]".format, "{}[0]".format, " {}".format, "amp;{}".format, "{}\0".format]
OTHERS = [
    "Basic ",
    "Basic !!!",
    "Basic Og==",
    "Bearer youruniqueapikey",
    "",
    "basic x",
    "Basic " + "QQ" * 3000,
]
LABELS = [FORM_TYPE, "", *TYPES]
FORMATS = [
    *["application/json", "application/json", "application/xml", "text/html", "text/html"],
    *ACCEPTS,
]


class Attack(NamedTuple):
    """One request to a call; aimed when it is asked by the call's own verb, and by somebody who may."""

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
        return f"{self.method} {self.path:.600} {self.headers!s:.300} {self.label} {self.body!r:.600}"


def attacks(known: Known) -> st.SearchStrategy[Attack]:
    """Requests to any call, with records that are there."""
    return _attacks(known)


@st.composite
def _attacks(draw: st.DrawFn, known: Known) -> Attack:
    call = draw(st.sampled_from(CALLS))
    method = call.route.method if draw(st.integers(0, 4)) else draw(st.sampled_from(VERBS))
    pairs = draw(_good(call, known))
    for spoil in draw(st.lists(st.sampled_from((_change, _repeat, _misspell, _drop, _add)), max_size=3)):
        pairs = draw(spoil(pairs))
    is_body = method not in {"GET", "HEAD", "OPTIONS"} or not draw(st.integers(0, 9))
    split = draw(st.sampled_from([0, 0, 0, len(pairs), len(pairs) // 2])) if is_body else len(pairs)
    path = f"/api/{call.path}"
    if not draw(st.integers(0, 14)):
        path = draw(
            st.sampled_from(
                [f"{path}/", f"{path}/1", f"/api/{call.path.upper()}", f"{path}%00", f"/api/{path}"]
            )
        )
    if split:
        path += f"?{_urlencoded(pairs[:split])}"
    headers, is_known = draw(_headers())
    body, label = draw(_bodies(pairs[split:])) if is_body else (None, None)
    return Attack(call.id, is_known, method, path, headers, body, label)


@st.composite
def _good(draw: st.DrawFn, call: ApiCall, known: Known) -> Pairs:
    """A form that has a chance to be taken."""
    pairs: Pairs = []
    for taken in call.takes:
        if taken.is_required or taken.name == "sale_id" or not draw(st.integers(0, 2)):
            times = draw(st.integers(1, 3)) if taken.is_repeated else 1
            pairs += [(taken.name, draw(st.sampled_from(usual(taken, known)))) for _ in range(times)]
    return pairs


def usual(taken: Taken, known: Known) -> list[str]:
    """What is good for a parameter."""
    values: Any = known.get(taken.name) or GOOD.get(taken.name)
    if values is None:
        values = taken.schema.get("enum") or (["1"] if taken.schema.get("type") == "integer" else WORDS)
    return [str(value) for value in values]


@st.composite
def _change(draw: st.DrawFn, pairs: Pairs) -> Pairs:
    if not pairs:
        return pairs
    place = draw(st.integers(0, len(pairs) - 1))
    return [*pairs[:place], (pairs[place][0], draw(ANY_TEXT)), *pairs[place + 1 :]]


@st.composite
def _repeat(draw: st.DrawFn, pairs: Pairs) -> Pairs:
    if not pairs:
        return pairs
    name, _ = draw(st.sampled_from(pairs))
    return [*pairs, *((name, draw(ANY_TEXT)) for _ in range(draw(st.sampled_from([1, 2, 150]))))]


@st.composite
def _misspell(draw: st.DrawFn, pairs: Pairs) -> Pairs:
    if not pairs:
        return pairs
    place = draw(st.integers(0, len(pairs) - 1))
    name, value = pairs[place]
    return [*pairs[:place], (draw(st.sampled_from(MISSPELT))(name), value), *pairs[place + 1 :]]


@st.composite
def _drop(draw: st.DrawFn, pairs: Pairs) -> Pairs:
    place = draw(st.integers(0, max(len(pairs) - 1, 0)))
    return [*pairs[:place], *pairs[place + 1 :]]


@st.composite
def _add(draw: st.DrawFn, pairs: Pairs) -> Pairs:
    name = draw(st.sampled_from(NAMES) | st.text(max_size=6))
    return [*pairs, (name, draw(ANY_TEXT))]


@st.composite
def _headers(draw: st.DrawFn) -> tuple[dict[str, str], bool]:
    """Headers; whether they name an API user."""
    user = draw(st.sampled_from(["updating"] * 12 + ["reading", "colon", "umlaut", "revoked", ""]))
    sent = {"Authorization": credentials(user) if user else draw(st.sampled_from(OTHERS))}
    if draw(st.integers(0, 9)):
        sent["Accept"] = draw(st.sampled_from(FORMATS))
    if not draw(st.integers(0, 4)):
        sent["Idempotency-Key"] = draw(st.sampled_from(KEYS))
    return sent, user not in {"", "revoked"}


@st.composite
def _bodies(draw: st.DrawFn, pairs: Pairs) -> tuple[bytes, str]:
    """A body in one of the ways that clients have, good and bad, and its label, which may be another's."""
    label = draw(st.sampled_from(LABELS))
    kind = draw(st.sampled_from(["form", "form", "form", "unescaped", "multipart", "cut", "json", "raw"]))
    if kind in {"form", "unescaped"}:
        is_form = kind == "form"
        body = _urlencoded(pairs).encode() if is_form else _bytes("&".join(map("=".join, pairs)))
        return body, FORM_TYPE if draw(st.booleans()) else label
    if kind in {"multipart", "cut"}:
        body = multipart(pairs)
        cut = len(body) if kind == "multipart" else draw(st.integers(0, len(body)))
        right = f"multipart/form-data; boundary={BOUNDARY}"
        return body[:cut], right if draw(st.booleans()) else label
    if kind == "json":
        return json.dumps(dict(pairs) | draw(_members())).encode(), label
    return draw(st.sampled_from(RAWS) | st.binary(max_size=80)), label


def _members() -> st.SearchStrategy[dict[str, Any]]:
    """Members that are no texts."""
    values: list[Any] = [1, -1, 10**40, 1.5, True, None, [], ["1", 2], {}, [{"a": 1}], {"a": []}]
    return st.dictionaries(st.sampled_from(NAMES), st.sampled_from(values), max_size=2)


def _urlencoded(pairs: Pairs) -> str:
    return urlencode([(_bytes(name), _bytes(value)) for name, value in pairs])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def multipart(pairs: Pairs) -> bytes:
    """The fields as parts, whatever their names and values do to the body."""
    parts = [
        b'--%b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
        % (BOUNDARY.encode(), _bytes(name), _bytes(value))
        for name, value in pairs
    ]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
