"""What the worker does with gateways: each asks them outside any transaction."""

from comptoir.dialects.edge import ServedShop
from comptoir.domain.concluding import CONCLUDERS
from comptoir.domain.payments import following
from comptoir.domain.payments.chargebacks import take_disputes
from comptoir.domain.payments.queries import list_gateways
from comptoir.domain.payments.reconciling import Reconciler


class OpenAttempts:
    """Finds out what became of attempts that were left open."""

    def __init__(self) -> None:
        self._reconciler = Reconciler(CONCLUDERS)

    def __call__(self, home: ServedShop) -> int:
        """Look at one shop's, and say of how many it is known now. Refuses: the first refusal."""
        return self._reconciler.reconcile(home.shop, home.gateways)


def fraud_reviews(home: ServedShop) -> int:
    """Decide the fraud reviews that are over. Refuses: the first refusal."""
    return following.review_due(home.shop, home.gateways)


def captures(home: ServedShop) -> int:
    """Capture what has passed its review. Refuses: the first refusal."""
    return following.capture_due(home.shop, home.gateways)


def deposits(home: ServedShop) -> int:
    """Deposit what was captured. Refuses: the first refusal."""
    return following.deposit_due(home.shop)


def chargebacks(home: ServedShop) -> int:
    """Take what buyers' banks took back, from every gateway that money came by. Refuses: GatewaySilent."""
    names = home.shop.read(list_gateways)
    return sum(take_disputes(home.shop, home.gateways(name)) for name in names)
