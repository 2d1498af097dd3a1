"""What is reckoned of an account: what it earns, how much of its goal is there, when money moved on it."""

from decimal import Decimal

from comptoir.console.bank import percent
from comptoir.console.bank_parts import Fact, amount, fact, moment
from comptoir.console.visits import Visit
from comptoir.domain.banking.accounts.figures import figures_of
from comptoir.domain.banking.accounts.queries import BankAccountRow
from comptoir.domain.banking.program.models import SAVINGS
from comptoir.domain.banking.program.queries import RateRow, get_program


def figure_facts(visit: Visit, account: BankAccountRow) -> list[Fact]:
    """The figures."""
    shop, program = visit.shop, get_program(visit.tx)
    figures = figures_of(visit.tx, program, [account])[account.account_id]
    is_saving = figures.product.category == SAVINGS
    has_minimum = "minimum_balance" in program.features and figures.product.is_minimum_balance_enabled
    return [
        *rate_facts(figures.rate),
        fact("Of the goal", part(account.available_minor, account.target_minor)),
        fact("Withdrawals this month", figures.withdrawals if is_saving else ""),
        amount(shop, "Minimum balance", account.minimum_balance_minor if has_minimum else None),
        moment(shop, "Last moved", figures.moved_at),
    ]


def rate_facts(rate: RateRow | None) -> list[Fact]:
    """What the balance earns now."""
    if rate is None:
        return []
    return [
        fact("Rate a year", percent(rate.apr_e11)),
        fact("Yield a year", percent(rate.apy_e11)),
        fact("Tier", rate.description or rate.tier),
    ]


def part(minor: int, whole_minor: int | None) -> str:
    """How much of a goal is there; what is owed is nothing of it."""
    if not whole_minor:
        return ""
    e2 = max(minor, 0) * 100_00 // whole_minor
    return f"{(Decimal(e2) / 100).normalize():f} %"
