"""Finding by whatever one has: each kind of thing by its own indexes, for those who may see it."""

from comptoir.domain.finding import goods, messages, money, trade
from comptoir.domain.finding.places import Found, Place
from comptoir.domain.finding.terms import terms_of
from comptoir.domain.identity.permissions import SEE, covers
from comptoir.domain.tx import Tx

PLACES: tuple[Place, ...] = (*trade.PLACES, *goods.PLACES, *money.PLACES, *messages.PLACES)
KINDS = tuple(place.kind for place in PLACES)
OF_KIND = 5


def find(tx: Tx, text: str, *, limit: int = OF_KIND, kind: str | None = None) -> dict[str, list[Found]]:
    """What goes by this text, by kind, of the areas that the actor may see; of one kind, if it is named."""
    terms = terms_of(text, tx.shop.currency)
    found: dict[str, list[Found]] = {}
    for place in PLACES:
        if (kind is not None and place.kind != kind) or not covers(tx.actor, place.area, SEE):
            continue
        hits = place.find(tx, terms, limit) if terms.text else []
        if hits:
            found[place.kind] = hits
    return found
