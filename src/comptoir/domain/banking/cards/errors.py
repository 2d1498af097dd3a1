"""What is refused about cards (reference 3.10.3).

ComptoirError
├─ NotFound     CardNotFound, HolderNotFound, CardAccountNotFound, AccountNotTied, CardControlNotFound
├─ Conflict
│  ├─ CardStatusRefuses ─ CardNotSent          the card is not in a status for this
│  ├─ CardLocked ─ LockedBySystem ─ LockedByAdministrator, LockedForGood
│  ├─ CardTagTaken, NickNameTaken              another card has it
│  ├─ HotlistNeeded                            lost and stolen cards are hotlisted, not locked
│  ├─ ValuesDiffer                             what was said of the card is not what is known of it
│  ├─ HolderStatusRefuses, HolderAccessRefuses
│  ├─ CardAccountStatusRefuses, CategoryRefuses, CategoryFull, AlreadyTied, PriorityOutOfRange, PrimaryStays
│  ├─ PhoneMissing, AddressMissing, ResidenceMissing
│  ├─ NoBin, NoNumberLeft
│  ├─ PinUnreadable, PinOutOfRange, NoPinKey, NetworkUnknown
│  ├─ IssuanceRefuses                          there is no plastic to order, or only a digital card
│  ├─ LimitRefused and its kinds               see limits.py
│  ├─ RenewalRefused and its kinds             see renewing.py
│  └─ CardDeclines ─ CardUnusable, ControlDeclines, LimitReached
├─ Forbidden
│  ├─ CardAccessMissing                        the customer may not do this with the card
│  └─ NotPrimaryOwner                          only who ordered the card may do this
"""

from comptoir.domain.errors import Conflict, Forbidden, NotFound


class CardNotFound(NotFound):
    """There is no such card, or the customer has nothing to do with it."""

    def __init__(self, card_id: int | str, customer_id: int) -> None:
        super().__init__(card_id)
        self.card_id = card_id
        self.customer_id = customer_id
        self.args = (f"card id {card_id} is invalid, or customer id {customer_id} is not associated with it",)


class CardStatusRefuses(Conflict):
    """The card is not in a status in which this can be done."""

    def __init__(self, card_id: int, status: str) -> None:
        super().__init__(f"card id {card_id} has status {status}, which does not allow this")
        self.card_id = card_id
        self.status = status


class CardNotSent(CardStatusRefuses):
    """The card has not been sent to its holder yet."""


class CardLocked(Conflict):
    """The card is locked."""

    def __init__(self, card_id: int, reason: str) -> None:
        super().__init__(f"card id {card_id} is locked ({reason})")
        self.card_id = card_id
        self.reason = reason


class LockedBySystem(CardLocked):
    """An administrator or a process locked the card; no customer unlocks it."""


class LockedByAdministrator(LockedBySystem):
    """A person of the bank locked the card."""


class LockedForGood(CardLocked):
    """The card was lost, stolen or misused."""


class CardTagTaken(Conflict):
    """Another card, or another control, has the tag."""

    def __init__(self, tag: str) -> None:
        super().__init__(f"tag {tag} is already associated with another card")
        self.tag = tag


class NickNameTaken(Conflict):
    """Another card of the customer has the name."""

    def __init__(self, nick_name: str, customer_id: int) -> None:
        super().__init__(f"another card of customer id {customer_id} uses the name {nick_name}")


class HotlistNeeded(Conflict):
    """A card that is lost or stolen is hotlisted, not locked."""

    def __init__(self) -> None:
        super().__init__("a card that is lost or stolen is to be hotlisted")


class ValuesDiffer(Conflict):
    """What was said of the card is not what is known of it."""

    def __init__(self) -> None:
        super().__init__("the given values do not match those on file")


class HolderNotFound(NotFound):
    """The one who is to hold the card is no customer."""

    thing = "customer to hold the card of id"


class HolderStatusRefuses(Conflict):
    """Whoever holds a card is Initiated, in Manual Review or Verified."""

    def __init__(self, customer_id: int, status: str) -> None:
        super().__init__(f"customer id {customer_id} has status {status} and cannot hold a card")


class HolderAccessRefuses(Conflict):
    """Whoever holds a card has access FULL, ACCT or CARD."""

    def __init__(self, customer_id: int, access_type: str) -> None:
        super().__init__(f"customer id {customer_id} has access {access_type} and cannot hold a card")


class CardAccountNotFound(NotFound):
    """There is no such account for a card."""

    thing = "account id"


class CardAccountStatusRefuses(Conflict):
    """A card draws on accounts that are open, or about to be."""

    def __init__(self, account_id: int, status: str) -> None:
        super().__init__(f"account id {account_id} is {status}; it must be Open or PendingOpen")


class CategoryRefuses(Conflict):
    """A card draws on checking and savings accounts."""

    def __init__(self, account_id: int, category: str) -> None:
        super().__init__(
            f"account id {account_id} is a {category} account, not a Checking or Savings account"
        )


class CategoryFull(Conflict):
    """A card draws on four accounts of a category at most."""

    def __init__(self, category: str) -> None:
        super().__init__(f"the card has as many {category} accounts as it can have")


class AlreadyTied(Conflict):
    """The card draws on the account already."""

    def __init__(self, account_id: int) -> None:
        super().__init__(f"account id {account_id} is tied to the card already")


class AccountNotTied(NotFound):
    """The card does not draw on the account."""

    thing = "tie to account id"


class PriorityOutOfRange(Conflict):
    """Priorities count from 1 to the number of accounts of the category."""

    def __init__(self, most: int) -> None:
        super().__init__(f"the priority must be from 1 to {most}")


class PrimaryStays(Conflict):
    """The primary account of a card cannot be taken away, only replaced."""

    def __init__(self, account_id: int) -> None:
        super().__init__(f"account id {account_id} is the card's primary account and cannot be removed")


class CardAccessMissing(Forbidden):
    """The customer lacks the access that this needs."""

    def __init__(self, customer_id: int, account_id: int) -> None:
        super().__init__(f"customer id {customer_id} does not have FULL access to account id {account_id}")
        self.customer_id = customer_id
        self.account_id = account_id


class AccessTooSmall(CardAccessMissing):
    """The customer has access to the account, but not the one that a card needs."""


class NotPrimaryOwner(Forbidden):
    """Only the customer who ordered the card may do this."""

    def __init__(self, customer_id: int, card_id: int) -> None:
        super().__init__(f"customer id {customer_id} is not the primary owner of card id {card_id}")


class PhoneMissing(Conflict):
    """A card needs a Mobile or Home phone of the customer."""

    def __init__(self, customer_id: int) -> None:
        super().__init__(f"customer id {customer_id} has no Mobile or Home phone")


class AddressMissing(Conflict):
    """A card needs a Mailing or Residence address of the customer."""

    def __init__(self, customer_id: int) -> None:
        super().__init__(f"customer id {customer_id} has no Mailing or Residence address")


class ResidenceMissing(Conflict):
    """A digital card needs a Residence address of the customer."""

    def __init__(self, customer_id: int) -> None:
        super().__init__(f"customer id {customer_id} has no Residence address")


class NoBin(Conflict):
    """The program has no numbers for such cards."""

    def __init__(self) -> None:
        super().__init__("the program has no BIN for this card")


class NoNumberLeft(Conflict):
    """Every number of the BIN is given."""

    def __init__(self) -> None:
        super().__init__("all card numbers of the BIN are allocated")


class PinUnreadable(Conflict):
    """The PIN cannot be decrypted with the program's key."""

    def __init__(self) -> None:
        super().__init__("the PIN could not be decrypted")


class PinOutOfRange(Conflict):
    """A PIN is a number from 1 to 9999."""

    def __init__(self) -> None:
        super().__init__("the PIN must be a number from 1 to 9999")


class NoPinKey(Conflict):
    """The program has no key for PINs."""

    def __init__(self) -> None:
        super().__init__("the program has no key that PINs are encrypted for")


class NetworkUnknown(Conflict):
    """The card runs on no network that takes PINs."""

    def __init__(self, network: str) -> None:
        super().__init__(f"the card's network {network} is unknown" if network else "the card has no network")


class IssuanceRefuses(Conflict):
    """There is no plastic to order for this card, or nothing but a digital card to issue again."""

    def __init__(self, card_id: int) -> None:
        super().__init__(f"card id {card_id} is not issued in a way that allows this")


class CardDeclines(Conflict):
    """A payment is declined for a reason that lies with the card: its status, lock, controls or limits."""

    def __init__(self, card_id: int, reason: str) -> None:
        super().__init__(f"card id {card_id} declines: {reason}")
        self.card_id = card_id
        self.reason = reason


class CardUnusable(CardDeclines):
    """The card is not in use: not yet, not any more, or locked."""


class ControlDeclines(CardDeclines):
    """A rule that was laid on the card does not allow this."""


class LimitReached(CardDeclines):
    """The card would spend or draw more in a day than it may."""
