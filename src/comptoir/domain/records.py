"""Every record of every room, imported in one place so that the schema is whole."""

from comptoir.domain.banking.accounts import models as bank_accounts
from comptoir.domain.banking.cards import models as bank_cards
from comptoir.domain.banking.customers import models as bank_customers
from comptoir.domain.banking.documents import models as bank_documents
from comptoir.domain.banking.ecodes import models as bank_ecodes
from comptoir.domain.banking.external import models as bank_external
from comptoir.domain.banking.files import models as bank_files
from comptoir.domain.banking.movements import models as bank_movements
from comptoir.domain.banking.program import models as bank_program
from comptoir.domain.banking.statements import models as bank_statements
from comptoir.domain.catalogue import models as catalogue
from comptoir.domain.checkout import models as checkout
from comptoir.domain.coupons import models as coupons
from comptoir.domain.customers import models as customers
from comptoir.domain.events import models as events
from comptoir.domain.identity import answers
from comptoir.domain.identity import models as identity
from comptoir.domain.inventory import models as inventory
from comptoir.domain.ledger import models as ledger
from comptoir.domain.media import models as media
from comptoir.domain.merchant import models as merchant
from comptoir.domain.orders import models as orders
from comptoir.domain.payments import models as payments
from comptoir.domain.payouts import models as payouts
from comptoir.domain.refunds import models as refunds
from comptoir.domain.subscriptions import models as subscriptions
from comptoir.domain.tasks import models as tasks
from comptoir.domain.webhooks import models as webhooks

ROOMS = (
    events,
    answers,
    identity,
    media,
    tasks,
    merchant,
    catalogue,
    coupons,
    ledger,
    orders,
    payments,
    refunds,
    customers,
    inventory,
    subscriptions,
    payouts,
    checkout,
    webhooks,
    bank_program,
    bank_customers,
    bank_accounts,
    bank_external,
    bank_files,
    bank_movements,
    bank_cards,
    bank_documents,
    bank_statements,
    bank_ecodes,
)
