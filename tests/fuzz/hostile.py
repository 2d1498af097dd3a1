"""Requests that no description would suggest: what crawlers, broken clients and attackers send."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from hypothesis import strategies as st

from comptoir.dialects.coredna.routes import ROUTES, paths_of
from comptoir.dialects.openapi import ENDINGS
from tests.dialects.described import operation_of, written
from tests.dialects.wire import KEY
from tests.fuzz.records import collection_of, known

if TYPE_CHECKING:
    from comptoir.dialects.edge import Route

BAD_IDS = [
    "0",
    "-1",
    "abc",
    "9223372036854775807",
    "9223372036854775808",
    "1e3",
    "1.0",
    "%00",
    "%F0%9F%98%80",
    "%D9%A1",
    "%20",
    "null",
    "..",
    "9" * 400,
    "1;drop",
    "%2f",
    "count",
    "brands",
]
TEXTS = [
    "",
    "0",
    "1",
    "-1",
    "on",
    "off",
    "true",
    "null",
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "1e-400",
    "0.00001",
    "999999999999999999999999999999.99",
    "9223372036854775807",
    "9223372036854775808",
    "\uff11\uff12\uff13",
    "%",
    "_",
    "\\",
    "'",
    '"',
    "' OR 1=1 --",
    "'; DROP TABLE product; --",
    "a,b",
    ",",
    ",,",
    "1,2",
    "2,1",
    "1,2,3",
    "2020-01-01",
    "2020-01-01,2030-01-01",
    "0000-00-00 00:00:00",
    "9999-12-31 23:59:59",
    "0001-01-01 00:00:00",
    "2026-02-30",
    "2026-01-01T00:00:00+23:59",
    "<b>&amp;]]>",
    "\x01\x1f\x7f",
    "\ufffe",
    "😀",
    "\u202e\u0645\u0631\u062d",
    "İıẞß",
    "a" * 300,
    "x" * 70_000,
    "[]",
    "{}",
    "../../etc/passwd",
    "http://127.0.0.1/x.png",
    "http://[::1]/x.png",
    "file:///etc/passwd",
    "http://pictures.example/nothing.png",
    "ftp://x/y",
    "http://",
    "//",
    "published",
    "+",
    "%%",
    "$",
    "\u0000",
    "a\tb\r\nc",
    "Cust",
    "10",
    "5",
    "1.5",
]
ACCEPTS = [
    "application/json",
    "application/xml",
    "text/xml;q=0.9",
    "*/*",
    "text/html",
    "a/b;q=2",
    ",,;",
    "x" * 3000,
]
TYPES = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "b" * 80,
    "text/plain",
    "application/json; charset=utf-16",
    "application/json; charset=latin-1",
    "application/xml",
    "a",
    "/",
    ";",
]
RAWS = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"1",
    b'{"name": "x"',
    b'{"name": 1e999999}',
    b'{"a":' * 60 + b"1" + b"}" * 60,
    b"\xff\xfe\x00",
    b"name=\xff",
    b"name=%ff",
    b"name=%",
    b"a[b][c]=1&a=2",
    b"a[=1&]b=2&[]=3",
    b"&&&==",
    b"name[a][b][c][d][e][f][g][h][i][j][k][l]=1",
    b"n=1&" * 1500,
    b"--x\r\n\r\n--x--",
    b"--x--",
    b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nv\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="images[image1]"; filename="a.png"\r\n\r\nv\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="na',
    b'{"name": "\\ud800"}',
    b'{"name": "\\u0000"}',
    b'{"name": NaN}',
    b'{"data": {"a": {"new": {"b": [1, null, true]}}}, "action": "x"}',
    b"\xef\xbb\xbf{}",
]
KEYS = ["", "one", "two", "k" * 256, "\t", "é"]
VERBS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
MARKS = [
    "Bearer ",
    "Bearer x",
    "Basic ",
    "Basic !!!",
    "Basic Og==",
    "Digest x",
    "bearer " + KEY,
    "",
    "Bearer " + "k" * 5000,
]


class Attack(NamedTuple):
    """One request and the route that it is aimed at, unless it hits another."""

    route: str
    is_aimed: bool
    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str] | None = None
    multipart: list[tuple[str, str]] | None = None
    json: Any = None
    raw: bytes | None = None


def values() -> st.SearchStrategy[Any]:
    """Any value of a JSON body, most of them wrong for any field."""
    leaf = st.one_of(
        st.sampled_from(TEXTS),
        st.text(max_size=20),
        st.integers(),
        st.none(),
        st.booleans(),
        st.sampled_from([0, 1, 2**63, -(2**63), 10**40, 1.5, 1e300]),
    )
    return st.recursive(
        leaf,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(TEXTS[:20]), inner, max_size=3)
        ),
        max_leaves=4,
    )


def names_of(route: Route) -> tuple[list[str], list[str]]:
    """The names that a route's query and its forms know."""
    operation = operation_of(route.id)
    schemas = written()["components"]["schemas"]
    searched = []
    for each in operation["parameters"]:
        if each.get("name") == "search":
            fields = schemas[each["schema"]["$ref"].rpartition("/")[2]]["properties"]
            searched = [
                *fields,
                *(f"{name.split('_')[0]}[x]{end}" for name, end in zip(fields, ENDINGS, strict=False)),
            ]
    content = operation.get("requestBody", {"content": {}})["content"]
    taken: list[str] = []
    if content:
        form = schemas[content["multipart/form-data"]["schema"]["$ref"].rpartition("/")[2]]
        taken = [
            *form["properties"],
            "custom_fields[size]",
            "custom_fields[10902]",
            "categories[0]",
            "data[a][new]",
        ]
    return [*searched, "limit", "start", "expand", "code", "nobody", "brand.name", "items.id_in"], [
        *taken,
        "id",
        "x[y]",
    ]


@st.composite
def attacks(draw: st.DrawFn) -> Attack:
    """A request at one of the routes, wrong in one or many ways."""
    route = draw(st.sampled_from(ROUTES))
    searched, taken = names_of(route)
    method = route.method if draw(st.integers(0, 9)) else draw(st.sampled_from(VERBS))
    path = draw(st.sampled_from(paths_of(route)))
    for part in [part for part in path.split("/") if part.startswith("{")]:
        ids = [str(key) for key in known(collection_of(route.id.replace(".", "_"), part[1:-1]))]
        path = path.replace(part, draw(st.sampled_from([*ids * 4, *BAD_IDS])), 1)
    is_aimed = method == route.method and not {"count", "brands"} & set(path.split("/"))
    if method in {"GET", "HEAD"} or draw(st.booleans()):
        pairs = draw(st.lists(st.tuples(st.sampled_from(searched), st.sampled_from(TEXTS)), max_size=4))
        path += "?" + "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)
    return Attack(route.id, is_aimed, method, path, draw(headers()), **draw(bodies(taken, method)))


@st.composite
def headers(draw: st.DrawFn) -> dict[str, str]:
    """Headers, the key among them for most."""
    sent = {"Authorization": f"Bearer {KEY}"}
    if not draw(st.integers(0, 19)):
        sent["Authorization"] = draw(st.sampled_from(MARKS))
    if draw(st.booleans()):
        sent["Accept"] = draw(st.sampled_from(ACCEPTS))
    if not draw(st.integers(0, 4)):
        sent["Idempotency-Key"] = draw(st.sampled_from(KEYS))
    return sent


@st.composite
def bodies(draw: st.DrawFn, names: list[str], method: str) -> dict[str, Any]:
    """A body in one of the ways that bodies are sent."""
    if method in {"GET", "HEAD", "DELETE", "OPTIONS"} and draw(st.integers(0, 9)):
        return {}
    kind = draw(st.sampled_from(["form", "multipart", "json", "raw", "mislabelled"]))
    texts = st.sampled_from(TEXTS) | st.text(max_size=30)
    if kind == "form":
        return {"form": draw(st.dictionaries(st.sampled_from(names), texts, max_size=6))}
    if kind == "multipart":
        safe = st.sampled_from([text for text in TEXTS if "\r" not in text])
        return {"multipart": draw(st.lists(st.tuples(st.sampled_from(names), safe), max_size=6))}
    nested = st.dictionaries(
        st.sampled_from(sorted({name.split("[")[0] for name in names})), values(), max_size=6
    )
    if kind == "json":
        return {"json": draw(nested)}
    if kind == "raw":
        return {"raw": draw(st.sampled_from(RAWS) | st.binary(max_size=60))}
    return {"raw": json.dumps(draw(nested)).encode()}
