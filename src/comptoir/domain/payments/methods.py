"""The card or account that renews a sale."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from comptoir.domain.payments.models import PaymentMethod
from comptoir.domain.tx import Tx


class Method(NamedTuple):
    """What a later installment is charged to: the gateway, and its own name for the card."""

    gateway: str
    method: str


FIND_METHOD = select(PaymentMethod.gateway, PaymentMethod.method).where(
    PaymentMethod.sale_id == bindparam("sale_id")
)


def _keep(dialect: Any) -> Any:
    columns: dict[str, Any] = {
        column.name: bindparam(column.name) for column in PaymentMethod.__table__.columns
    }
    statement = dialect.insert(PaymentMethod).values(columns)
    changes = {name: statement.excluded[name] for name in ("gateway", "method", "updated_at")}
    return statement.on_conflict_do_update(index_elements=[PaymentMethod.sale_id], set_=changes)


KEEP_METHOD = {"sqlite": _keep(sqlite), "postgres": _keep(postgresql)}


def keep_method(tx: Tx, *, sale_id: int, gateway: str, method: str) -> None:
    """Say what the later installments of a sale are charged to, in the place of what was said before."""
    tx.run(KEEP_METHOD[tx.engine], sale_id=sale_id, gateway=gateway, method=method, updated_at=tx.now)
    tx.note("payment_method.kept", "sale", sale_id, after={"gateway": gateway})


def find_method(tx: Tx, sale_id: int) -> Method | None:
    """What the later installments of a sale are charged to, if anybody said."""
    row = tx.one(FIND_METHOD, sale_id=sale_id)
    return None if row is None else Method(*row)
