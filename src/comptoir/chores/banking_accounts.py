"""Accounts on the clock: they are opened, closed and inherited, goals are met, interest is earned and paid."""

from functools import partial

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.accounts.interest import accrue, begin_accruing, last_day_over
from comptoir.domain.banking.accounts.sharing import inherit
from comptoir.domain.banking.accounts.waiting import finish_closing, mark_goals, open_waiting
from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.tx import OpenShop

# A month's interest is paid account by account: nobody who writes waits long for so many.
ACCOUNTS_PER_TRANSACTION = 200


def accounts(home: ServedShop) -> int:
    """Do what has come due for accounts, and say for how many."""
    return sum(home.shop.write(verb) for verb in (open_waiting, finish_closing, mark_goals, inherit))


def interest(home: ServedShop) -> int:
    """Bring interest up to date, and say of how many accounts; a shop without a program has none."""
    return bring_interest_up_to_date(home.shop)


def bring_interest_up_to_date(shop: OpenShop) -> int:
    """Accrue the days that are over, a part of the accounts at a time."""
    try:
        through = shop.read(last_day_over)
    except NoProgram:
        return 0
    shop.write(partial(begin_accruing, through=through))
    count = 0
    while done := shop.write(partial(accrue, through=through, limit=ACCOUNTS_PER_TRANSACTION)):
        count += done
    return count
