"""Customers in every state, and accounts in every state.

Customers: 1 owns most accounts; 2 has FULL access to 101, 3 RDONLY, 4 AUTHSIGNER; 5 is a stranger to them; 6 is
archived, 7 locked, 8 not verified, 9 deceased, 10 in Manual Review (with account 113), 11 denied; 12 is a business
with nobody, 13 one for which 5 may open accounts (111); 14 is 12 years old, 15 is 15.
Accounts: 101 Rent (1,000.00), 102 Nest (savings, 250.00 of a goal of 500.00), 103 closed, 104 locked (TMP),
105 empty, 106 of customer 5, 107 not closeable, 108 locked by the system, 109 locked for fraud, 110 with a
withdrawal under way, 111 of the business, 112 with a hold, 113 not open yet, 114 with a debt, 115 with a card,
116 the primary one, 117 takes credits only, 118 bears no number of ours, 119 Time.
Beneficiaries: 1 and 2 of customer 1, 1 named for 101; 3 is one no more; 4 of customer 5.
Accounts elsewhere: 151 verified, 152 archived, 153 not verified, 154 of customer 5.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from comptoir.domain.banking.accounts.closing import close_bank_account
from comptoir.domain.banking.accounts.inheriting import add_heir
from comptoir.domain.banking.accounts.locking import hold_account
from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.accounts.sharing import set_access
from comptoir.domain.banking.cards.issuing import initiate_card
from comptoir.domain.banking.customers.beneficiaries import create_beneficiary, deactivate_beneficiary
from comptoir.domain.banking.customers.creating import create_customer
from comptoir.domain.banking.customers.models import BankCustomer, CustomerRelationship
from comptoir.domain.banking.external.checking import Details
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.external.opening import create_external_account
from comptoir.domain.banking.movements.chart import IN_TRANSIT
from comptoir.domain.banking.movements.models import INITIATED
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.models import PROGRAM_RESERVE
from comptoir.domain.banking.program.plan import read_plan, sample_text
from comptoir.domain.banking.program.queries import program_account_of

if TYPE_CHECKING:
    from comptoir.domain.banking.customers.persons import Person
    from comptoir.domain.tx import OpenShop, Tx

PROGRAM = None
TIME = """
[[products]]
short_name = "time"
name = "Sample time deposit"
type = "Time Deposit"
category = "Time Deposit"
recurring_contributions = false
"""
CUSTOMERS = 15
BORN = {14: date(2014, 2, 1), 15: date(2011, 2, 1)}
STATES: dict[int, dict[str, Any]] = {
    6: {"status": "Archived", "is_active": False},
    7: {"is_locked": True},
    8: {"status": "Initiated"},
    9: {"status": "Deceased"},
    10: {"status": "Manual Review"},
    11: {"status": "Denied"},
    12: {"is_business": True},
    13: {"is_business": True},
}
FIRST_ACCOUNT, FIRST_EXTERNAL = 101, 151
# By number: whose, the name, and what else is said.
ACCOUNTS: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (1, "Rent", {"tag": "rent", "category": "Flat", "sub_category": "Attic"}),
    (1, "Nest", {"tag": "nest", "type": "Savings", "target_minor": 500_00, "target_on": date(2030, 1, 1)}),
    (1, "Closed", {}),
    (1, "Locked", {}),
    (1, "Empty", {}),
    (5, "Hers", {"tag": "hers"}),
    (1, "Lasting", {"is_closeable": False}),
    (1, "Frozen", {}),
    (1, "Fraud", {}),
    (1, "Busy", {}),
    (13, "Works", {}),
    (1, "Held", {}),
    (10, "Waiting", {}),
    (1, "Debt", {}),
    (1, "Carded", {}),
    (1, "Primary", {"is_primary": True}),
    (1, "Credits", {}),
    (1, "Own number", {"account_number": "5550001"}),
    (1, "Time", {"type": "Time Deposit"}),
)
BALANCES = {101: 1000_00, 102: 250_00, 110: 5_00, 112: 10_00, 114: 1_00, 111: 20_00, 119: 50_00}
LOCKS = {104: ("CST", "TMP"), 108: ("SYS", "ADM"), 109: ("CST", "FRD"), 117: ("CST", "CO")}
MORE: dict[int, Any] = {
    1: {
        "middle_name": "Mid", "suffix": "Jr", "birth_date": date(1999, 2, 3), "tax_id": "123456789",
        "legal_name1": "H. Last", "legal_name2": "Heir", "distribution": "All of it", "line1": "1 Way", "line2": "Flat",
        "line3": "Left", "line4": "Back", "city": "Des Moines", "state": "IA", "postal_code": "50266", "country": "US",
    },
}  # fmt: skip
SHARES = ((2, "FULL"), (3, "RDONLY"), (4, "AUTHSIGNER"))


def load(shop: OpenShop) -> None:
    shop.write(lambda tx: found_program(tx, read_plan(plan())))
    shop.write(people)
    shop.write(accounts)
    shop.write(money)
    shop.write(heirs)


def plan(*changes: tuple[str, str]) -> str:
    """The sample program, in which numbers may be chosen and there is a product without contributions."""
    text = sample_text("example1")
    for old, new in (('"customer_tokens"', '"customer_tokens", "custom_account_numbers"'), *changes):
        assert old in text, old
        text = text.replace(old, new)
    return text + TIME


def people(tx: Tx) -> None:
    for number in range(1, CUSTOMERS + 1):
        create_customer(tx, person=person(number))
    for customer_id, values in STATES.items():
        tx.update(BankCustomer, customer_id, **values)
    tx.insert(
        CustomerRelationship, id=tx.ids.next("customer_relationship"), primary_id=13, related_id=5,
        relationship_type="Owner", can_open_accounts=True, is_primary_contact=False, is_control_person=False,
        is_beneficial_owner=False, ownership_percent_e2=None, external_access_type="FULL", is_active=True,
        tag=None, created_at=tx.now, updated_at=tx.now,
    )  # fmt: skip


def person(number: int) -> Person:
    return {
        "first_name": "First", "middle_name": "Middle", "last_name": f"Last {number}", "suffix": "Sr",
        "email": f"c{number}@example.com", "birth_date": BORN.get(number, date(1980, 1, number)), "gender": "F",
        "culture": "en-US", "tax_id": f"9000000{number:02}", "is_backup_withholding": False, "is_opted_in": True,
        "is_documents_accepted": True, "tag": f"customer {number}",
        "phones": [{"phone_type": "Mobile", "number": "5155551234", "is_active": True}],
        "addresses": [
            {
                "address_type": "Residence", "line1": "1 Way", "line2": "", "line3": "", "line4": "",
                "city": "Des Moines", "state": "IA", "postal_code": "50266", "country": "US", "is_active": True,
            }
        ],
    }  # fmt: skip


def accounts(tx: Tx) -> None:
    tx.ids.reach("account", FIRST_ACCOUNT - 1)
    for place, (customer_id, name, said) in enumerate(ACCOUNTS):
        number = {"account_number": f"7000000000{place + 1:02}"}
        account_id = open_bank_account(tx, customer_id=customer_id, name=name, **number | said)
        assert account_id == FIRST_ACCOUNT + place
    for customer_id, access in SHARES:
        set_access(tx, customer_id=1, target_customer_id=customer_id, account_id=101, access_type=access)
    tx.ids.reach("account", FIRST_EXTERNAL - 1)
    for place, (customer_id, status) in enumerate(((1, ""), (1, "Archived"), (1, "Unverified"), (5, ""))):
        details = Details("Checking", f"00012345{place}", "123456789", "First", "Last")
        external_id = create_external_account(tx, customer_id=customer_id, details=details)
        assert external_id == FIRST_EXTERNAL + place
        if status:
            tx.update(ExternalAccount, external_id, status=status)
    for account_id, (kind, reason) in LOCKS.items():
        tx.update(BankAccount, account_id, lock_type=kind, lock_reason=reason, locked_at=tx.now)


def money(tx: Tx) -> None:
    reserve = program_account_of(tx, PROGRAM_RESERVE)
    assert reserve is not None
    for account_id, amount in BALANCES.items():
        move_money(tx, Movement(amount, reserve, account_id, "RSVDEP", customer_id=1))
    move_money(tx, Movement(2_00, 114, reserve, "RSVWTH", customer_id=1, is_forced=True))
    move_money(
        tx,
        Movement(
            1_00, 110, IN_TRANSIT, "CPWTH", status=INITIATED, customer_id=1, to_id=151, external_account_id=151,
            tag="under way",
        ),
    )  # fmt: skip
    hold_account(tx, customer_id=1, account_id=112, amount_minor=3_00, description="Heirs")
    close_bank_account(tx, customer_id=1, account_id=103, reason="CustomerRequest")
    initiate_card(
        tx, customer_id=1, first_name="First", last_name="Last", network="VS", nick_name="", primary_account_id=115
    )  # fmt: skip


def heirs(tx: Tx) -> None:
    for number, customer_id in enumerate((1, 1, 1, 5), 1):
        heir = {"first_name": "Heir", "last_name": f"Last {number}"}
        assert (
            create_beneficiary(tx, customer_id=customer_id, beneficiary=heir | MORE.get(number, {})) == number
        )
    deactivate_beneficiary(tx, customer_id=1, beneficiary_id=3)
    add_heir(tx, customer_id=1, account_id=101, beneficiary_id=1)
