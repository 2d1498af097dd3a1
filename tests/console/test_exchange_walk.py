"""In a real browser, a file with mistakes is looked through and taken in while the page shows how it goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from comptoir.chores.exchanges import RUNNERS
from comptoir.chores.tasks import Tasks
from comptoir.dialects.edge import ServedShop
from comptoir.worker import TASKS, Job, Rounds
from tests.console.visiting import signed_in
from tests.domain.exchange.given import rows_of
from tests.storefront.browsing import browser, running

ROWS = 1_200
MISTAKEN = (7, 600)


@contextmanager
def working(home: ServedShop) -> Iterator[None]:
    """The worker's lane of tasks, as it goes round beside a served shop."""
    rounds = Rounds([home], due=[Job("tasks", 0.1, Tasks(RUNNERS), lane=TASKS)])
    threads = rounds.start()
    try:
        yield
    finally:
        rounds.stop()
        for thread in threads:
            thread.join()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "products.csv"
    rows = [
        f"{number},Product {number},{'many' if number in MISTAKEN else number}"
        for number in range(1, ROWS + 1)
    ]
    made.write_text("\n".join(["id,name,quantity", *rows]))
    return made


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_file_with_mistakes_is_imported(home: ServedShop, file: Path, has_scripts: bool) -> None:
    (name, cookie), *_ = signed_in(home).cookies.items()
    with browser() as chromium, running(home) as address, working(home):
        context = chromium.new_context(java_script_enabled=has_scripts)
        context.add_cookies([{"name": name, "value": cookie, "url": f"{address}/console"}])
        page = context.new_page()
        page.goto(f"{address}/console/files")
        page.get_by_label("What the file holds").select_option("products")
        page.get_by_label("File", exact=False).last.set_input_files(file)
        page.get_by_role("button", name="Look it through").click()
        page.get_by_text("Mistakes, row by row").wait_for(timeout=60_000)
        assert page.get_by_role("row").count() == 1 + len(MISTAKEN)
        assert rows_of(home.shop, "products") == []
        page.get_by_role("button", name="Import this file").click()
        page.get_by_text("What came of it").wait_for(timeout=60_000)
        page.get_by_text("done", exact=True).first.wait_for(timeout=60_000)
        assert "1,198" in page.inner_text("main")
        with page.expect_download() as download:
            page.get_by_role("link", name="Download products-refused.csv").click()
        told = Path(download.value.path()).read_text().splitlines()
        assert [line.split(",")[0] for line in told] == ["row", *map(str, MISTAKEN)]
    assert len(rows_of(home.shop, "products")) == ROWS - len(MISTAKEN)
