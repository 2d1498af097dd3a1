"""Trial deposits: two small amounts to the other bank and one debit that takes them back (reference 3.5.3)."""

from typing import NamedTuple

from comptoir.domain.banking.external.errors import NoVerificationFunds
from comptoir.domain.banking.movements.chart import CASH, IN_TRANSIT
from comptoir.domain.banking.movements.models import INITIATED, SETTLED
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.program.models import PROGRAM_ACCOUNT_TYPES
from comptoir.domain.banking.program.queries import ProgramFacts, program_account_of
from comptoir.domain.ledger.errors import InsufficientFunds
from comptoir.domain.tx import Tx

VERIFICATION_FUNDS = "VerificationFunds"
_KIND = PROGRAM_ACCOUNT_TYPES[VERIFICATION_FUNDS]
TRIAL_DEPOSIT, TRIAL_WITHDRAWAL = f"{_KIND}DEP", f"{_KIND}WTH"
DESCRIPTION = "ACCTVERIFY"
# What a sandbox always sends (reference 6); elsewhere an amount up to this many cents.
SANDBOX_AMOUNTS = (18, 28)
AMOUNT_MINOR_MAX = 49
CHANCE_BYTES = 8


class Trial(NamedTuple):
    """One movement of a trial: what it is, and by how much."""

    type_code: str
    amount_minor: int


def draw_amounts(tx: Tx) -> tuple[int, int]:
    """The two amounts that the customer will have to name."""
    return SANDBOX_AMOUNTS if tx.shop.is_sandbox else (_draw(tx), _draw(tx))


def send_trials(
    tx: Tx, program: ProgramFacts, *, external_account_id: int, customer_id: int, amounts: tuple[int, int]
) -> None:
    """Announce the two deposits and the debit, through the bank files where the program has them.

    Refuses: NoVerificationFunds.
    """
    funds = program_account_of(tx, VERIFICATION_FUNDS)
    if funds is None:
        raise NoVerificationFunds
    trials = [*(Trial(TRIAL_DEPOSIT, amount) for amount in amounts), Trial(TRIAL_WITHDRAWAL, sum(amounts))]
    outside, status = (IN_TRANSIT, INITIATED) if program.is_nacha_enabled else (CASH, SETTLED)
    master_id: int | None = None
    for trial in trials:
        is_credit = trial.type_code == TRIAL_DEPOSIT
        movement = Movement(
            trial.amount_minor,
            source=funds if is_credit else outside,
            target=outside if is_credit else funds,
            type_code=trial.type_code,
            status=status,
            customer_id=customer_id,
            from_id=funds if is_credit else external_account_id,
            to_id=external_account_id if is_credit else funds,
            external_account_id=external_account_id,
            description=DESCRIPTION,
            master_id=master_id,
        )
        try:
            master_id = move_money(tx, movement).master_id
        except InsufficientFunds as error:
            raise NoVerificationFunds from error


def _draw(tx: Tx) -> int:
    # 64 bits are so many more than 49 that no amount is likelier than another by any measure.
    return int(tx.ids.secret(CHANCE_BYTES), 16) % AMOUNT_MINOR_MAX + 1
