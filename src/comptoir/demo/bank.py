"""The bank of the demo world: the sample program, its people, and the year of money on their accounts.

Money lives through its weeks as sales do: wages and rents by ACH, put aside, paid by card, sent back by banks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from comptoir.chores.banking_files import STEPS
from comptoir.chores.banking_statements import make_statements
from comptoir.demo.checkouts import Standing
from comptoir.demo.dice import Dice
from comptoir.demo.disclosures import load_disclosures
from comptoir.demo.documented import Progress
from comptoir.domain.banking.accounts.interest import accrue
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.cards.authorising import authorise, post
from comptoir.domain.banking.cards.issuing import initiate_card
from comptoir.domain.banking.cards.messages import Message
from comptoir.domain.banking.cards.verifying import verify_card
from comptoir.domain.banking.customers.creating import create_customer
from comptoir.domain.banking.customers.persons import Address, Person
from comptoir.domain.banking.ecodes.offering import offer_ecodes, sample_offer
from comptoir.domain.banking.external.checking import Details
from comptoir.domain.banking.external.opening import create_external_account
from comptoir.domain.banking.program.models import PROGRAM_RESERVE
from comptoir.domain.banking.program.plan import sample_plan
from comptoir.domain.banking.program.queries import get_program, program_account_of
from comptoir.domain.banking.settlement import open_bank
from comptoir.domain.banking.statements.making import months_due
from comptoir.domain.banking.transfers.rules import TransferOrder
from comptoir.domain.banking.transfers.transferring import create_transfer
from comptoir.domain.identity.api_users import create_api_user
from comptoir.domain.identity.queries import find_operator_by_email
from comptoir.domain.media.store import MediaStore
from comptoir.domain.tx import OpenShop, Tx

WEEKS = 52
YEAR = timedelta(weeks=WEEKS)
# A pull of this amount is sent back by the sandbox's bank: the account it is for has too little on it.
MAGIC_MINOR, WEEK_OF_BAD_LUCK = 109_901, 41
CARD_ENDS = "1111"
# Where people shop, with the category of the merchant.
MERCHANTS = (
    ("CORNER GROCERY", "5411"),
    ("DOWNTOWN BOOKS", "5942"),
    ("RIVERSIDE CAFE", "5814"),
    ("CITY TRANSIT", "4111"),
    ("MAIN ST PHARMACY", "5912"),
)
HOME: Address = {
    "address_type": "Residence", "line1": "1 Main Street", "line2": "", "line3": "", "line4": "",
    "city": "Des Moines", "state": "IA", "postal_code": "50309", "country": "US", "is_active": True,
}  # fmt: skip
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Credentials:
    """What a program says to be let in."""

    key: str
    secret: str


EMAIL = "demo@example.com"
# Customers of the recorded sandbox.
TESTERS = {2616: ("Hannah", "Baker"), 2653: ("Callum", "Davies")}
EXAMPLE1 = Credentials("example1", "example1")
PREPAID = Credentials("coreproprepaid", "coreproprepaid")


@dataclass(frozen=True)
class Banker:
    """Somebody who banks here, with their accounts."""

    customer_id: int
    checking_id: int
    savings_id: int
    external_id: int
    card_id: int
    wage_minor: int
    rent_minor: int


# Who banks at Example1: first name, last name, birth date, wage for two weeks, rent for a month.
PEOPLE = (
    ("Ruby", "Anderson", date(1985, 1, 1), 210_000, 140_000),
    ("Hao", "Guo", date(1978, 6, 23), 315_050, 185_000),
    ("Meera", "Iyer", date(1991, 11, 5), 187_525, 99_500),
    ("Finn", "O'Brien", date(1969, 5, 5), 254_000, 120_000),
    ("Sophie", "Murphy", date(1996, 2, 29), 142_310, 88_000),
    ("Arjun", "Patel", date(1982, 9, 17), 402_000, 231_500),
)


def open_demo_bank(tx: Tx, *, plan: str, credentials: Credentials, secret: bytes) -> None:
    """Found a sample program in a shop, and let its documented credentials in."""
    planned = sample_plan(plan)
    open_bank(tx, planned)
    if "ecodes" in planned.features:
        offer_ecodes(tx, sample_offer())
    operator = find_operator_by_email(tx, EMAIL)
    assert operator is not None
    create_api_user(
        tx,
        operator_id=operator.id,
        name=credentials.key,
        password=credentials.secret,
        dialect="corepro",
        may_update=True,
        secret=secret,
    )


def load_prepaid(shop: OpenShop, *, secret: bytes, media: MediaStore) -> None:
    """Make a shop the second sample program: small limits, no ACH, and the recorded numbers of customers."""
    shop.write(lambda tx: open_demo_bank(tx, plan="prepaid", credentials=PREPAID, secret=secret))
    shop.write(lambda tx: load_disclosures(tx, media, secret))
    shop.write(_settle_testers)


def _settle_testers(tx: Tx) -> None:
    """The customers whose numbers were recorded, each with an account and something on it."""
    reserve_id = program_account_of(tx, PROGRAM_RESERVE)
    assert reserve_id is not None
    for number, (first, last) in TESTERS.items():
        tx.ids.reach("customer", number - 1)
        customer_id = create_customer(tx, person=_person(first, last, date(1985, 1, 1), f"tester-{number}"))
        account_id = open_bank_account(tx, customer_id=customer_id, type="Client", name="Prepaid")
        create_transfer(
            tx, TransferOrder(customer_id, reserve_id, account_id, 5_000, description="First load")
        )


def load_banking(shop: OpenShop, now: datetime, told: Progress) -> None:
    """Live through a year of banking: the program is there, its people come, and money moves every week."""
    dice = Dice("banking")
    begin = now - YEAR
    people = shop_at(shop, begin).write(_settle_in)
    for week in range(WEEKS):
        at = begin + timedelta(weeks=week, hours=1)
        shop_at(shop, at).write(partial(_week, dice=dice, people=people, week=week))
        live_on(shop, at, at + timedelta(weeks=1))
        told("Weeks of banking", week + 1, WEEKS)


def shop_at(shop: OpenShop, at: datetime) -> OpenShop:
    """The shop at another time."""
    return replace(shop, system=Standing(at))


def _settle_in(tx: Tx) -> list[Banker]:
    """The people and their accounts; each begins with something from the reserve."""
    reserve_id = program_account_of(tx, PROGRAM_RESERVE)
    assert reserve_id is not None
    people = []
    for number, (first, last, born, wage, rent) in enumerate(PEOPLE, 1):
        customer_id = create_customer(
            tx,
            person=_person(first, last, born, f"person-{number}") | {"tax_id": f"90000{number:04d}"},
        )
        checking = open_bank_account(
            tx, customer_id=customer_id, type="Checking", name="Everyday", tag=f"everyday-{number}",
            is_primary=True,
        )  # fmt: skip
        savings = open_bank_account(
            tx, customer_id=customer_id, type="Savings", name="Rainy day", tag=f"rainy-day-{number}",
            target_minor=1_000_000,
        )  # fmt: skip
        external = create_external_account(
            tx,
            customer_id=customer_id,
            details=Details(
                type="Checking", account_number=f"4001{number}77", routing_number="091000019",
                first_name=first, last_name=last, nick_name="My old bank", tag=f"old-bank-{number}",
            ),
        )  # fmt: skip
        create_transfer(tx, TransferOrder(customer_id, reserve_id, checking, 250_000, description="Welcome"))
        card = initiate_card(
            tx, customer_id=customer_id, first_name=first, last_name=last, nick_name="Blue card", network="VS",
            tag=f"blue-card-{number}", primary_account_id=checking,
        )  # fmt: skip
        verify_card(tx, customer_id=customer_id, card_id=card, last_four=CARD_ENDS, birth_date=born)
        people.append(Banker(customer_id, checking, savings, external, card, wage, rent))
    return people


def _person(first: str, last: str, born: date, tag: str) -> Person:
    return {
        "first_name": first,
        "last_name": last,
        "birth_date": born,
        "gender": "U",
        "culture": "en-US",
        "email": f"{first}.{last.replace(chr(39), '')}@example.com".lower(),
        "tax_id": "900000283",
        "tag": tag,
        "is_documents_accepted": True,
        "is_backup_withholding": False,
        "is_opted_in": True,
        "phones": [{"phone_type": "Mobile", "number": "5155550100", "is_active": True}],
        "addresses": [HOME],
    }


def _week(tx: Tx, dice: Dice, people: Sequence[Banker], week: int) -> None:
    """What is moved at the beginning of a week."""
    for one in people:
        said = f"{one.customer_id} week {week}"
        if week % 2 == 0:
            wage = TransferOrder(
                one.customer_id, one.external_id, one.checking_id, one.wage_minor, tag=f"wage {said}",
                description="Wages",
            )  # fmt: skip
            create_transfer(tx, wage)
        else:
            aside = TransferOrder(
                one.customer_id, one.checking_id, one.savings_id, dice.randrange(5, 40) * 1000,
                tag=f"aside {said}", description="Put aside",
            )  # fmt: skip
            create_transfer(tx, aside)
        if week % 4 == 1:
            rent = TransferOrder(
                one.customer_id, one.checking_id, one.external_id, one.rent_minor, tag=f"rent {said}",
                description="Rent",
            )  # fmt: skip
            create_transfer(tx, rent)
        _shop(tx, dice, one)
    if week == WEEK_OF_BAD_LUCK:
        one = people[-1]
        sent_back = TransferOrder(
            one.customer_id, one.external_id, one.checking_id, MAGIC_MINOR, tag="sent back", description="Too much",
        )  # fmt: skip
        create_transfer(tx, sent_back)


def _shop(tx: Tx, dice: Dice, one: Banker) -> None:
    """Pay by card, here and there: authorised first, and taken when the merchant asks for it."""
    for _ in range(dice.randrange(1, 4)):
        merchant, code = dice.one_of(MERCHANTS)
        message = Message(
            one.customer_id, one.checking_id, dice.randrange(350, 6_500), card_id=one.card_id, category_code=code,
            description=merchant, merchant={"location": merchant, "city": "Des Moines", "state": "IA"},
        )  # fmt: skip
        authorised = authorise(tx, message)
        if dice.happens(90):
            post(tx, message, authorised.transactions[one.checking_id])


def live_on(shop: OpenShop, since: datetime, until: datetime) -> None:
    """Let the bank do what its clock asks for between two times: files on the hours, interest, statements."""
    for hours in (1, 2, 3):
        then = shop_at(shop, since + hours * HOUR)
        for step in STEPS:
            while then.write(step):
                pass
    then = shop_at(shop, until)
    program = then.read(get_program)
    yesterday = until.astimezone(program.zone).date() - timedelta(days=1)
    while then.write(lambda tx: accrue(tx, through=yesterday)):
        pass
    for period in then.read(months_due):
        make_statements(then, period)
