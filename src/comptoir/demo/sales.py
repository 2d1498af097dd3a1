"""One sale from the buyer's click to the parcel at the door, as far as it has come by now."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from comptoir.demo.baskets import Basket, Baskets, copied, summed
from comptoir.demo.dice import Dice, Loaded
from comptoir.demo.numbers import Numbers
from comptoir.demo.people import Person
from comptoir.demo.returns import Returns
from comptoir.demo.sale import Sale
from comptoir.demo.words import words
from comptoir.domain.orders.amounts import Charges
from comptoir.domain.orders.models import CANCELLED, COMPLETED, DECLINED, IN_PROGRESS, NEW, SHIPPED, SPLIT
from comptoir.domain.payments.models import FAIL, PENDING, SUCCESS

CARD, PAYPAL, BANK = ("Credit card", "sandbox"), ("Pay By Paypal", "PAYPAL"), ("Bank transfer", "manual")
METHODS = Loaded([(CARD, 68), (PAYPAL, 24), (BANK, 8)])
FATES = Loaded([("", 955), (CANCELLED, 30), (DECLINED, 15)])
DECLINE_REASONS = ("card declined", "insufficient funds", "card expired", "suspected fraud")
STAFF = "Tom Jones (26776)"
NEWS = timedelta(days=60)

Way = tuple[str, str]


class Steps(NamedTuple):
    """When an order was paid and moved on."""

    paid: datetime
    packed: datetime
    shipped: datetime
    completed: datetime

    def after(self, now: datetime) -> list[tuple[str, datetime]]:
        """The statuses that it has come to by now."""
        steps = ((IN_PROGRESS, self.packed), (SHIPPED, self.shipped), (COMPLETED, self.completed))
        return [(status, at) for status, at in steps if at <= now]


class Sales:
    """Draws sales one after the other."""

    def __init__(self, numbers: Numbers, baskets: Baskets, warehouses: dict[str, int], now: datetime) -> None:
        self.dice = Dice("sales")
        self.numbers = numbers
        self.baskets = baskets
        self.warehouses = warehouses
        self.now = now
        self.returns = Returns(Dice("returns"), numbers, now)

    def draw(self, at: datetime, person: Person) -> Sale:
        """An ordinary sale."""
        basket, way, fate = self.baskets.fill(at), METHODS.draw(self.dice), FATES.draw(self.dice)
        sale = self._begin(at, person, basket, way)
        if fate == DECLINED:
            return self._decline(sale, at)
        steps = self._steps(at, way)
        if fate == CANCELLED:
            return self._cancel(sale, at, way, basket)
        self._pay(sale, way, steps.paid)
        # Who has not paid yet is sent nothing.
        if steps.paid <= self.now:
            self._move_on(sale, steps, basket)
            if steps.completed <= self.now and len(sale.orders) == 1:
                self.returns.maybe(sale, basket, way[1], steps.completed)
        return sale

    def renewal(self, at: datetime, person: Person, basket: Basket, *, is_owed: bool) -> Sale:
        """The sale of one interval of a subscription."""
        sale = self._begin(at, person, basket, BANK if is_owed else CARD)
        if is_owed:
            self._attempt(sale, BANK, at, PENDING)
            return sale
        steps = self._steps(at, CARD)
        self._pay(sale, CARD, steps.paid)
        if steps.paid <= self.now:
            self._move_on(sale, steps, basket)
        return sale

    def _begin(self, at: datetime, person: Person, basket: Basket, way: Way) -> Sale:
        dice = self.dice
        order: dict[str, Any] = {
            "id": self.numbers.take("order"),
            "number": str(self.numbers.take("order_number")),
            "customer_id": person.id,
            "warehouse_id": self.warehouses[person.warehouse],
            "status": NEW,
            "created_at": at,
            "updated_at": at,
            "comments": dice.one_of(words()["trade"]["comments"]) if dice.happens(6) else "",
            "payment_method": way[0],
            "shipping_method": basket.method,
            "lines": basket.lines,
            "tax_included": True,
            **basket.totals,
        }
        for kind in ("billing", "delivery"):
            for name in ("name", "company", "address", "suburb", "state", "postcode", "email", "phone"):
                order[f"{kind}_{name}"] = getattr(person, name)
        sale = Sale([order])  # type: ignore[list-item]
        data = {"extraData": {"new": "Checkout was created successfully"}}
        self._log(sale, at, "Order Create by Checkout", data, user=f"{person.name} ({person.id})")
        return sale

    def _steps(self, at: datetime, way: Way) -> Steps:
        dice = self.dice
        waits = timedelta(hours=dice.randrange(18, 70)) if way is BANK else timedelta()
        paid = at + waits + timedelta(seconds=dice.randrange(15, 95))
        packed = paid + timedelta(minutes=dice.randrange(90, 1700))
        shipped = packed + timedelta(minutes=dice.randrange(60, 1900))
        return Steps(paid, packed, shipped, shipped + timedelta(minutes=dice.randrange(1500, 9000)))

    def _pay(self, sale: Sale, way: Way, paid: datetime) -> None:
        if way is CARD and self.dice.happens(4):
            self._attempt(sale, way, paid - timedelta(seconds=12), FAIL)
        if paid > self.now:
            self._attempt(sale, way, sale.order["created_at"], PENDING)
        else:
            self._attempt(sale, way, paid, SUCCESS)

    def _attempt(self, sale: Sale, way: Way, at: datetime, status: str) -> None:
        order, number = sale.order, self.numbers.take("payment")
        message = self.dice.one_of(DECLINE_REASONS) if status == FAIL else "captured"
        response = {"gw_Amount": str(order["total_e4"] // 100), "gw_Currency": "AUD", "gw_Message": message}
        sale.payments.append(
            {
                "id": number,
                "order_id": order["id"],
                "date": at,
                "status": status,
                "amount_e4": order["total_e4"],
                "gateway": way[1],
                "identifier": f"{way[1][:3].upper()}-{number}",
                "response": {} if way is BANK or status == PENDING else response,
            }
        )
        if status == SUCCESS:
            order["payment_transaction_id"] = str(number)

    def _decline(self, sale: Sale, at: datetime) -> Sale:
        for attempt in range(self.dice.randrange(1, 4)):
            self._attempt(sale, CARD, at + timedelta(seconds=40 * attempt + 20), FAIL)
        sale.order["payment_method"] = CARD[0]
        self._set(sale, at + timedelta(minutes=2), DECLINED)
        return sale

    def _cancel(self, sale: Sale, at: datetime, way: Way, basket: Basket) -> Sale:
        """Half of those who change their mind have paid, and get it all back."""
        when = at + timedelta(minutes=self.dice.randrange(20, 1200))
        if when > self.now:
            self._pay(sale, way, at + timedelta(seconds=30))
            return sale
        if way is not BANK:
            self._pay(sale, way, at + timedelta(seconds=30))
            self.returns.all_of(sale, basket, way[1], when)
        self._set(sale, when, CANCELLED)
        return sale

    def _move_on(self, sale: Sale, steps: Steps, basket: Basket) -> None:
        is_split = len(basket.lines) > 1 and not basket.charges.discount_e4 and self.dice.happens(4)
        moved = sale
        if is_split and steps.packed <= self.now:
            self._set(sale, steps.packed, SPLIT)
            self._split(sale, basket.lines)
            moved = Sale(sale.orders[1:], logs=sale.logs)
        for place in range(len(moved.orders)):
            late = timedelta(hours=20 * place)
            for status, at in Steps(*(step + late for step in steps)).after(self.now):
                self._set(moved, at, status, place=place)
                if status == SHIPPED:
                    self._send(moved.orders[place], at, sale)

    def _split(self, sale: Sale, lines: Sequence[Any]) -> None:
        """One parcel from the nearest warehouse, one from the next; the delivery stays with the whole."""
        others = [one for one in self.warehouses.values() if one != sale.order["warehouse_id"]]
        places = (sale.order["warehouse_id"], self.dice.one_of(others))
        middle = len(lines) // 2
        for warehouse_id, own in zip(places, (lines[:middle], lines[middle:]), strict=True):
            basket = summed([copied(self.numbers, line) for line in own], Charges(), "")
            child = sale.order | basket.totals
            child |= {
                "id": self.numbers.take("order"),
                "parent_id": sale.order["id"],
                "status": NEW,
                "warehouse_id": warehouse_id,
                "lines": basket.lines,
            }
            sale.orders.append(child)

    def _set(self, sale: Sale, at: datetime, status: str, *, place: int = 0) -> None:
        order: Any = sale.orders[place]
        change = {"status": {"old": order["status"], "new": status}}
        self._log(sale, at, "Order Update", change, order_id=order["id"])
        order["status"], order["updated_at"] = status, at

    def _send(self, order: Any, at: datetime, sale: Sale) -> None:
        order["shipped_at"] = at
        if order["shipping_method"] == "Click and collect":
            return
        order["carrier"] = self.dice.one_of(words()["trade"]["couriers"])
        order["tracking_id"] = f"{order['carrier'][:2].upper()}{self.dice.randrange(10**9):09}AU"
        if at > self.now - NEWS:
            is_read = self.dice.happens(70) and at + timedelta(days=1) <= self.now
            sale.notifications.append(
                {
                    "customer_id": order["customer_id"],
                    "source": "Checkout",
                    "content": f"Your order {order['number']} is on its way",
                    "created_at": at,
                    "read_at": at + timedelta(minutes=self.dice.randrange(5, 1400)) if is_read else None,
                }
            )

    def _log(
        self,
        sale: Sale,
        at: datetime,
        action: str,
        data: dict[str, Any],
        *,
        order_id: int = 0,
        user: str = STAFF,
    ) -> None:
        sale.logs.append(
            {
                "id": self.numbers.take("order_log"),
                "order_id": order_id or sale.order["id"],
                "created_at": at,
                "user": user,
                "source": "Portal",
                "action": action,
                "data": data,
            }
        )
