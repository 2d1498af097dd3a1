from datetime import UTC, datetime
from typing import Any

import pytest

from comptoir.domain.errors import Invalid
from comptoir.domain.inventory.actions import create_warehouse, import_warehouses, update_warehouse
from comptoir.domain.inventory.errors import CodeTaken, WarehouseNotFound
from comptoir.domain.inventory.queries import find_warehouse_by_code, get_warehouse
from comptoir.domain.tx import Tx

LONG_AGO = datetime(2023, 2, 27, 21, 56, 8, tzinfo=UTC)


def test_a_warehouse_is_found_by_its_code(tx: Tx) -> None:
    melbourne = create_warehouse(tx, id=1234, name="Melbourne", code="MELBOURNE", latitude_e6=-37_813_600)
    assert melbourne == 1234
    assert create_warehouse(tx, name="Sydney", code="SYDNEY") == 1235
    assert find_warehouse_by_code(tx, "melbourne") == 1234
    row = get_warehouse(tx, 1234)
    assert (row["street"], row["latitude_e6"], row["longitude_e6"]) == ("", -37_813_600, None)
    with pytest.raises(CodeTaken):
        create_warehouse(tx, name="x", code="sydney")
    with pytest.raises(CodeTaken):
        update_warehouse(tx, warehouse_id=1234, code="Sydney")
    update_warehouse(tx, warehouse_id=1234, code="Melbourne", city="Melbourne")
    assert get_warehouse(tx, 1234)["code"] == "Melbourne"
    assert tx.changes[-1].before == {"code": "MELBOURNE", "city": ""}
    with pytest.raises(WarehouseNotFound):
        update_warehouse(tx, warehouse_id=2, city="x")


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"code": " "},
        {"city": "a\0"},
        {"street": "x" * 256},
        {"latitude_e6": 90_000_001},
        {"id": 0},
    ],
)
def test_what_a_warehouse_may_not_be(tx: Tx, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match=next(iter(change))):
        create_warehouse(tx, **{"name": "x", "code": "x"} | change)


def test_warehouses_are_taken_over_with_their_ids(tx: Tx) -> None:
    create_warehouse(tx, name="here", code="HERE", id=7)
    rows: list[Any] = [
        {"id": 1234, "name": "Melbourne", "code": "MELBOURNE", "created_at": LONG_AGO},
        {"name": "Sydney", "code": "SYDNEY"},
        {"id": 7, "name": "x", "code": "x"},
        {"id": 8, "name": "x", "code": "here"},
        {"id": 8, "name": "x", "code": "Sydney"},
        {"id": 8, "name": "x", "code": "a\0"},
        {"id": 2**63, "name": "x", "code": "x"},
        {"code": "nameless"},
    ]
    problems = import_warehouses(tx, rows)
    assert [None if one is None else one.field for one in problems] == [
        None,
        None,
        "id",
        "code",
        "code",
        "code",
        "id",
        "name",
    ]
    assert get_warehouse(tx, 1234)["updated_at"] == LONG_AGO
    assert find_warehouse_by_code(tx, "sydney") == 1235
    assert import_warehouses(tx, []) == []
