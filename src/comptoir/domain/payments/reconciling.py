"""Finding out what became of attempts that were left open, and asking what was left to the worker.

Whoever asked a card for money and never heard may have been charged: the gateway is looked up by the key, and
what it knows is concluded as if it had answered then. Money that is to be taken, let go or given back on our
own account is asked for here, once it is certain that it was not asked for before.
"""

from collections.abc import Mapping
from datetime import timedelta
from time import monotonic

from comptoir.domain.errors import ComptoirError
from comptoir.domain.payments.attempts import Attempt, abandon_attempt, list_open_attempts
from comptoir.domain.payments.charging import Conclude, asked, finish
from comptoir.domain.payments.errors import AttemptEnded, AttemptUnclaimed
from comptoir.domain.payments.models import AUTHORISE
from comptoir.domain.payments.port import Gateway, Gateways
from comptoir.domain.tx import OpenShop, Tx

# Nobody waits longer than this for a gateway's answer: by the shop's clock, or seen so long by this process.
PATIENCE = timedelta(minutes=5)
PATIENCE_SECONDS = 60
NEVER_ARRIVED = {"gw_Message": "the gateway never heard of it"}


class Reconciler:
    """Goes through open attempts; it remembers since when it has seen each, for clocks that stand still."""

    def __init__(
        self, concluders: Mapping[str, Conclude], *, patience_seconds: int = PATIENCE_SECONDS
    ) -> None:
        self._concluders = concluders
        self._patience_seconds = patience_seconds
        self._seen: dict[tuple[str, int], float] = {}

    def reconcile(self, shop: OpenShop, gateways: Gateways, *, limit: int = 100) -> int:
        """Look at every open attempt of a shop, and say of how many it is known now what became of them.

        Refuses: the first refusal, after all others were looked at.
        """
        done = after = 0
        refused: ComptoirError | None = None
        still: set[tuple[str, int]] = set()
        while page := shop.read(lambda tx: (tx.now, list_open_attempts(tx, after=after, limit=limit))):  # noqa: B023
            now, attempts = page
            if not attempts:
                break
            for attempt in attempts:
                still.add((shop.name, attempt.id))
                if not self._is_ripe(shop, attempt, now - attempt.created_at):
                    continue
                try:
                    done += self._resolve(shop, gateways(attempt.gateway), attempt)
                except ComptoirError as refusal:
                    refused = refused or refusal
            after = attempts[-1].id
        self._forget(shop.name, still)
        if refused is not None:
            raise refused
        return done

    def _is_ripe(self, shop: OpenShop, attempt: Attempt, age: timedelta) -> bool:
        """Whether nobody can be waiting for the gateway's answer any more."""
        if attempt.verb != AUTHORISE:
            return True
        since = self._seen.setdefault((shop.name, attempt.id), monotonic())
        return age >= PATIENCE or monotonic() - since >= self._patience_seconds

    def _resolve(self, shop: OpenShop, gateway: Gateway, attempt: Attempt) -> bool:
        conclude = self._concluders.get(attempt.subject)
        if conclude is None:
            raise AttemptUnclaimed(attempt.id, attempt.subject)
        outcome = gateway.find(attempt.verb, attempt.charge, attempt.identifier)
        if outcome is None and attempt.verb == AUTHORISE:
            return _abandon(shop, attempt, conclude)
        finish(shop, attempt, asked(gateway, attempt) if outcome is None else outcome, conclude)
        return True

    def _forget(self, name: str, still: set[tuple[str, int]]) -> None:
        for place in [place for place in self._seen if place[0] == name and place not in still]:
            del self._seen[place]


def _abandon(shop: OpenShop, attempt: Attempt, conclude: Conclude) -> bool:
    def abandon(tx: Tx) -> None:
        conclude(tx, abandon_attempt(tx, attempt.id, NEVER_ARRIVED))

    try:
        shop.write(abandon)
    except AttemptEnded:
        return False
    return True
