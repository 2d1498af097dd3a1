"""Who shares an account: what may be given, by whom and to whom."""

from datetime import date
from typing import Any

import pytest

from comptoir.domain.banking.accounts.errors import AccessRefused
from comptoir.domain.banking.accounts.models import AUTHSIGNER, FULL, NONE, RDONLY
from comptoir.domain.banking.accounts.queries import access_of, get_bank_account, list_bank_accounts
from comptoir.domain.banking.accounts.sharing import inherit, list_access, set_access
from comptoir.domain.banking.customers.models import DECEASED, DENIED, INITIATED, MANUAL_REVIEW
from comptoir.domain.tx import Tx
from tests.domain.banking.accounts.people import become, found_bank, make_account, make_customer


class Flat:
    """An account of Philip, shared with Leela (FULL) and Bender (RDONLY); Amy has no part in it."""

    def __init__(self, tx: Tx) -> None:
        found_bank(tx)
        self.tx = tx
        self.philip, self.leela, self.bender, self.amy = (
            make_customer(tx, name) for name in ("Philip", "Leela", "Bender", "Amy")
        )
        self.account_id = make_account(tx, self.philip)
        self.give(self.philip, self.leela, FULL)
        self.give(self.philip, self.bender, RDONLY)

    def give(self, by: int, to: int, code: str | None, priority: int | None = None) -> None:
        set_access(
            self.tx, customer_id=by, target_customer_id=to, account_id=self.account_id, access_type=code,
            priority=priority,
        )  # fmt: skip

    def refused(self, by: int, to: int, code: str | None, priority: int | None = None) -> str:
        with pytest.raises(AccessRefused) as refusal:
            self.give(by, to, code, priority)
        return refusal.value.kind

    @property
    def order(self) -> list[tuple[int, str, int]]:
        return [
            (one.customer_id, one.access_type, one.priority) for one in list_access(self.tx, self.account_id)
        ]


def test_holders_come_in_order_with_their_names(tx: Tx) -> None:
    flat = Flat(tx)
    assert flat.order == [(flat.philip, FULL, 1), (flat.leela, FULL, 2), (flat.bender, RDONLY, 3)]
    assert [one.first_name for one in list_access(tx, flat.account_id)] == ["Philip", "Leela", "Bender"]
    assert [one.account_id for one in list_bank_accounts(tx, flat.bender)] == [flat.account_id]


def test_access_is_taken_and_given_again_at_the_end(tx: Tx) -> None:
    flat = Flat(tx)
    flat.give(flat.philip, flat.leela, NONE)
    assert access_of(tx, flat.account_id, flat.leela) == NONE
    assert list_bank_accounts(tx, flat.leela) == []
    flat.give(flat.philip, flat.leela, AUTHSIGNER)
    assert flat.order[-1] == (flat.leela, AUTHSIGNER, 4)


def test_who_may_change_what(tx: Tx) -> None:
    flat = Flat(tx)
    assert flat.refused(flat.bender, flat.bender, FULL) == "raise"
    assert flat.refused(flat.amy, flat.amy, RDONLY) == "raise"
    assert flat.refused(flat.bender, flat.leela, NONE) == "full_missing"
    assert flat.refused(flat.leela, flat.bender, NONE) == "primary_missing"
    assert flat.refused(flat.leela, flat.leela, FULL, 1) == "primary_missing"
    assert flat.refused(flat.philip, flat.philip, RDONLY) == "keeps_full"
    assert flat.refused(flat.philip, flat.philip, FULL, 5) == "keeps_full"
    flat.give(flat.philip, flat.philip, FULL, 1)
    flat.give(flat.leela, flat.leela, RDONLY, 2)
    assert flat.order == [(flat.philip, FULL, 1), (flat.leela, RDONLY, 2), (flat.bender, RDONLY, 3)]


@pytest.mark.parametrize(
    ("code", "priority", "kind"),
    [
        (None, None, "code_missing"), ("", None, "code_missing"), ("OWNER", None, "code_unknown"),
        ("FULL", 0, "priority"), ("FULL", 2**63 - 1, "priority"),
        ("AUTHSIGNER", 1, "signer"), ("RDONLY", 1, "keeps_full"), ("NONE", 1, "keeps_full"),
    ],
)  # fmt: skip
def test_what_cannot_be_given(tx: Tx, code: str | None, priority: int | None, kind: str) -> None:
    flat = Flat(tx)
    assert flat.refused(flat.philip, flat.amy, code, priority) == kind


def test_the_account_is_handed_over_by_priority_one(tx: Tx) -> None:
    flat = Flat(tx)
    flat.give(flat.philip, flat.leela, "full", 1)
    assert flat.order == [(flat.leela, FULL, 1), (flat.philip, FULL, 2), (flat.bender, RDONLY, 3)]
    assert get_bank_account(tx, flat.account_id).customer_id == flat.leela
    assert flat.refused(flat.philip, flat.bender, NONE) == "primary_missing"
    flat.give(flat.leela, flat.philip, NONE)
    flat.give(flat.leela, flat.amy, FULL, 1)
    assert flat.order == [(flat.amy, FULL, 1), (flat.bender, RDONLY, 3), (flat.leela, FULL, 4)]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(INITIATED, "onboarding"), (MANUAL_REVIEW, "unverified"), (DENIED, "denied"), (DECEASED, "standing")],
)
def test_those_not_in_good_standing_get_nothing(tx: Tx, status: str, kind: str) -> None:
    flat = Flat(tx)
    become(tx, flat.leela, status=status)
    assert flat.refused(flat.philip, flat.leela, RDONLY) == kind
    flat.give(flat.philip, flat.leela, NONE)
    become(tx, flat.amy, is_locked=True)
    assert flat.refused(flat.philip, flat.amy, RDONLY) == "standing"


@pytest.mark.parametrize(
    ("birth_date", "code", "kind"),
    [
        (date(2013, 3, 2), AUTHSIGNER, "too_young"), (date(2013, 3, 1), AUTHSIGNER, ""),
        (date(2013, 3, 1), RDONLY, "minor_signs"), (date(2008, 3, 2), FULL, "minor_signs"),
        (date(2008, 3, 1), FULL, ""),
    ],
)  # fmt: skip
def test_minors_may_sign(tx: Tx, birth_date: date, code: str, kind: str) -> None:
    flat = Flat(tx)
    cubert = make_customer(tx, "Cubert", birth_date=birth_date)
    if kind:
        assert flat.refused(flat.philip, cubert, code) == kind
    else:
        flat.give(flat.philip, cubert, code)
        assert access_of(tx, flat.account_id, cubert) == code


@pytest.mark.parametrize(("heir", "is_full"), [("leela", True), ("nobody", False)])
def test_an_account_passes_on_when_its_owner_dies(tx: Tx, heir: str, *, is_full: bool) -> None:
    flat = Flat(tx)
    if not is_full:
        flat.give(flat.philip, flat.leela, AUTHSIGNER)
    become(tx, flat.philip, status=DECEASED)
    assert inherit(tx) == int(is_full)
    owner: Any = get_bank_account(tx, flat.account_id).customer_id
    assert owner == getattr(flat, heir, flat.philip)
    assert inherit(tx) == 0
