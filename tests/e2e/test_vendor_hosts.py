from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import warnings
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, sleep
from types import SimpleNamespace
from typing import Any, cast

import pytest

from comptoir.dialects.corepro.paths import HOSTS as OF_THE_BANK
from comptoir.serving import CannotServe, check_port, renew, serve, watch
from comptoir.settings import Settings
from comptoir.vendor_hosts.names import NAMES
from tests.e2e.conftest import Installation, answers, command, environment, free_port, wait_for
from tests.e2e.doors import NAME, Doors, begin

pytestmark = pytest.mark.e2e


@pytest.fixture
def doors(installation: Installation) -> Doors:
    return begin(installation, installation.run("init")["key"])


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_of_either_version_finds_what_the_plain_door_shows(
    doors: Doors, version: ssl.TLSVersion
) -> None:
    with doors.server.client(doors.key) as client:
        client.post("/products/brands", data={"name": "Sparkle"})
    request = f"GET /products/brands HTTP/1.1\r\nHost: {NAME}\r\nAuthorization: Bearer {doors.key}\r\n"
    with doors.connect(NAME, doors.context(version)) as connection:
        assert connection.version() == version.name.replace("v1_", "v1.")
        connection.sendall(f"{request}Connection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"Sparkle" in answer


def test_every_name_answers_and_the_counts_of_both_doors_are_added_up(doors: Doors) -> None:
    for name in NAMES:
        answer = doors.ask("/products/brands", name)
        # The bank's own names speak of nothing but the bank, to whoever has a key of the bank.
        assert answer.status_code == (401 if name in OF_THE_BANK else 200)
        assert ("errors" in answer.json()) == (name in OF_THE_BANK)
    with doors.server.client(doors.key) as client:
        assert client.get("/products/brands").status_code == 200
        counted = client.get("/metrics").text
    line = 'comptoir_requests_total{dialect="coredna",route="brands.list",status="2xx"}'
    assert [float(text.split()[-1]) for text in counted.splitlines() if text.startswith(line)] == [
        len(set(NAMES) - OF_THE_BANK) + 1
    ]


def test_strangers_and_old_versions_are_kept_out(doors: Doors) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="self-signed certificate in certificate chain"):
        doors.connect(NAME, ssl.create_default_context())
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        doors.connect("localhost")
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(doors.authority)
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError, match="ALERT"):
        doors.connect(NAME, old)


def test_both_doors_close_when_requests_are_finished_and_the_authority_stays(
    doors: Doors, installation: Installation
) -> None:
    trusted = doors.authority.read_bytes()
    body = b"name=Late"
    head = (
        f"POST /products/brands HTTP/1.1\r\nHost: {NAME}\r\nAuthorization: Bearer {doors.key}\r\n"
        f"Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}"
    )
    with doors.connect() as slow:
        slow.sendall(f"{head}\r\n\r\n".encode() + body[:4])
        sleep(0.2)
        doors.server.process.send_signal(signal.SIGTERM)
        wait_for(lambda: not doors.is_open() and not answers(doors.server.url))
        assert doors.server.process.poll() is None
        slow.sendall(body[4:])
        assert b" 20" in slow.recv(65_536).partition(b"\r\n")[0]
    assert doors.server.stop() == 0
    again = begin(installation, doors.key)
    assert again.authority.read_bytes() == trusted
    assert b"Late" in again.ask("/products/brands").content
    assert again.server.stop(signal.SIGINT) == 0


@pytest.mark.parametrize("place", [0, 1])
def test_when_one_door_is_killed_the_other_closes(doors: Doors, place: int) -> None:
    os.kill(doors.processes()[place], signal.SIGKILL)
    assert doors.server.process.wait(40) == 1
    assert "one of the servers ended by itself" in doors.server.log.read_text()
    assert not doors.is_open()
    assert not answers(doors.server.url)


def test_nobody_is_left_when_the_first_process_is_killed(doors: Doors) -> None:
    doors.server.process.kill()
    wait_for(lambda: not doors.is_open() and not answers(doors.server.url))


def test_a_new_certificate_takes_over_without_a_request_lost(
    doors: Doors, installation: Installation
) -> None:
    old, settings = doors.serial(), Settings(data_dir=installation.folder / "data")
    vendors = cast("Any", SimpleNamespace(pid=doors.processes()[1]))
    renew(settings, vendors)
    assert doors.serial() == old, "nothing to renew"
    (doors.authority.parent / "server.pem").unlink()
    renew(settings, vendors)
    asked, until = 0, perf_counter() + 20
    while doors.serial() == old:
        assert perf_counter() < until
        assert doors.ask("/healthz").status_code == 200
        asked += 1
    assert asked > 0
    assert doors.server.stop() == 0


def test_a_certificate_that_cannot_be_renewed_stops_nobody(doors: Doors, installation: Installation) -> None:
    (doors.authority.parent / "issuer.pem").write_text("broken")
    renew(Settings(data_dir=installation.folder / "data"), cast("Any", SimpleNamespace(pid=-1)))
    assert doors.is_open()


def test_a_running_server_is_looked_after_until_it_ends() -> None:
    process = get_context("spawn").Process(target=sleep, args=(3,))
    process.start()
    looked: list[float] = []
    watch([process], 1, lambda: looked.append(perf_counter()))
    assert len(looked) >= 2
    process.join(10)
    assert process.exitcode == 0


def test_one_port_cannot_speak_both(installation: Installation) -> None:
    with pytest.raises(CannotServe, match="on port 8000 already; --vendor-port takes another"):
        serve(Settings(data_dir=installation.folder, vendor_hosts=True, vendor_port=8000))


def test_a_taken_port_is_a_sentence(installation: Installation) -> None:
    installation.run("init")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        words = ["--vendor-hosts", "--vendor-port", str(taken.getsockname()[1]), "--port", str(free_port())]
        done = subprocess.run(
            [*command(), "serve", *words],
            cwd=installation.folder, env=environment(), check=False, capture_output=True, text=True, timeout=30,
        )  # fmt: skip
    assert done.returncode == 1
    assert "--vendor-port takes another" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not")
def test_a_port_that_is_kept_for_root_is_explained() -> None:
    start = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if start.exists() and int(start.read_text()) <= 443:
        pytest.skip("this machine permits port 443 to everybody")
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child does nothing that needs a thread
        child = os.fork()
    if not child:
        try:
            os.setgid(65_534)
            os.setuid(65_534)
            check_port("127.0.0.1", 443, "--vendor-port")
        except CannotServe as refusal:
            os.write(writing, str(refusal).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as said:
        text = said.read()
    assert "cannot listen on 127.0.0.1:443: Permission denied; ports below 1024 are kept for root" in text
    assert "sysctl net.ipv4.ip_unprivileged_port_start=443" in text
    assert text.endswith("--vendor-port takes another")
