"""What is refused about customers of the bank (reference 2.5)."""

from comptoir.domain.errors import Conflict, NotFound


class CustomerNotFound(NotFound):
    """No customer of the bank has this id."""

    def __init__(self, customer_id: int | None) -> None:
        super().__init__(f"customer id {customer_id or 0} is invalid")
        self.customer_id = customer_id or 0


class CustomerInactive(Conflict):
    """The customer was archived, denied or has expired."""


class CustomerNotVerified(Conflict):
    """The customer is not verified yet."""


class CustomerLocked(Conflict):
    """The customer is locked."""


class CustomerDeceased(Conflict):
    """The customer is marked deceased."""
