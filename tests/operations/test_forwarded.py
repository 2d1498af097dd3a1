"""What proxies say in other headers: `Forwarded` with its quotation marks and forged chains, and `X-Forwarded-Host`."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.operations.forwarded import ELEMENT_MAX, last_hop, read_element
from comptoir.operations.proxies import FORWARDED, HOPS_MAX, WAYS, X_FORWARDED, X_FORWARDED_HOST, Behind
from comptoir.settings import PROXY_HEADERS
from tests.operations.test_proxies import BUYER, INNER, PROXY, STRANGER, TRUSTED

SHOP, OTHER = "shop.example.com", "evil.example.com"


def told(way: str, **environ: str) -> tuple[str, str, str]:
    """The address, the scheme and the host that the application sees."""
    seen: list[tuple[str, str, str]] = []

    def app(env: dict[str, Any], _start: Any) -> list[bytes]:
        seen.append((env["REMOTE_ADDR"], env["wsgi.url_scheme"], env["HTTP_HOST"]))
        return []

    asked = {"wsgi.url_scheme": "http", "REMOTE_ADDR": PROXY, "HTTP_HOST": "inner:8000", **environ}
    Behind(app, TRUSTED, way)(asked, lambda *_: None)
    return seen[0]


@pytest.mark.parametrize(
    ("element", "said"),
    [
        ("for=192.0.2.60;proto=http;by=203.0.113.43", {"for": "192.0.2.60", "proto": "http", "by": "203.0.113.43"}),
        ('For="[2001:db8:cafe::17]:4711"', {"for": "[2001:db8:cafe::17]:4711"}),
        (' FOR = "_gazonk" ; Host = "a.b:80" ', {"for": "_gazonk", "host": "a.b:80"}),
        ("for=192.0.2.1:4711", {"for": "192.0.2.1:4711"}),
        (r'for="a\"b\\c, d;e=f"', {"for": r'a"b\c, d;e=f'}),
        ('for=""', {"for": ""}),
        ("secret=x;for=unknown", {"secret": "x", "for": "unknown"}),
        ("for=1.2.3.4;for=5.6.7.8", None),
        ("for=1.2.3.4;FOR=1.2.3.4", None),
        ('for="1.2.3.4', None),
        (r'for="1.2.3.4\"', None),
        ('for=1.2.3.4"', None),
        ('for="1.2.3.4"5', None),
        ("for=1.2.3.4 5.6.7.8", None),
        ("for=", None),
        ("for", None),
        ("=1.2.3.4", None),
        ("for=1.2.3.4;", None),
        ("for=1.2.3.4;;proto=http", None),
        ("for=1.2.3.4, for=5.6.7.8", None),
        ("", None),
        (" ", None),
        ("for=ñ", None),
        ("; " * 400, None),
        ("for=" + "a" * 5_000 + "=", None),
    ],
)  # fmt: skip
def test_an_element_is_read_as_the_standard_has_it(element: str, said: dict[str, str] | None) -> None:
    assert read_element(element) == said


@pytest.mark.parametrize(
    ("header", "before", "said"),
    [
        ("for=1.2.3.4", "", "1.2.3.4"),
        ("for=1.2.3.4,for=5.6.7.8", "for=1.2.3.4", "5.6.7.8"),
        ('for=1.2.3.4, for="a, b"', "for=1.2.3.4", "a, b"),
        (r'for=1.2.3.4, for="a\", for=9.9.9.9;x=\""', "for=1.2.3.4", 'a", for=9.9.9.9;x="'),
        # A quotation that the caller leaves open swallows nothing.
        ('for="9.9.9.9, for=5.6.7.8', 'for="9.9.9.9', "5.6.7.8"),
        ('for=9.9.9.9;x=", for="[2001:db8::1]:4711"', 'for=9.9.9.9;x="', "[2001:db8::1]:4711"),
        (r'for="\, for="5.6.7.8"', r'for="\\'[:-1], "5.6.7.8"),
        ("for=1.2.3.4, garbage", "", None),
        ("for=1.2.3.4,", "", None),
        ("a" * 100_000, "", None),
        ("," * 100_000, "", None),
        ("for=1.2.3.4, x=" + "a" * ELEMENT_MAX, "", None),
        ("", "", None),
    ],
)
def test_the_last_hop_is_the_nearest_proxys(header: str, before: str, said: str | None) -> None:
    left, hop = last_hop(header)
    assert (left, None if hop is None else hop["for"]) == (before, said)


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        (f"for={BUYER};proto=https;host={SHOP}", (BUYER, "https", SHOP)),
        (f'for="{BUYER}:4711";proto=HTTPS;host="{SHOP}:8443"', (BUYER, "https", f"{SHOP}:8443")),
        ('for="[2001:db8::5]:4711"', ("2001:db8::5", "http", "inner:8000")),
        # What stands left of the first that is no trusted proxy was written by the caller.
        (f"for={STRANGER};proto=https;host={OTHER}, for={BUYER}", (BUYER, "http", "inner:8000")),
        (f'for="{STRANGER}, for={BUYER};proto=https', (BUYER, "https", "inner:8000")),
        (f'for={STRANGER};host={OTHER};x=", for="{BUYER}";proto=https', (BUYER, "https", "inner:8000")),
        # Of several proxies the outermost says what was asked for; the inner ones tell how proxies talk.
        (f"for={BUYER};proto=https;host={SHOP}, for={INNER};proto=http;host=inner", (BUYER, "https", SHOP)),
        (f"for={OTHER};proto=https, for={INNER};host={SHOP}", (INNER, "https", "inner:8000")),
        # Who hides is the one to the right; the proxy's word on the rest counts.
        (f"for={STRANGER}, for=unknown;proto=https;host={SHOP}", (PROXY, "https", SHOP)),
        (f"for=_hidden, for={INNER}", (INNER, "http", "inner:8000")),
        ("proto=https", (PROXY, "https", "inner:8000")),
        (f'for={BUYER};proto=ftp;host="a/b"', (BUYER, "http", "inner:8000")),
        (f'for={BUYER};host="a b"', (BUYER, "http", "inner:8000")),
        (f'for={BUYER};host="[::1]:80"', (BUYER, "http", "[::1]:80")),
        (f"for={BUYER};host={'a' * 254}", (BUYER, "http", "inner:8000")),
        (f"{BUYER}", (PROXY, "http", "inner:8000")),
        ("", (PROXY, "http", "inner:8000")),
        (f"for={BUYER}, " + ", ".join([f"for={INNER}"] * (HOPS_MAX + 9)), (INNER, "http", "inner:8000")),
    ],
)
def test_forwarded_is_believed_from_its_end(header: str, seen: tuple[str, str, str]) -> None:
    assert told(FORWARDED, HTTP_FORWARDED=header) == seen


@pytest.mark.parametrize(
    ("said", "host"),
    [
        (SHOP, SHOP),
        (f"{SHOP}:8443", f"{SHOP}:8443"),
        (f"{OTHER}, {SHOP}", SHOP),
        ("[2001:db8::5]:8443", "[2001:db8::5]:8443"),
        ("", "inner:8000"),
        (f"{SHOP},", "inner:8000"),
        (f"{SHOP}/x", "inner:8000"),
        (f"a@{SHOP}", "inner:8000"),
        (f"{SHOP}:80:80", "inner:8000"),
        ("shop\r\nX: y", "inner:8000"),
        ("sh\N{LATIN SMALL LETTER O WITH DIAERESIS}p.example.com", "inner:8000"),
        ("a" * 100_000, "inner:8000"),
    ],
)
def test_the_host_is_believed_where_it_is_written(said: str, host: str) -> None:
    assert told(X_FORWARDED_HOST, HTTP_X_FORWARDED_HOST=said)[2] == host


EVERYTHING = {
    "HTTP_FORWARDED": f"for={STRANGER};proto=https;host={OTHER}",
    "HTTP_X_FORWARDED_FOR": BUYER,
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": SHOP,
}


@pytest.mark.parametrize(
    ("way", "seen"),
    [
        (X_FORWARDED, (BUYER, "https", "inner:8000")),
        (X_FORWARDED_HOST, (BUYER, "https", SHOP)),
        (FORWARDED, (STRANGER, "https", OTHER)),
    ],
)
def test_only_the_headers_that_the_proxies_write_are_read(way: str, seen: tuple[str, str, str]) -> None:
    assert told(way, **EVERYTHING) == seen
    assert told(way, **EVERYTHING, REMOTE_ADDR=STRANGER) == (STRANGER, "http", "inner:8000"), "nobody's word"


def test_the_setting_names_the_ways() -> None:
    assert PROXY_HEADERS == WAYS
