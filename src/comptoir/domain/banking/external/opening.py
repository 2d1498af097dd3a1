"""Taking in an account at another bank: as it is, or to be proved by trial deposits first."""

from datetime import timedelta
from typing import Any

from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.external.checking import Details, refuse_faulty, spelt_type
from comptoir.domain.banking.external.counting import refuse_archivals, refuse_more, refuse_requester
from comptoir.domain.banking.external.errors import VerificationNeeded, VerificationNotNeeded
from comptoir.domain.banking.external.models import UNVERIFIED, VERIFIED, ExternalAccount
from comptoir.domain.banking.external.trials import draw_amounts, send_trials
from comptoir.domain.banking.files.routing import bank_of
from comptoir.domain.banking.program.models import IDENTITY, NONE
from comptoir.domain.banking.program.queries import ProgramFacts, get_program
from comptoir.domain.tx import Tx

CUSTOM_FIELDS = ("custom1", "custom2", "custom3", "custom4", "custom5")


def create_external_account(
    tx: Tx,
    *,
    customer_id: int,
    details: Details,
    requesting_customer_id: int | None = None,
    custom: dict[str, str] | None = None,
) -> int:
    """Take in an external account that may be used at once, and give its id.

    Refuses: NoProgram, CustomerNotFound and what else require_customer does, RequesterRefused,
    VerificationNeeded, AddingDisabled, TooManyExternalAccounts, TooManyArchivals, ExternalAccountFaulty.
    """
    program = get_program(tx)
    _admit(tx, customer_id, requesting_customer_id)
    if program.external_verification_type == IDENTITY:
        raise VerificationNeeded
    details = _checked(tx, program, customer_id, details)
    return _write(tx, customer_id, details, status=VERIFIED, **custom or {})


def initiate_external_account(
    tx: Tx,
    *,
    customer_id: int,
    details: Details,
    requesting_customer_id: int | None = None,
    custom: dict[str, str] | None = None,
) -> int:
    """Take in an external account that trial deposits are to prove, send them, and give its id.

    Refuses: NoProgram, CustomerNotFound and what else require_customer does, RequesterRefused,
    VerificationNotNeeded, AddingDisabled, TooManyExternalAccounts, TooManyArchivals, ExternalAccountFaulty,
    NoVerificationFunds.
    """
    program = get_program(tx)
    _admit(tx, customer_id, requesting_customer_id)
    if program.external_verification_type == NONE:
        raise VerificationNotNeeded
    details = _checked(tx, program, customer_id, details)
    amounts = draw_amounts(tx)
    external_account_id = _write(
        tx,
        customer_id,
        details,
        status=UNVERIFIED,
        **custom or {},
        amount1_minor=amounts[0],
        amount2_minor=amounts[1],
        verify_sent_at=tx.now,
        verify_expires_at=tx.now + timedelta(days=program.verify_window_days),
    )
    send_trials(
        tx, program, external_account_id=external_account_id, customer_id=customer_id, amounts=amounts
    )
    return external_account_id


def _admit(tx: Tx, customer_id: int, requester_id: int | None) -> None:
    require_customer(tx, customer_id)
    refuse_requester(tx, customer_id, requester_id)


def _checked(tx: Tx, program: ProgramFacts, customer_id: int, details: Details) -> Details:
    refuse_more(tx, program, customer_id)
    refuse_archivals(tx, program, customer_id)
    details = details._replace(type=spelt_type(program, details.type))
    refuse_faulty(tx, program, customer_id, details)
    return details


def _write(tx: Tx, customer_id: int, details: Details, *, status: str, **values: Any) -> int:
    """Write a new one. Its id is of the ledger's sequence, so that no account has the same."""
    external_account_id = tx.ids.next("account")
    routing_number = details.routing_number or ""
    bank = bank_of(routing_number)
    row: dict[str, Any] = dict.fromkeys(CUSTOM_FIELDS, "") | {
        "amount1_minor": None, "amount2_minor": None, "verify_sent_at": None, "verify_expires_at": None,
    }  # fmt: skip
    tx.insert(
        ExternalAccount,
        id=external_account_id,
        customer_id=customer_id,
        **details._replace(routing_number=routing_number)._asdict(),
        account_digest=details.account_number,
        name="" if bank is None else bank.name,
        status=status,
        status_at=tx.now,
        is_locked=False,
        locked_at=None,
        locked_reason="",
        is_locked_by_system=False,
        attempts=0,
        noc_code="",
        **row | values,
        created_at=tx.now,
        updated_at=tx.now,
    )
    tx.note(
        "external_account.created",
        "external_account",
        external_account_id,
        after={"customer_id": customer_id, "status": status, "type": details.type, "tag": details.tag},
    )
    return external_account_id
