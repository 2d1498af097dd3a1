"""Delivering messages: claimed in one transaction, sent by several threads, written down in another."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial
from time import monotonic, perf_counter

from comptoir.dialects.edge import ServedShop
from comptoir.domain.media.errors import FetchRefused
from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.delivering import Outcome, Parcel, claim_due, conclude
from comptoir.domain.webhooks.queries import is_anything_due, list_endpoints

THREADS = 16
# One endpoint never holds all threads, so that a slow one keeps no other waiting.
ROUTES_PER_ENDPOINT = 4
PARCELS_PER_ROUTE = 8
# After so many failed routes in a row an endpoint is left alone until the next round.
FAILURES_MAX = 4
# Who kept a route waiting for so long in vain is left alone for a while, in later rounds too.
LONG_MS = 1000
REST_SECONDS = 30.0
# After so long nothing more is claimed; the next round goes on.
ROUND_SECONDS = 20.0
LOOK_SECONDS = 1.0
LEASE_MARGIN = timedelta(seconds=5)

# The endpoints of a shop that are left alone, each until a moment of the process's own clock.
Resting = dict[tuple[str, int], float]


class Deliveries:
    """Delivers round after round, and remembers who kept it waiting in vain: they are left alone for a while."""

    def __init__(self) -> None:
        self._resting: Resting = {}

    def __call__(self, home: ServedShop) -> int:
        """Deliver whatever is due, and say how much of it arrived."""
        if not home.shop.read(is_anything_due):
            return 0
        return Round(home, self._resting).run()


def deliver_due(home: ServedShop) -> int:
    """Deliver whatever is due, and say how much of it arrived."""
    return Deliveries()(home)


class Round:
    """One round: parcels go out on routes, each a few parcels for one endpoint, one after the other."""

    def __init__(self, home: ServedShop, resting: Resting) -> None:
        self._home = home
        self._resting = resting
        # A route ends within twice the time that one parcel may take.
        self._lease = timedelta(seconds=2 * home.fetcher.timeout_seconds) + LEASE_MARGIN
        self._out: dict[Future[list[Outcome]], int] = {}
        self._failures: Counter[int] = Counter()
        self._end = monotonic() + ROUND_SECONDS

    def run(self) -> int:
        """Go on until nothing is due any more."""
        delivered = 0
        with ThreadPoolExecutor(THREADS, thread_name_prefix="delivery") as pool:
            outcomes: list[Outcome] = []
            while True:
                turn = partial(self._turn, outcomes=tuple(outcomes))
                arrived, routes = self._home.shop.write(turn)
                delivered += arrived
                for endpoint_id, parcels in routes:
                    self._out[pool.submit(send_all, self._home, parcels)] = endpoint_id
                if not self._out:
                    return delivered
                outcomes = self._returned()

    def _turn(self, tx: Tx, outcomes: Sequence[Outcome]) -> tuple[int, list[tuple[int, list[Parcel]]]]:
        """Write down what came back, and take what goes out next."""
        delivered = conclude(tx, outcomes) if outcomes else 0
        busy = Counter(self._out.values())
        routes: list[tuple[int, list[Parcel]]] = []
        for endpoint in list_endpoints(tx) if monotonic() < self._end else ():
            free = min(ROUTES_PER_ENDPOINT, THREADS) - busy[endpoint.id]
            if not endpoint.is_active or free <= 0 or self._is_left_alone(endpoint.id):
                continue
            parcels = claim_due(
                tx,
                endpoint,
                limit=free * PARCELS_PER_ROUTE,
                machine_now=self._home.shop.system(),
                lease=self._lease,
            )
            routes += [(endpoint.id, parcels[first::free]) for first in range(min(free, len(parcels)))]
        return delivered, routes

    def _is_left_alone(self, endpoint_id: int) -> bool:
        """Whether an endpoint refused too often in this round, or kept somebody waiting just now."""
        until = self._resting.get((self._home.shop.name, endpoint_id), 0.0)
        return self._failures[endpoint_id] >= FAILURES_MAX or monotonic() < until

    def _returned(self) -> list[Outcome]:
        """What came of the routes that have ended; waits for the first, but not long: others may be due."""
        ended, _ = wait(self._out, LOOK_SECONDS, return_when=FIRST_COMPLETED)
        outcomes: list[Outcome] = []
        for route in ended:
            endpoint_id = self._out.pop(route)
            came = route.result()
            outcomes += came
            self._failures[endpoint_id] = self._failures[endpoint_id] + 1 if came[0].status is None else 0
            if any(one.status is None and one.took_ms >= LONG_MS for one in came):
                self._resting[self._home.shop.name, endpoint_id] = monotonic() + REST_SECONDS
        return outcomes


def send_all(home: ServedShop, parcels: Sequence[Parcel]) -> list[Outcome]:
    """Send parcels one after the other; when nobody answers, or only late, the rest is given back as it was."""
    outcomes: list[Outcome] = []
    end = monotonic() + home.fetcher.timeout_seconds
    for parcel in parcels:
        if outcomes and (outcomes[-1].status is None or monotonic() > end):
            outcomes.append(Outcome(parcel, is_sent=False))
        else:
            outcomes.append(send(home, parcel))
    return outcomes


def send(home: ServedShop, parcel: Parcel) -> Outcome:
    """Send one parcel: whatever status is answered is an outcome, and so is that none was."""
    started = perf_counter()
    try:
        answered = home.fetcher.post(parcel.url, parcel.body.encode(), parcel.headers(home.shop.system()))
    except FetchRefused as refusal:
        return Outcome(parcel, None, refusal.reason, took_ms=_since(started))
    text = answered.beginning.decode(errors="replace")
    outcome = Outcome(parcel, answered.status, "", text, _since(started))
    if outcome.is_delivered:
        return outcome
    return outcome._replace(problem=f"was answered with status {answered.status}")


def _since(started: float) -> int:
    return round((perf_counter() - started) * 1000)
