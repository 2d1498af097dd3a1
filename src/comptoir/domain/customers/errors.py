"""What the customers room refuses.

ComptoirError
├─ NotFound
│  ├─ CustomerNotFound      there is no such customer, or it was removed
│  ├─ GroupNotFound         there is no such group
│  ├─ MemberNotFound        the customer is not in the group in this role
│  └─ NotificationNotFound  there is no such notification, or it was removed
└─ Invalid
   └─ UsernameTaken         another customer has this name
"""

from comptoir.domain.errors import Invalid, NotFound


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


class UsernameTaken(Invalid):
    """Another customer has this name, whatever the case of its letters."""
