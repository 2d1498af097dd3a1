"""Groups: with members and owners one by one, without them in lists (reference 3.18)."""

from comptoir.dialects.codecs import INT_AS_TEXT, NAME, ON_OR_EMPTY, SHORT_TEXT, TEXT
from comptoir.dialects.coredna.resource import changer, getter, lister
from comptoir.dialects.coredna.search import Searchable
from comptoir.dialects.edge import Route
from comptoir.dialects.wire import Document, Linked, field, many, scalars
from comptoir.domain.customers.errors import GroupNotFound
from comptoir.domain.customers.groups import update_group
from comptoir.domain.customers.models import MEMBER, OWNER, Group, GroupMember
from comptoir.storage.reading import Relation


def _people(name: str, role: str) -> Linked:
    return many(
        name,
        scalars(GroupMember.customer_id, INT_AS_TEXT),
        Relation(
            GroupMember, holder=GroupMember.group_id, key=Group.id, only=((GroupMember.role, role),),
            order=(GroupMember.customer_id,),
        ),
    )  # fmt: skip


ROWS = (
    field("id", Group.id, INT_AS_TEXT, access="r"),
    field("name", Group.name, NAME, access="ru"),
    field("status", Group.status, SHORT_TEXT, access="r"),
    field("interest", Group.is_interest, ON_OR_EMPTY, access="ru"),
    field("comment", Group.comment, TEXT, access="ru"),
)
GROUP_SUMMARY: Document[Group] = Document(ROWS, missing=GroupNotFound)
GROUP: Document[Group] = Document(
    (*ROWS, _people("members", MEMBER), _people("owners", OWNER)), missing=GroupNotFound
)
GROUPS = Searchable(GROUP)

ROUTES = (
    Route("groups.get", "GET", "/groups/{id}", getter(GROUP), ("/group/{id}",)),
    Route("groups.list", "GET", "/groups", lister(GROUP_SUMMARY, GROUPS), ("/group",)),
    Route("groups.update", "PUT", "/group/{id}", changer(GROUP, update_group, "group_id"), ("/groups/{id}",)),
)
