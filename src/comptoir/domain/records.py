"""Every record of every room, imported in one place so that the schema is whole."""

from comptoir.domain.catalogue import models as catalogue
from comptoir.domain.customers import models as customers
from comptoir.domain.events import models as events
from comptoir.domain.identity import answers
from comptoir.domain.identity import models as identity
from comptoir.domain.inventory import models as inventory
from comptoir.domain.ledger import models as ledger
from comptoir.domain.media import models as media
from comptoir.domain.orders import models as orders
from comptoir.domain.payments import models as payments
from comptoir.domain.refunds import models as refunds
from comptoir.domain.subscriptions import models as subscriptions

ROOMS = (
    events,
    answers,
    identity,
    media,
    catalogue,
    ledger,
    orders,
    payments,
    refunds,
    customers,
    inventory,
    subscriptions,
)
