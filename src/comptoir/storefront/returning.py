"""Where a buyer goes back to, and how (reference 8.3).

A shop's link may name any page of the shop's own domain, and no other: else our links would lead buyers to
wherever somebody wants. A sandbox, which is no shop yet, may name any page.
"""

from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from comptoir.domain.checkout.models import PAYING
from comptoir.domain.checkout.queries import CheckoutRow
from comptoir.domain.merchant.models import HEADER_REDIRECT
from comptoir.domain.merchant.queries import MerchantFacts
from comptoir.storefront.passback import Passback, passback

URL_MAX = 2_048


class WayBack(NamedTuple):
    """The page of the shop that hears of the sale, how it is told, and what. No URL: the shop has none."""

    url: str
    method: int
    told: Passback

    @property
    def origin(self) -> str:
        """Scheme and host of the page, as a policy names them."""
        return origin_of(self.url)

    @property
    def link(self) -> str:
        """The page's address with all parameters in it."""
        joint = "&" if urlsplit(self.url).query else "?"
        page, _, anchor = self.url.partition("#")
        return f"{page}{joint}{urlencode(self.told)}" + (f"#{anchor}" if anchor else "")


def way_back(row: CheckoutRow, merchant: MerchantFacts, *, is_sandbox: bool) -> WayBack:
    """Where the buyer goes back to; another page may be meant for as long as the payment is not sure."""
    url = target_of(row, merchant, is_sandbox=is_sandbox, is_pending=row.state == PAYING)
    return WayBack(url, merchant.return_method, passback(row, merchant, url))


def target_of(
    row: CheckoutRow, merchant: MerchantFacts, *, is_sandbox: bool, is_pending: bool = False
) -> str:
    """The page: the link's own, else the product's, else the shop's."""
    asked = row.asked.text("x_receipt_link_url")
    if asked and may_lead_to(asked, merchant, is_sandbox=is_sandbox):
        return asked
    paying = row.said.paying
    lines = paying.bill.lines if paying else ()
    urls = [line.pending_url if is_pending else line.approved_url for line in lines]
    own = merchant.pending_return_url or merchant.return_url if is_pending else merchant.return_url
    return next((url for url in [*urls, own] if is_page(url)), "")


def may_lead_to(url: str, merchant: MerchantFacts, *, is_sandbox: bool) -> bool:
    """Whether a page is one of the shop's own."""
    if not is_page(url):
        return False
    host = urlsplit(url).hostname or ""
    homes = {_home(each) for each in (site_of(merchant), merchant.return_url)} - {""}
    return is_sandbox or any(host == home or host.endswith(f".{home}") for home in homes)


def site_of(merchant: MerchantFacts) -> str:
    """The shop's own site. A shop may have registered its mere domain (reference 3.1): that is served over TLS."""
    return merchant.url if "://" in merchant.url else f"https://{merchant.url}"


def is_page(url: str) -> bool:
    """Whether a text is the address of a page, and of nothing else."""
    if len(url) > URL_MAX or not url.isprintable() or any(letter in url for letter in " \\\"'<>"):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


def origin_of(url: str) -> str:
    """Scheme and host of a page; nothing for no page."""
    if not is_page(url):
        return ""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if all(letter not in parts.netloc for letter in ";,") else ""


def origins_ahead(row: CheckoutRow, merchant: MerchantFacts, *, is_sandbox: bool) -> list[str]:
    """Where a form's answer may lead to besides our own pages: browsers ask before they follow."""
    if merchant.return_method != HEADER_REDIRECT:
        return []
    target = target_of(row, merchant, is_sandbox=is_sandbox)
    return [origin_of(target)] if target else []


def _home(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.") if is_page(url) else ""
