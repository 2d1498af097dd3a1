"""Every record of every room, imported in one place so that the schema is whole."""

from comptoir.domain.events import models as events
from comptoir.domain.identity import models as identity
from comptoir.domain.ledger import models as ledger
from comptoir.domain.orders import models as orders
from comptoir.domain.payments import models as payments
from comptoir.domain.refunds import models as refunds

ROOMS = (events, identity, ledger, orders, payments, refunds)
