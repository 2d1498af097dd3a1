"""Changing, cancelling, splitting and removing orders; logs."""

import pytest
from sqlalchemy import select

from comptoir.domain.errors import Invalid
from comptoir.domain.ledger.books import check_books
from comptoir.domain.orders.changing import remove_order, update_order
from comptoir.domain.orders.errors import CannotSplit, LogNotFound, OrderChanged, OrderNotFound
from comptoir.domain.orders.logs import add_order_log, get_log_id, import_order_logs
from comptoir.domain.orders.models import SETTABLE_STATUSES, OrderLog
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import count_orders, list_children, list_lines, require_order
from comptoir.domain.orders.splitting import split_order
from comptoir.domain.tx import Actor, OpenShop, Tx
from tests.domain.orders.given import LONG_AGO, TEN_PERCENT, a_line, balances, e4, order_value

TOM = Actor(name="Tom Jones", dialect="coredna", operator_id=26776)
LOGS = select(OrderLog.user, OrderLog.source, OrderLog.action, OrderLog.data).order_by(OrderLog.id)


def test_a_change_leaves_a_log_with_old_and_new_values(shop: OpenShop) -> None:
    order_id = shop.write(lambda tx: place_order(tx, lines=[a_line()], comments="a"), actor=TOM)
    shop.write(
        lambda tx: update_order(tx, order_id=order_id, comments="b", shipped_at=LONG_AGO, carrier=""),
        actor=TOM,
    )
    user, source, action, data = shop.read(lambda tx: tx.all(LOGS))[-1]
    assert (user, source, action) == ("Tom Jones (26776)", "API", "Order Update")
    assert data == {
        "comments": {"old": "a", "new": "b"},
        "shipped_at": {"old": None, "new": LONG_AGO.isoformat()},
        "carrier": {"old": "", "new": ""},
    }


def test_every_status_may_follow_every_other_and_the_books_follow(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line()])
    for status in (*SETTABLE_STATUSES, *reversed(SETTABLE_STATUSES)):
        update_order(tx, order_id=order_id, status=status)
        owed = {} if status in {"cancelled", "declined"} else {"receivable": 2000, "sales": 2000}
        assert balances(tx) == owed
    assert check_books(tx) == []
    with pytest.raises(Invalid):
        update_order(tx, order_id=order_id, status="split")


def test_a_change_for_another_version_is_refused(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line()])
    update_order(tx, order_id=order_id, version=1, comments="first")
    with pytest.raises(OrderChanged) as refused:
        update_order(tx, order_id=order_id, version=1, comments="second")
    assert refused.value.version == 2
    update_order(tx, order_id=order_id)
    assert order_value(tx, order_id, "version") == 2


def test_a_removed_order_is_gone_but_its_money_is_not(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line()])
    log_id = add_order_log(tx, order_id=order_id, action="Look")
    remove_order(tx, order_id=order_id)
    assert count_orders(tx) == 0
    assert balances(tx)["receivable"] == 2000
    for verb in (remove_order, update_order):
        with pytest.raises(OrderNotFound):
            verb(tx, order_id=order_id)
    with pytest.raises(OrderNotFound):
        require_order(tx, order_id)
    with pytest.raises(LogNotFound):
        get_log_id(tx, order_id=order_id, log_id=log_id)


def test_children_add_up_to_their_parent_less_its_charges(tx: Tx) -> None:
    lines = [a_line("10.01", 3, tax_rate_ppm=TEN_PERCENT), a_line("7", type="bundle", parts=[a_line("7")])]
    order_id = place_order(tx, lines=lines, tax_included=False, discount_e4=e4("5"), delivery_e4=e4("4"))
    before = balances(tx)
    tops = [line.id for line in list_lines(tx, order_id) if line.parent_line_id is None]
    children = split_order(tx, order_id=order_id, parts=[[tops[0]], [tops[1]]])
    assert list_children(tx, order_id) == children
    assert balances(tx) == before
    totals = [order_value(tx, child, "total_minor") for child in children]
    assert sum(totals) == order_value(tx, order_id, "total_minor") - 400
    assert {order_value(tx, child, "number") for child in children} == {order_value(tx, order_id, "number")}
    assert order_value(tx, order_id, "status") == "split"
    kept = list_lines(tx, children[1])
    assert [line.parent_line_id for line in kept] == [None, kept[0].id]
    for again in (order_id, children[0]):
        with pytest.raises(CannotSplit):
            split_order(tx, order_id=again, parts=[[1], [2]])
    update_order(tx, order_id=children[0], status="cancelled")
    assert balances(tx) == before


@pytest.mark.parametrize("parts", [[], [[1, 2]], [[1], []], [[1], [1, 2]], [[1], [3]], [[1], [9]]])
def test_a_split_takes_each_line_once(parts: list[list[int]], tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line(), a_line(type="bundle", parts=[a_line()])])
    assert [line.id for line in list_lines(tx, order_id)] == [1, 2, 3]
    with pytest.raises(Invalid):
        split_order(tx, order_id=order_id, parts=parts)


def test_logs_are_added_and_imported(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line()])
    change = {"status": {"old": "new", "new": "shipped"}, "externalId": {"new": 12345664}}
    log_id = add_order_log(tx, order_id=order_id, action="Export", data=change, result=False)
    assert get_log_id(tx, order_id=order_id, log_id=log_id) == log_id
    with pytest.raises(LogNotFound):
        get_log_id(tx, order_id=order_id + 1, log_id=log_id)
    bad: list[tuple[str, dict[str, object]]] = [(" ", {}), ("a", {"b": 1}), ("a", {"b": {"old": 1}})]
    for action, data in bad:
        with pytest.raises(Invalid):
            add_order_log(tx, order_id=order_id, action=action, data=data)
    with pytest.raises(OrderNotFound):
        add_order_log(tx, order_id=99, action="a")
    fields = [
        problem and problem.field
        for problem in import_order_logs(
            tx,
            [
                {
                    "order_id": order_id,
                    "created_at": LONG_AGO,
                    "action": "Import",
                    "id": 553,
                    "user": "Tom (1)",
                },
                {"order_id": order_id, "created_at": LONG_AGO, "action": "Import", "id": 553},
                {"order_id": 99, "created_at": LONG_AGO, "action": "Import"},
                {"order_id": order_id, "created_at": LONG_AGO, "action": ""},
                {"order_id": order_id, "created_at": LONG_AGO, "action": "No id"},
            ],
        )
    ]
    assert fields == [None, "id", "order_id", "action", None]
    assert add_order_log(tx, order_id=order_id, action="Next") == 555
