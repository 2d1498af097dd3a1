"""Placing an order asks the database no more than it must."""

from functools import partial

from comptoir.domain.orders.placing import place_order
from comptoir.domain.tx import OpenShop
from tests.counting import asked
from tests.domain.orders.given import TEN_PERCENT, a_line, e4

# Of PostgreSQL; SQLite has a savepoint beside, and releases it.
STATEMENTS, EXCHANGES = 17, 9


def test_an_order_of_five_lines_is_placed_in_few_statements(shop: OpenShop) -> None:
    lines = [a_line(str(price), tax_rate_ppm=TEN_PERCENT) for price in (10, 20, 30, 40, 50)]
    place = partial(place_order, lines=lines, delivery_e4=e4("5"))
    shop.write(place)
    with asked(shop.database) as found:
        shop.write(place)
    most = STATEMENTS if found.sent else STATEMENTS + 2
    assert len(found.statements) <= most, "\n".join(found.statements)
    assert len(found.sent) <= EXCHANGES, found.sent
