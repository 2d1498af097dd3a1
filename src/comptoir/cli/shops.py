"""Commands on the installation: a new shop, its database, the settings, the routes."""

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comptoir.cli.desk import Desk, command, operator_at_the_desk, table

if TYPE_CHECKING:
    from comptoir.domain.identity.keys import NewKey

SECRETS = frozenset({"secret", "database", "shops", "stripe_key"})
Name = Annotated[str, typer.Argument(help="The shop's name: small letters, digits, - and _.")]
Title = Annotated[str | None, typer.Option(help="What the shop is called.", show_default="its name")]
Currency = Annotated[str, typer.Option(help="The currency it sells in.")]
TimeZone = Annotated[str, typer.Option(help="The time zone of its wall clock.")]
SiteUrl = Annotated[str, typer.Option(help="Where its pages and images are seen.")]
Email = Annotated[str, typer.Option(help="The first operator's e-mail address.")]
Password = Annotated[
    str | None, typer.Option(help="The first operator's password.", show_default="made and shown")
]
Sandbox = Annotated[bool, typer.Option("--sandbox", help="A shop for tests, whose clock can be set.")]

Categories = Annotated[bool, typer.Option("--categories", help="Begin with a table of categories.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    command(app, "init")(init)
    command(app, "migrate")(migrate_shops)
    command(app, "settings")(show_settings)
    command(app, "routes")(show_routes)


def init(
    desk: Desk,
    *,
    name: Name = "main",
    title: Title = None,
    currency: Currency = "USD",
    time_zone: TimeZone = "UTC",
    site_url: SiteUrl = "http://127.0.0.1:8000",
    email: Email = "admin@example.com",
    password: Password = None,
    sandbox: Sandbox = False,
    categories: Categories = False,
) -> None:
    """Create a shop, with its first operator and the operator's key, which is shown once."""
    from comptoir.cli.people import made_password

    password = password or made_password()
    facts = {"currency": currency, "time_zone": time_zone, "site_url": site_url, "is_sandbox": sandbox}
    made = create_shop(desk, name, {"name": title or name, **facts}, (email, password), categories=categories)
    told = {"shop": name, "email": email, "password": password, "key_id": made.id, "key": made.key}
    desk.tell(
        told,
        [
            f"The shop {name!r} is open.",
            f"  operator  {email}",
            f"  password  {password}",
            f"  API key   {made.key}",
            "Neither password nor key is shown again. Now run: comptoir serve",
            f"The console is at {facts['site_url']}/console then.",
        ],
    )


def create_shop(
    desk: Desk, name: str, facts: dict[str, Any], login: tuple[str, str], *, categories: bool = False
) -> "NewKey":
    """Create a shop with its first operator and key, all or nothing. Refuses: CannotOpen, Invalid."""
    from comptoir.domain.catalogue.shelving import begin_with_categories
    from comptoir.domain.clock import Chance
    from comptoir.domain.events.actions import flush
    from comptoir.domain.identity.actions import create_operator
    from comptoir.domain.identity.keys import create_key
    from comptoir.domain.identity.passwords import Passwords
    from comptoir.domain.identity.permissions import OWNER
    from comptoir.domain.identity.shopkeeping import change_shop
    from comptoir.domain.merchant.actions import found_merchant
    from comptoir.domain.shop import open_new_shop
    from comptoir.domain.tx import OpenShop
    from comptoir.opening import CannotOpen, make_installation_key, open_database_of, shop_folder

    shop_folder(desk.settings, name)
    secret = make_installation_key(desk.settings, Chance())
    database = open_database_of(desk.settings, name, secret)
    shop = OpenShop(name, database, flush)
    actor = operator_at_the_desk()

    def open_it(session: Any) -> "NewKey":
        open_new_shop(session, **facts)
        tx = shop.tx(session, actor)
        change_shop(tx, currency=facts["currency"], name=facts["name"], site_url=facts["site_url"])
        found_merchant(tx)
        if categories:
            begin_with_categories(tx)
        operator_id = create_operator(
            tx, email=login[0], name=login[0].partition("@")[0], role=OWNER,
            password=login[1], passwords=Passwords(),
        )  # fmt: skip
        made = create_key(
            tx, operator_id=operator_id, name="first key", dialect="coredna", scopes=["*"], secret=secret
        )
        flush(tx)
        return made

    try:
        _refuse_second(database, name, CannotOpen)
        return database.write(open_it)
    finally:
        database.close()


def _refuse_second(database: Any, name: str, refusal: type[Exception]) -> None:
    """Bring the new database to the schema. Refuses: CannotOpen, when it holds a shop already."""
    from comptoir.domain.shop import NoShop, get_facts
    from comptoir.storage.migration import migrate, pending

    if pending(database):
        migrate(database)
    try:
        facts = database.read(get_facts)
    except NoShop:
        return
    raise refusal(f"the shop {name!r} is there already, called {facts.name!r}")


def migrate_shops(desk: Desk) -> None:
    """Bring every shop's database to the schema of this release."""
    from comptoir.opening import installation_key, open_database_of, shop_names
    from comptoir.storage.migration import migrate, pending

    names = [desk.shop_name] if desk.shop_name else shop_names(desk.settings)
    done = []
    for name in names:
        database = open_database_of(desk.settings, name, installation_key(desk.settings))
        try:
            waiting = pending(database)
            if waiting:
                migrate(database)
        finally:
            database.close()
        done.append({"shop": name, "applied": waiting})
    desk.tell(done, [f"{one['shop']}: {len(one['applied'])} migration(s) applied" for one in done])


def show_settings(desk: Desk) -> None:
    """Every setting with its value and where it came from."""
    rows = [
        {
            "setting": one.name,
            "value": "(set)" if one.name in SECRETS and value else value,
            "source": desk.read.sources[one.name],
        }
        for one in fields(desk.settings)
        for value in (getattr(desk.settings, one.name),)
    ]
    desk.tell(rows, table(rows, ("setting", "value", "source")))


def show_routes(desk: Desk) -> None:
    """Every endpoint: its id, method, path and other spellings."""
    from comptoir.app import all_routes

    found: dict[str, dict[str, Any]] = {}
    for dialect, paths in all_routes().items():
        for path, verbs in paths.items():
            for route in dict.fromkeys(verbs.values()):
                row = found.setdefault(
                    f"{dialect} {route.id}",
                    {"dialect": dialect, "route": route.id, "path": route.path, "aliases": [],
                     "method": " ".join(verb for verb, each in verbs.items() if each is route)},
                )  # fmt: skip
                if path != route.path:
                    row["aliases"].append(path)
    desk.tell_table(list(found.values()), ("dialect", "route", "method", "path", "aliases"), "no routes")
