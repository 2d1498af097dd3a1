"""Serving over HTTP: Granian's processes and threads around the application."""

import ctypes
import gc
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, get_start_method
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import structlog
from granian import Granian
from granian.constants import HTTPModes, Interfaces, SSLProtocols

from comptoir.app import make_served
from comptoir.console.ports import Ports
from comptoir.dialects.bodies import BodyLimits
from comptoir.domain.errors import ComptoirError
from comptoir.opening import close_shops, open_shops
from comptoir.operations.access import SHARED_FOLDER, App
from comptoir.operations.logs import configure_logs
from comptoir.settings import Settings
from comptoir.snapshots import ServedSnapshots, say_serving
from comptoir.worker import Rounds, jobs

if TYPE_CHECKING:
    from comptoir.vendor_hosts.keeping import Vouchers

LOG = structlog.get_logger()
LOCK = "worker.lock"
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
EXIT_PRIORITY = 100
PORTS_OF_ROOT = 1024
# How often a running server looks whether its certificate ends soon.
LOOK_SECONDS = 86_400
NOT_PERMITTED = (
    "ports below 1024 are kept for root: permit them (`sudo sysctl net.ipv4.ip_unprivileged_port_start={port}`, "
    "or AmbientCapabilities=CAP_NET_BIND_SERVICE in a unit of systemd), or take another one and redirect to it, "
    "as docs/how-to/vendor-hosts.md shows"
)


class CannotServe(ComptoirError):
    """The server cannot start, or not go on; the text says why."""


@dataclass(frozen=True)
class Door:
    """One address that is listened on; over TLS when there is a file with a key and its certificates."""

    host: str
    port: int
    vouchers: Path | None = None


def limits_of(settings: Settings) -> BodyLimits:
    """How much of a body is read."""
    return BodyLimits(max_bytes=settings.max_body_bytes, max_fields=settings.max_fields)


def load(settings: Settings, parent: int, with_worker: bool, _target: str) -> App:  # noqa: FBT001
    """The application, made in the process that will answer with it."""
    gc.enable()
    end_with(parent)
    configure_logs(settings.log_format, settings.log_level)
    say_serving(settings)
    shops = open_shops(settings)
    ports = Ports(snapshots=ServedSnapshots(settings))
    served = make_served(
        shops,
        limits_of(settings),
        logs=settings.access_log,
        ports=ports,
        proxies=settings.trusted_proxies,
        proxy_headers=settings.proxy_headers,
    )
    rounds = Rounds(
        shops,
        uses=served.uses,
        due=jobs() if with_worker else (),
        lock=settings.data_dir / LOCK,
    )
    rounds.start()
    Finalize(rounds, rounds.stop, exitpriority=EXIT_PRIORITY)
    return served.wsgi


def end_with(parent: int) -> None:
    """Let this process end when the one that started it does, so that none is left behind on the port."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(DIE_WITH_PARENT, signal.SIGTERM)
        if os.getppid() != parent:  # it ended a moment ago
            os.kill(os.getpid(), signal.SIGTERM)


def check_port(host: str, port: int, flag: str = "--port") -> None:
    """Refuses: CannotServe, when the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or error
            hint = f"{flag} takes another"
            if isinstance(error, PermissionError) and port < PORTS_OF_ROOT:
                hint = f"{NOT_PERMITTED.format(port=port)}; {hint}"
            raise CannotServe(f"cannot listen on {host}:{port}: {reason}; {hint}") from error


@contextmanager
def shared_measures(settings: Settings) -> Iterator[None]:
    """Where several processes lay down their measures, for as long as they run."""
    if settings.workers == 1 and not settings.vendor_hosts:
        yield
        return
    folder = tempfile.mkdtemp(prefix="comptoir-measures-")
    os.environ[SHARED_FOLDER] = folder
    try:
        yield
    finally:
        os.environ.pop(SHARED_FOLDER, None)
        shutil.rmtree(folder, ignore_errors=True)


def serve(settings: Settings, *, with_worker: bool = True) -> None:
    """Serve until told to stop; requests in flight are finished first.

    Refuses: CannotServe, CannotVouch, CannotOpen.
    """
    host = socket.gethostbyname(settings.host) if settings.host == "localhost" else settings.host
    check_port(host, settings.port)
    if settings.vendor_hosts:
        if settings.vendor_port == settings.port:
            raise CannotServe(f"plain HTTP is on port {settings.port} already; --vendor-port takes another")
        check_port(host, settings.vendor_port, "--vendor-port")
    # What keeps a shop from being opened is found here, where it can be told; SQLite is migrated here too.
    close_shops(open_shops(settings))
    plain = Door(host, settings.port)
    with shared_measures(settings):
        if settings.vendor_hosts:
            vendors = Door(host, settings.vendor_port, kept(settings).server)
            side_by_side(settings, plain, vendors, with_worker=with_worker)
        else:
            listen(settings, plain, with_worker=with_worker)


def kept(settings: Settings) -> "Vouchers":
    """The certificates for the vendors' names. Refuses: CannotVouch."""
    # What makes certificates takes 7 MiB, which a server without vendors' names need not have.
    from comptoir.vendor_hosts.keeping import vouchers  # noqa: PLC0415

    return vouchers(settings.data_dir)


def listen(settings: Settings, door: Door, *, with_worker: bool) -> None:
    """Serve at one door until told to stop."""
    server = Granian(
        "comptoir",
        address=door.host,
        port=door.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=settings.threads,
        backlog=settings.backlog,
        backpressure=max(settings.threads * 2, settings.backlog // settings.workers),
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
        ssl_cert=door.vouchers,
        ssl_key=door.vouchers,
        ssl_protocol_min=SSLProtocols.tls12,
        respawn_failed_workers=True,
        workers_kill_timeout=settings.shutdown_seconds,
    )
    # What is loaded already is shared with the processes, and stays shared when it is left alone.
    gc.freeze()
    gc.enable()
    server.serve(target_loader=partial(load, settings, os.getpid(), with_worker))


def listen_beside(settings: Settings, parent: int, door: Door, with_worker: bool) -> None:  # noqa: FBT001
    """Serve at one of several doors, each with a process of its own, for as long as the first process lives."""
    end_with(parent)
    listen(settings, door, with_worker=with_worker)


def side_by_side(settings: Settings, plain: Door, vendors: Door, *, with_worker: bool) -> None:
    """Serve at both doors until told to stop; when one of them closes, so does the other. Refuses: CannotServe."""
    # As the servers themselves start their processes.
    fork, spawn = get_context("fork").Process, get_context("spawn").Process
    process = fork if get_start_method() == "fork" else spawn
    doors: list[BaseProcess] = [
        process(target=listen_beside, args=(settings, os.getpid(), door, works))
        for door, works in ((plain, with_worker), (vendors, False))
    ]
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        for door in doors:
            door.terminate()

    for door in doors:
        door.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    configure_logs(settings.log_format, settings.log_level)
    watch(doors, LOOK_SECONDS, partial(renew, settings, doors[-1]))
    for door in doors:
        door.terminate()
    for door in doors:
        door.join()
    if not asked:
        raise CannotServe("one of the servers ended by itself, and the other was stopped; the log says why")


def watch(doors: Sequence[BaseProcess], seconds: int, look: Callable[[], None]) -> None:
    """Look after things now and then, until one of the processes ends."""
    while not wait([door.sentinel for door in doors], seconds):
        look()


def renew(settings: Settings, vendors: BaseProcess) -> None:
    """Let a new certificate take the old one's place before that one ends, without a request lost."""
    try:
        is_renewed = kept(settings).is_renewed
    except (ComptoirError, OSError):
        LOG.exception("the certificate for the vendors' names was not renewed")
        return
    if is_renewed and vendors.pid is not None:
        os.kill(vendors.pid, signal.SIGHUP)  # new processes take over from the old ones
