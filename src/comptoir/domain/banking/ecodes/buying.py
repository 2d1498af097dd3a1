"""Buying gift codes with money from an account, and replacing one that was bought."""

from typing import Any

from comptoir.domain.banking.accounts.models import FULL
from comptoir.domain.banking.accounts.queries import (
    BankAccountRow,
    get_bank_account,
    refuse_locked,
    refuse_not_open,
    require_access,
)
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.ecodes.errors import AmountRefused, ProductNotFound, ReissueRefused
from comptoir.domain.banking.ecodes.models import ECode
from comptoir.domain.banking.ecodes.queries import (
    ACTIVE,
    REPLACED,
    ECodeRow,
    ProductRow,
    get_ecode,
    get_ecode_product,
    take_ecode,
)
from comptoir.domain.banking.movements.chart import ECODE_SALES
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.ledger.standing import lock_accounts
from comptoir.domain.money import rounded
from comptoir.domain.tx import Tx

BOUGHT, GIVEN_BACK = "ECOWTH", "ECODEP"
CODE_LETTERS, ACCESS_LETTERS, CHALLENGE_LETTERS, ORDER_LETTERS = 16, 6, 8, 12
PERCENT_E2 = 100_00


def buy_ecode(
    tx: Tx,
    *,
    customer_id: int,
    product_id: int,
    amount_minor: int,
    from_account_id: int,
    boost_account_id: int | None = None,
) -> ECodeRow:
    """Take the price from an account and give the code; a part of the price may come back to another account.

    Refuses: CustomerNotFound and what else require_customer does, ProductNotFound (also when it is sold no
    longer), AmountRefused, BankAccountNotFound, AccessMissing, AccountNotOpen, AccountLocked, InsufficientFunds.
    """
    require_customer(tx, customer_id)
    product = get_ecode_product(tx, product_id)
    if not product.is_active:
        raise ProductNotFound(product_id)
    if not product.minimum_minor <= amount_minor <= product.maximum_minor:
        raise AmountRefused(product.minimum_minor, product.maximum_minor)
    source = _usable(tx, from_account_id, customer_id, is_credit=False)
    target = None if boost_account_id is None else _usable(tx, boost_account_id, customer_id, is_credit=True)
    boost_minor = 0 if target is None else boost_of(product, amount_minor)
    paid_id = _pay(tx, customer_id, product, (source, target), (amount_minor, boost_minor))
    return _write(
        tx,
        product_id=product_id,
        customer_id=customer_id,
        from_account_id=source.account_id,
        boost_account_id=boost_account_id,
        amount_minor=amount_minor,
        boost_minor=boost_minor,
        order_number=tx.ids.text(ORDER_LETTERS),
        transfer_id=paid_id,
        reissues_id=None,
    )


def reissue_ecode(tx: Tx, *, customer_id: int, ecode_id: int) -> ECodeRow:
    """Give a new code for one that was lost; the old one is worth nothing then.

    Refuses: CustomerNotFound and what else require_customer does, ECodeNotFound, ReissueRefused.
    """
    require_customer(tx, customer_id)
    old = take_ecode(tx, customer_id, ecode_id)
    if not get_ecode_product(tx, old.product_id).is_reissue_supported:
        raise ReissueRefused("the product does not support reissue")
    if old.status != ACTIVE:
        raise ReissueRefused(f"the gift code is {old.status} already")
    tx.update(ECode, old.id, status=REPLACED)
    tx.note("ecode.replaced", "ecode", old.id, before={"status": ACTIVE}, after={"status": REPLACED})
    kept = ("product_id", "customer_id", "from_account_id", "boost_account_id", "amount_minor", "boost_minor",
            "order_number", "transfer_id")  # fmt: skip
    return _write(tx, **{name: getattr(old, name) for name in kept}, reissues_id=old.id)


def tell_ecode(tx: Tx, *, customer_id: int, ecode_id: int) -> ECodeRow:
    """Tell a gift code to somebody at the bank, and write down that it was told. Refuses: ECodeNotFound."""
    found = get_ecode(tx, customer_id, ecode_id)
    tx.note("ecode.told", "ecode", found.id, after={"customer_id": customer_id})
    return found


def boost_of(product: ProductRow, amount_minor: int) -> int:
    """What the buyer gets back of a price."""
    return rounded(amount_minor * product.percent_to_customer_e2, PERCENT_E2)


def _pay(
    tx: Tx,
    customer_id: int,
    product: ProductRow,
    ends: tuple[BankAccountRow, BankAccountRow | None],
    amounts: tuple[int, int],
) -> int:
    """Take the price, give back a part of it, and give the transfer of the price."""
    (source, target), (amount_minor, boost_minor) = ends, amounts
    lock_accounts(tx, [one.account_id for one in ends if one is not None])
    words: dict[str, Any] = {"customer_id": customer_id, "description": product.product_code}
    paid = move_money(tx, Movement(amount_minor, source.account_id, ECODE_SALES, BOUGHT, **words))
    if target is not None and boost_minor:
        boost = Movement(boost_minor, ECODE_SALES, target.account_id, GIVEN_BACK, **words)
        move_money(tx, boost._replace(master_id=paid.master_id))
    return paid.transfer_id


def _usable(tx: Tx, account_id: int, customer_id: int, *, is_credit: bool) -> BankAccountRow:
    account = get_bank_account(tx, account_id)
    require_access(tx, account_id, customer_id, FULL)
    refuse_not_open(account)
    refuse_locked(account, is_credit=is_credit)
    return account


def _write(tx: Tx, **values: Any) -> ECodeRow:
    ecode_id = tx.ids.next("ecode")
    tx.insert(
        ECode,
        id=ecode_id,
        **values,
        code=tx.ids.text(CODE_LETTERS),
        access_code=tx.ids.text(ACCESS_LETTERS),
        challenge=tx.ids.text(CHALLENGE_LETTERS),
        status=ACTIVE,
        purchased_at=tx.now,
    )
    tx.note(
        "ecode.issued",
        "ecode",
        ecode_id,
        after={name: values[name] for name in ("customer_id", "product_id", "amount_minor", "transfer_id")},
    )
    return get_ecode(tx, values["customer_id"], ecode_id)
