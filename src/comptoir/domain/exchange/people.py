"""Who buys, in files: customers, groups with their people, notifications; the removed ones too."""

from comptoir.domain.customers.importing import import_customers, import_groups, import_notifications
from comptoir.domain.customers.models import MEMBER, OWNER, Customer, Group, GroupMember, Notification
from comptoir.domain.exchange.codecs import ID_SET
from comptoir.domain.exchange.hanging import ids_through
from comptoir.domain.exchange.kinds import Branch, Field, Kind, fields_of

_IS_LIVE = (Customer.id == GroupMember.customer_id, Customer.removed_at.is_(None))

CUSTOMERS = Kind(
    "customers",
    Customer,
    fields_of(Customer, names=("username", "email")),
    import_customers,
    frozenset(),
    made=("username",),
)
GROUPS = Kind(
    "groups",
    Group,
    fields_of(Group),
    import_groups,
    frozenset({"name"}),
    branches=tuple(
        Branch(
            Field(f"{role}s", f"{role}s", ID_SET),
            ids_through(GroupMember.group_id, GroupMember.customer_id, GroupMember.role == role, *_IS_LIVE),
            [],
        )
        for role in (MEMBER, OWNER)
    ),
)
NOTIFICATIONS = Kind(
    "notifications",
    Notification,
    fields_of(Notification),
    import_notifications,
    frozenset({"customer_id", "content"}),
)
