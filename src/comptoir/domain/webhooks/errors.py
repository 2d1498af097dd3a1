"""What the webhooks room refuses.

ComptoirError
├─ NotFound
│  ├─ EndpointNotFound   no endpoint has this id, or it was removed
│  └─ DeliveryNotFound   no delivery has this id, or it was forgotten
└─ Conflict
   ├─ EndpointUnsigned   INS messages are signed with the merchant's secret word, not the endpoint's secret
   └─ DeliveryWaits      an earlier message of the same subject has to go out first
"""

from comptoir.domain.errors import Conflict, NotFound


class EndpointNotFound(NotFound):
    """No endpoint has this id, or it was removed."""

    thing = "endpoint"


class DeliveryNotFound(NotFound):
    """No delivery has this id, or it was forgotten."""

    thing = "delivery"


class EndpointUnsigned(Conflict):
    """The endpoint takes INS messages, which carry a hash over the merchant's secret word."""


class DeliveryWaits(Conflict):
    """An earlier message of the same subject has to go out first."""
