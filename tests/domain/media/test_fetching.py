"""The guarded fetcher: what it fetches, and which hosts, URLs and redirects it refuses."""

import gzip
import threading
import time
import zlib
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.media.errors import FetchRefused
from comptoir.domain.media.fetching import Fetcher, FetchRules, look_up
from tests.domain.media.web import LOCAL, MIB, NOT_PUBLIC, TOO_SLOW, Server, refusal, reply

# What is fetched.


def test_a_file_is_fetched_with_its_type(server: Server) -> None:
    server.pages["/a.png?size=1"] = reply(b"picture", content_type="Image/PNG; charset=x")
    fetched = Fetcher(LOCAL).fetch(server.url("/a.png?size=1#part"))
    assert (fetched.content, fetched.content_type) == (b"picture", "image/png")


def test_the_request_says_little_about_us(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    server.pages["/a"] = reply(b"a", set_cookie="a=1")
    fetcher = Fetcher(LOCAL)
    fetcher.fetch(server.url("/a"))
    fetcher.fetch(server.url("/a"))
    for _, headers in server.asked:
        assert headers == {
            "host": f"127.0.0.1:{server.port}",
            "user-agent": "comptoir",
            "accept": "*/*",
            "accept-encoding": "identity",
            "connection": "close",
        }


def test_a_chunked_answer_and_one_without_length_are_fetched(server: Server) -> None:
    server.pages["/chunked"] = reply(
        b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", transfer_encoding="chunked", content_length=""
    )
    server.pages["/open"] = reply(b"abcde", content_length="")
    fetcher = Fetcher(LOCAL)
    assert fetcher.fetch(server.url("/chunked")).content == b"abcde"
    assert fetcher.fetch(server.url("/open")).content == b"abcde"


def test_a_file_exactly_at_the_cap_is_fetched_and_one_byte_more_is_not(server: Server) -> None:
    server.pages["/ten"] = reply(b"x" * 10)
    server.pages["/eleven"] = reply(b"x" * 11)
    rules = replace(LOCAL, max_bytes=10)
    assert len(Fetcher(rules).fetch(server.url("/ten")).content) == 10
    assert refusal(server.url("/eleven"), rules) == "is larger than 10 bytes"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_an_answer_packed_unasked_is_unpacked(server: Server, encoding: str) -> None:
    plain = b"picture" * 9
    packed = gzip.compress(plain) if encoding == "gzip" else zlib.compress(plain)
    server.pages["/a"] = reply(packed, content_encoding=encoding)
    assert Fetcher(LOCAL).fetch(server.url("/a")).content == b"picture" * 9


# Which hosts.


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.1.1",
        "169.254.169.254",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert refusal("http://name.example/", FetchRules(), resolve=lambda *_: [address]) == NOT_PUBLIC
    assert (
        refusal("http://name.example/", FetchRules(), resolve=lambda *_: ["8.8.8.8", address]) == NOT_PUBLIC
    )


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "169.254.169.254",
        "10.0.0.1",
        "\uff11\uff12\uff17.0.0.1",
    ],
)
def test_a_host_written_to_deceive_is_refused_and_never_asked(server: Server, host: str) -> None:
    refusal(server.url("/a", host), FetchRules())
    assert server.asked == []


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "fe80::1", "0.0.0.0", "224.0.0.1"]
)
def test_private_networks_when_allowed_do_not_open_metadata_or_link_local(address: str) -> None:
    assert refusal("http://name.example/", LOCAL, resolve=lambda *_: [address]) == NOT_PUBLIC


def test_a_host_allowed_by_name_is_not_judged_by_address(server: Server) -> None:
    server.pages["/a"] = reply(b"a")
    rules = FetchRules(allowed_hosts=frozenset({"pictures.example"}))
    fetcher = Fetcher(rules, resolve=lambda *_: ["127.0.0.1"])
    assert fetcher.fetch(server.url("/a", "PICTURES.example")).content == b"a"
    assert refusal(server.url("/a", "other.example"), rules, resolve=lambda *_: ["127.0.0.1"]) == NOT_PUBLIC


def test_a_name_is_looked_up_once_and_connected_to_where_it_was_judged(server: Server) -> None:
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    server.pages["/a"] = reply(b"a")
    fetcher = Fetcher(LOCAL, resolve=lambda *_: answers.pop(0))
    assert fetcher.fetch(server.url("/a", "rebound.example")).content == b"a"
    assert server.asked[0][1]["host"] == f"rebound.example:{server.port}"
    assert len(answers) == 1


def test_the_next_address_is_tried_when_one_does_not_answer(server: Server) -> None:
    server.pages["/a"] = reply(b"a")
    fetcher = Fetcher(LOCAL, resolve=lambda *_: ["::1", "127.0.0.1"])
    assert fetcher.fetch(server.url("/a", "many.example")).content == b"a"


def test_a_name_that_is_not_found_is_refused() -> None:
    def fails(host: str, port: int) -> list[str]:
        raise OSError(host, port)

    assert refusal("http://no.example/", resolve=fails) == "names a host that cannot be found"
    assert refusal("http://no.example/", resolve=lambda *_: []) == "names a host that cannot be found"


def test_a_look_up_that_hangs_does_not_hold_us() -> None:
    started = time.monotonic()
    release = threading.Event()

    def hangs(host: str, port: int) -> list[str]:
        release.wait(10)
        return []

    assert refusal("http://slow.example/", replace(LOCAL, timeout_seconds=0.2), resolve=hangs) == TOO_SLOW
    assert time.monotonic() - started < 3
    release.set()


def test_the_systems_look_up_gives_each_address_once() -> None:
    assert look_up("127.0.0.1", 80) == ["127.0.0.1"]


# Which URLs.


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "is not an http or https URL"),
        ("a.png", "is not an http or https URL"),
        ("//127.0.0.1/a.png", "is not an http or https URL"),
        ("ftp://127.0.0.1/a", "is not an http or https URL"),
        ("file:///etc/passwd", "is not an http or https URL"),
        ("gopher://127.0.0.1/", "is not an http or https URL"),
        ("data:image/png;base64,AAAA", "is not an http or https URL"),
        ("http://", "names no host"),
        ("http:///a.png", "names no host"),
        ("http://user:word@127.0.0.1/", "holds a user name or password"),
        ("http://user@127.0.0.1/", "holds a user name or password"),
        ("http://127.0.0.1:70000/", "is not a URL"),
        ("http://127.0.0.1:0/", "is not a URL"),
        ("http://127.0.0.1%2f/", "is not a URL"),
        ("http://127.0.0.1:x/", "is not a URL"),
        ("http://[::1/", "is not a URL"),
        ("http://a\x00b/", "is not a URL"),
        ("http://127.0.0.1/\r\nHost: evil", "is not a URL"),
        ("http://xn--\u2603/", "is not a URL"),
        ("http://127.0.0.1/" + "a" * 5000, "is longer than 4096 characters"),
        ("http://127.0.0.1:22/", "names port 22, which is not allowed"),
    ],
)
def test_a_url_that_cannot_be_meant_is_refused(url: str, reason: str) -> None:
    assert refusal(url, replace(LOCAL, refused_ports=frozenset({22}))) == reason


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=60), prefix=st.sampled_from(["", "http://", "https://", "http://127.0.0.1:1/"]))
def test_no_text_does_anything_but_refuse(text: str, prefix: str) -> None:
    with pytest.raises(FetchRefused):
        Fetcher(FetchRules(), resolve=lambda *_: ["127.0.0.1"]).fetch(prefix + text)


# Redirects.


def test_a_redirect_is_followed_and_the_last_url_told(server: Server) -> None:
    server.pages["/a"] = reply(status=302, location="b/c")
    server.pages["/b/c"] = reply(status=308, location=server.url("/d"))
    server.pages["/d"] = reply(b"d")
    fetched = Fetcher(LOCAL).fetch(server.url("/a"))
    assert (fetched.content, fetched.url) == (b"d", server.url("/d"))


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://private.example/", NOT_PUBLIC),
        ("//private.example/", NOT_PUBLIC),
        ("http://169.254.169.254/latest/meta-data/", NOT_PUBLIC),
        ("file:///etc/passwd", "is not an http or https URL"),
        ("http://user:word@pictures.example/", "holds a user name or password"),
        ("http://[", "is not a URL"),
    ],
)
def test_a_redirect_passes_the_same_gate(server: Server, location: str, reason: str) -> None:
    server.pages["/a"] = reply(status=301, location=location)
    rules = FetchRules(allowed_hosts=frozenset({"pictures.example"}))
    url = server.url("/a", "pictures.example")
    places = {"pictures.example": "127.0.0.1", "private.example": "10.0.0.1"}
    assert refusal(url, rules, resolve=lambda host, _: [places.get(host, host)]) == reason
    assert len(server.asked) == 1


def test_redirects_in_a_circle_end(server: Server) -> None:
    server.pages["/a"] = reply(status=302, location="/b")
    server.pages["/b"] = reply(status=302, location="/a")
    assert refusal(server.url("/a")) == "redirects more than 3 times"
    assert len(server.asked) == 4


def test_a_redirects_own_body_is_not_read(server: Server) -> None:
    def page(call: BaseHTTPRequestHandler) -> None:
        reply(status=302, location="/b", content_length="")(call)
        server.pour(call, b"x" * 65536)

    server.pages["/a"] = page
    server.pages["/b"] = reply(b"b")
    assert Fetcher(LOCAL).fetch(server.url("/a")).content == b"b"
    assert server.sent < 50 * MIB
