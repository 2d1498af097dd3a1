"""Proxies as the how-to sets them up: its own examples, on ports of this machine, in front of a running server."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from comptoir.vendor_hosts.certificates import make_issuer, make_server, written
from tests.e2e.conftest import ROOT, Server, free_port, wait_for

PAGE = ROOT / "docs" / "how-to" / "serve-behind-a-proxy.md"
NAME = "shop.example.com"
# A plain place that a user without rights may enter too, wherever the tests' own files lie.
PLACE = "/tmp"
NOBODY = "nobody"
# Debian keeps servers where only root looks for commands.
PATH = f"{os.environ['PATH']}:/usr/sbin"
NGINX_FRAME = """
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr warn;
events {{ }}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
{blocks}
}}
"""
CADDY_FRAME = """
{{
    admin off
    auto_https disable_redirects
    https_port {port}
}}
{blocks}
"""


def example(language: str) -> str:
    """What stands on the page in this language."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert blocks, f"the page shows no {language}"
    return "\n".join(blocks)


def changed(text: str, pattern: str, to: str) -> str:
    """The text with what must be another on this machine; it has to stand there."""
    new, count = re.subn(pattern, to, text, flags=re.MULTILINE)
    assert count, f"the example has no {pattern}"
    return new


def nginx(folder: Path, port: int, server: Server) -> list[str]:
    """The example for nginx with another port, other certificates, and where the server is."""
    blocks = changed(example("nginx"), r"listen 443 ", f"listen 127.0.0.1:{port} ")
    blocks = changed(blocks, r"/etc/ssl/shop\.example\.com\.(pem|key)", str(folder / "server.pem"))
    blocks = changed(blocks, r"http://127\.0\.0\.1:8000\b", server.url)
    (folder / "nginx.conf").write_text(NGINX_FRAME.format(blocks=blocks))
    return ["nginx", "-e", "stderr", "-p", str(folder), "-c", "nginx.conf"]


def caddy(folder: Path, port: int, server: Server) -> list[str]:
    """The example for Caddy with a certificate in place of one that is fetched, and where the server is."""
    pem = folder / "server.pem"
    blocks = changed(
        example("caddy"), r"^shop\.example\.com \{$", f"{NAME} {{\n    bind 127.0.0.1\n    tls {pem} {pem}"
    )
    blocks = changed(blocks, r"\b127\.0\.0\.1:8000\b", urlsplit(server.url).netloc)
    (folder / "Caddyfile").write_text(CADDY_FRAME.format(port=port, blocks=blocks))
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


FRONTS: dict[str, Callable[[Path, int, Server], list[str]]] = {"nginx": nginx, "caddy": caddy}


class Outside(httpx.BaseTransport):
    """The way of somebody elsewhere: every name leads to the proxy, asked from an address of their own."""

    def __init__(self, port: int, trusting: ssl.SSLContext, address: str) -> None:
        self._port = port
        self._inner = httpx.HTTPTransport(verify=trusting, local_address=address)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        extensions = request.extensions | {"sni_hostname": request.url.host}
        url = request.url.copy_with(host="127.0.0.1", port=self._port)
        led = httpx.Request(
            request.method, url, headers=request.headers, stream=request.stream, extensions=extensions
        )
        return self._inner.handle_request(led)

    def close(self) -> None:
        self._inner.close()


@dataclass
class Front:
    """A proxy that runs in front of a server."""

    kind: str
    port: int
    server: Server
    authority: Path

    @property
    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority))

    def caller(self, address: str, **headers: str) -> httpx.Client:
        """Somebody who asks for the shop's public name, from an address of this machine that is not the proxy's."""
        return httpx.Client(
            base_url=f"https://{NAME}", transport=Outside(self.port, self.trusting, address), headers=headers,
            timeout=60, trust_env=False,
        )  # fmt: skip


@contextmanager
def in_front(kind: str, server: Server) -> Iterator[Front]:
    """The proxy of this kind as the page has it, run by a user without rights. Skips loudly where there is none."""
    if shutil.which(kind, path=PATH) is None:
        pytest.skip(f"MISSING: {kind}; `make setup-system` installs it where it can")
    folder = Path(tempfile.mkdtemp(prefix="comptoir-front-", dir=PLACE))
    process = None
    try:
        now = datetime.now(UTC)
        issuer = make_issuer([NAME], now)
        (folder / "server.pem").write_bytes(make_server([NAME], issuer, now).written())
        (folder / "authority.pem").write_bytes(written(issuer.chain))
        port = free_port()
        command = FRONTS[kind](folder, port, server)
        process = begin(command, folder)
        front = Front(kind, port, server, folder / "authority.pem")
        wait_for(lambda: answers(front, process, folder), seconds=30)
        yield front
    finally:
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def begin(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    """Start it; who is root becomes nobody."""
    user = None
    if os.geteuid() == 0:
        entry = pwd.getpwnam(NOBODY)
        user = entry.pw_uid
        for path in (folder, *folder.iterdir()):
            os.chown(path, entry.pw_uid, entry.pw_gid)
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, start_new_session=True, user=user,
            group=user and pwd.getpwnam(NOBODY).pw_gid, extra_groups=None if user is None else [],
            env={"PATH": PATH, "HOME": str(folder)},
        )  # fmt: skip


def answers(front: Front, process: subprocess.Popen[bytes], folder: Path) -> bool:
    assert process.poll() is None, (folder / "log").read_text()
    with front.caller("127.0.0.1") as caller:
        try:
            return caller.get("/healthz").is_success
        except httpx.TransportError:
            return False
