"""Every setting, in one frozen class, read once: flags, then COMPTOIR_* variables, a file, the defaults."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from comptoir.domain.errors import ComptoirError

PREFIX = "COMPTOIR_"
FILE = Path("comptoir.toml")
SECRET_LETTERS_MIN = 32
LOG_FORMATS = ("auto", "json", "pretty")
PROXY_HEADERS = ("x-forwarded", "x-forwarded-host", "forwarded")
LOG_LEVELS = ("debug", "info", "warning", "error")
TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


class SettingsRefused(ComptoirError):
    """A setting is unknown or has a value that cannot be."""


def setting(default: Any, help: str, **facts: Any) -> Any:  # noqa: A002 - the word that the printed page uses
    """One setting with its default, its meaning, and what its values may be."""
    return field(default=default, metadata={"help": help, **facts})


@dataclass(frozen=True)
class Settings:
    """Everything that can be set. Nothing below this room reads it: values are passed down."""

    config: str = setting(
        "", "the file of settings; without one, `comptoir.toml` in this folder if there is one"
    )
    data_dir: Path = setting(  # noqa: RUF009 - a field, and a path never changes
        Path("data"), "the folder that holds shops, the installation's key and snapshots"
    )
    database: str = setting(
        "",
        "the database of the shop `main`: `postgresql://user@host/name`; empty is SQLite in the data folder",
    )
    shops: tuple[tuple[str, str], ...] = setting(
        (),
        "the shops to serve, as `name` or `name=postgresql://…`, with commas between; in the file a table "
        "`[shops.NAME]` with `database` for each; without any, all that are in the data folder",
    )
    secret: str = setting(
        "", "the installation's key, at least 32 characters; without one, `secret.key` in the data folder"
    )
    host: str = setting("127.0.0.1", "the address to listen on; `0.0.0.0` is all of this machine's")
    port: int = setting(8000, "the port to listen on", least=1, most=65_535)
    vendor_hosts: bool = setting(
        default=False,
        help="whether the vendors' own host names are answered too, over TLS with certificates made here",
    )
    vendor_port: int = setting(
        443, "the port to answer them on, which their clients expect to be 443", least=1, most=65_535
    )
    workers: int = setting(1, "processes that answer requests", least=1, most=256)
    threads: int = setting(4, "requests that one process answers at a time", least=1, most=1024)
    backlog: int = setting(1024, "connections that may wait to be accepted", least=128, most=65_535)
    shutdown_seconds: int = setting(
        30, "how long requests in flight may take to finish when the server stops", least=1, most=3600
    )
    trusted_proxies: tuple[str, ...] = setting(
        (),
        "addresses or networks of the proxies in front, with commas between: what they say of the caller is "
        "believed; without any, nobody is",
    )
    proxy_headers: str = setting(
        "x-forwarded",
        "how the proxies say it: x-forwarded is `X-Forwarded-For` and `-Proto`, x-forwarded-host those and "
        "`X-Forwarded-Host`, forwarded is `Forwarded` of RFC 7239; no other of these headers is read",
        among=PROXY_HEADERS,
    )
    log_format: str = setting(
        "auto",
        "how the log is written: json, pretty, or auto, which is pretty on a terminal",
        among=LOG_FORMATS,
    )
    log_level: str = setting(
        "info", "the least that is logged: debug, info, warning or error", among=LOG_LEVELS
    )
    access_log: bool = setting(default=True, help="whether each request is one line in the log")
    max_body_bytes: int = setting(2_000_000, "the largest body of a request", least=1000, most=1 << 31)
    max_fields: int = setting(1000, "the most fields of a body", least=1, most=1_000_000)
    allow_private_urls: bool = setting(
        default=False,
        help="whether images may be fetched from, and messages sent to, this machine and private networks",
    )
    allowed_url_hosts: tuple[str, ...] = setting(
        (),
        "hosts whose addresses are not judged when an image is fetched or a message sent, with commas between",
    )
    fetch_mirror: str = setting("", "a folder that answers for the network when an image is fetched")
    fetch_max_bytes: int = setting(10 * 2**20, "the largest image that is fetched", least=1, most=1 << 31)
    fetch_timeout_seconds: int = setting(
        10, "how long fetching an image, or sending a message, may take", least=1, most=600
    )
    fetch_max_redirects: int = setting(3, "how many redirects a fetch follows", least=0, most=20)
    stripe_key: str = setting("", "the secret key of the Stripe account that the gateway `stripe` asks")
    stripe_url: str = setting("", "where Stripe's API is asked; without one, at Stripe itself")


FIELDS = {one.name: one for one in fields(Settings)}


@dataclass(frozen=True)
class ReadSettings:
    """The settings, and where each of them came from."""

    settings: Settings
    sources: Mapping[str, str]


def read_settings(flags: Mapping[str, Any], environ: Mapping[str, str]) -> ReadSettings:
    """Read all settings. A flag that is None was not given. Refuses: SettingsRefused."""
    given = {name: value for name, value in flags.items() if value is not None}
    variables = _from_environ(environ)
    path, is_named = _file(given, variables)
    table = _from_file(path, is_named=is_named)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name in FIELDS:
        for source, found in (("flag", given), (f"{PREFIX}{name.upper()}", variables), (str(path), table)):
            if name in found:
                values[name], sources[name] = checked(name, found[name], source), source
                break
        else:
            sources[name] = "default"
    return ReadSettings(Settings(**values), sources)


def _file(given: Mapping[str, Any], variables: Mapping[str, Any]) -> tuple[Path, bool]:
    named = str(given.get("config") or variables.get("config") or "")
    return (Path(named), True) if named else (FILE, False)


def _from_environ(environ: Mapping[str, str]) -> dict[str, Any]:
    found = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and not name.startswith((f"{PREFIX}TEST_", f"{PREFIX}FUZZ_"))
    }
    for name in found:
        _refuse_unknown(name, f"{PREFIX}{name.upper()}", lambda known: f"{PREFIX}{known.upper()}")
    return found


def _from_file(path: Path, *, is_named: bool) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text())
    except FileNotFoundError:
        if is_named:
            raise SettingsRefused(f"there is no file {path}") from None
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsRefused(f"{path} cannot be read: {error}") from error
    for name in table:
        _refuse_unknown(name, f"`{name}` in {path}", lambda known: f"`{known}`")
    if isinstance(table.get("shops"), dict):
        table["shops"] = _shop_tables(table["shops"], path)
    return table


def _shop_tables(tables: Mapping[str, Any], path: Path) -> list[str]:
    listed = []
    for name, table in tables.items():
        if not isinstance(table, dict) or table.keys() - {"database"}:
            raise SettingsRefused(f"[shops.{name}] in {path} may hold `database` and nothing else")
        listed.append(f"{name}={table.get('database', '')}")
    return listed


def _refuse_unknown(name: str, said: str, written: Callable[[str], str]) -> None:
    if name in FIELDS:
        return
    near = get_close_matches(name, FIELDS, n=1, cutoff=0.5)
    hint = f"did you mean {written(near[0])}?" if near else "`comptoir settings` lists them all"
    raise SettingsRefused(f"{said} is no setting; {hint}")


def checked(name: str, value: Any, source: str) -> Any:
    """A value as its setting wants it. Refuses: SettingsRefused."""
    one = FIELDS[name]
    try:
        made = _made(name, one.default, value)
        _refuse_outside(made, one.metadata)
    except ValueError as error:
        raise SettingsRefused(f"the setting {name} (from {source}) {error}") from None
    return made


def _made(name: str, default: Any, value: Any) -> Any:
    match default:
        case bool():
            return _flag(value)
        case int():
            return _whole(value)
        case Path():
            return Path(str(value)).expanduser()
        case tuple():
            made = LISTED.get(name, str)
            return tuple(made(part) for part in _listed(value) if part)
        case _:
            return _text(name, value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")  # noqa: TRY004 - said to the reader as any other wrong value
    if name == "secret" and 0 < len(value) < SECRET_LETTERS_MIN:
        raise ValueError(f"must have at least {SECRET_LETTERS_MIN} characters")
    return value


def _listed(value: Any) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    if not isinstance(value, list | tuple):
        raise ValueError(f"must be a list, not {value!r}")  # noqa: TRY004 - as above
    return [str(part).strip() for part in value]


def _shop(text: str) -> tuple[str, str]:
    name, _, database = text.partition("=")
    return name.strip(), database.strip()


def _network(text: str) -> str:
    """A network as `10.0.0.0/8`; an address is one of its own."""
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"must hold addresses or networks such as 10.0.0.0/8, not {text[:50]!r}") from None
    if network.prefixlen == 0:
        raise ValueError(f"must not hold {network}: that is everybody, who could then be whoever they say")
    return str(network)


LISTED: Mapping[str, Callable[[str], Any]] = {"shops": _shop, "trusted_proxies": _network}


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ValueError(f"must be true or false, not {value!r}")


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"must be a whole number, not {value!r}")  # noqa: TRY004 - as above
    try:
        return int(str(value).replace("_", ""))
    except ValueError:
        raise ValueError(f"must be a whole number, not {value!r}") from None


def _refuse_outside(value: Any, facts: Mapping[str, Any]) -> None:
    if "least" in facts and not facts["least"] <= value <= facts["most"]:
        raise ValueError(f"must be between {facts['least']} and {facts['most']}, not {value}")
    if "among" in facts and value not in facts["among"]:
        raise ValueError(f"must be one of {', '.join(facts['among'])}, not {value!r}")
