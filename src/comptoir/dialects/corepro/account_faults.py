"""What is wrong with an account that is opened or changed, in the numbers of the call (reference 3.4.8)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from comptoir.dialects.corepro.refusals import NOT_ENABLED, Refusal, Said, wire_name
from comptoir.dialects.corepro.words import VALUE
from comptoir.domain.banking.accounts.errors import AccountFaulty, Fault, Refused
from comptoir.domain.banking.program.errors import NotEnabled

CREATING: Mapping[str, int] = {
    "customer_status": 61014, "one_in_review": 61018, "accounts_full": 61013, "open_accounts_full": 61016,
    "no_individual": 61040, "name_missing": 61003, "name_taken": 61002, "type_wrong": 61004, "type_not_enabled": 59020,
    "tag_taken": 61005, "target_too_large": 61015, "contributions_off": 59009, "recurrence_unknown": 61006,
    "recurrence_not_offered": 61007, "contribution_too_small": 61008, "contribution_range": 61017,
    "external_account": 61009, "start_missing": 61012, "start_day": 61010, "start_after_end": 61011,
    "number_malformed": 61019, "number_taken": 61020,
}  # fmt: skip
CHANGING: Mapping[str, int] = {
    "closed": 61111, "edit_refused": 61118, "name_missing": VALUE, "name_taken": 61102, "number_refused": 61117,
    "number_malformed": 61112, "number_taken": 61113, "tag_taken": 61107, "target_too_large": 61114,
    "target_past": 61110, "contributions_off": 59009, "recurrence_unknown": 61103, "recurrence_not_offered": 61104,
    "contribution_too_small": 61105, "contribution_range": 61115, "external_account": 61106, "start_missing": 61116,
    "start_day": 61108, "start_after_end": 61109, "credit_refused": 61119, "primary_refused": 61120,
    "type_wrong": VALUE, "kind_switched": 61149,
}  # fmt: skip
# The domain's names of fields, where the wire's are others.
WIRE_NAMES = {
    "contribution_type": "recurringContributionType", "contribution_minor": "recurringContributionAmount",
    "contribution_external_account_id": "recurringContributionFromExternalAccountId",
    "contribution_starts_on": "recurringContributionStartDate", "target_minor": "targetAmount",
    "target_on": "targetDate",
}  # fmt: skip


@contextmanager
def numbered(codes: Mapping[str, int]) -> Iterator[None]:
    """Say everything that is wrong with an account, each by its number."""
    try:
        yield
    except AccountFaulty as error:
        raise Said(*dict.fromkeys(_refusal(fault, codes) for fault in error.faults)) from error
    except NotEnabled as error:
        raise Said(
            Refusal(NOT_ENABLED, "Program is not authorized for account numbers of its own.")
        ) from error


@contextmanager
def by_kind(codes: Mapping[str, int]) -> Iterator[None]:
    """Say what cannot be done, numbered by its kind."""
    try:
        yield
    except Refused as error:
        words = str(error)
        raise Said(Refusal(codes[error.kind], f"{words[0].upper()}{words[1:]}.")) from error


def _refusal(fault: Fault, codes: Mapping[str, int]) -> Refusal:
    name = WIRE_NAMES.get(fault.field) or wire_name(fault.field)
    return Refusal(codes[fault.kind], f"{name} {fault.problem}.")
