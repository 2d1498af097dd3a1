"""Where the goods lie: the documented warehouses and two more, and what was counted there yesterday."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from comptoir.demo.dice import Dice
from comptoir.demo.documented import Progress
from comptoir.demo.numbers import Numbers
from comptoir.demo.shelves import Shelves
from comptoir.demo.words import words
from comptoir.domain.inventory.actions import WarehouseFields
from comptoir.domain.inventory.stock import FROM_OUTSIDE, in_warehouse, move_stock
from comptoir.domain.money import shares
from comptoir.domain.tx import OpenShop, Tx

DOCUMENTED = {"MELBOURNE": 1234, "SYDNEY": 1235}
# Of ten pieces so many lie in each of the warehouses.
WEIGHTS = (5, 3, 1, 1)
CHUNK = 1_000

Move = tuple[int, int, int, int]
"""A warehouse, a product, its variant or 0, and how many pieces."""


def draw_warehouses(numbers: Numbers, now: datetime) -> list[WarehouseFields]:
    """The warehouses that are not documented."""
    opened = now - timedelta(days=400)
    made: list[WarehouseFields] = []
    for one in words()["warehouse"]:
        made.append({"id": numbers.take("warehouse"), "country": "Australia", "created_at": opened})
        made[-1].update(one)
    return made


def places_of(warehouses: Sequence[WarehouseFields]) -> dict[str, int]:
    """All warehouses by their codes."""
    return DOCUMENTED | {one["code"]: one["id"] for one in warehouses}


def load_stock(
    shop: OpenShop, shelves: Shelves, places: Mapping[str, int], now: datetime, on_progress: Progress
) -> None:
    """Bring the stock in; few things lie in every warehouse."""
    dice = Dice("stock")
    moves: list[Move] = []
    for product_id, variant_id, pieces in shelves.stock:
        weights = [weight if dice.happens(10 + 17 * weight) else 0 for weight in WEIGHTS]
        if not any(weights):
            weights[0] = 1
        spread = zip(places.values(), shares(pieces, weights), strict=True)
        moves += [(warehouse_id, product_id, variant_id, own) for warehouse_id, own in spread if own]
    for begin in range(0, len(moves), CHUNK):
        chunk = moves[begin : begin + CHUNK]
        shop.write(partial(_bring, moves=chunk, now=now))
        on_progress("Stock", begin + len(chunk), len(moves))


def _bring(tx: Tx, moves: Sequence[Move], now: datetime) -> None:
    for warehouse_id, product_id, variant_id, pieces in moves:
        move_stock(
            tx,
            product_id=product_id,
            variant_id=variant_id,
            quantity=pieces,
            origin=FROM_OUTSIDE,
            destination=in_warehouse(warehouse_id),
            reason="stocktaking",
            at=now - timedelta(days=1),
        )
