"""The command that shows everything: a shop full of example data, served at once."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from comptoir.cli.desk import Desk, command
from comptoir.cli.shops import create_shop

FOLDER = Path("demo")
SHOP, PREPAID_SHOP = "main", "prepaid"
MIRROR = "mirror"
EMAIL, PASSWORD, KEY = "demo@example.com", "demo", "youruniqueapikey"
API_USER, API_PASSWORD, VENDOR_ID = "APIuser1817037", "APIpass1817037", 1817037
CARD = "4000000000000002"
BANK_KEY, BANK_SECRET = "example1", "example1"
PREPAID_KEY, PREPAID_SECRET = "coreproprepaid", "coreproprepaid"
# Without this mark a demo was stopped half-way, and is made again.
MARK, BEGUN = "demo.ready", "demo.begun"
Reset = Annotated[bool, typer.Option("--reset", help="Begin again with a fresh shop.")]
NoServe = Annotated[bool, typer.Option("--no-serve", help="Only make the shop.")]
Port = Annotated[int | None, typer.Option(help="The port to listen on.", show_default="8000")]
Progress = Callable[..., None]


def register(app: typer.Typer) -> None:
    """Add this command."""
    command(app, "demo")(demo)


def demo(desk: Desk, reset: Reset = False, no_serve: NoServe = False, port: Port = None) -> None:
    """Serve a shop full of example data from ./demo, made on the first run."""
    if desk.flags["data_dir"] is None:
        desk.flags["data_dir"] = FOLDER
    desk.flags["port"] = port
    # Images that the published examples name are read from this folder, so that no network is needed.
    desk.flags["fetch_mirror"] = str(desk.flags["data_dir"] / MIRROR)
    settings = desk.settings
    if reset or not (settings.data_dir / MARK).exists():
        _refuse_foreign(desk, settings.data_dir)
        shutil.rmtree(settings.data_dir, ignore_errors=True)
        make(desk)
    from comptoir.cli.server import address

    where = address(settings)
    _say_where(desk, where)
    _tell(desk, where)
    sys.stdout.flush()
    if not no_serve:
        from comptoir.lean import serve_alone

        serve_alone(settings, with_worker=True, as_json=desk.as_json)


def _tell(desk: Desk, where: str) -> None:
    """Say where the demo is, who is let in, and what to try."""
    data_dir = desk.settings.data_dir
    request = f"curl -H 'Authorization: Bearer {KEY}' {where}/products/1234"
    vendor_request = f"curl -u {API_USER}:{API_PASSWORD} '{where}/api/sales/detail_sale?sale_id=4774380224'"
    bank_request = f"curl -u {BANK_KEY}:{BANK_SECRET} {where}/program/get"
    checkout = f"{where}/checkout/purchase?sid={VENDOR_ID}&product_id=1234&quantity=1"
    desk.tell(
        {
            "address": where,
            "key": KEY,
            "email": EMAIL,
            "password": PASSWORD,
            "request": request,
            "api_user": API_USER,
            "api_password": API_PASSWORD,
            "vendor_request": vendor_request,
            "bank_key": BANK_KEY,
            "bank_secret": BANK_SECRET,
            "prepaid_key": PREPAID_KEY,
            "prepaid_secret": PREPAID_SECRET,
            "bank_request": bank_request,
            "checkout": checkout,
            "console": f"{where}/console",
        },
        [
            f"The demo shop lies in {data_dir}.",
            f"  address   {where}",
            f"  console   {where}/console, operator {EMAIL} / {PASSWORD}",
            f"  Core dna  key {KEY}",
            f"  2Checkout API user {API_USER} / {API_PASSWORD}, seller {VENDOR_ID}",
            f"  CorePro   {BANK_KEY} / {BANK_SECRET}; a second program: {PREPAID_KEY} / {PREPAID_SECRET}",
            "Try:",
            f"  {request}",
            f"  {vendor_request}",
            f"  {bank_request}",
            f"  and in a browser: {checkout} (card {CARD})",
        ],
    )


def _say_where(desk: Desk, where: str) -> None:
    """Let the links to images lead to this server, whatever port it listens on."""
    from comptoir.domain.identity.shopkeeping import change_shop

    with desk.opened() as home:
        home.shop.write(lambda tx: change_shop(tx, site_url=where))


def _refuse_foreign(desk: Desk, folder: Path) -> None:
    """Never remove a folder that is no demo."""
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if names and MARK not in names and BEGUN not in names:
        desk.refuse(f"the folder {folder} holds something else than a demo; say --data-dir for another")


def make(desk: Desk) -> None:
    """Create the demo shop and fill it, and a small one beside it with the other bank program."""
    from comptoir.demo import load_demo, load_prepaid, write_mirror
    from comptoir.opening import open_shop

    settings = desk.settings
    print("Making the demo shop; this takes about half a minute.", file=sys.stderr)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / BEGUN).touch()
    facts = {
        "name": "Demo shop",
        "currency": "AUD",
        "time_zone": "Australia/Melbourne",
        "site_url": f"http://{settings.host}:{settings.port}",
        "is_sandbox": True,
    }
    create_shop(desk, SHOP, facts, (EMAIL, PASSWORD))
    home = open_shop(settings, SHOP)
    try:
        with progress("Loading the demo world") as show:
            load_demo(
                home.shop,
                secret=home.secret,
                media=home.media,
                on_progress=lambda label, done, total: show(done, total, label),
            )
    finally:
        home.shop.database.close()
    create_shop(desk, PREPAID_SHOP, facts | {"name": "Prepaid tester", "currency": "USD"}, (EMAIL, PASSWORD))
    home = open_shop(settings, PREPAID_SHOP)
    try:
        load_prepaid(home.shop, secret=home.secret, media=home.media)
    finally:
        home.shop.database.close()
    write_mirror(settings.data_dir / MIRROR)
    (settings.data_dir / MARK).touch()


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """A bar on a terminal; called with how much is done, of how much, and of what."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(title, total=None)

        def show(done: int, total: int | None = None, label: str = "") -> None:
            bars.update(task, completed=done, total=total, description=label or title)

        yield show
