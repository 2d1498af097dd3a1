from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from comptoir.storage.postgres import PostgresDatabase
from tests.e2e.conftest import Installation, answers, command, environment, wait_for
from tests.engines import Engines

pytestmark = pytest.mark.e2e
MEMORY_MIB = 120


def test_from_an_empty_folder_to_an_answer_and_a_graceful_end(
    engine: str, engines: Engines, installation: Installation, tmp_path: Path
) -> None:
    database = None
    if engine == "postgres":
        database = engines.empty(engine, tmp_path)
        assert isinstance(database, PostgresDatabase)
        installation.more["COMPTOIR_DATABASE"] = database.dsn
    made = installation.run("init", "--currency", "AUD")
    server = installation.serve()
    with server.client(made["key"]) as client:
        assert client.post("/products/brands", data={"name": "Sparkle"}).json()["data"]["name"] == "Sparkle"
        assert len(client.get("/products/brands").json()["data"]) == 1
        assert client.get("/readyz").json()["shops"]["main"]["database"] == engine
        assert client.get("/products", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert server.stop() == 0
    assert not answers(server.url)
    brands = [event for event in server.lines() if event.get("route") == "brands.create"]
    assert [(line["status"], line["operator"]) for line in brands] == [(brands[0]["status"], "admin")]
    assert installation.run("books", "check")["balanced"] is True
    assert [key["last_used_at"] is not None for key in installation.run("keys", "list")] == [True]
    if database is not None:
        engines.drop(database)


def test_requests_in_flight_are_finished_when_the_server_stops(installation: Installation) -> None:
    key = installation.run("init")["key"]
    server = installation.serve()
    host, _, port = server.url.removeprefix("http://").partition(":")
    body = b"name=Late"
    head = (
        f"POST /products/brands HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port))) as slow:
        slow.sendall(head.encode() + body[:4])
        wait_for(lambda: answers(server.url))
        server.process.send_signal(signal.SIGTERM)
        wait_for(lambda: not answers(server.url))
        slow.sendall(body[4:])
        answer = b"".join(iter(lambda: slow.recv(65536), b""))
    assert server.stop() == 0
    assert b"200 OK" in answer or b"201 Created" in answer, answer
    assert b'"Late"' in answer


def test_a_server_that_is_told_to_stop_again_and_again_still_ends_well(installation: Installation) -> None:
    installation.run("init")
    server = installation.serve()
    while server.process.poll() is None:
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.001)
    assert server.process.returncode == 0


def test_an_idle_server_is_small_and_several_workers_count_together(installation: Installation) -> None:
    key = installation.run("init")["key"]
    alone = installation.serve("--no-worker")
    with alone.client(key) as client:
        assert client.get("/products").is_success
    assert memory_mib(alone.process.pid) < MEMORY_MIB
    alone.stop()
    server = installation.serve("--workers", "2")
    for _ in range(12):  # a connection each, so that both workers get some
        with server.client(key) as client:
            assert client.get("/products").is_success
    text = httpx.get(f"{server.url}/metrics", trust_env=False).text
    count = re.search(r'comptoir_requests_total\{[^}]*route="products.list"[^}]*\} ([\d.]+)', text)
    assert count is not None
    assert count[1] == "12.0"
    assert server.stop(signal.SIGINT) == 0


def memory_mib(pid: int) -> int:
    """The memory of a process and those it started, what they share counted once."""
    total = kib(pid)
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        total += memory_mib(int(child)) * 1024
    return total // 1024


def kib(pid: int) -> int:
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


def test_no_process_is_left_behind_when_the_first_is_killed(installation: Installation) -> None:
    installation.run("init")
    server = installation.serve()
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    wait_for(lambda: not answers(server.url))


def test_a_worker_that_dies_is_started_again(installation: Installation) -> None:
    installation.run("init")
    server = installation.serve()
    pid = server.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children")
    first = children.read_text().split()
    os.kill(int(first[0]), signal.SIGKILL)
    wait_for(lambda: children.read_text().split() != first and answers(server.url), seconds=20)
    assert server.stop() == 0


def test_a_taken_port_is_a_sentence(installation: Installation) -> None:
    installation.run("init")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            [*command(), "serve", "--port", str(taken.getsockname()[1])],
            cwd=installation.folder, env=environment(), check=False, capture_output=True, text=True, timeout=30,
        )  # fmt: skip
    assert done.returncode == 1
    assert "--port takes another" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_snapshot_is_not_put_back_under_a_running_server(installation: Installation) -> None:
    installation.run("init")
    server = installation.serve()
    installation.run("snapshot", "create", "while-serving")
    done = subprocess.run(
        [*command(), "snapshot", "restore", "while-serving", "--yes"],
        cwd=installation.folder, env=environment(), check=False, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.returncode == 1
    assert "stop the server first" in done.stderr
    server.stop()
    assert installation.run("snapshot", "restore", "while-serving", "--yes")["balanced"] is True


def test_events_are_followed(installation: Installation) -> None:
    key = installation.run("init")["key"]
    server = installation.serve()
    following = subprocess.Popen(
        [*command(), "events", "--follow", "--subject", "brand", "--json"],
        cwd=installation.folder, env=environment(), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    seen: list[str] = []
    assert following.stdout is not None
    reader = Thread(target=lambda: seen.append(following.stdout.readline()), daemon=True)  # type: ignore[union-attr]
    reader.start()
    with server.client(key) as client:
        client.post("/products/brands", data={"name": "Followed"})
    reader.join(15)
    following.kill()
    following.wait()
    following.stdout.close()
    assert "Followed" in seen[0]


@pytest.mark.slow
def test_the_demo_is_made_once_and_prints_a_request_that_works(installation: Installation) -> None:
    told = installation.run("demo", "--no-serve", "--port", "8000")
    assert "curl" in told["request"]
    assert (installation.folder / "demo" / "secret.key").exists()
    mark = (installation.folder / "demo" / "demo.ready").stat().st_mtime_ns
    installation.run("demo", "--no-serve")
    assert (installation.folder / "demo" / "demo.ready").stat().st_mtime_ns == mark
    server = installation.serve("--data-dir", "demo")
    with server.client(told["key"]) as client:
        assert client.get("/products/1234").json()["data"]["name"] == "Mr Sparkle"
        assert client.get("/readyz").json()["status"] == "ready"


def test_behind_a_proxy_the_caller_is_who_it_says(installation: Installation) -> None:
    key = installation.run("init")["key"]

    def address_told(url: str, *said: str, header: str = "X-Forwarded-For") -> Any:
        """What the log says of a request that comes with these lines of the header."""
        lines = [(header, one) for one in said]
        with httpx.Client(
            base_url=url, headers=[("Authorization", f"Bearer {key}"), *lines], trust_env=False
        ) as client:
            request_id = client.get("/products").headers["X-Request-Id"]
        server = installation.servers[-1]
        wait_for(lambda: any(line.get("request_id") == request_id for line in server.lines()))
        return next(line["address"] for line in server.lines() if line.get("request_id") == request_id)

    alone = installation.serve()
    assert address_told(alone.url, "203.0.113.7") == "127.0.0.1"
    alone.stop()
    server = installation.serve("--trusted-proxies", "127.0.0.1,10.0.0.0/8")
    assert address_told(server.url, "203.0.113.7, 10.1.2.3") == "203.0.113.7"
    # Some proxies write a line of their own below the one that came.
    assert address_told(server.url, "198.51.100.66", "203.0.113.7") == "203.0.113.7"
    server.stop()
    server = installation.serve("--trusted-proxies", "127.0.0.1", "--proxy-headers", "forwarded")
    assert address_told(server.url, "203.0.113.7") == "127.0.0.1", "these proxies write another header"
    forwarded = ['for="198.51.100.66', 'for="203.0.113.7:4711";proto=https']
    assert address_told(server.url, *forwarded, header="Forwarded") == "203.0.113.7"


def test_a_network_that_is_none_is_told_at_the_start(installation: Installation) -> None:
    installation.run("init")
    started = subprocess.run(
        [*command(), "serve", "--trusted-proxies", "10.0.0.0/8,proxy.example"],
        cwd=installation.folder, env=environment(), check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert started.returncode == 1, started.stderr
    assert "the setting trusted_proxies (from flag) must hold addresses or networks" in started.stderr
    assert "Traceback" not in started.stderr
