"""The one guarded fetcher for every URL that a caller gives: to fetch from, or to send to.

The guard sits where the connection is made: a name is looked up once, every address it has is judged,
and the connection goes to a judged address. So no second look-up can differ from the first, and a
redirect passes the same gate.

httpx is loaded at first use: it brings a command line of its own along, and most servers never fetch.
"""

from __future__ import annotations

import mimetypes
import queue
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, Any

import httpcore

from comptoir.domain.media.addresses import may_connect
from comptoir.domain.media.errors import FetchRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import httpx

Resolver = Callable[[str, int], list[str]]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PORT_MAX = 65535
_URL_LENGTH_MAX = 4096
_GZIP_OR_ZLIB = 47
_BEGINNING_BYTES = 500
_TOO_SLOW = "did not answer in time"
_CUT_OFF = "ended before the file was complete"


@dataclass(frozen=True)
class FetchRules:
    """What the operator lets a fetch do.

    `allow_private` opens loopback and private networks. `allowed_hosts` are names, in lower case, whose
    addresses are not judged at all. `mirror` is a folder that answers for the network: `http://host/a/b.jpg`
    is read from `mirror/host/a/b.jpg` if that exists.
    """

    allow_private: bool = False
    allowed_hosts: frozenset[str] = frozenset()
    refused_ports: frozenset[int] = frozenset()
    max_bytes: int = 10 * 2**20
    timeout_seconds: float = 10
    max_redirects: int = 3
    mirror: Path | None = None


@dataclass(frozen=True)
class Fetched:
    """A file that was fetched, what its server called it, and the URL that gave it in the end."""

    content: bytes
    content_type: str
    url: str


@dataclass(frozen=True)
class Answered:
    """What a server answered to what was sent to it: its status, and how the answer begins."""

    status: int
    beginning: bytes


def look_up(host: str, port: int) -> list[str]:
    """Give all addresses that the system's resolver has for a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Fetcher:
    """Fetches by URL under rules. Holds no connection between fetches, and may be shared by threads."""

    def __init__(
        self, rules: FetchRules, *, resolve: Resolver = look_up, tls: ssl.SSLContext | None = None
    ) -> None:
        self._rules = rules
        self._resolve = resolve
        self._given_tls = tls

    @property
    def timeout_seconds(self) -> float:
        """After how long a fetch, or what is sent, is given up."""
        return self._rules.timeout_seconds

    def fetch(self, url: str) -> Fetched:
        """Fetch a file.

        Refuses: FetchRefused.
        """
        deadline = _Deadline(self._rules.timeout_seconds)
        target = self._admit(url)
        for _ in range(self._rules.max_redirects + 1):
            answer = self._from_mirror(target) or self._ask(target, deadline)
            if isinstance(answer, Fetched):
                return answer
            target = self._admit(answer)
        message = f"redirects more than {self._rules.max_redirects} times"
        raise FetchRefused(message)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Send something, and give what is answered to it; a redirect is an answer too, and not followed.

        Refuses: FetchRefused.
        """
        deadline = _Deadline(self._rules.timeout_seconds)
        target = self._admit(url)
        told = {name.encode("ascii"): value.encode("ascii") for name, value in headers.items()}
        told[b"Content-Length"] = str(len(body)).encode("ascii")
        with self._asked(b"POST", target, deadline, told, body) as response:
            return Answered(response.status, _beginning(response))

    def _admit(self, url: str | httpx.URL) -> httpx.URL:
        """Read a URL and judge all of it that can be judged without a look-up."""
        target = _read_url(url)
        port = _DEFAULT_PORTS.get(target.scheme, 0) if target.port is None else target.port
        faults = (
            (target.scheme not in {"http", "https"}, "is not an http or https URL"),
            (not target.host, "names no host"),
            ("%" in _host(target) or not 0 < port <= _PORT_MAX, "is not a URL"),
            (bool(target.userinfo), "holds a user name or password"),
            (port in self._rules.refused_ports, f"names port {port}, which is not allowed"),
        )
        for is_fault, reason in faults:
            if is_fault:
                raise FetchRefused(reason)
        return target

    def _from_mirror(self, target: httpx.URL) -> Fetched | None:
        """Read the file that stands for this URL, if the mirror has one inside its folder."""
        if self._rules.mirror is None:
            return None
        root = self._rules.mirror.resolve()
        parts = [_host(target), *target.path.split("/")[1:]]
        if any(part in {"", ".", ".."} or not part.isprintable() or "\\" in part for part in parts):
            return None
        try:
            file = root.joinpath(*parts).resolve()
            if not (file.is_relative_to(root) and file.is_file()):
                return None
            self._check_size(file.stat().st_size)
            content = file.read_bytes()
        except OSError:
            return None
        return Fetched(content, mimetypes.guess_type(file.name)[0] or "application/octet-stream", str(target))

    def _ask(self, target: httpx.URL, deadline: _Deadline) -> Fetched | httpx.URL:
        """Ask the server: the file, or the URL that it redirects to."""
        headers = {b"Accept": b"*/*", b"Accept-Encoding": b"identity"}
        with self._asked(b"GET", target, deadline, headers) as response:
            return self._read_answer(target, response)

    @contextmanager
    def _asked(
        self,
        method: bytes,
        target: httpx.URL,
        deadline: _Deadline,
        headers: Mapping[bytes, bytes],
        body: bytes | None = None,
    ) -> Iterator[httpcore.Response]:
        """What a server answers, over a connection of its own. Refuses: FetchRefused."""
        where = httpcore.URL(
            scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path
        )
        always = {b"Host": target.netloc, b"User-Agent": b"comptoir", b"Connection": b"close"}
        guard = _Guard(self._rules, self._resolve, deadline)
        try:
            with (
                httpcore.ConnectionPool(
                    ssl_context=self._tls, network_backend=guard, max_keepalive_connections=0
                ) as pool,
                pool.stream(
                    method, where, headers=list({**always, **headers}.items()), content=body
                ) as response,
            ):
                yield response
        except httpcore.TimeoutException as problem:
            raise FetchRefused(_TOO_SLOW) from problem
        except httpcore.RemoteProtocolError as problem:
            raise FetchRefused(_CUT_OFF) from problem
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as problem:
            message = "cannot be reached"
            raise FetchRefused(message) from problem

    def _read_answer(self, target: httpx.URL, response: httpcore.Response) -> Fetched | httpx.URL:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
        }
        if response.status in _REDIRECTS and "location" in headers:
            return _read_url(headers["location"], base=target)
        if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            message = f"was answered with status {response.status}"
            raise FetchRefused(message)
        content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        return Fetched(self._read_body(headers, response.iter_stream()), content_type, str(target))

    def _read_body(self, headers: Mapping[str, str], chunks: Iterable[bytes]) -> bytes:
        """Read no more than the rules allow, whatever the server says of its length."""
        self._check_size(int(headers.get("content-length", "0")))
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding in {"gzip", "x-gzip", "deflate"}:
            return self._unpack(chunks)
        if encoding not in {"identity", ""}:
            message = "is packed in a way that was not asked for"
            raise FetchRefused(message)
        body = bytearray()
        for chunk in chunks:
            body += chunk
            self._check_size(len(body))
        return bytes(body)

    def _unpack(self, chunks: Iterable[bytes]) -> bytes:
        """Unpack what was packed though we asked for it plain, up to one byte over the cap."""
        unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
        body = bytearray()
        read = 0
        for chunk in chunks:
            read += len(chunk)
            try:
                body += unpacker.decompress(chunk, self._rules.max_bytes - len(body) + 1)
            except zlib.error as problem:
                message = "is packed wrongly"
                raise FetchRefused(message) from problem
            self._check_size(max(read, len(body)))
        if not unpacker.eof:
            raise FetchRefused(_CUT_OFF)
        return bytes(body)

    def _check_size(self, size: int) -> None:
        if size > self._rules.max_bytes:
            message = f"is larger than {self._rules.max_bytes} bytes"
            raise FetchRefused(message)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Made at first use, since reading the certificate authorities takes a while."""
        import httpx  # noqa: PLC0415 - see above

        return self._given_tls or httpx.create_ssl_context(trust_env=False)


def _beginning(response: httpcore.Response) -> bytes:
    """How an answer begins; its status has come already, so nothing that happens now is a failure."""
    begun = bytearray()
    with suppress(httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, FetchRefused):
        for chunk in response.iter_stream():
            begun += chunk
            if len(begun) >= _BEGINNING_BYTES:
                break
    return bytes(begun[:_BEGINNING_BYTES])


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii").lower()


def _read_url(url: str | httpx.URL, base: httpx.URL | None = None) -> httpx.URL:
    import httpx  # noqa: PLC0415 - see above

    try:
        if len(str(url)) > _URL_LENGTH_MAX:
            message = f"is longer than {_URL_LENGTH_MAX} characters"
            raise FetchRefused(message)
        return base.join(url) if base else httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as problem:
        message = "is not a URL"
        raise FetchRefused(message) from problem


class _Deadline:
    """The moment at which a fetch is given up, however busy its server still keeps us."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        seconds = self._end - monotonic()
        if seconds <= 0:
            raise FetchRefused(_TOO_SLOW)
        return seconds


class _Guard(httpcore.NetworkBackend):
    """Makes connections only to addresses that the rules allow, and never waits past the deadline."""

    def __init__(self, rules: FetchRules, resolve: Resolver, deadline: _Deadline) -> None:
        self._rules = rules
        self._resolve = resolve
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline stands in for every timeout
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure = httpcore.ConnectError()
        for address in self._addresses(host, port):
            try:
                stream = httpcore.SyncBackend().connect_tcp(
                    address, port, self._deadline.left(), local_address, socket_options
                )
            except httpcore.ConnectError as problem:
                failure = problem
            else:
                return _TimedStream(stream, self._deadline)
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        """Look a name up once; one address that is refused refuses it, so that none hides behind another."""
        addresses = self._look_up_in_time(host, port)
        if not addresses:
            message = "names a host that cannot be found"
            raise FetchRefused(message)
        if host.lower() in self._rules.allowed_hosts:
            return addresses
        if not all(may_connect(one, allow_private=self._rules.allow_private) for one in addresses):
            # The address is not told: the answer would map a network that the caller cannot see.
            message = "names a host that is not on the public internet"
            raise FetchRefused(message)
        return addresses

    def _look_up_in_time(self, host: str, port: int) -> list[str]:
        """Look up in a thread of its own, since the system's resolver takes no timeout."""
        found: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

        def ask() -> None:
            try:
                found.put(self._resolve(host, port))
            except (OSError, ValueError):
                found.put([])

        threading.Thread(target=ask, name="look-up", daemon=True).start()
        try:
            return found.get(timeout=self._deadline.left())
        except queue.Empty as problem:
            raise FetchRefused(_TOO_SLOW) from problem


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends before the deadline, so that a drop at a time does not hold us."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - see the class
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - see the class
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - see the class
    ) -> httpcore.NetworkStream:
        return _TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
