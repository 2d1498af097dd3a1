"""The edge of this dialect: each request is counted against the rate of its key, once (reference 1.7)."""

from collections.abc import Sequence

from comptoir.dialects.corepro.manners import CoreproManners
from comptoir.dialects.corepro.paths import Way
from comptoir.dialects.corepro.refusals import TooManyRequests
from comptoir.dialects.corepro.throttle import Standing, Throttle
from comptoir.dialects.edge import Edge, Request, ServedShop
from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.tx import Tx
from comptoir.storage.session import Session


class CoreproEdge(Edge):
    """Takes the requests of this dialect for all shops of this process."""

    throttles: dict[str, Throttle]

    def __init__(self, shops: Sequence[ServedShop], manners: CoreproManners) -> None:
        super().__init__(shops, manners)
        # Keys have numbers of their own in each shop.
        self.throttles = {home.shop.name: Throttle() for home in shops}

    def speaks(self, key: str) -> bool:
        """Whether the key is one of this dialect, in any shop."""
        return any(self._is_known(home, key) for home in self.shops)

    def _is_known(self, home: ServedShop, key: str) -> bool:
        credential = home.shop.database.read(lambda session: home.credential(session, key))
        return credential is not None and self._opens(credential)

    def _opened(self, session: Session, home: ServedShop, key: str, request: Request) -> Tx:
        """A transaction in the name of the key's operator. Refuses: Stranger, TooManyRequests."""
        tx = super()._opened(session, home, key, request)
        way = request.own
        assert isinstance(way, Way)
        if not way.is_counted:
            way.throttle = self._counted(tx, home)
            way.is_counted = True
        if way.throttle is not None and way.throttle.is_over:
            raise TooManyRequests
        return tx

    def _counted(self, tx: Tx, home: ServedShop) -> Standing | None:
        """What is left to the key after this request, where there is a limit."""
        throttle = self.throttles[home.shop.name]
        limit = throttle.limit(lambda: _limit(tx))
        if limit is None or tx.actor.key_id is None:
            return None
        return throttle.note(tx.actor.key_id, limit, tx.now)


def _limit(tx: Tx) -> int | None:
    try:
        return get_program(tx).requests_per_second
    except NoProgram:
        return None
