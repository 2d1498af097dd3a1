"""Commands that keep running: the server, and the background worker on its own."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from comptoir.cli.desk import Desk, command
from comptoir.cli.vendor_hosts import guidance

if TYPE_CHECKING:
    from comptoir.settings import Settings

Host = Annotated[str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")]
Port = Annotated[int | None, typer.Option(help="The port to listen on.", show_default="8000")]
Workers = Annotated[int | None, typer.Option(help="Processes that answer.", show_default="1")]
Threads = Annotated[
    int | None, typer.Option(help="Requests that one process answers at a time.", show_default="4")
]
Backlog = Annotated[int | None, typer.Option(help="Connections that may wait.", show_default="1024")]
TrustedProxies = Annotated[
    str | None,
    typer.Option(help="Networks of proxies that are believed when they say for whom they ask.",
                 metavar="NETWORK,…", show_default="none"),
]  # fmt: skip
ProxyHeaders = Annotated[
    str | None,
    typer.Option(help="The headers in which they say so: x-forwarded, x-forwarded-host or forwarded.",
                 show_default="x-forwarded"),
]  # fmt: skip
LogFormat = Annotated[str | None, typer.Option(help="auto, json or pretty.", show_default="auto")]
LogLevel = Annotated[str | None, typer.Option(help="The least that is logged.", show_default="info")]
AccessLog = Annotated[
    bool | None, typer.Option("--access-log/--no-access-log", help="One line in the log for each request.",
                              show_default="--access-log")
]  # fmt: skip
VendorHosts = Annotated[
    bool | None,
    typer.Option("--vendor-hosts/--no-vendor-hosts", show_default="--no-vendor-hosts",
                 help="Answer the vendors' own host names too, over TLS with certificates made here."),
]  # fmt: skip
VendorPort = Annotated[int | None, typer.Option(help="The port to answer them on.", show_default="443")]
NoWorker = Annotated[bool, typer.Option("--no-worker", help="Leave background work to `comptoir worker`.")]
Once = Annotated[bool, typer.Option("--once", help="Do everything once, and end.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    command(app, "serve")(serve)
    command(app, "worker")(work)


def serve(
    desk: Desk,
    *,
    host: Host = None,
    port: Port = None,
    workers: Workers = None,
    threads: Threads = None,
    backlog: Backlog = None,
    trusted_proxies: TrustedProxies = None,
    proxy_headers: ProxyHeaders = None,
    log_format: LogFormat = None,
    log_level: LogLevel = None,
    access_log: AccessLog = None,
    vendor_hosts: VendorHosts = None,
    vendor_port: VendorPort = None,
    no_worker: NoWorker = False,
) -> None:
    """Serve every shop over HTTP until told to stop; requests in flight are finished first."""
    desk.flags |= {
        "host": host,
        "port": port,
        "workers": workers,
        "threads": threads,
        "backlog": backlog,
        "trusted_proxies": trusted_proxies,
        "proxy_headers": proxy_headers,
        "log_format": log_format,
        "log_level": log_level,
        "access_log": access_log,
        "vendor_hosts": vendor_hosts,
        "vendor_port": vendor_port,
    }
    settings = desk.settings
    from comptoir.lean import serve_alone

    told = {"address": address(settings), "workers": settings.workers, "threads": settings.threads}
    lines = [f"comptoir serves on {address(settings)} (Ctrl-C stops it)"]
    if settings.vendor_hosts:
        guide, more = guidance(settings)
        told["vendor_hosts"], lines = guide, [*lines, *more]
    desk.tell(told, lines)
    sys.stdout.flush()
    serve_alone(settings, with_worker=not no_worker, as_json=desk.as_json)


def address(settings: "Settings") -> str:
    """Where the server is found."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def work(desk: Desk, once: Once = False) -> None:
    """Do what is due on the clock: renewals, forgetting old answers, sweeping files."""
    import signal

    from comptoir.opening import close_shops, open_shop, open_shops
    from comptoir.operations.logs import configure_logs
    from comptoir.serving import LOCK
    from comptoir.worker import Rounds, jobs

    settings = desk.settings
    shops = [open_shop(settings, desk.shop_name)] if desk.shop_name else open_shops(settings)
    configure_logs(settings.log_format, settings.log_level)
    try:
        if once:
            done = Rounds(shops, due=jobs()).once()
            desk.tell(done, [f"{name}: {count}" for name, count in done.items()])
            return
        rounds = Rounds(shops, due=jobs(), lock=settings.data_dir / LOCK)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: rounds.stop())
        desk.tell(
            {"shops": [home.shop.name for home in shops]},
            ["comptoir works in the background (Ctrl-C stops it)"],
        )
        rounds.run()
    finally:
        close_shops(shops)
