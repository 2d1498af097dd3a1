"""Tools of the bank: whose a routing number is, and whether something was encrypted in the right way."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any

from comptoir.console import kinds
from comptoir.console.bank import BANK_WAY
from comptoir.console.bank_choices import words
from comptoir.console.bank_parts import Fact, Leaf, Section, Way, fact, forms, yes_no
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Page, Shown, Visit
from comptoir.domain.banking.cards.errors import NoPinKey
from comptoir.domain.banking.external.checking import routing_faults
from comptoir.domain.banking.files.routing import BankFacts, bank_of
from comptoir.domain.banking.program.deciphering import ALGORITHM_NAMES, decipher, digest_named
from comptoir.domain.banking.program.queries import pin_key_of
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.permissions import BANK

PATH = "/bank/tools"
TYPED_MAX, SEALED_MAX = 40, 4_000
UNKNOWN = "The number is a right one; whose it is, is not known here."
DECRYPT = Form(
    "decrypt",
    (
        Field("algorithm", "Algorithm", kinds.choice(ALGORITHM_NAMES), required=True),
        Field("sealed", "What was encrypted", words(SEALED_MAX), required=True, hint="In base64."),
    ),
    "Try to decrypt it",
)
READABLE = "Decryption succeeded: it was encrypted for the program's key, in this way."
UNREADABLE = "Decryption failed: it was encrypted for another key, or in another way."


def routing_at(number: str) -> str:
    """Where a routing number is looked up."""
    return address_of(f"{PATH}?number={number}")


def show_tools(visit: Visit) -> Answer:
    """The tools; `?number=` is looked up."""
    return tools(visit)


def tools(visit: Visit, tried: Section | None = None) -> Shown:
    """The page, with what came of trying to decrypt something."""
    typed = visit.asked.said("number").strip()[:TYPED_MAX]
    leaf = Leaf("Tools", [BANK_WAY])
    values: dict[str, Any] = {"number": typed, "problem": "", "bank": None}
    if typed:
        problems = [fault.problem for fault in routing_faults(typed, is_needed=True)]
        values |= {"problem": problems[0]} if problems else {"bank": answered(visit, typed)}
    leaf.sections = [decryption_section(visit)] if tried is None else [tried, decryption_section(visit)]
    return Shown("bank_tools.html", {"leaf": leaf, "happened": None, **values})


def answered(visit: Visit, number: str) -> Mapping[str, Any]:
    """What a routing number is answered with: in one sentence, what is known, and what can be done with it."""
    known = bank_of(number)
    ways = []
    if visit.may(BANK):
        ways.append(
            Way("Take in an account there", address_of(f"/bank/external-accounts/new?routing={number}"))
        )
    said = UNKNOWN if known is None else f"{number} is the number of {whose(known)}."
    return {"said": said, "facts": [] if known is None else facts_of(known), "ways": ways}


def whose(bank: BankFacts) -> str:
    """A bank by its name and place."""
    return ", ".join(filter(None, (bank.name, bank.city, bank.state)))


def facts_of(bank: BankFacts) -> list[Fact]:
    """What is known of a bank."""
    return [
        fact("Routing number", bank.routing_number), fact("Bank", bank.name), fact("City", bank.city),
        fact("State", bank.state), fact("Telephone", bank.phone), fact("Website", bank.url),
        fact("SWIFT", bank.swift),
    ]  # fmt: skip


def decryption_section(visit: Visit) -> Section:
    """The key that callers encrypt PINs for, and the form to try how they do it."""
    has_key = pin_key_of(visit.tx) is not None
    asked = ("Try what was encrypted", DECRYPT, f"{PATH}/decrypt", None)
    return Section(
        "Was it encrypted in the right way?",
        note="Whoever sends PINs encrypts them for the program's public key. Here they find out whether they do.",
        facts=[yes_no("The program has a key", has_key)],
        forms=forms(visit, asked) if has_key and visit.may(BANK) else (),
    )


def decrypt(visit: Visit) -> Answer:
    """Try to decrypt something. Refuses: Invalid (sealed), NoPinKey."""
    typed = DECRYPT.read(visit)
    pem, digest = pin_key_of(visit.tx), digest_named(typed["algorithm"])
    if pem is None:
        raise NoPinKey
    assert digest is not None
    try:
        sealed = b64decode("".join(typed["sealed"].split()), validate=True)
    except (NotBase64, ValueError):
        raise Invalid("sealed", "is not base64") from None
    opened = decipher(pem, sealed, digest)
    return tools(visit, tried_section(visit, opened))


def tried_section(visit: Visit, opened: bytes | None) -> Section:
    """What came of it. Where money is real the text may be somebody's PIN, so it is not shown."""
    if opened is None:
        return Section("What came of it", warning=UNREADABLE)
    if not visit.shop.is_sandbox:
        return Section("What came of it", note=READABLE, facts=[fact("Bytes", len(opened))])
    return Section("What came of it", note=READABLE, facts=[fact("Text", opened.decode("utf-8", "replace"))])


PAGES: tuple[Page | Act, ...] = (
    Page(PATH, show_tools, BANK),
    Act(f"{PATH}/decrypt", decrypt, BANK, show_tools),
)
