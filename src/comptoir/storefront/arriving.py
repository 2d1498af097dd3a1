"""The end of a checkout: the receipt, and the three ways back to the shop (reference 8.3)."""

import re
from urllib.parse import quote

import falcon

from comptoir.domain.checkout.actions import mark_told
from comptoir.domain.checkout.models import DEMO, PAYING
from comptoir.domain.checkout.paying import BUYER
from comptoir.domain.media.errors import FetchRefused
from comptoir.domain.merchant.models import DIRECT_RETURN, HEADER_REDIRECT
from comptoir.storefront.rendering import filled, headers_for
from comptoir.storefront.returning import WayBack, way_back
from comptoir.storefront.showing import go, show
from comptoir.storefront.visits import Visit

WAIT_SECONDS = "4"
HEAD = re.compile(rb"<head(\s[^>]*)?>", re.IGNORECASE)
# The shop's page is shown under our address, but as a stranger there: it reaches nothing of ours.
FOREIGN = {
    "Content-Security-Policy": "sandbox allow-forms allow-popups allow-scripts allow-top-navigation",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


def arrive(resp: falcon.Response, seen: Visit) -> None:
    """Answer for a checkout that is being paid, or is paid."""
    way = way_back(seen.row, seen.merchant, is_sandbox=seen.is_sandbox)
    if seen.row.state == PAYING:
        resp.set_header("Refresh", WAIT_SECONDS)
        page = filled("waiting.html", seen.speech, seen.merchant, seen=seen, way=way)
        show(resp, page, headers_for(seen.merchant, [way.origin], is_sandbox=seen.is_sandbox))
        return
    if way.url and way.method == HEADER_REDIRECT:
        go(resp, way.link)
        return
    foreign = fetched(seen, way) if way.url and way.method == DIRECT_RETURN else None
    if foreign is not None:
        show(resp, foreign, FOREIGN)
        return
    show_receipt(resp, seen, way)


def show_receipt(resp: falcon.Response, seen: Visit, way: WayBack) -> None:
    """Our own page, with a button that leads back and tells the shop."""
    paying = seen.row.said.paying
    assert paying is not None, "what is paid has a bill"
    page = filled(
        "receipt.html",
        seen.speech,
        seen.merchant,
        seen=seen,
        way=way,
        bill=paying.bill,
        card=paying.card,
        lines=[line for line in paying.bill.lines if line.quantity],
        is_demo=seen.row.state == DEMO,
    )
    show(resp, page, headers_for(seen.merchant, [way.origin], is_sandbox=seen.is_sandbox))


def fetched(seen: Visit, way: WayBack) -> bytes | None:
    """The shop's own page, told of the sale once; None when it cannot be had, or has been told."""
    if seen.row.said.is_told:
        return None
    try:
        page = seen.home.fetcher.fetch(way.link)
    except FetchRefused:
        return None
    if page.content_type not in {"text/html", "application/xhtml+xml"}:
        return None
    seen.home.shop.write(lambda tx: mark_told(tx, seen.row.key), BUYER)
    base = f'<base href="{quote(page.url.partition("?")[0], safe=":/%@[]~,;=+$!()*-._")}">'.encode()
    begin = HEAD.search(page.content)
    place = begin.end() if begin else 0
    return page.content[:place] + base + page.content[place:]
