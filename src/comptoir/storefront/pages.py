"""The pages as a web server shows them: the shop's links, the steps, the receipt, what they look like."""

import re
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

import falcon
from multipart import MultipartError, parse_form_data  # type: ignore[import-untyped]  # ships no types

from comptoir.domain.checkout.actions import open_checkout
from comptoir.domain.checkout.asking import sid_of
from comptoir.domain.checkout.errors import (
    CartRefused,
    CheckoutClosed,
    CheckoutNotFound,
    CheckoutOver,
    NotReady,
    PaymentUnclear,
    SellerUnknown,
)
from comptoir.domain.checkout.parameters import read_parameters
from comptoir.domain.checkout.paying import BUYER
from comptoir.domain.checkout.queries import find_checkout
from comptoir.domain.checkout.steps import landing, steps_of
from comptoir.domain.errors import ComptoirError
from comptoir.domain.merchant.queries import MerchantFacts, get_merchant
from comptoir.storefront.arriving import arrive
from comptoir.storefront.forms import Errors, Form
from comptoir.storefront.rendering import STATIC, filled, headers_for, static
from comptoir.storefront.returning import origins_ahead
from comptoir.storefront.showing import caller, go, show
from comptoir.storefront.steps import RECEIPT, SUBMITS, TEMPLATES, errors_of, page_values
from comptoir.storefront.visits import BASE, Home, Visit, visit
from comptoir.storefront.words import speech_of

BODY_MAX = 2 * 2**20
FIELDS_MAX = 12_000
KEY = re.compile(r"[0-9a-z-]{1,80}", re.ASCII)
Name = Callable[[Any, str], None]
"""Tells the log which route a request took."""


def add_checkout(app: falcon.App[Any, Any], homes: Sequence[Home], name: Name) -> None:
    """Serve the pages for buyers of these shops."""
    window = Window(homes, name)
    for path, is_single in ((BASE, False), ("/checkout/spurchase", True), ("/2co/buyer/purchase", False)):
        app.add_route(path, Links(window, is_single=is_single))
    app.add_route(f"{BASE}/{{key}}", Landing(window))
    app.add_route(f"{BASE}/{{key}}/{RECEIPT}", Receipts(window))
    app.add_route(f"{BASE}/{{key}}/{{step}}", Steps(window))
    for path, (file, content_type) in STATIC.items():
        app.add_route(path, Static(file, content_type, name))


class Window:
    """What all pages share: the shops."""

    def __init__(self, homes: Sequence[Home], name: Name) -> None:
        self.homes = tuple(homes)
        self.name = name

    def home_of(self, key: str) -> Home:
        """The shop that a checkout is in. Refuses: CheckoutNotFound."""
        if not KEY.fullmatch(key):
            raise CheckoutNotFound(key)
        for home in self.homes:
            if len(self.homes) == 1 or home.shop.read(lambda tx: find_checkout(tx, key), BUYER) is not None:
                return home
        raise CheckoutNotFound(key)

    def seller(self, sid: str) -> tuple[Home, MerchantFacts]:
        """The shop of a seller. Refuses: SellerUnknown."""
        for home in self.homes:
            merchant = home.shop.read(get_merchant, BUYER)
            if str(merchant.vendor_id) == sid:
                return home, merchant
        raise SellerUnknown(sid)

    def visit(self, key: str) -> Visit:
        """Look at a checkout. Refuses: CheckoutNotFound, CartRefused."""
        return visit(self.home_of(key), key)


class Links:
    """Where shops' links and forms lead to: each begins a checkout."""

    def __init__(self, window: Window, *, is_single: bool) -> None:
        self._window = window
        self._is_single = is_single

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """A link."""
        self._open(req, resp, is_form=False)

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """A form; what its address says besides counts too."""
        self._open(req, resp, is_form=True)

    def _open(self, req: falcon.Request, resp: falcon.Response, *, is_form: bool) -> None:
        self._window.name(req.env, "checkout.open")
        pairs: list[tuple[str, str]] = []
        try:
            pairs = [*linked(req), *(posted(req) if is_form else ())]
            asked = read_parameters(pairs)
            home, _ = self._window.seller(sid_of(asked))
            key = home.shop.write(
                lambda tx: open_checkout(
                    tx,
                    parameters=pairs,
                    ip_address=caller(req),
                    referrer=req.referer or "",
                    is_single=self._is_single,
                ),
                BUYER,
            )
        except (CartRefused, SellerUnknown) as error:
            refuse_link(resp, error, dict(pairs).get("lang", ""))
            return
        go(resp, f"{BASE}/{key}")


class Landing:
    """The checkout itself: leads to where the buyer goes on."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def on_get(self, req: falcon.Request, resp: falcon.Response, key: str) -> None:
        """Lead on."""
        self._window.name(req.env, "checkout.show")
        try:
            seen = self._window.visit(key)
        except ComptoirError as error:
            refuse_visit(resp, error)
            return
        go(resp, f"{seen.path}/{landing(seen.view) if seen.view else RECEIPT}")


class Steps:
    """One step: its page, and what its form says."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def on_get(self, req: falcon.Request, resp: falcon.Response, key: str, step: str) -> None:
        """Show the step, or lead to where the buyer has to go first."""
        self._window.name(req.env, "checkout.step")
        try:
            seen = self._window.visit(key)
        except ComptoirError as error:
            refuse_visit(resp, error)
            return
        if seen.view is None or step not in steps_of(seen.view):
            go(resp, seen.path)
            return
        if seen.row.expires_at <= seen.home.shop.read(lambda tx: tx.now, BUYER):
            refuse_visit(resp, CheckoutOver())
            return
        show_step(resp, seen, step, None, {})

    def on_post(self, req: falcon.Request, resp: falcon.Response, key: str, step: str) -> None:
        """Take over what the form says, and lead on; or show it again with what is wrong."""
        self._window.name(req.env, "checkout.submit")
        try:
            form = dict(posted(req))
            seen = self._window.visit(key)
            if seen.view is None or step not in steps_of(seen.view):
                go(resp, seen.path)
            else:
                self._submit(resp, seen, step, form)
        except ComptoirError as error:
            refuse_visit(resp, error)

    def _submit(self, resp: falcon.Response, seen: Visit, step: str, form: Form) -> None:
        try:
            following = SUBMITS[step](seen, form)
        except (PaymentUnclear, CheckoutClosed):
            # It is being paid just now, or was: this form was sent twice.
            following = RECEIPT
        except NotReady as error:
            following = error.step
        except ComptoirError as error:
            errors = errors_of(error, seen.speech)
            if errors is None:
                raise
            show_step(resp, self._window.visit(seen.row.key), step, form, errors)
            return
        go(resp, f"{seen.path}/{following}")


class Receipts:
    """The end: paid, or still being paid; and the way back to the shop."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def on_get(self, req: falcon.Request, resp: falcon.Response, key: str) -> None:
        """Tell how it ended, and lead back to the shop."""
        self._window.name(req.env, "checkout.receipt")
        try:
            seen = self._window.visit(key)
        except ComptoirError as error:
            refuse_visit(resp, error)
            return
        if seen.view is not None:
            go(resp, seen.path)
            return
        arrive(resp, seen)


class Static:
    """The style sheet or the icon; its address changes with it, so browsers may keep it."""

    def __init__(self, file: str, content_type: str, name: Name) -> None:
        self._file = file
        self._content_type = content_type
        self._name = name

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Give it."""
        self._name(req.env, "checkout.static")
        resp.content_type = self._content_type
        resp.set_header("Cache-Control", "public, max-age=31536000, immutable")
        resp.data = static(self._file)


def posted(req: falcon.Request) -> list[tuple[str, str]]:
    """The fields of a form, in their order. Refuses: CartRefused, when they are too large or too many."""
    body = req.bounded_stream.read(BODY_MAX + 1)
    if len(body) > BODY_MAX:
        raise CartRefused([("form", "is too large")])
    try:
        if (req.content_type or "").lower().startswith("multipart/form-data"):
            environ = {**req.env, "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
            fields, _ = parse_form_data(environ, ignore_errors=False, part_limit=FIELDS_MAX)
            return list(fields.iterallitems())
        return parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=FIELDS_MAX,
            errors="replace",
        )
    except (ValueError, MultipartError) as error:
        raise CartRefused([("form", "cannot be read, or has too many fields")]) from error


def linked(req: falcon.Request) -> list[tuple[str, str]]:
    """The parameters of a link, in their order. Refuses: CartRefused, when they are too many."""
    try:
        return parse_qsl(
            req.query_string, keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="replace"
        )
    except ValueError as error:
        raise CartRefused([("link", "has too many parameters")]) from error


def show_step(resp: falcon.Response, seen: Visit, step: str, form: Form | None, errors: Errors) -> None:
    """Fill a step's page."""
    ahead = origins_ahead(seen.row, seen.merchant, is_sandbox=seen.is_sandbox)
    values = page_values(seen, step, form, errors)
    resp.status = falcon.HTTP_422 if errors else falcon.HTTP_200
    show(
        resp,
        filled(TEMPLATES[step], seen.speech, seen.merchant, **values),
        headers_for(seen.merchant, ahead, is_sandbox=seen.is_sandbox),
    )


def refuse_link(resp: falcon.Response, error: ComptoirError, language: str) -> None:
    """Say that a shop's link cannot be followed: to the buyer in few words, to the shop with every problem."""
    problems = error.problems if isinstance(error, CartRefused) else [("sid", "is no seller here")]
    resp.status = falcon.HTTP_400
    apologise(resp, "bad_link.html", language, problems=problems)


def refuse_visit(resp: falcon.Response, error: ComptoirError) -> None:
    """Say that a checkout cannot be gone on with."""
    match error:
        case CheckoutNotFound():
            resp.status, template = falcon.HTTP_404, "gone.html"
        case CheckoutOver():
            resp.status, template = falcon.HTTP_410, "gone.html"
        case CartRefused():
            resp.status = falcon.HTTP_400
            apologise(resp, "bad_link.html", "", problems=error.problems)
            return
        case _:
            raise error
    apologise(resp, template, "")


def apologise(resp: falcon.Response, template: str, language: str, **values: Any) -> None:
    """A page that belongs to no checkout."""
    nobody = MerchantFacts("")
    show(resp, filled(template, speech_of(language), nobody, **values), headers_for(nobody))
