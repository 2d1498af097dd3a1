"""The records that the published examples speak of, with their ids, as files of the exchange hold them."""

from collections.abc import Callable, Sequence
from importlib.resources import files
from io import BytesIO

from comptoir.domain.catalogue.shelving import begin_with_categories
from comptoir.domain.errors import ComptoirError
from comptoir.domain.exchange.importing import import_kind
from comptoir.domain.exchange.tables import KINDS
from comptoir.domain.subscriptions.plans import update_plan
from comptoir.domain.tx import OpenShop

Progress = Callable[[str, int, int], None]

FOLDER = files("comptoir.demo").joinpath("documented")
# Pictures are drawn when the world is loaded, so there is no file of assets.
FILED = tuple(name for name in KINDS if FOLDER.joinpath(f"{name}.jsonl").is_file())
DOCUMENTED_PLAN = 2234


class NotKept(ComptoirError):
    """A record of the demo world was refused: the shop was not empty, or the world is wrong."""


def load_documented(shop: OpenShop, on_progress: Progress) -> None:
    """Put the documented records into a shop. Refuses: NotKept."""
    for done, name in enumerate(FILED, 1):
        content = FOLDER.joinpath(f"{name}.jsonl").read_bytes()
        report = import_kind(shop, KINDS[name], BytesIO(content))
        if report.refused:
            raise NotKept(f"{name}: {report.refused[0]}")
        on_progress("Documented records", done, len(FILED))
    shop.write(begin_with_categories)
    # No renewal of a plan that is closed ever changes what the examples show of its enrolments.
    shop.write(lambda tx: update_plan(tx, subscription_id=DOCUMENTED_PLAN, is_active=False))


def kept(problems: Sequence[ComptoirError | None]) -> None:
    """Hold that every row was taken. Refuses: NotKept."""
    for problem in problems:
        if problem is not None:
            raise NotKept(str(problem)) from problem
