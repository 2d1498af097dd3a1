"""In a real browser, the clock is looked ahead and advanced while the page shows how it goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from comptoir.chores.clock import LivingThrough
from comptoir.chores.tasks import Tasks
from comptoir.dialects.edge import ServedShop
from comptoir.domain.outlook.living import KIND
from comptoir.domain.shop import Shop
from comptoir.worker import TASKS, Job, Rounds, jobs_by_shop
from tests.conftest import NOW
from tests.console.visiting import signed_in
from tests.storefront.browsing import browser, running


@contextmanager
def working(home: ServedShop) -> Iterator[None]:
    """The worker's lane of tasks, as it goes round beside a served shop."""
    living = LivingThrough(lambda one: Rounds([one], due=jobs_by_shop()).once)
    rounds = Rounds([home], due=[Job("tasks", 0.1, Tasks({KIND: living}), lane=TASKS)])
    threads = rounds.start()
    try:
        yield
    finally:
        rounds.stop()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_the_clock_is_advanced(home: ServedShop, has_scripts: bool) -> None:
    home.shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True, version=tx.shop.version + 1))
    (name, cookie), *_ = signed_in(home).cookies.items()
    with browser() as chromium, running(home) as address, working(home):
        context = chromium.new_context(java_script_enabled=has_scripts)
        context.add_cookies([{"name": name, "value": cookie, "url": f"{address}/console"}])
        page = context.new_page()
        page.goto(f"{address}/console/clock")
        page.get_by_label("By", exact=True).fill("12")
        page.get_by_label("Unit").select_option("days")
        page.get_by_role("button", name="Look ahead").click()
        page.get_by_role("button", name="Advance to 2026-03-13").click()
        page.get_by_text("The clock is on its way.").wait_for(timeout=20_000)
        page.get_by_text("12 d ahead").wait_for(timeout=40_000)
        page.get_by_role("heading", name="Lived through").wait_for(timeout=20_000)
        assert page.get_by_role("progressbar").count() == 0
        assert "To 2026-03-13" in page.inner_text("main")
    assert home.shop.read(lambda tx: tx.now) == NOW + timedelta(days=12)
