"""Load on one address: wrk where it can be had, otherwise threads of this process."""

import http.client
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import perf_counter
from typing import NamedTuple

from bench.facts import KEY

CONNECTIONS = 8
BUILT_IN_CONNECTIONS = 4
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
FAILED = re.compile(r"Non-2xx or 3xx responses: (\d+)")
# wrk is told in Lua: ids go round, and `{n}` in a body is a number that never comes twice.
SCRIPT = """
local n = {seed}
request = function()
  n = n + 1
  local id = tostring({first} + (n * {step}) % {last})
  local path = string.gsub("{path}", "{{id}}", id)
  local body = {body}
  if body then body = string.gsub(string.gsub(body, "{{n}}", tostring(n)), "{{id}}", id) end
  return wrk.format("{method}", path, nil, body)
end
"""
STEP = 7_919  # a prime: neighbouring requests ask for ids far apart
SEEDS = count(1)


class Work(NamedTuple):
    """One kind of request. `{id}` in path and body goes round 1 to `last`; `{n}` in the body is a new number."""

    method: str
    path: str
    last: int = 1
    body: str | None = None
    credential: str = f"Bearer {KEY}"
    kind: str = "application/json"
    accept: str = "*/*"
    cookie: str = ""


def find_wrk() -> str | None:
    """The path of wrk; installed from Debian when it is missing and we may."""
    found = shutil.which("wrk")
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "wrk"], capture_output=True, check=False)
        found = shutil.which("wrk")
    if found is None:
        print(
            "wrk is not here (Debian: apt-get install wrk); the built-in load generator is used, which is slow."
        )
    return found


def rate(wrk: str | None, port: int, work: Work, seconds: float) -> float:
    """Answered requests a second. Any refusal is a fault of the measurement and ends it."""
    seed = next(SEEDS) * 10_000_000 + os.getpid() % 1000 * 100_000
    if wrk is None:
        return _built_in(port, work, seconds, seed)
    with _script(work, seed) as script:
        command = [
            wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "-s", script, "-H", f"Authorization: {work.credential}",
            "-H", f"Content-Type: {work.kind}", "-H", f"Accept: {work.accept}",
            *(["-H", f"Cookie: {work.cookie}"] if work.cookie else []), f"http://127.0.0.1:{port}",
        ]  # fmt: skip
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    failed = FAILED.search(output)
    if failed:
        raise SystemExit(f"{failed[1]} requests were refused: {work.method} {work.path}")
    found = RATE.search(output)
    assert found, output
    return float(found[1])


@contextmanager
def _script(work: Work, seed: int) -> Iterator[str]:
    body = "nil" if work.body is None else f"[[{work.body}]]"
    text = SCRIPT.format(
        seed=seed, path=work.path, first=1, step=STEP, last=work.last, body=body, method=work.method
    )
    with NamedTemporaryFile("w", suffix=".lua", delete=False) as file:
        file.write(text)
    try:
        yield file.name
    finally:
        Path(file.name).unlink()


def asked(port: int, work: Work, number: int) -> tuple[int, bytes]:
    """One request of the work: its status and answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        return _ask(connection, work, number)
    finally:
        connection.close()


def _ask(connection: http.client.HTTPConnection, work: Work, number: int) -> tuple[int, bytes]:
    id_ = str(1 + number * STEP % work.last)
    path = work.path.replace("{id}", id_)
    body = None if work.body is None else work.body.replace("{n}", str(number)).replace("{id}", id_)
    headers = {"Authorization": work.credential, "Content-Type": work.kind, "Accept": work.accept}
    if work.cookie:
        headers["Cookie"] = work.cookie
    connection.request(work.method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def _built_in(port: int, work: Work, seconds: float, seed: int) -> float:
    numbers = count(seed)
    counts: list[int] = []
    end = perf_counter() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        done = 0
        while perf_counter() < end:
            status, _ = _ask(connection, work, next(numbers))
            assert status < 300, status
            done += 1
        counts.append(done)

    threads = [threading.Thread(target=client) for _ in range(BUILT_IN_CONNECTIONS)]
    started = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (perf_counter() - started)
