"""Creating a product asks the database no more than it must."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.counting import asked

if TYPE_CHECKING:
    from tests.dialects.conftest import LocalWire

PRODUCT = {
    "name": "Lamp", "code": "LAMP-{n}", "prices": {"rrp": "12.50"}, "brand": {"id": "1"},
}  # fmt: skip
# Of PostgreSQL; SQLite has a savepoint beside, and releases it.
STATEMENTS, EXCHANGES = 14, 11


def create(wire: LocalWire, number: int) -> None:
    answer = wire.request("POST", "/products", json=PRODUCT | {"code": f"LAMP-{number}"})
    assert answer.status == 201, answer.body


def test_a_product_is_created_in_few_statements(wire: LocalWire, world: Any) -> None:
    world("documented")
    create(wire, 1)
    with asked(wire.shop.database) as found:
        create(wire, 2)
    most = STATEMENTS if found.sent else STATEMENTS + 2
    assert len(found.statements) <= most, "\n".join(found.statements)
    assert len(found.sent) <= EXCHANGES, found.sent
    assert [sql for sql in found.statements if sql.startswith("BEGIN")] == found.statements[:1], (
        "one transaction"
    )
    assert not [sql for sql in found.statements if sql.startswith("DELETE")], "there is nothing to take away"
