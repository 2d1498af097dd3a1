"""What is refused about deposit accounts (reference 3.4.8).

ComptoirError
├─ NotFound
│  └─ BankAccountNotFound
├─ Forbidden
│  └─ AccessMissing          the customer may not do this with the account
└─ Conflict
   ├─ AccountLocked          nothing moves on it, or credits only
   ├─ AccountNotOpen         it is not open yet, or not any more
   ├─ AccountTagTaken, AccountNameTaken, AccountNumberTaken
   └─ AccountsFull           the customer has as many as are allowed
      └─ OpenAccountsFull
"""

from comptoir.domain.errors import Conflict, Forbidden, NotFound


class BankAccountNotFound(NotFound):
    """No deposit account has this id."""

    thing = "account"

    def __init__(self, account_id: int | None) -> None:
        super().__init__(account_id or 0)
        self.account_id = account_id or 0


class AccessMissing(Forbidden):
    """The customer has not the access to the account that this needs."""

    def __init__(self, account_id: int, customer_id: int, wanted: str) -> None:
        super().__init__(f"customer {customer_id} does not have {wanted} access to account {account_id}")
        self.account_id = account_id
        self.customer_id = customer_id
        self.wanted = wanted


class AccountLocked(Conflict):
    """The account is locked: nothing moves on it, or credits only."""

    def __init__(self, account_id: int, reason: str) -> None:
        super().__init__(f"account {account_id} is locked ({reason})")
        self.account_id = account_id
        self.reason = reason


class AccountNotOpen(Conflict):
    """The account is not open yet, or not any more."""

    def __init__(self, account_id: int, status: str) -> None:
        super().__init__(f"account {account_id} is {status}")
        self.account_id = account_id
        self.status = status


class AccountTagTaken(Conflict):
    """Another account of the program has the tag."""

    def __init__(self, tag: str) -> None:
        super().__init__(f"tag {tag!r} is that of another account")
        self.tag = tag


class AccountNameTaken(Conflict):
    """Another account of the customer has the name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the customer already has an account named {name!r}")
        self.name = name


class AccountNumberTaken(Conflict):
    """Another account of the bank has the number."""

    def __init__(self) -> None:
        super().__init__("the account number is in use")


class AccountsFull(Conflict):
    """The customer has as many accounts as anybody may ever have, closed ones too."""

    def __init__(self, most: int) -> None:
        super().__init__(f"the customer has the maximum of {most} accounts")
        self.most = most


class OpenAccountsFull(AccountsFull):
    """The customer has as many open accounts as the program allows."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.args = (f"the customer has the maximum of {most} open accounts",)
