"""Notifications of change: what another bank says is to be written otherwise from now on."""

from typing import NamedTuple

from comptoir.domain.banking.external.noting import write_change
from comptoir.domain.banking.external.queries import ExternalAccountRow, take_external_account
from comptoir.domain.banking.files.ach import CHECKING, LOAN, SAVINGS, Answer
from comptoir.domain.banking.files.routing import bank_of, routing_problem
from comptoir.domain.tx import Tx

ACCOUNT_WIDTH, ROUTING_WIDTH = 17, 9
KINDS = {CHECKING: "Checking", SAVINGS: "Savings", LOAN: "Loan"}
BUSINESS = "Business "
# Which of the values a code corrects, in the order in which they stand.
ROUTING, ACCOUNT, CODE = "routing_number", "account_number", "transaction_code"
PARTS = {
    "C01": (ACCOUNT,),
    "C02": (ROUTING,),
    "C03": (ROUTING, ACCOUNT),
    "C05": (CODE,),
    "C06": (ACCOUNT, CODE),
    "C07": (ROUTING, ACCOUNT, CODE),
}


class Corrected(NamedTuple):
    """What is to be otherwise; None where nothing is said of it."""

    routing_number: str | None = None
    account_number: str | None = None
    transaction_code: int | None = None


def corrected_data(code: str, corrected: Corrected) -> str:
    """The corrections as an addenda record carries them: routing number, account number, transaction code."""
    routing, account = corrected.routing_number or "", corrected.account_number or ""
    last = "" if corrected.transaction_code is None else str(corrected.transaction_code)
    gap = "" if code == "C07" else "   "
    parts = {ROUTING: routing, ACCOUNT: account.ljust(ACCOUNT_WIDTH), CODE: last}
    return gap.join(parts[name] for name in PARTS[code]).rstrip()


def read_corrected(answer: Answer) -> Corrected | None:
    """What an addenda record corrects; None when it cannot be right, or is nothing that we keep."""
    names = PARTS.get(answer.code)
    if names is None:
        return None
    words = answer.information.split()
    if answer.code == "C07":
        # The routing number is followed by the account number without a blank.
        words = [answer.information[:ROUTING_WIDTH], *answer.information[ROUTING_WIDTH:].split()]
    if len(words) != len(names):
        return None
    said = dict(zip(names, words, strict=True))
    routing, account, code = said.get(ROUTING), said.get(ACCOUNT), said.get(CODE)
    if routing is not None and routing_problem(routing):
        return None
    if account is not None and len(account) > ACCOUNT_WIDTH:
        return None
    if code is not None and not (code.isdigit() and int(code) // 10 * 10 in KINDS):
        return None
    return Corrected(routing, account, None if code is None else int(code))


def correct_external_account(tx: Tx, external_account_id: int, answer: Answer) -> bool:
    """Write down what is to be otherwise with the code that says so; whether all of it could be taken.

    Refuses: ExternalAccountNotFound.
    """
    row = take_external_account(tx, external_account_id)
    corrected = read_corrected(answer)
    values: dict[str, str] = {"noc_code": answer.code}
    if corrected is not None:
        values |= _values(row, corrected)
    write_change(tx, row, "corrected", **values)
    return corrected is not None


def _values(row: ExternalAccountRow, corrected: Corrected) -> dict[str, str]:
    values = {}
    if corrected.account_number is not None:
        values["account_number"] = corrected.account_number
    if corrected.routing_number is not None:
        bank = bank_of(corrected.routing_number)
        values |= {"routing_number": corrected.routing_number, "name": "" if bank is None else bank.name}
    if corrected.transaction_code is not None:
        kind = KINDS[corrected.transaction_code // 10 * 10]
        is_business = row.type.startswith(BUSINESS) and kind != KINDS[LOAN]
        values["type"] = f"{BUSINESS}{kind}" if is_business else kind
    return values
