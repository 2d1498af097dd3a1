"""Serving over HTTP: Granian's processes and threads around the application."""

import ctypes
import gc
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.util import Finalize

from granian import Granian
from granian.constants import HTTPModes, Interfaces

from comptoir.app import make_served
from comptoir.dialects.bodies import BodyLimits
from comptoir.domain.errors import ComptoirError
from comptoir.opening import close_shops, open_shops
from comptoir.operations.access import SHARED_FOLDER, App
from comptoir.operations.logs import configure_logs
from comptoir.settings import Settings
from comptoir.snapshots import say_serving
from comptoir.worker import Rounds, jobs

LOCK = "worker.lock"
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
EXIT_PRIORITY = 100


class CannotServe(ComptoirError):
    """The server cannot start; the text says why."""


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
    served = make_served(shops, limits_of(settings), logs=settings.access_log)
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


def check_port(host: str, port: int) -> None:
    """Refuses: CannotServe, when the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or error
            raise CannotServe(f"cannot listen on {host}:{port}: {reason}; --port takes another") from error


@contextmanager
def shared_measures(settings: Settings) -> Iterator[None]:
    """Where several processes lay down their measures, for as long as they run."""
    if settings.workers == 1:
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
    """Serve until told to stop; requests in flight are finished first. Refuses: CannotOpen, CannotServe."""
    host = socket.gethostbyname(settings.host) if settings.host == "localhost" else settings.host
    check_port(host, settings.port)
    # What keeps a shop from being opened is found here, where it can be told; SQLite is migrated here too.
    close_shops(open_shops(settings))
    with shared_measures(settings):
        server = Granian(
            "comptoir",
            address=host,
            port=settings.port,
            interface=Interfaces.WSGI,
            workers=settings.workers,
            blocking_threads=settings.threads,
            backlog=settings.backlog,
            backpressure=max(settings.threads * 2, settings.backlog // settings.workers),
            http=HTTPModes.http1,
            websockets=False,
            log_enabled=False,
            respawn_failed_workers=True,
            workers_kill_timeout=settings.shutdown_seconds,
        )
        # What is loaded already is shared with the processes, and stays shared when it is left alone.
        gc.freeze()
        gc.enable()
        server.serve(target_loader=partial(load, settings, os.getpid(), with_worker))
