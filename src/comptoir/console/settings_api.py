"""The keys of the payment API: the public one shown, the private one once when it is made."""

from comptoir.console.once import shown_once
from comptoir.console.places import address_of
from comptoir.console.settings import CRUMB, PATH
from comptoir.console.visits import Act, Answer, Page, Shown, Visit
from comptoir.domain.identity.permissions import SETTINGS
from comptoir.domain.merchant.actions import rotate_keys
from comptoir.domain.merchant.queries import get_merchant

PLACE = f"{PATH}/payment-api"


def show_keys(visit: Visit) -> Answer:
    """The keys there are."""
    merchant = get_merchant(visit.tx)
    values = {
        "way": [CRUMB],
        "publishable_key": merchant.publishable_key,
        "has_private_key": bool(merchant.private_key),
        "may": visit.may(SETTINGS),
        "path": f"{PLACE}/rotate",
    }
    return Shown("settings_api.html", values)


def rotate(visit: Visit) -> Answer:
    """Make new keys; the private one is shown now, and never again."""
    keys = rotate_keys(visit.tx)
    return shown_once(
        title="New keys of the payment API",
        way=[CRUMB, ("Payment API", address_of(PLACE))],
        about="Keep the private key where only your server finds it. It is shown now and never again; "
        "the keys of before are good for nothing.",
        secrets=[("Publishable key", keys.publishable_key), ("Private key", keys.private_key)],
        onward=address_of(PLACE),
    )


PAGES = (Page(PLACE, show_keys, SETTINGS), Act(f"{PLACE}/rotate", rotate, SETTINGS, show_keys))
