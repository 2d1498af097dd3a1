"""Opening shops: from the settings to a database, a media store and a fetcher, ready to be served."""

import logging
import os
import re
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from comptoir.dialects.edge import ServedShop
from comptoir.dialects.twocheckout.ins import messages_of
from comptoir.domain import records
from comptoir.domain.clock import Chance
from comptoir.domain.errors import ComptoirError
from comptoir.domain.media.fetching import Fetcher, FetchRules
from comptoir.domain.media.store import DirectoryStore
from comptoir.domain.payments.gateways import STRIPE, Gateways, gateway_named
from comptoir.domain.payments.token_keys import TokenKey
from comptoir.domain.shop import NoShop, get_facts
from comptoir.domain.tx import OpenShop, Tx
from comptoir.domain.webhooks.outbox import flush_and_tell
from comptoir.settings import Settings
from comptoir.storage.database import Database, open_database
from comptoir.storage.fittings import mend
from comptoir.storage.migration import migrate, pending

# The pool tells of each failed attempt; whoever waits for a connection hears of it anyway.
logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())

KEY_BYTES = 32
MAIN = "main"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
SQLITE_FILE = "shop.sqlite"


class CannotOpen(ComptoirError):
    """A shop, or the installation's key, is not there or not ready; the text says what to do."""


def key_file(settings: Settings) -> Path:
    """Where the installation's key lies when no setting gives it."""
    return settings.data_dir / "secret.key"


def installation_key(settings: Settings) -> bytes:
    """The key that seals and hashes what is secret in every shop. Refuses: CannotOpen."""
    if settings.secret:
        return blake2b(settings.secret.encode(), digest_size=KEY_BYTES).digest()
    try:
        key = bytes.fromhex(key_file(settings).read_text().strip())
    except FileNotFoundError:
        raise CannotOpen(
            f"there is no shop in {settings.data_dir} yet (it holds no secret.key): run `comptoir init`"
        ) from None
    except (OSError, ValueError) as error:
        raise CannotOpen(f"{key_file(settings)} cannot be read as a key: {error}") from error
    if len(key) != KEY_BYTES:
        raise CannotOpen(f"{key_file(settings)} must hold {2 * KEY_BYTES} hexadecimal digits")
    return key


def make_installation_key(settings: Settings, chance: Chance) -> bytes:
    """The installation's key, made now if this is the first shop. Nobody but the owner may read it."""
    if settings.secret:
        return installation_key(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(key_file(settings), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return installation_key(settings)
    with os.fdopen(handle, "w") as file:
        file.write(chance.hexadecimal(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return installation_key(settings)


def shop_folder(settings: Settings, name: str) -> Path:
    """The folder of one shop's files. Refuses: CannotOpen, when it is no name for one."""
    if not NAME.fullmatch(name):
        raise CannotOpen(f"{name!r} is no name for a shop: use small letters, digits, - and _")
    return settings.data_dir / "shops" / name


def shop_names(settings: Settings) -> list[str]:
    """The shops of this installation, the main one first."""
    if settings.shops:
        return [name for name, _ in settings.shops]
    files = (settings.data_dir / "shops").glob(f"*/{SQLITE_FILE}")
    names = {file.parent.name for file in files if NAME.fullmatch(file.parent.name)}
    if settings.database:
        names.add(MAIN)
    return sorted(names, key=lambda name: (name != MAIN, name))


def shop_named(settings: Settings, name: str | None) -> str:
    """The shop that is meant: the one named, or the only one. Refuses: CannotOpen."""
    names = shop_names(settings)
    if name is not None:
        if name not in names:
            known = f"there is {', '.join(names)}" if names else "there is none yet: run `comptoir init`"
            raise CannotOpen(f"there is no shop {name!r} in {settings.data_dir}; {known}")
        return name
    if not names:
        raise CannotOpen(f"there is no shop in {settings.data_dir} yet: run `comptoir init`")
    if len(names) > 1 and names[0] != MAIN:
        raise CannotOpen(f"there are several shops: say which with --shop ({', '.join(names)})")
    return names[0]


def database_address(settings: Settings, name: str) -> str:
    """The address of a shop's database."""
    named = dict(settings.shops).get(name) or (settings.database if name == MAIN else "")
    return named or str(shop_folder(settings, name) / SQLITE_FILE)


def open_database_of(settings: Settings, name: str, secret: bytes) -> Database:
    """A shop's database, not looked into yet."""
    assert records.ROOMS, "every room's records are declared before a database is opened"
    folder = shop_folder(settings, name)
    folder.mkdir(parents=True, exist_ok=True)
    pool_size = settings.threads + 2  # the background work and the health checks come on top
    return open_database(database_address(settings, name), secret=secret, pool_size=pool_size)


def made_ready(database: Database, name: str) -> None:
    """Bring SQLite to the schema of this release; PostgreSQL must have been brought. Refuses: CannotOpen."""
    waiting = pending(database)
    if waiting and database.engine != "sqlite":
        raise CannotOpen(
            f"the database of shop {name!r} waits for {len(waiting)} migration(s): run `comptoir migrate`"
        )
    if waiting:
        migrate(database)
    mend(database)


def served(settings: Settings, name: str, database: Database, secret: bytes) -> ServedShop:
    """An open database with what its requests need besides."""
    rules = FetchRules(
        allow_private=settings.allow_private_urls,
        allowed_hosts=frozenset(host.lower() for host in settings.allowed_url_hosts),
        max_bytes=settings.fetch_max_bytes,
        timeout_seconds=settings.fetch_timeout_seconds,
        max_redirects=settings.fetch_max_redirects,
        mirror=Path(settings.fetch_mirror) if settings.fetch_mirror else None,
    )
    store = DirectoryStore(shop_folder(settings, name) / "media")
    token_key = TokenKey(settings.data_dir / "card-token.key")
    shop = OpenShop(name, database, flush)
    return ServedShop(shop, secret, store, Fetcher(rules), gateways_of(settings), token_key)


def gateways_of(settings: Settings) -> Gateways:
    """The gateways by name: the built-in ones, and Stripe when there is a key for it."""
    if not settings.stripe_key:
        return gateway_named
    # Loaded when it is wanted: it is large.
    from comptoir.gateways.stripe import StripeGateway  # noqa: PLC0415

    stripe = StripeGateway(settings.stripe_key, url=settings.stripe_url)
    return lambda name: stripe if name == STRIPE else gateway_named(name)


def flush(tx: Tx) -> None:
    """Write what happened, and queue the messages of it: INS messages in the words of their dialect."""
    flush_and_tell(tx, messages_of)


def open_shop(settings: Settings, name: str) -> ServedShop:
    """Open one shop. Refuses: CannotOpen; DatabaseAway when its server does not answer."""
    shop_named(settings, name)
    database = open_database_of(settings, name, installation_key(settings))
    try:
        made_ready(database, name)
        database.read(get_facts)
    except NoShop:
        database.close()
        raise CannotOpen(f"the database of shop {name!r} holds no shop: run `comptoir init {name}`") from None
    except BaseException:
        database.close()
        raise
    return served(settings, name, database, installation_key(settings))


def open_shops(settings: Settings) -> list[ServedShop]:
    """Open every shop of this installation, in order. Refuses: CannotOpen."""
    shop_named(settings, shop_names(settings)[0] if shop_names(settings) else None)
    return [open_shop(settings, name) for name in shop_names(settings)]


def close_shops(shops: Sequence[ServedShop]) -> None:
    """Close what was opened."""
    for shop in shops:
        shop.shop.database.close()
