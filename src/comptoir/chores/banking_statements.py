"""Statements on the clock: some customers at a time, read first, so that nobody who writes waits for it."""

from functools import partial

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.banking.statements.making import draft_statements, keep_statements, months_due
from comptoir.domain.banking.statements.periods import Period
from comptoir.domain.banking.statements.taxes import draft_tax_forms, mark_told, years_due
from comptoir.domain.tx import OpenShop

BATCH, BATCH_OF_FORMS = 200, 500


def statements(home: ServedShop) -> int:
    """Make what statements and yearly forms are due, and say how many; a shop without a program has none."""
    try:
        months, years = home.shop.read(months_due), home.shop.read(years_due)
    except NoProgram:
        return 0
    made = sum(make_statements(home.shop, period) for period in months)
    return made + sum(make_tax_forms(home.shop, period) for period in years)


def make_statements(shop: OpenShop, period: Period) -> int:
    """Make the statements of one period for everybody who has none yet. Refuses: NoProgram, PeriodNotOver."""
    made = last_customer = 0
    while True:
        drafted = shop.read(partial(draft_statements, period=period, after_id=last_customer, limit=BATCH))
        if drafted.last_customer == last_customer:
            return made
        made += shop.write(partial(keep_statements, drafted=drafted))
        last_customer = drafted.last_customer


def make_tax_forms(shop: OpenShop, period: Period) -> int:
    """Make the yearly forms of one year for everybody who earned enough. Refuses: NoProgram, PeriodNotOver."""
    made = last_customer = 0
    while True:
        drafted = shop.read(
            partial(draft_tax_forms, period=period, after_id=last_customer, limit=BATCH_OF_FORMS)
        )
        if drafted.last_customer == last_customer:
            shop.write(partial(mark_told, year=period.year))
            return made
        made += shop.write(partial(keep_statements, drafted=drafted))
        last_customer = drafted.last_customer
