"""Cards brought into the wallets of telephones: what the wallet's app asks with is typed, what it takes is shown."""

import re

from comptoir.console import kinds
from comptoir.console.bank_card_acts import PATH, WAY, which
from comptoir.console.bank_choices import line
from comptoir.console.bank_parts import Section, fact, forms
from comptoir.console.forms import Field, Form
from comptoir.console.once import shown_once
from comptoir.console.places import address_of
from comptoir.console.visits import Answer, Visit
from comptoir.domain.banking.cards.queries import CardRow
from comptoir.domain.banking.cards.wallets import (
    FEATURE,
    TEXT_MAX,
    get_card_for_wallet,
    seal_for_apple,
    seal_for_google,
)
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.identity.permissions import BANK

PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
APPLE = Form(
    "apple",
    (
        Field(
            "certificates", "Certificates", kinds.TEXT, required=True, rows=6,
            hint="As files in PEM, or in base64 with blanks between them; that of the wallet comes first.",
        ),
        Field("nonce", "Nonce", line(TEXT_MAX), required=True, hint="In base64."),
        Field("signature", "Signature of the nonce", line(TEXT_MAX), required=True, hint="In base64."),
    ),
    "Seal it for Apple's wallet",
)  # fmt: skip
GOOGLE = Form(
    "google",
    (
        Field("wallet_account_id", "Account of the wallet", line(), required=True),
        Field("device_id", "Device", line(), required=True),
    ),
    "Seal it for Google's wallet",
)
ABOUT = (
    "The app that asked for it takes this, as it stands: only the wallet can read it. It is not kept here. Asking "
    "again makes another."
)


def is_carried(visit: Visit, card: CardRow) -> bool:
    """Whether the card may be brought into a wallet by this operator."""
    return card.is_in_use and visit.may(BANK) and FEATURE in get_program(visit.tx).features


def wallets_section(visit: Visit, card: CardRow) -> Section:
    """What an app shows of the card, and the forms to seal it with."""
    path = f"{PATH}/{card.id}"
    asked = forms(
        visit, ("Bring it into Apple's wallet", APPLE, f"{path}/apple", None),
        ("Bring it into Google's wallet", GOOGLE, f"{path}/google", None),
    )  # fmt: skip
    shown = [
        fact("An app shows", f"{card.network} …{card.last_four}, {card.first_name} {card.last_name}"),
        fact("Good until", f"{card.expire_year}-{card.expire_month or 0:02}" if card.expire_year else ""),
    ]
    note = "What the app of a telephone asks with is passed on here, in its customer's name."
    return Section("In a telephone's wallet", note=note, facts=shown, forms=asked)


def certificates_in(text: str) -> list[str]:
    """The certificates in what was typed, each in base64."""
    return PEM.findall(text) if "-----" in text else text.split()


def bring_to_apple(visit: Visit) -> Answer:
    """Seal it for Apple's wallet."""
    typed = APPLE.read(visit)
    typed["certificates"] = certificates_in(typed["certificates"])
    made = seal_for_apple(visit.tx, **which(visit), **typed)
    return handed_over(
        visit, "Apple's wallet",
        [
            ("Encrypted pass data", made.encrypted_pass_data), ("Activation data", made.activation_data),
            ("Ephemeral public key", made.ephemeral_public_key),
        ],
    )  # fmt: skip


def bring_to_google(visit: Visit) -> Answer:
    """Seal it for Google's wallet."""
    made = seal_for_google(visit.tx, **which(visit), **GOOGLE.read(visit))
    return handed_over(visit, "Google's wallet", [("Opaque payment card", made)])


def handed_over(visit: Visit, wallet: str, sealed: list[tuple[str, str]]) -> Answer:
    """What the app takes, shown once."""
    card = get_card_for_wallet(visit.tx, **which(visit))
    here = address_of(f"{PATH}/{card.id}")
    way = [*WAY, (f"Card {card.network} …{card.last_four}", here)]
    return shown_once(title=f"For {wallet}", way=way, about=ABOUT, secrets=sealed, onward=here)
