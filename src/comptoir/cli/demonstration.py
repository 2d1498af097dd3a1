"""The command that shows everything: a shop full of example data, served at once."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comptoir.cli.desk import Desk, command
from comptoir.cli.shops import create_shop

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop

FOLDER = Path("demo")
SHOP = "main"
EMAIL, PASSWORD, KEY = "demo@example.com", "demo", "youruniqueapikey"
# The folder is filled beside its place and then renamed, so that a demo stopped half-way is made again.
MARK = "demo.ready"
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
    settings = desk.settings
    if reset or not (settings.data_dir / MARK).exists():
        _refuse_foreign(desk, settings.data_dir)
        shutil.rmtree(settings.data_dir, ignore_errors=True)
        make(desk)
    from comptoir.cli.server import address

    where = address(settings)
    request = f"curl -H 'Authorization: Bearer {KEY}' {where}/products/1234"
    desk.tell(
        {"address": where, "key": KEY, "email": EMAIL, "password": PASSWORD, "request": request},
        [
            f"The demo shop lies in {settings.data_dir}.",
            f"  address   {where}",
            f"  API key   {KEY}",
            f"  operator  {EMAIL} / {PASSWORD}",
            "Try:",
            f"  {request}",
        ],
    )
    sys.stdout.flush()
    if not no_serve:
        from comptoir.serving import serve

        serve(settings)


def _refuse_foreign(desk: Desk, folder: Path) -> None:
    """Never remove a folder that is no demo."""
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if names and MARK not in names and "demo.begun" not in names:
        desk.refuse(f"the folder {folder} holds something else than a demo; say --data-dir for another")


def make(desk: Desk) -> None:
    """Create the demo shop and fill it."""
    from comptoir.opening import open_shop

    settings = desk.settings
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / "demo.begun").touch()
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
        _documented_key(home)
        _fill(home)
    finally:
        home.shop.database.close()
    (settings.data_dir / MARK).touch()


def _documented_key(home: "ServedShop") -> None:
    """The key that the published documentation prints; good in the demo only."""
    from comptoir.cli.users import operator_called
    from comptoir.domain.identity.keys import create_key

    home.shop.write(
        lambda tx: create_key(
            tx,
            operator_id=operator_called(tx, None).id,
            name="as documented",
            dialect="coredna",
            scopes=["*"],
            secret=home.secret,
            key=KEY,
        )
    )


def _fill(home: "ServedShop") -> None:
    if find_spec("comptoir.demo") is None:
        return
    world: Any = import_module("comptoir.demo")
    with progress("Loading the demo world") as on_progress:
        world.load_demo(home, on_progress)


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
