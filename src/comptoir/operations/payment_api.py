"""The payment API as a resource: no credentials are asked for, and every answer is its own JSON."""

from collections.abc import Sequence
from typing import Any

import falcon
import structlog
from falcon.constants import COMBINED_METHODS

from comptoir.dialects.edge import ServedShop, is_fault
from comptoir.dialects.twocheckout.api_orders import BYTES_MAX, BadRequest
from comptoir.dialects.twocheckout.authservice import authorise, failed
from comptoir.operations.access import TRACE, Trace, named
from comptoir.storefront.showing import caller

LOG = structlog.get_logger()
PATH = "/checkout/api/1/{seller}/rs/authService"


class PaymentApi:
    """The one call."""

    def __init__(self, shops: Sequence[ServedShop]) -> None:
        self._shops = shops

    def on_post(self, req: falcon.Request, resp: falcon.Response, seller: str) -> None:
        """Sell what the body asks for."""
        named(req.env, "twocheckout", "authService")
        body = req.bounded_stream.read(BYTES_MAX + 1)
        try:
            answer = authorise(
                self._shops,
                seller=seller,
                body=None if len(body) > BYTES_MAX else body,
                address=caller(req),
            )
        except Exception as error:
            if is_fault(error):
                trace: Trace = req.env[TRACE]
                LOG.exception("fault", request_id=trace.request_id, path=req.path)
            answer = failed(error)
        resp.status = answer.status
        resp.content_type = answer.content_type
        resp.data = answer.body
        resp.set_header("Cache-Control", "no-store")

    def refuse(self, req: falcon.Request, resp: falcon.Response, **_places: Any) -> None:
        """Whatever is no POST is no request of this API, and is told so in its own words."""
        named(req.env, "twocheckout", "authService")
        answer = failed(BadRequest("is no POST"))
        resp.status = answer.status
        resp.content_type = answer.content_type
        resp.data = answer.body


for verb in COMBINED_METHODS:
    if verb != "POST":
        setattr(PaymentApi, f"on_{verb.lower()}", PaymentApi.refuse)


def add_payment_api(app: falcon.App[Any, Any], shops: Sequence[ServedShop]) -> None:
    """Serve the payment API of these shops."""
    app.add_route(PATH, PaymentApi(shops))
