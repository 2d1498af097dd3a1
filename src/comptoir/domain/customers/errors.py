"""What the customers room refuses.

ComptoirError
├─ NotFound
│  ├─ CustomerNotFound      there is no such customer, or it was removed
│  ├─ GroupNotFound         there is no such group
│  ├─ MemberNotFound        the customer is not in the group in this role
│  └─ NotificationNotFound  there is no such notification, or it was removed
├─ Conflict
│  └─ GroupNotEmpty         customers are in the group
└─ Invalid
   └─ UsernameTaken         another customer has this name
"""

from comptoir.domain.errors import Conflict, Invalid, NotFound


class CustomerNotFound(NotFound):
    """There is no such customer, or it was removed."""

    thing = "customer"


class GroupNotFound(NotFound):
    """There is no such group."""

    thing = "group"


class MemberNotFound(NotFound):
    """The customer is not in the group in this role."""

    thing = "member"


class NotificationNotFound(NotFound):
    """There is no such notification, or it was removed."""

    thing = "notification"


class GroupNotEmpty(Conflict):
    """Customers are in the group, and nobody said what becomes of them."""

    def __init__(self, group_id: int) -> None:
        super().__init__(
            f"customers are in group {group_id}: say which group they go to, or that they leave it"
        )
        self.group_id = group_id


class UsernameTaken(Invalid):
    """Another customer has this name, whatever the case of its letters."""
