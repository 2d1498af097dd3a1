"""Filling the console's templates: what is written into them is escaped, and nothing may be missing."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec

from comptoir.console.places import address_of, link_to
from comptoir.domain.money import decimal_of_e4, decimal_of_minor, exponent_of, minor_of_e4
from comptoir.domain.shop import ShopFacts

if TYPE_CHECKING:
    from jinja2 import Environment

HTML = "text/html; charset=utf-8"
STATIC = {
    "/console/static/console.css": ("console.css", "text/css; charset=utf-8"),
    "/console/static/console.js": ("console.js", "text/javascript; charset=utf-8"),
    "/console/static/icon.svg": ("icon.svg", "image/svg+xml"),
}
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
DIALECTS = {
    "console": "console",
    "coredna": "Core dna",
    "twocheckout": "2Checkout",
    "corepro": "CorePro",
    "cli": "command line",
    "system": "by itself",
}
MINUS = "\N{MINUS SIGN}"


@cache
def templates() -> "Environment":
    """The templates, loaded when the first page is asked for."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - loaded when it is first asked for

    environment = Environment(
        loader=PackageLoader("comptoir.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    environment.globals["at"] = address_of
    environment.globals["link_to"] = link_to
    environment.globals["minor_of"] = minor_of_e4
    environment.filters["minor"] = written_minor
    environment.filters["e4"] = written_e4
    environment.filters["words"] = in_words
    environment.filters["pretty"] = pretty
    environment.filters["door"] = door
    for path, (name, _) in STATIC.items():
        environment.globals[name.replace(".", "_")] = f"{path}?v={version_of(name)}"
    return environment


@cache
def static(name: str) -> bytes:
    """A file that is the same for everybody."""
    return files(__package__).joinpath("static", name).read_bytes()


def version_of(name: str) -> str:
    """A word that changes with such a file."""
    return blake2b(static(name), digest_size=6).hexdigest()


def filled(name: str, values: Mapping[str, Any]) -> bytes:
    """A page."""
    return templates().get_template(name).render(**values).encode("utf-8", "replace")


def written_minor(minor: int, currency: str) -> str:
    """An amount in minor units as people write it: `1,234.50 AUD`."""
    number = f"{abs(decimal_of_minor(minor, currency)):,.{exponent_of(currency)}f}"
    return f"{MINUS if minor < 0 else ''}{number} {currency}"


def written_e4(e4: int, currency: str) -> str:
    """A price in ten-thousandths: with the currency's places, or four when the price has them."""
    is_whole = e4 % 10 ** (4 - min(exponent_of(currency), 4)) == 0
    places = exponent_of(currency) if is_whole else 4
    return f"{MINUS if e4 < 0 else ''}{abs(decimal_of_e4(e4, places)):,.{places}f} {currency}"


def written_when(at: datetime | None, shop: ShopFacts) -> str:
    """A time in the shop's zone, to the minute; nothing when there is none."""
    return "" if at is None else f"{shop.local(at):%Y-%m-%d %H:%M}"


def written_day(at: date | None) -> str:
    """A day."""
    return "" if at is None else at.isoformat()


def in_words(name: str) -> str:
    """A name of the code as words: `is_active` is `is active`, `inprogress` stays."""
    return str(name).replace("_", " ").replace(".", " ")


def door(dialect: str) -> str:
    """The door that somebody came through, as people call it."""
    return DIALECTS.get(dialect, dialect)


def pretty(value: Any) -> str:
    """JSON for people to read."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
