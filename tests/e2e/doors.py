"""A running server with the door for the vendors' own names open."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

import httpx

from tests.e2e.conftest import Installation, Server, free_port, wait_for

NAME = "www.2checkout.com"


@dataclass
class Doors:
    """A server with both doors open."""

    server: Server
    port: int
    authority: Path
    key: str

    def context(self, version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
        trusting = ssl.create_default_context(cafile=str(self.authority))
        trusting.minimum_version = version or ssl.TLSVersion.TLSv1_2
        trusting.maximum_version = version or ssl.TLSVersion.TLSv1_3
        return trusting

    def connect(self, name: str = NAME, context: ssl.SSLContext | None = None) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        try:
            return (context or self.context()).wrap_socket(plain, server_hostname=name)
        except BaseException:
            plain.close()
            raise

    def ask(self, path: str, name: str = NAME) -> httpx.Response:
        with httpx.Client(verify=self.context(), trust_env=False, timeout=20) as client:
            return client.get(
                f"https://127.0.0.1:{self.port}{path}",
                headers={"Host": name, "Authorization": f"Bearer {self.key}"},
                extensions={"sni_hostname": name},
            )

    def browse(self, browser: httpx.Client, link: str) -> httpx.Response:
        """Follow a link on one of the vendors' names as a browser does, wherever it is sent on."""
        for _ in range(5):
            address = urlsplit(link)
            name, path = str(address.hostname), link[link.index("/", len("https://")) :]
            answer = browser.get(
                f"https://127.0.0.1:{self.port}{path}",
                headers={"Host": name},
                extensions={"sni_hostname": name},
            )
            if not answer.is_redirect:
                return answer
            link = urljoin(link, answer.headers["location"])
        raise AssertionError(f"sent on too often, last to {link}")

    def is_open(self) -> bool:
        try:
            self.connect().close()
        except OSError:
            return False
        return True

    def serial(self) -> str:
        with self.connect() as connection:
            certificate = cast("dict[str, Any]", connection.getpeercert())
            return str(certificate["serialNumber"])

    def processes(self) -> list[int]:
        """The two processes under the first one: the plain door's, then the vendors'."""
        pid = self.server.process.pid
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def begin(installation: Installation, key: str) -> Doors:
    port = free_port()
    server = installation.serve("--vendor-hosts", "--vendor-port", str(port))
    doors = Doors(server, port, installation.folder / "data" / "vendor-hosts" / "authority.pem", key)
    wait_for(doors.is_open)
    return doors
