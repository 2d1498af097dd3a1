"""Orders from elsewhere keep their ids and amounts, or are refused with a reason."""

import pytest

from comptoir.domain.errors import Invalid
from comptoir.domain.ledger.books import check_books
from comptoir.domain.ledger.queries import list_postings_of_subject
from comptoir.domain.orders.importing import import_order, import_orders
from comptoir.domain.orders.lines import LineFields
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import list_children, list_lines
from comptoir.domain.tx import Tx
from tests.domain.orders.given import LONG_AGO, a_line, an_import, balances, e4, order_value


def test_the_documented_order_posts_at_its_own_time(tx: Tx) -> None:
    import_order(tx, an_import(46))
    assert balances(tx) == {"receivable": 3500, "tax_payable": 318, "sales": 2723, "shipping_income": 459}
    postings = list_postings_of_subject(tx, subject="order", subject_id=46)
    assert {posting.posted_at for posting in postings} == {LONG_AGO}
    assert list_lines(tx, 46)[0].id == 46001
    assert order_value(tx, 46, "tax_included") is True


def test_tax_on_top_is_told_by_the_sum(tx: Tx) -> None:
    import_order(tx, an_import(7, total_e4=e4("38.18"), tax_e4=e4("3.1800")))
    assert order_value(tx, 7, "tax_included") is False
    assert balances(tx) == {"receivable": 3818, "tax_payable": 318, "sales": 2995, "shipping_income": 505}


def test_the_documented_split_order(tx: Tx) -> None:
    parts: list[LineFields] = [
        a_line("22", 2, tax_e4=e4("2")),
        a_line("44", discount_e4=e4("11"), tax_e4=e4("3")),
    ]
    bundle = a_line("77", 2, type="bundle", tax_e4=e4("7"), parts=parts)
    single = a_line("22", tax_e4=e4("2"))
    common = {"number": "5", "delivery_e4": 0}
    rows = [
        an_import(123, parent_id=123456, lines=[single], tax_e4=e4("2"), total_e4=e4("22"), **common),
        an_import(456, parent_id=123456, lines=[bundle], tax_e4=e4("14"), total_e4=e4("154"), **common),
        an_import(
            123456,
            number="5",
            status="split",
            lines=[single, bundle],
            delivery_e4=e4("11"),
            tax_e4=e4("17"),
            total_e4=e4("187"),
        ),
    ]
    assert import_orders(tx, rows) == [None, None, None]
    assert list_children(tx, 123456) == [123, 456]
    assert order_value(tx, 123456, "has_children") is True
    assert balances(tx) == {"receivable": 18700, "tax_payable": 1700, "sales": 16000, "shipping_income": 1000}
    assert [line.amount_minor for line in list_lines(tx, 456)] == [15400, 8800, 6600]


def test_each_wrong_row_is_told_and_the_others_kept(tx: Tx) -> None:
    import_order(tx, an_import(1))
    rows = [
        an_import(2),
        an_import(1),
        an_import(2),
        an_import(3, total_e4=e4("35.01")),
        an_import(4, status="lost"),
        an_import(5, parent_id=99),
        an_import(6, lines=[a_line("29.95", id=1001)]),
        an_import(7, currency="JPY", total_e4=e4("35.50")),
        an_import(8, lines=[a_line("29.95", quantity=-1)]),
        an_import(-9),
        an_import(10, parent_id=11),
        an_import(11, parent_id=2),
        an_import(12, tax_e4=-1),
    ]
    fields = [problem and problem.field for problem in import_orders(tx, rows)]
    assert fields == [
        None, "id", "id", "total", "status", "parent_id", "lines", "total", "quantity", "id", "parent_id",
        None, "tax",
    ]  # fmt: skip
    assert balances(tx)["receivable"] == 7000
    assert check_books(tx) == []


def test_the_refusal_says_what_does_not_add_up(tx: Tx) -> None:
    with pytest.raises(Invalid, match=r"come to 35\.0000, the tax is 3\.1818"):
        import_order(tx, an_import(1, total_e4=e4("99")))


def test_lines_may_have_been_rounded_where_they_come_from(tx: Tx) -> None:
    lines = [a_line("0.335", 1), a_line("0.335", 1), a_line("0.335", 1)]
    import_order(tx, an_import(1, lines=lines, delivery_e4=0, tax_e4=0, total_e4=e4("1.02")))
    assert [line.amount_minor for line in list_lines(tx, 1)] == [34, 34, 34]
    import_order(tx, an_import(2, lines=lines, delivery_e4=0, tax_e4=0, total_e4=e4("1.00")))
    assert [line.amount_minor for line in list_lines(tx, 2)] == [32, 34, 34]


def test_a_discount_that_includes_the_delivery(tx: Tx) -> None:
    order = an_import(1, discount_e4=e4("9.90"), tax_e4=e4("2.2818"), total_e4=e4("25.10"))
    import_order(tx, order)
    assert balances(tx)["discounts"] == 990


def test_cancelled_orders_owe_nothing(tx: Tx) -> None:
    import_order(tx, an_import(1, status="cancelled"))
    assert balances(tx) == {}


def test_numbers_go_on_above_imported_ones(tx: Tx) -> None:
    import_order(tx, an_import(46, number="310"))
    order_id = place_order(tx, lines=[a_line()])
    assert order_id == 47
    assert order_value(tx, 47, "number") == "311"
    assert list_lines(tx, 47)[0].id == 46002
