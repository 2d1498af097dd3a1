"""The merchant as a customer of the bank, and the shop's settlement account as one of its accounts."""

from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.plan import ProgramPlan
from comptoir.domain.tx import Tx


def open_bank(tx: Tx, plan: ProgramPlan) -> None:
    """Make the program as it is planned, and see that the merchant has the settlement account.

    Refuses: as `found_program`.
    """
    found_program(tx, plan)
