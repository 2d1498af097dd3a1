"""Filling templates, and the headers that every page carries."""

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from comptoir.domain.merchant.queries import MerchantFacts
from comptoir.domain.money import minor_of_e4
from comptoir.storefront.returning import origin_of, site_of
from comptoir.storefront.words import Speech

if TYPE_CHECKING:
    from jinja2 import Environment

HTML = "text/html; charset=utf-8"
STATIC = {
    "/checkout/static/checkout.css": ("checkout.css", "text/css; charset=utf-8"),
    "/checkout/static/icon.svg": ("icon.svg", "image/svg+xml"),
}


@cache
def templates() -> "Environment":
    """The templates; whatever is put into them is escaped, and nothing may be missing."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - loaded when it is first asked for

    environment = Environment(
        loader=PackageLoader("comptoir.storefront"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.globals["minor_of"] = minor_of_e4
    for path, (name, _) in STATIC.items():
        environment.globals[name.partition(".")[2]] = f"{path}?v={version_of(name)}"
    return environment


@cache
def static(name: str) -> bytes:
    """A file that is the same for everybody: the style sheet, the icon."""
    return files(__package__).joinpath("static", name).read_bytes()


def version_of(name: str) -> str:
    """A word that changes with such a file."""
    return blake2b(static(name), digest_size=6).hexdigest()


def filled(name: str, speech: Speech, merchant: MerchantFacts, **values: Any) -> bytes:
    """A page in a language."""
    said: Mapping[str, Any] = {"speech": speech, "merchant": merchant, "_": speech.say, "gettext": speech.say}
    return templates().get_template(name).render(**said, **values).encode()


def headers_for(
    merchant: MerchantFacts, ahead: Sequence[str] = (), *, is_sandbox: bool = False
) -> dict[str, str]:
    """What a page may do: nothing but show itself and send its form here, or `ahead` to the shop.

    The shop's own site may show it in a frame; no other may, but for a sandbox, which has no site yet.
    """
    forms = " ".join(["'self'", *(origin for origin in ahead if origin)])
    frames = "*" if is_sandbox else " ".join(["'self'", *filter(None, [origin_of(site_of(merchant))])])
    policy = (
        f"default-src 'none'; style-src 'self'; img-src 'self'; form-action {forms}; base-uri 'none'; "
        f"frame-ancestors {frames}"
    )
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
