from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.cli.desk import Desk
from tests.domain.subscriptions.given import sold

if TYPE_CHECKING:
    from tests.cli.conftest import Run


def test_what_was_stopped_is_billed_again_and_the_merchant_is_told(run: Run) -> None:
    with Desk(shop=None, config=None, data_dir=None, as_json=False).opened() as home:
        line_id = home.shop.write(sold).line_id
    run("webhooks", "add", "https://shop.example/ins", "--ins")

    assert run("recurring", "restart", str(line_id)).code == 1
    assert run("recurring", "stop", str(line_id)).out == f"Line item {line_id} is billed no more.\n"
    assert run("recurring", "stop", str(line_id)).code == 1
    assert run("recurring", "restart", str(line_id), "--json").told == {
        "lineitem_id": line_id, "is_active": True,
    }  # fmt: skip
    queued = [row["kind"] for row in run("webhooks", "deliveries", "--json").told]
    assert queued == ["RECURRING_RESTARTED", "RECURRING_STOPPED"]


def test_a_line_item_that_is_none_is_a_sentence(run: Run) -> None:
    for verb in ("stop", "restart"):
        answer = run("recurring", verb, "42")
        assert (answer.code, answer.err.startswith("comptoir: there is no")) == (1, True), answer.err
